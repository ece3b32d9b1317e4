// Other shapes over the same memory: a view has its own shape, strides and offset, and shares the storage.

import { record } from "../autograd.js";
import { ShapeError } from "../errors.js";
import {
  axesOf,
  axisOf,
  broadcastStrides,
  numelOf,
  rowMajorStrides,
  sameShape,
  showShape,
  type Shape,
} from "../shape.js";
import { alias, placed, resolveShape, sizeList } from "./alias.js";
import { gather, type Tensor } from "../tensor.js";
import { overlapped } from "./overlap.js";
import { sumTo } from "./stretch.js";

/**
 * The same elements in row-major order under another shape; one size may be -1. A view where strides allow it, else a copy.
 *
 * ```ts
 * torch.arange(6).reshape([2, -1]).tolist() // → [[0, 1, 2], [3, 4, 5]]
 * ```
 */
export function reshape(x: Tensor, ...sizes: number[] | [Shape]): Tensor {
  const shape = resolveShape("reshape", x, sizeList(sizes));
  if (sameShape(shape, x.shape))
    return alias(x, x.shape, x.strides, x.offset, "ViewBackward0", (gy) => gy);
  const strides = x.isContiguous() ? null : stridesFor(x, shape);
  if (strides) {
    return alias(x, shape, strides, x.offset, "ViewBackward0", (gy) => reshape(gy, x.shape));
  }
  const dense = x.isContiguous() ? x : contiguous(x);
  return alias(dense, shape, rowMajorStrides(shape), dense.offset, "ViewBackward0", (gy) =>
    reshape(gy, dense.shape),
  );
}

/**
 * x itself if its elements lie in row-major order without gaps, else a copy in which they do.
 *
 * ```ts
 * torch.zeros(2, 3).t().contiguous().stride() // → [2, 1]
 * ```
 */
export function contiguous(x: Tensor): Tensor {
  if (x.isContiguous()) return x;
  return record("CloneBackward0", gather(x), [[x, (gy) => gy]]);
}

/**
 * x with axes of size 1 (and new axes in front) repeated to `shape`, without copying; -1 keeps a size.
 *
 * ```ts
 * torch.tensor([[1], [2]]).expand(2, 3).tolist() // → [[1, 1, 1], [2, 2, 2]]
 * ```
 */
export function expand(x: Tensor, ...sizes: number[] | [Shape]): Tensor {
  const wanted = sizeList(sizes);
  const lead = wanted.length - x.ndim;
  const shape = wanted.map((size, axis) =>
    size === -1 && axis >= lead ? x.shape[axis - lead] : size,
  );
  const fits =
    lead >= 0 &&
    shape.every((size) => size >= 0) &&
    x.shape.every((size, axis) => size === 1 || size === shape[axis + lead]);
  if (!fits) {
    throw new ShapeError(
      `expand: ${showShape(x.shape)} does not stretch to ${showShape(wanted)}: an axis must be equal or 1, new axes stand in front`,
    );
  }
  const strides = broadcastStrides(x.shape, x.strides, shape);
  return alias(x, shape, strides, x.offset, "ExpandBackward0", (gy) => sumTo(gy, x));
}

/**
 * The slice with index `i` along axis `dim`; that axis goes away. A view.
 *
 * ```ts
 * torch.tensor([[1, 2], [3, 4]]).select(1, 0).tolist() // → [1, 3]
 * ```
 */
export function select(x: Tensor, dim: number, i: number): Tensor {
  const axis = axisOf("select", dim, x.ndim);
  const size = x.shape[axis];
  if (x.ndim === 0 || !(i >= -size && i < size)) {
    throw new ShapeError(
      `select: index ${i} is outside axis ${axis} of ${showShape(x.shape)}: it goes from ${-size} to ${size - 1}`,
    );
  }
  const at = i < 0 ? i + size : i;
  const shape = x.shape.filter((_, a) => a !== axis);
  const strides = x.strides.filter((_, a) => a !== axis);
  const offset = x.offset + at * x.strides[axis];
  return alias(x, shape, strides, offset, "SelectBackward0", (gy) =>
    placed(gy, x, (gx) => select(gx, axis, at)),
  );
}

/**
 * The places start, start + step, … below `end` along axis `dim`, as Python's slices: negative counts from the end, what is
 * outside is cut off. A view. Other than in an array's slice, the axis comes first.
 *
 * ```ts
 * torch.arange(10).slice(0, 2, 8, 3).tolist() // → [2, 5]
 * torch.arange(10).slice(0, -3).tolist() // → [7, 8, 9]
 * ```
 */
