// Running sums and products.

import { record } from "../autograd.js";
import { axisOf } from "../shape.js";
import { empty, type Tensor, walk } from "../tensor.js";
import { div, mul } from "./arithmetic.js";
import { withoutGraph } from "./fold.js";
import { cumulated, running } from "./running.js";

/**
 * The sum of all elements up to here along `dim`.
 *
 * ```ts
 * torch.tensor([1, 2, 3]).cumsum(0).tolist() // → [1, 3, 6]
 * ```
 */
export function cumsum(x: Tensor, dim: number): Tensor {
  return cumulated(x, axisOf("cumsum", dim, x.ndim), false);
}

/**
 * The product of all elements up to here along `dim`.
 *
 * ```ts
 * torch.tensor([1, 2, 3]).cumprod(0).tolist() // → [1, 2, 6]
 * ```
 */
export function cumprod(x: Tensor, dim: number): Tensor {
  const axis = axisOf("cumprod", dim, x.ndim);
  const y = running(x, axis, 1, (a, b) => a * b);
  return record(
    "CumprodBackward0",
    y,
    [
      [
        x,
        (gy) => {
          const byHand = () => cumprodGrad(gy, x, axis);
          const byOps = () => div(cumulated(mul(gy, cumprod(x, axis)), axis, true), x);
          return withoutGraph("cumprod", x, byHand, byOps);
        },
      ],
    ],
    { saves: [x] },
  );
}

/** gx_j = Σ over k ≥ j of gy_k · Π of x_i, i ≤ k, i ≠ j: written out, so that zeros are no trouble. */
function cumprodGrad(gy: Tensor, x: Tensor, axis: number): Tensor {
  const gx = empty(x.shape, gy.dtype);
  const [gs, xs, ys] = [gx.storage.array, x.storage.array, gy.storage.array];
  const length = x.shape[axis] ?? 1;
  const [dg, dx, dy] = [gx.strides[axis] ?? 0, x.strides[axis] ?? 0, gy.strides[axis] ?? 0];
  const kept = x.ndim === 0 ? [] : x.shape.with(axis, Math.min(length, 1));
  walk(kept, [gx, x, gy], (count, [p0, q0, r0], [dp, dq, dr]) => {
    for (let i = 0, p = p0, q = q0, r = r0; i < count; i++, p += dp, q += dq, r += dr) {
      for (let j = 0; j < length; j++) {
        let product = 1;
        for (let k = 0; k < j; k++) product *= xs[q + k * dx];
        let sum = 0;
        for (let k = j; k < length; k++) {
          if (k > j) product *= xs[q + k * dx];
          sum += ys[r + k * dy] * product;
        }
        gs[p + j * dg] = sum;
      }
    }
  });
  return gx;
}
