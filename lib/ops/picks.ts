// Choosing and placing elements by tensors of places or by masks.

import { record } from "../autograd.js";
import { filled } from "../creation.js";
import { isFloating } from "../compute/dtypes.js";
import { firstPlaces } from "../compute/plain/order.js";
import { DTypeError, ShapeError } from "../errors.js";
import { axisOf, broadcastShapes, showShape } from "../shape.js";
import { empty, gather as copyOf, type Tensor, walk } from "../tensor.js";
import { to } from "./convert.js";
import {
  added,
  checkedPlaces,
  gatherAlong,
  replaced,
  scatterInto,
  scatterZeros,
  slicesAt,
  slicesBack,
} from "./picking.js";
import { stretched } from "./pointwise.js";
import { checkFits } from "./checks.js";
import { contiguous, expand, reshape } from "./views.js";
import { where } from "./where.js";

function checkBeside(op: string, x: Tensor, index: Tensor, axis: number): void {
  const fits = index.ndim === x.ndim && index.shape.every((n, a) => a === axis || n <= x.shape[a]);
  if (!fits) {
    throw new ShapeError(
      `${op}: index ${showShape(index.shape)} does not fit x ${showShape(x.shape)}: as many axes, and no longer than x except along dim ${axis}`,
    );
  }
}

/**
 * y[i][j] = x[index[i][j]][j] for dim 0, and so on: picks along `dim`.
 *
 * ```ts
 * torch.tensor([[1, 2], [3, 4]]).gather(1, torch.tensor([[0], [1]])).tolist() // → [[1], [4]]
 * ```
 */
export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  const axis = axisOf("gather", dim, x.ndim);
  if (index.numel() > 0) checkBeside("gather", x, index, axis);
  const places = checkedPlaces("gather", index, x.shape[axis] ?? 1);
  return record("GatherBackward0", gatherAlong(x, axis, places), [
    [x, (gy) => scatterZeros(x.shape, axis, places, gy)],
  ]);
}

export interface ScatterOptions {
  /** Combine with what is there instead of replacing it. */
  reduce?: "add" | "multiply";
}

/** A copy of x with the elements of `source` (or one number) placed along `dim` at `index`. */
export function scatter(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor | number,
  { reduce }: ScatterOptions = {},
): Tensor {
  const axis = axisOf("scatter", dim, x.ndim);
  checkBeside("scatter", x, index, axis);
  const places = checkedPlaces("scatter", index, x.shape[axis] ?? 1);
  const from =
    typeof source === "number" ? stretched(filled([], source, x.dtype), index.shape) : source;
  if (from.dtype !== x.dtype)
    throw new DTypeError(`scatter: source is ${from.dtype} but x is ${x.dtype}`);
  const y = copyOf(x);
  const combine = {
    add: x.dtype === "bool" ? either : added,
    multiply: (old: number, value: number) => old * value,
    none: replaced,
  }[reduce ?? "none"];
  scatterInto(y, axis, places, from, combine);
  if (reduce === "multiply") return y;
  const kept = (gy: Tensor) => {
    if (reduce === "add") return gy;
    return scatter(gy, axis, places, 0);
  };
  return record("ScatterBackward0", y, [
    [x, kept],
    [typeof source === "number" ? null : source, (gy) => gather(gy, axis, places)],
  ]);
}

const either = (old: number, value: number) => old | value;

/**
 * A copy of x with `source` added along `dim` at `index`.
 *
 * ```ts
 * torch.zeros(3).scatterAdd(0, torch.tensor([0, 0]), torch.tensor([1.5, 2])).tolist() // → [3.5, 0, 0]
 * ```
 */
export function scatterAdd(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  return scatter(x, dim, index, source, { reduce: "add" });
}

/**
 * The slices along `dim` that `index` (one axis, int64) names.
 *
 * ```ts
 * torch.tensor([[1, 2], [3, 4]]).indexSelect(1, torch.tensor([1, 1])).tolist() // → [[2, 2], [4, 4]]
 * ```
 */
export function indexSelect(x: Tensor, dim: number, index: Tensor): Tensor {
  const axis = axisOf("indexSelect", dim, x.ndim);
  if (index.ndim > 1)
    throw new ShapeError(`indexSelect: index ${showShape(index.shape)} must have one axis`);
  const places = checkedPlaces("indexSelect", reshape(index, [-1]), x.shape[axis] ?? 1);
  if (x.ndim > 0) {
    const dense = contiguous(x);
    return record("IndexSelectBackward0", slicesAt(dense, axis, places), [
      [dense, (gy) => slicesBack(x.shape, axis, places, gy)],
    ]);
  }
  const only = reshape(places, []);
  return record("IndexSelectBackward0", gatherAlong(x, axis, only), [
    [x, (gy) => scatterZeros(x.shape, axis, only, gy)],
  ]);
}

/**
 * The elements of the flattened x at `index`, in index's shape.
 *
 * ```ts
 * torch.tensor([[1, 2], [3, 4]]).take(torch.tensor([0, 3])).tolist() // → [1, 4]
 * ```
 */
export function take(x: Tensor, index: Tensor): Tensor {
  const flat = reshape(x, [-1]);
  const places = checkedPlaces("take", reshape(index, [-1]), flat.numel(), true);
  return reshape(indexSelect(flat, 0, places), index.shape);
}

function checkMask(op: string, mask: Tensor): void {
  if (mask.dtype !== "bool")
    throw new DTypeError(
      `${op}: the mask is ${mask.dtype}, it must be bool: compare first, as in x.gt(0)`,
    );
}