export function slice(
  x: Tensor,
  dim: number,
  start: number | null = 0,
  end: number | null = Infinity,
  step = 1,
): Tensor {
  const axis = axisOf("slice", dim, x.ndim);
  if (!(step >= 1)) throw new RangeError(`slice: step must be at least 1, not ${step}`);
  const size = x.shape[axis];
  const inside = (at: number) => Math.min(Math.max(at < 0 ? at + size : at, 0), size);
  const first = inside(start ?? 0);
  const last = inside(end ?? Infinity);
  const count = Math.max(Math.ceil((last - first) / step), 0);
  const shape = x.shape.with(axis, count);
  const strides = x.strides.with(axis, x.strides[axis] * step);
  const offset = x.offset + (count > 0 ? first : 0) * x.strides[axis];
  return alias(x, shape, strides, offset, "SliceBackward0", (gy) =>
    placed(gy, x, (gx) => slice(gx, axis, first, last, step)),
  );
}

/**
 * `length` places from `start` along axis `dim`. A view.
 *
 * ```ts
 * torch.tensor([1, 2, 3, 4]).narrow(0, 1, 2).tolist() // → [2, 3]
 * ```
 */
export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
  const axis = axisOf("narrow", dim, x.ndim);
  const size = x.shape[axis];
  const first = start < 0 ? start + size : start;
  if (first < 0 || length < 0 || first + length > size) {
    throw new ShapeError(
      `narrow: ${length} places from ${start} do not lie inside axis ${axis} of ${showShape(x.shape)}, which has ${size}`,
    );
  }
  return slice(x, axis, first, first + length);
}

/**
 * x with two axes swapped. A view.
 *
 * ```ts
 * torch.zeros(2, 3, 4).transpose(0, 2).shape // → [4, 3, 2]
 * ```
 */
export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  const [a, b] = [axisOf("transpose", dim0, x.ndim), axisOf("transpose", dim1, x.ndim)];
  if (x.ndim === 0) return x;
  const swap = (sizes: Shape) => sizes.with(a, sizes[b]).with(b, sizes[a]);
  return alias(x, swap(x.shape), swap(x.strides), x.offset, "TransposeBackward0", (gy) =>
    transpose(gy, a, b),
  );
}

/**
 * A matrix with rows and columns swapped; a vector or number stays as it is. A view.
 *
 * ```ts
 * torch.tensor([[1, 2], [3, 4]]).t().tolist() // → [[1, 3], [2, 4]]
 * ```
 */
export function t(x: Tensor): Tensor {
  if (x.ndim > 2) {
    throw new ShapeError(
      `t: x ${showShape(x.shape)} has ${x.ndim} axes, t takes at most 2: say which with transpose(dim0, dim1)`,
    );
  }
  return x.ndim < 2 ? x : transpose(x, 0, 1);
}

/**
 * x with its axes in another order: `permute(2, 0, 1)`. A view.
 *
 * ```ts
 * torch.zeros(2, 3, 4).permute(2, 0, 1).shape // → [4, 2, 3]
 * ```
 */
export function permute(x: Tensor, ...dims: number[] | [Shape]): Tensor {
  const order = sizeList(dims).map((dim) => axisOf("permute", dim, x.ndim));
  if (order.length !== x.ndim || new Set(order).size !== x.ndim) {
    throw new ShapeError(
      `permute: ${showShape(sizeList(dims))} must name each of the ${x.ndim} axes of ${showShape(x.shape)} once`,
    );
  }
  const shape = order.map((axis) => x.shape[axis]);
  const strides = order.map((axis) => x.strides[axis]);
  const back = order.map((_, axis) => order.indexOf(axis));
  return alias(x, shape, strides, x.offset, "PermuteBackward0", (gy) => permute(gy, back));
}

/**
 * The axes `source` moved to the places `destination`; the others keep their order. A view.
 *
 * ```ts
 * torch.zeros(2, 3, 4).movedim(0, 2).shape // → [3, 4, 2]
 * ```
 */
export function movedim(x: Tensor, source: number | Shape, destination: number | Shape): Tensor {
  const from = [source].flat().map((dim) => axisOf("movedim", dim as number, x.ndim));
  const to = [destination].flat().map((dim) => axisOf("movedim", dim as number, x.ndim));
  if (from.length !== to.length) {
    throw new ShapeError(
      `movedim: ${from.length} axes cannot move to ${to.length} places: give as many of both`,
    );
  }
  const rest = x.shape.flatMap((_, axis) => (from.includes(axis) ? [] : [axis]));
  const order = x.shape.map((_, place) => {
    const moved = to.indexOf(place);
    return moved >= 0 ? from[moved] : rest.shift()!;
  });
  return permute(x, order);
}

