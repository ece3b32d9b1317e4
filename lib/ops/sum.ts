// Sums and means over axes.

import { noGrad, record } from "../autograd.js";
import { isFloating, type DType } from "../compute/dtypes.js";
import * as masks from "../compute/masks.js";
import * as numbers from "../compute/numbers.js";
import * as reduction from "../compute/reduction.js";
import { DTypeError } from "../errors.js";
import { axesOf, dropped, rowMajorStrides, showShape, type Shape } from "../shape.js";
import { converters, empty, Tensor, walk } from "../tensor.js";
import { div } from "./arithmetic.js";
import { rowLength } from "./fold.js";
import { to } from "./convert.js";
import { expand, reshape } from "./views.js";

export interface ReduceOptions {
  /** Keep the reduced axes, with size 1. Default false. */
  keepdim?: boolean;
}

/**
 * The sum over the axes `dim` (a number, several, or all by default). Whole numbers and bools sum to int64.
 *
 * ```ts
 * torch.tensor([[1, 2], [3, 4]]).sum(0).tolist() // → [4, 6]
 * ```
 */
export function sum(
  x: Tensor,
  dim?: number | Shape | null,
  { keepdim = false, dtype }: ReduceOptions & { dtype?: DType } = {},
): Tensor {
  if (dtype && isFloating(x.dtype) && !isFloating(dtype))
    return sum(to(x, dtype), dim, { keepdim, dtype });
  const axes = axesOf("sum", dim, x.ndim);
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const y = empty(kept, dtype ?? (isFloating(x.dtype) ? x.dtype : "int64"));
  if (!reduction.sum(x, axes, y) && !sumRows(x, axes, y)) sumPlain(x, axes, y, kept);

  const result = keepdim ? y : new Tensor(y.storage, dropped(x.shape, axes));
  const back = (gy: Tensor) => to(expand(reshape(gy, kept), x.shape), x.dtype);
  return record(named("Sum", dim), result, [[x, back]], { told: { op: "sum", axes, keepdim } });
}

/** PyTorch counts its overloads: 0 over all axes, 1 over some. */
function named(name: string, dim: unknown): string {
  return `${name}Backward${dim === undefined || dim === null ? 0 : 1}`;
}

/** Bytes and doubles, dense and over their last axes, by kernels. */
function sumRows(x: Tensor, axes: readonly number[], y: Tensor): boolean {
  const n = rowLength(x, axes);
  if (n === 0) return false;
  if (x.dtype === "uint8" || x.dtype === "bool") {
    return y.dtype === "int64" && masks.count(x, n, true, y);
  }
  return x.dtype === y.dtype && numbers.sumWide(x, n, y);
}

function sumPlain(x: Tensor, axes: readonly number[], y: Tensor, kept: Shape): void {
  const sums = new Float64Array(y.numel()); // rounded once, at the end
  const from = x.storage.array;
  const strides = rowMajorStrides(kept).map((stride, axis) => (axes.includes(axis) ? 0 : stride));
  walk(x.shape, [x, { strides, offset: 0 }], (count, [p0, q0], [dp, dq]) => {
    for (let i = 0, p = p0, q = q0; i < count; i++, p += dp, q += dq) sums[q] += from[p];
  });
  const convert = converters[y.dtype];
  y.storage.array.set(convert ? sums.map(convert) : sums);
}

/**
 * The mean over the axes `dim` (all by default). Floating point only, as in PyTorch.
 *
 * ```ts
 * torch.tensor([[1, 2], [3, 4.5]]).mean(0).tolist() // → [2, 3.25]
 * ```
 */
export function mean(x: Tensor, dim?: number | Shape | null, options: ReduceOptions = {}): Tensor {
  if (!isFloating(x.dtype)) {
    throw new DTypeError(
      `mean: x ${showShape(x.shape)} is ${x.dtype}, the mean needs floating point: x.to("float32")`,
    );
  }
  const axes = axesOf("mean", dim, x.ndim);
  const count = axes.reduce((product, axis) => product * x.shape[axis], 1);
  const y = noGrad(() => div(sum(x, axes, options), count));
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const back = (gy: Tensor) => div(expand(reshape(gy, kept), x.shape), count);
  return record(named("Mean", dim), y, [[x, back]]);
}