/**
 * The elements where `mask` is true, in row-major order, as one axis.
 *
 * ```ts
 * const x = torch.tensor([1, -2, 3])
 * x.maskedSelect(x.gt(0)).tolist() // → [1, 3]
 * ```
 */
export function maskedSelect(x: Tensor, mask: Tensor): Tensor {
  checkMask("maskedSelect", mask);
  const shape = broadcastShapes("maskedSelect", x.shape, mask.shape);
  const places = nonzeroFlat(stretched(mask, shape));
  return indexSelect(reshape(expand(x, shape), [-1]), 0, places);
}

/**
 * x with `value` wherever `mask` is true.
 *
 * ```ts
 * const x = torch.tensor([1, -2, 3])
 * x.maskedFill(x.lt(0), 0).tolist() // → [1, 0, 3]
 * ```
 */
export function maskedFill(x: Tensor, mask: Tensor, value: number | Tensor): Tensor {
  checkMask("maskedFill", mask);
  if (typeof value === "number") checkFits("maskedFill", "value", value, x.dtype);
  return to(
    where(mask, typeof value === "number" ? filled([], value, x.dtype) : value, x),
    x.dtype,
  );
}

/**
 * The places of all elements that are not zero: [count, axes], int64.
 *
 * ```ts
 * torch.tensor([0, 5, 0, 7]).nonzero().tolist() // → [[1], [3]]
 * ```
 */
export function nonzero(x: Tensor): Tensor {
  const flat = nonzeroFlat(x);
  const places = flat.storage.array;
  const n = flat.numel();
  const y = empty([n, x.ndim], "int64");
  const to = y.storage.array;
  let step = 1;
  for (let axis = x.ndim - 1; axis >= 0; axis--) {
    const size = x.shape[axis];
    for (let i = 0, p = axis; i < n; i++, p += x.ndim) {
      to[p] = axis === 0 ? Math.floor(places[i] / step) : Math.floor(places[i] / step) % size;
    }
    step *= size;
  }
  return y;
}

function nonzeroFlat(x: Tensor): Tensor {
  const from = x.storage.array;
  const found = new Float64Array(x.numel() + 1);
  let [at, n] = [0, 0];
  walk(x.shape, [x], (count, [p0], [dp]) => {
    for (let i = 0, p = p0; i < count; i++, p += dp, at++) {
      found[n] = at; // stays only if it counts: no branch
      n += Number(from[p] !== 0);
    }
  });
  const y = empty([n], "int64");
  y.storage.array.set(found.subarray(0, n));
  return y;
}

/**
 * One-hot rows: a new last axis of `numClasses` (by default the greatest value + 1) with a 1 where the value says. int64
 *
 * ```ts
 * torch.tensor([0, 2]).oneHot(3).tolist() // → [[1, 0, 0], [0, 0, 1]]
 * ```
 */
export function oneHot(x: Tensor, numClasses = -1): Tensor {
  if (x.dtype !== "int64")
    throw new DTypeError(`oneHot: x is ${x.dtype}, classes must be int64: x.long()`);
  const values = x.data;
  const greatest = greatestOf(values);
  if (numClasses === -1 && values.length === 0) {
    throw new RangeError(
      "oneHot: an empty tensor does not say how many classes there are: give numClasses",
    );
  }
  const classes = numClasses === -1 ? greatest + 1 : numClasses;
  for (const value of values) {
    if (value < 0 || value >= classes) {
      throw new RangeError(`oneHot: class ${value} is outside 0 … ${classes - 1}`);
    }
  }
  const y = filled([...x.shape, classes], 0, "int64");
  for (let i = 0; i < values.length; i++) y.storage.array[i * classes + values[i]] = 1;
  return y;
}

/**
 * How often each whole number from 0 on occurs.
 *
 * ```ts
 * torch.tensor([0, 2, 2]).bincount().tolist() // → [1, 0, 2]
 * ```
 */
export function bincount(x: Tensor, { minlength = 0 }: { minlength?: number } = {}): Tensor {
  const values = x.data;
  let [least, greatest] = [0, -1];
  for (let i = 0; i < values.length; i++) {
    if (values[i] > greatest) greatest = values[i];
    if (values[i] < least) least = values[i];
  }
  if (x.ndim !== 1 || isFloating(x.dtype) || least < 0) {
    throw new DTypeError(
      `bincount: x must be one axis of whole numbers ≥ 0, not ${x.dtype} ${showShape(x.shape)}${isFloating(x.dtype) ? ": x.long()" : ""}`,
    );
  }
  const counts = new Int32Array(Math.max(minlength, greatest + 1));
  for (let i = 0; i < values.length; i++) counts[values[i]]++;
  const y = empty([counts.length], "int64");
  y.storage.array.set(counts);
  return y;
}

/**
 * The distinct values, sorted.
 *
 * ```ts
 * torch.tensor([3, 1, 3]).unique().tolist() // → [1, 3]
 * ```
 */
export function unique(x: Tensor): Tensor {
  const all = x.data;
  const order = firstPlaces(all, 0, 1, all.length, false, all.length);
  const values = new Float64Array(all.length);
  let count = 0;
  for (let i = 0; i < all.length; i++) {
    const value = all[order[i]];
    if (count === 0 || value !== values[count - 1]) values[count++] = value;
  }
  const y = empty([count], x.dtype);
  y.storage.array.set(values.subarray(0, count));
  return y;
}

function greatestOf(values: ArrayLike<number>): number {
  let greatest = -1;
  for (let i = 0; i < values.length; i++) greatest = Math.max(greatest, values[i]);
  return greatest;
}