/**
 * x without its axes of size 1, or only without those named. A view.
 *
 * ```ts
 * torch.zeros(1, 3, 1).squeeze().shape // → [3]
 * ```
 */
export function squeeze(x: Tensor, dim?: number | Shape): Tensor {
  const named = axesOf("squeeze", dim, x.ndim);
  const gone = named.filter((axis) => x.shape[axis] === 1);
  const keep = (sizes: Shape) => sizes.filter((_, axis) => !gone.includes(axis));
  return alias(x, keep(x.shape), keep(x.strides), x.offset, "SqueezeBackward0", (gy) =>
    reshape(gy, x.shape),
  );
}

/**
 * x with a new axis of size 1 at `dim`. A view.
 *
 * ```ts
 * torch.zeros(3).unsqueeze(0).shape // → [1, 3]
 * ```
 */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  const axis = axisOf("unsqueeze", dim, x.ndim + 1);
  const shape = [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)];
  const strides = [...x.strides.slice(0, axis), 1, ...x.strides.slice(axis)];
  return alias(x, shape, strides, x.offset, "UnsqueezeBackward0", (gy) => squeeze(gy, axis));
}

/**
 * The axes from `startDim` to `endDim` as one. All by default: for a batch say `flatten(1)`.
 *
 * ```ts
 * torch.zeros(8, 32, 4, 4).flatten(1).shape // → [8, 512]
 * ```
 */
export function flatten(x: Tensor, startDim = 0, endDim = -1): Tensor {
  const first = axisOf("flatten", startDim, x.ndim);
  const last = axisOf("flatten", endDim, x.ndim);
  if (first > last)
    throw new ShapeError(`flatten: startDim ${startDim} stands behind endDim ${endDim}`);
  if (x.ndim === 0) return reshape(x, [1]);
  if (first === last) return x; // as PyTorch: not even a view
  const joined = numelOf(x.shape.slice(first, last + 1));
  return reshape(x, [...x.shape.slice(0, first), joined, ...x.shape.slice(last + 1)]);
}

/**
 * The axis `dim` as several; one size may be -1.
 *
 * ```ts
 * torch.zeros(2, 6).unflatten(1, [2, 3]).shape // → [2, 2, 3]
 * ```
 */
export function unflatten(x: Tensor, dim: number, sizes: Shape): Tensor {
  const axis = axisOf("unflatten", dim, x.ndim);
  const known = numelOf(sizes.filter((size) => size !== -1));
  const parts = sizes.map((size) => (size === -1 ? x.shape[axis] / known : size));
  if (numelOf(parts) !== x.shape[axis] || !parts.every(Number.isInteger)) {
    throw new ShapeError(
      `unflatten: ${showShape(sizes)} does not make up axis ${axis} of ${showShape(x.shape)}, which has ${x.shape[axis]}`,
    );
  }
  return reshape(x, [...x.shape.slice(0, axis), ...parts, ...x.shape.slice(axis + 1)]);
}

/**
 * As {@link reshape}, but never a copy. @throws ShapeError where the strides do not allow a view.
 *
 * ```ts
 * torch.zeros(2, 6).view(3, -1).shape // → [3, 4]
 * ```
 */
export function view(x: Tensor, ...sizes: number[] | [Shape]): Tensor {
  const shape = resolveShape("view", x, sizeList(sizes));
  if (x.isContiguous()) return reshape(x, shape);
  const strides = stridesFor(x, shape);
  if (!strides) {
    throw new ShapeError(
      `view: ${showShape(x.shape)} with strides ${showShape(x.strides)} cannot be seen as ${showShape(shape)} without copying: use reshape`,
    );
  }
  return alias(x, shape, strides, x.offset, "ViewBackward0", (gy) => reshape(gy, x.shape));
}

/** The strides that show x's elements as `shape`, or null if there are none. */
function stridesFor(x: Tensor, shape: Shape): number[] | null {
  const strides = new Array<number>(shape.length);
  let to = shape.length - 1;
  let [runSize, runStride] = [1, 1]; // axes of x that lie in memory as one
  let filledSize = 1;
  for (let axis = x.ndim - 1; axis >= 0; axis--) {
    if (runSize === 1) runStride = x.strides[axis];
    runSize *= x.shape[axis];
    const joins = axis > 0 && x.strides[axis - 1] === runStride * runSize;
    if (axis > 0 && (joins || x.shape[axis - 1] === 1)) continue;
    for (; to >= 0 && (filledSize < runSize || shape[to] === 1); to--) {
      strides[to] = runStride * filledSize;
      filledSize *= shape[to];
    }
    if (filledSize !== runSize) return null;
    [runSize, filledSize] = [1, 1];
  }
  for (; to >= 0; to--) strides[to] = 1;
  return strides;
}

