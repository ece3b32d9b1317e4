// Running sums and products.

import { record } from "../autograd.js";
import { axisOf } from "../shape.js";
import { empty, type Tensor, walk } from "../tensor.js";
import { div, mul } from "./arithmetic.js";
import { valuesAndIndices, withoutGraph, type ValuesAndIndices } from "./fold.js";
import { gatherAlong, scatterZeros } from "./picking.js";
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

/**
 * The greatest element up to here along `dim`, and its place: the last one where several are equal.
 *
 * ```ts
 * const { values, indices } = torch.tensor([1, 3, 2, 3]).cummax(0)
 * values.tolist() // → [1, 3, 3, 3]
 * indices.tolist() // → [0, 1, 1, 3]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.cummax.html
 */
export function cummax(x: Tensor, dim: number): ValuesAndIndices {
  return best("cummax", x, dim, (v, before) => v >= before);
}

/**
 * The smallest element up to here along `dim`, and its place: the last one where several are equal.
 *
 * ```ts
 * torch.tensor([3, 1, 2]).cummin(0).values.tolist() // → [3, 1, 1]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.cummin.html
 */
export function cummin(x: Tensor, dim: number): ValuesAndIndices {
  return best("cummin", x, dim, (v, before) => v <= before);
}

function best(
  op: string,
  x: Tensor,
  dim: number,
  wins: (v: number, before: number) => boolean,
): ValuesAndIndices {
  const axis = axisOf(op, dim, x.ndim);
  const places = empty(x.shape, "int64");
  const [to, from] = [places.storage.array, x.storage.array];
  const length = x.shape[axis] ?? 1;
  const [dy, dx] = [places.strides[axis] ?? 0, x.strides[axis] ?? 0];
  const kept = x.ndim === 0 ? [] : x.shape.with(axis, Math.min(length, 1));
  walk(kept, [places, x], (count, [p0, q0], [dp, dq]) => {
    for (let i = 0, p = p0, q = q0; i < count; i++, p += dp, q += dq) {
      let at = 0;
      for (let k = 0; k < length; k++) {
        const [v, before] = [from[q + k * dx], from[q + at * dx]];
        if (v !== v || wins(v, before)) at = k; // a NaN, once met, stays
        to[p + k * dy] = at;
      }
    }
  });
  const values = record(`Cum${op.slice(3)}Backward0`, gatherAlong(x, axis, places), [
    [x, (gy) => scatterZeros(x.shape, axis, places, gy)],
  ]);
  return valuesAndIndices(values, places);
}
