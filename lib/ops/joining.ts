// Several tensors into one, and one into several.

import { record } from "../autograd.js";
import { ShapeError } from "../errors.js";
import { axisOf, broadcastShapes, sameShape, showShape, type Shape } from "../shape.js";
import { copyInto, empty, type Tensor } from "../tensor.js";
import { to } from "./convert.js";
import { promote } from "./promotion.js";
import { expand, narrow, reshape, select, unsqueeze } from "./views.js";

/**
 * The tensors one after the other along `dim`; the other sizes must agree.
 *
 * ```ts
 * torch.cat([torch.zeros(2, 3), torch.ones(1, 3)]).shape // → [3, 3]
 * ```
 */
export function cat(tensors: readonly Tensor[], dim: number | { dim?: number } = 0): Tensor {
  if (typeof dim === "object") return cat(tensors, dim.dim);
  if (tensors.length === 0) throw new TypeError("cat: expected at least one tensor, got none");
  // PyTorch lets an empty vector [0] join anything
  const parts = tensors.filter(
    (x) => !(x.ndim === 1 && x.shape[0] === 0) || tensors.every((o) => o.ndim === 1),
  );
  const first = parts[0] ?? tensors[0];
  if (first.ndim === 0)
    throw new ShapeError("cat: a tensor without axes cannot be joined: use stack");
  const axis = axisOf("cat", dim, first.ndim);
  for (const [i, x] of parts.entries()) {
    const fits =
      x.ndim === first.ndim && x.shape.every((n, a) => a === axis || n === first.shape[a]);
    if (!fits) {
      throw new ShapeError(
        `cat: tensor ${i} is ${showShape(x.shape)} but tensor 0 is ${showShape(first.shape)}: all sizes except along dim ${axis} must be equal${otherAxisHint(x.shape, first.shape)}`,
      );
    }
  }
  const dtype = tensors.map((x) => x.dtype).reduce((a, b) => promote(empty([1], a), empty([1], b)));
  const total = parts.reduce((sum, x) => sum + x.shape[axis], 0);
  const y = empty(first.shape.with(axis, total), dtype);
  const rows: [Tensor, (gy: Tensor) => Tensor][] = [];
  let start = 0;
  for (const x of parts) {
    const [from, length] = [start, x.shape[axis]];
    copyInto(narrow(y, axis, from, length), x);
    rows.push([x, (gy) => to(narrow(gy, axis, from, length), x.dtype)]);
    start += length;
  }
  for (const x of tensors) {
    if (!parts.includes(x)) rows.push([x, (gy) => empty(x.shape, gy.dtype)]);
  }
  return record("CatBackward0", y, rows, { told: { op: "cat", axis } });
}

/** {@link cat} under its other names. */
export const concat = cat;

/**
 * The tensors, all of one shape, side by side along a new axis `dim`.
 *
 * ```ts
 * torch.stack([torch.tensor([1, 2]), torch.tensor([3, 4])]).tolist() // → [[1, 2], [3, 4]]
 * ```
 */
export function stack(tensors: readonly Tensor[], dim: number | { dim?: number } = 0): Tensor {
  if (typeof dim === "object") return stack(tensors, dim.dim);
  if (tensors.length === 0) throw new TypeError("stack: expected at least one tensor, got none");
  for (const [i, x] of tensors.entries()) {
    if (!sameShape(x.shape, tensors[0].shape)) {
      throw new ShapeError(
        `stack: tensor ${i} is ${showShape(x.shape)} but tensor 0 is ${showShape(tensors[0].shape)}: all must be equal: to join them along an axis that they have use cat`,
      );
    }
  }
  const axis = axisOf("stack", dim, tensors[0].ndim + 1);
  return cat(
    tensors.map((x) => unsqueeze(x, axis)),
    axis,
  );
}

