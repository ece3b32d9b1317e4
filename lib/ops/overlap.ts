// The way back of a view that shows elements several times: their gradients add up.

import { noGrad, record } from "../autograd.js";
import { filled } from "../creation.js";
import type { Shape } from "../shape.js";
import { type Tensor, walk } from "../tensor.js";

/** Zeros of `shape` to which gy is added where `part` looks. */
export function overlapped(gy: Tensor, shape: Shape, part: (whole: Tensor) => Tensor): Tensor {
  const sums = filled(shape, 0, "float64");
  const seen = noGrad(() => part(sums));
  const gx = filled(shape, 0, gy.dtype);
  const [to, from] = [sums.storage.array, gy.storage.array];
  walk(gy.shape, [seen, gy], (count, [p0, q0], [dp, dq]) => {
    for (let i = 0, p = p0, q = q0; i < count; i++, p += dp, q += dq) to[p] += from[q];
  });
  gx.storage.array.set(to);
  return record("UnfoldBackwardBackward0", gx, [[gy, (ggx) => part(ggx)]]);
}