/** x in the shape of `other`. */
export function viewAs(x: Tensor, other: Tensor): Tensor {
  return view(x, other.shape);
}

/** x reshaped like `other`. */
export function reshapeAs(x: Tensor, other: Tensor): Tensor {
  return reshape(x, other.shape);
}

/** x expanded to the shape of `other`. */
export function expandAs(x: Tensor, other: Tensor): Tensor {
  return expand(x, other.shape);
}

/**
 * x stretched to `shape` by the rules of broadcasting.
 *
 * ```ts
 * torch.tensor([1, 2]).broadcastTo([2, 2]).tolist() // → [[1, 2], [1, 2]]
 * ```
 */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  return expand(x, shape);
}

/**
 * Windows of `size` places, `step` apart, along axis `dim`; a new last axis goes through the window. A view.
 *
 * ```ts
 * torch.tensor([1, 2, 3, 4]).unfold(0, 2, 1).tolist() // → [[1, 2], [2, 3], [3, 4]]
 * ```
 */
export function unfold(x: Tensor, dim: number, size: number, step: number): Tensor {
  const axis = axisOf("unfold", dim, x.ndim);
  const length = x.ndim === 0 ? 1 : x.shape[axis];
  if (size > length || size < 0 || step < 1) {
    throw new ShapeError(
      `unfold: windows of ${size}, ${step} apart, do not fit axis ${axis} of ${showShape(x.shape)}`,
    );
  }
  const places = Math.floor((length - size) / step) + 1;
  const along = x.strides[axis] ?? 1;
  const shape = [...x.shape.with(axis, places), size];
  const strides = [...x.strides.with(axis, along * step), along];
  return alias(x, shape, strides, x.offset, "UnfoldBackward0", (gy) =>
    overlapped(gy, x.shape, (gx) => unfold(gx, axis, size, step)),
  );
}

/**
 * The diagonal over two axes, as a new last axis; `offset` > 0 above the main diagonal. A view.
 *
 * ```ts
 * torch.tensor([[1, 2], [3, 4]]).diagonal().tolist() // → [1, 4]
 * ```
 */
export function diagonal(
  x: Tensor,
  offset: number | DiagonalOptions = 0,
  dim1 = 0,
  dim2 = 1,
): Tensor {
  if (typeof offset === "object") return diagonal(x, offset.offset, offset.dim1, offset.dim2);
  const [a, b] = [axisOf("diagonal", dim1, x.ndim), axisOf("diagonal", dim2, x.ndim)];
  if (a === b) throw new ShapeError(`diagonal: dim1 and dim2 are both axis ${a}, they must differ`);
  const [below, above] = [Math.max(0, -offset), Math.max(0, offset)];
  const length = Math.max(0, Math.min(x.shape[a] - below, x.shape[b] - above));
  const start = length > 0 ? below * x.strides[a] + above * x.strides[b] : 0;
  const rest = x.shape.map((_, axis) => axis).filter((axis) => axis !== a && axis !== b);
  const shape = [...rest.map((axis) => x.shape[axis]), length];
  const strides = [...rest.map((axis) => x.strides[axis]), x.strides[a] + x.strides[b]];
  return alias(x, shape, strides, x.offset + start, "DiagonalBackward0", (gy) =>
    placed(gy, x, (gx) => diagonal(gx, offset, a, b)),
  );
}

/** Which diagonal (`offset`, above the main one if positive; default 0) of which two axes (`dim1`, `dim2`; default 0 and 1). */
export interface DiagonalOptions {
  offset?: number;
  dim1?: number;
  dim2?: number;
}

/** Another name of {@link transpose}. */
export function swapaxes(x: Tensor, dim0: number, dim1: number): Tensor {
  return transpose(x, dim0, dim1);
}

/** Another name of {@link transpose}. */
export function swapdims(x: Tensor, dim0: number, dim1: number): Tensor {
  return transpose(x, dim0, dim1);
}

/** All elements in one row. A view where strides allow it. */
export function ravel(x: Tensor): Tensor {
  return reshape(x, [-1]);
}
