// Running sums and products along an axis: what cumsum, cumprod and their ways back share.

import { record } from "../autograd.js";
import { isFloating } from "../compute/dtypes.js";
import * as reduction from "../compute/reduction.js";
import { empty, type Tensor, walk } from "../tensor.js";

/** y[k] = f(y[k − 1], x[k]) along the axis, from `start`, or from its end with `backwards`. */
export function running(
  x: Tensor,
  axis: number,
  start: number,
  f: (a: number, b: number) => number,
  backwards = false,
): Tensor {
  const y = empty(x.shape, isFloating(x.dtype) ? x.dtype : "int64");
  if (x.ndim === 0) {
    y.storage.array[0] = x.storage.array[x.offset];
    return y;
  }
  const [ys, xs, length] = [y.storage.array, x.storage.array, x.shape[axis]];
  const [dy, dx] = [y.strides[axis], x.strides[axis]];
  walk(x.shape.with(axis, Math.min(length, 1)), [y, x], (count, [p0, q0], [dp, dq]) => {
    for (let i = 0, p = p0, q = q0; i < count; i++, p += dp, q += dq) {
      let sum = start;
      for (let k = 0; k < length; k++) {
        const at = backwards ? length - 1 - k : k;
        sum = f(sum, xs[q + at * dx]);
        ys[p + at * dy] = sum;
      }
    }
  });
  return y;
}

/** Running sums, with their way back: running sums from the other end. */
export function cumulated(x: Tensor, axis: number, backwards: boolean): Tensor {
  const y = runningSums(x, axis, backwards) ?? running(x, axis, 0, (a, b) => a + b, backwards);
  return record("CumsumBackward0", y, [[x, (gy) => cumulated(gy, axis, !backwards)]]);
}

/** By the engine's kernel; null where it has none. */
function runningSums(x: Tensor, axis: number, backwards: boolean): Tensor | null {
  if (x.dtype !== "float32" || x.ndim === 0) return null;
  const y = empty(x.shape, x.dtype);
  return reduction.runningSums(x, axis, y, backwards) ? y : null;
}
