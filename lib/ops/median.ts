// The middle value.

import { record } from "../autograd.js";
import { middlePlace } from "../compute/plain/order.js";
import { filled } from "../creation.js";
import { axisOf } from "../shape.js";
import { empty, type Tensor, walk } from "../tensor.js";
import { div, mul } from "./arithmetic.js";
import { isBool, refuse } from "./checks.js";
import { eq, isnan, logicalAnd, logicalOr } from "./comparison.js";
import { to } from "./convert.js";
import { finish, notEmpty, valuesAndIndices, type ValuesAndIndices } from "./fold.js";
import { gatherAlong, scatterZeros } from "./picking.js";
import { sum, type ReduceOptions } from "./sum.js";
import { flatten } from "./views.js";

/**
 * The middle value of the sorted elements (the lower of two middles); along `dim` with its place.
 *
 * ```ts
 * torch.tensor([3, 1, 2]).median().item() // → 2
 * ```
 */
export function median(x: Tensor): Tensor;
export function median(x: Tensor, dim: number, options?: ReduceOptions): ValuesAndIndices;
export function median(
  x: Tensor,
  dim?: number,
  { keepdim = false }: ReduceOptions = {},
): Tensor | ValuesAndIndices {
  refuse("median", x, isBool, "x.long()");
  if (dim === undefined) {
    if (x.numel() > 0) {
      const y = median(flatten(x.detach()), 0).values;
      // elements that tie share the gradient evenly, as PyTorch
      const back = (gy: Tensor) => {
        const hits = to(logicalOr(eq(x, y), logicalAnd(isnan(x), isnan(y))), gy.dtype);
        return mul(div(hits, sum(hits)), gy);
      };
      return record("MedianBackward0", y, [[x, back]]);
    }
    const nan = filled([], x.dtype === "int32" ? -(2 ** 31) : NaN, x.dtype); // or what it is in that dtype
    return record("MedianBackward0", nan, [[x, () => filled(x.shape, 0, x.dtype)]]);
  }
  const axis = axisOf("median", dim, x.ndim);
  if (x.ndim === 0) return valuesAndIndices(x, filled([], 0, "int64"));
  const length = x.shape[axis];
  if (x.ndim > 1) notEmpty("median", x, [axis]);
  const kept = x.shape.with(axis, 1);
  const places = empty(kept, "int64");
  const from = x.storage.array;
  walk(kept, [places, x], (count, [p0, q0], [dp, dq]) => {
    for (let i = 0, p = p0, q = q0; i < count; i++, p += dp, q += dq) {
      places.storage.array[p] = middlePlace(from, q, x.strides[axis], length);
    }
  });
  const values = record("MedianBackward0", gatherAlong(x, axis, places), [
    [x, (gy) => scatterZeros(x.shape, axis, places, gy)],
  ]);
  return valuesAndIndices(finish(values, x, [axis], keepdim), finish(places, x, [axis], keepdim));
}
