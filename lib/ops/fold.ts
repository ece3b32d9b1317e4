// Folding axes away: what the reductions besides sums share. float32 goes to the engine's kernels.

import { isGradEnabled } from "../autograd.js";
import type { DType } from "../compute/dtypes.js";
import * as numbers from "../compute/numbers.js";
import { loopFor } from "../compute/plain/loops.js";
import * as reduction from "../compute/reduction.js";
import { ShapeError } from "../errors.js";
import { dropped, numelOf, rowMajorStrides, showShape } from "../shape.js";
import { converters, empty, type Tensor, walk } from "../tensor.js";
import { reshape } from "./views.js";

/** Two results that can be taken apart as an object or as a pair, as PyTorch's named tuples. */
export interface ValuesAndIndices extends Iterable<Tensor> {
  readonly values: Tensor;
  /** int64 */
  readonly indices: Tensor;
}

/** @internal */
export function valuesAndIndices(values: Tensor, indices: Tensor): ValuesAndIndices {
  return {
    values,
    indices,
    *[Symbol.iterator]() {
      yield values;
      yield indices;
    },
  };
}

/** x folded over `axes` by the engine's kernel of that name; null where it has none. */
export function foldByKernel(
  name: reduction.FoldName,
  x: Tensor,
  axes: readonly number[],
): Tensor | null {
  const y = empty(
    x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)),
    x.dtype,
  );
  if (reduction.fold(name, x, axes, y)) return y;
  const isExtreme = name === "greatest" || name === "least";
  return isExtreme && numbers.extremeWide(x, rowLength(x, axes), name === "least", y) ? y : null;
}

/** Folds x over `axes`: y[…] = fold(y[…], x[…]) from `start`. */
export function fold(
  x: Tensor,
  axes: readonly number[],
  start: number,
  f: (sum: number, v: number) => number,
  dtype: DType,
): Tensor {
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const sums = new Float64Array(numelOf(kept)).fill(start);
  const strides = rowMajorStrides(kept).map((stride, axis) => (axes.includes(axis) ? 0 : stride));
  const from = x.storage.array;
  const loop = loopFor("fold", f, x.numel());
  walk(x.shape, [x, { strides, offset: 0 }], (count, [p0, q0], [dp, dq]) => {
    loop(f, count, sums, q0, dq, from, p0, dp);
  });
  const y = empty(kept, dtype);
  y.storage.array.set(sums);
  return y;
}

/** Without the reduced axes, unless they are kept. */
export function finish(y: Tensor, x: Tensor, axes: readonly number[], keepdim = false): Tensor {
  return keepdim ? y : reshape(y, dropped(x.shape, axes));
}

/** How many neighbours each reduced row of a dense x has, if the axes are its last ones; else 0. */
export function rowLength(x: Tensor, axes: readonly number[]): number {
  const first = x.shape.findIndex((size, axis) => size !== 1 && axes.includes(axis));
  const last = x.shape.every((size, axis) => axis < first || size === 1 || axes.includes(axis));
  if (first < 0 || !last || !x.isContiguous()) return 0;
  return numelOf(x.shape.slice(first));
}

/** @throws ShapeError where there is nothing to choose from. */
export function notEmpty(op: string, x: Tensor, axes: readonly number[]): void {
  if (axes.some((axis) => x.shape[axis] === 0)) {
    throw new ShapeError(
      `${op}: x ${showShape(x.shape)} has no element to choose along ${showShape(axes)}`,
    );
  }
}

/** The gradient by hand, or, where it is to have gradients itself, by operations: those divide by x. */
export function withoutGraph(
  op: string,
  x: Tensor,
  byHand: () => Tensor,
  byOps: () => Tensor,
): Tensor {
  if (!isGradEnabled()) return byHand();
  if (x.data.includes(0 as never)) {
    throw new TypeError(
      `${op}: the gradient of the gradient is not known where x has zeros: leave out createGraph`,
    );
  }
  return byOps();
}