/**
 * Stacked in rows: along the first axis; vectors become rows.
 *
 * ```ts
 * torch.vstack([torch.tensor([1, 2]), torch.tensor([3, 4])]).tolist() // → [[1, 2], [3, 4]]
 * ```
 */
export function vstack(tensors: readonly Tensor[]): Tensor {
  return cat(tensors.map((x) => (x.ndim < 2 ? reshape(x, [1, x.numel()]) : x)));
}

/**
 * Side by side: along the second axis, vectors along their only one.
 *
 * ```ts
 * torch.hstack([torch.tensor([1, 2]), torch.tensor([3, 4])]).tolist() // → [1, 2, 3, 4]
 * ```
 */
export function hstack(tensors: readonly Tensor[]): Tensor {
  const parts = tensors.map((x) => (x.ndim === 0 ? reshape(x, [1]) : x));
  return cat(parts, parts[0].ndim === 1 ? 0 : 1);
}

/**
 * All tensors expanded to the shape that they have together.
 *
 * ```ts
 * const [a, b] = torch.broadcastTensors(torch.zeros(3, 1), torch.zeros(4))
 * a.shape // → [3, 4]
 * ```
 */
export function broadcastTensors(...tensors: Tensor[]): Tensor[] {
  const shape = tensors
    .map((x) => x.shape)
    .reduce((a, b) => broadcastShapes("broadcastTensors", a, b));
  return tensors.map((x) => expand(x, shape));
}

/**
 * Coordinates of a grid, one tensor per axis; "ij" (default): the first tensor runs down.
 *
 * ```ts
 * const [y, x] = torch.meshgrid([torch.tensor([1, 2]), torch.tensor([5, 6])])
 * y.tolist() // → [[1, 1], [2, 2]]
 * x.tolist() // → [[5, 6], [5, 6]]
 * ```
 */
export function meshgrid(
  tensors: readonly Tensor[],
  { indexing = "ij" }: { indexing?: "ij" | "xy" } = {},
): Tensor[] {
  if (indexing === "xy" && tensors.length > 1) {
    const [a, b, ...rest] = tensors;
    const [y, x, ...others] = meshgrid([b, a, ...rest]);
    return [x, y, ...others];
  }
  const shape = tensors.map((x) => x.numel());
  return tensors.map((x, i) =>
    expand(
      reshape(
        x,
        shape.map((_, a) => (a === i ? -1 : 1)),
      ),
      shape,
    ),
  );
}

/** @internal Sizes of the parts that {@link split} makes. */
export function partSizes(op: string, length: number, sizes: number | Shape): number[] {
  if (typeof sizes !== "number") {
    const total = sizes.reduce((a, b) => a + b, 0);
    if (total !== length) {
      throw new ShapeError(
        `${op}: the sizes ${showShape(sizes)} sum to ${total}, the axis has ${length}`,
      );
    }
    return [...sizes];
  }
  if (!(sizes > 0))
    throw new RangeError(`${op}: the size of a part must be at least 1, not ${sizes}`);
  const parts = Math.max(Math.ceil(length / sizes), 1);
  return Array.from({ length: parts }, (_, i) => Math.min(sizes, length - i * sizes));
}

/** Parts of `x` along an axis, as views. */
export function partsOf(x: Tensor, axis: number, sizes: readonly number[]): Tensor[] {
  let start = 0;
  return sizes.map((size) => narrow(x, axis, (start += size) - size, size));
}

/** The slices along an axis. */
export function slicesOf(x: Tensor, axis: number): Tensor[] {
  return Array.from({ length: x.shape[axis] }, (_, i) => select(x, axis, i));
}

/** Where the sizes differ along one axis only, they can be joined along that one. */
function otherAxisHint(a: Shape, b: Shape): string {
  const differing = a.flatMap((size, axis) => (size === b[axis] ? [] : [axis]));
  return a.length === b.length && differing.length === 1
    ? `: did you mean dim ${differing[0]}?`
    : "";
}
