// The way back through broadcasting.

import { isFloating } from "../compute/dtypes.js";
import { sameShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { to } from "./convert.js";
import { sum } from "./sum.js";
import { reshape } from "./views.js";

/** The gradient of an operand that broadcasting stretched: summed over the axes that were added, in its dtype. */
export function sumTo(gy: Tensor, like: Tensor): Tensor {
  const { shape } = like;
  const dtype = isFloating(like.dtype) ? like.dtype : gy.dtype;
  if (sameShape(gy.shape, shape)) return to(gy, dtype);
  const lead = gy.ndim - shape.length;
  const stretched = gy.shape.flatMap((size, axis) =>
    axis < lead || (shape[axis - lead] === 1 && size !== 1) ? axis : [],
  );
  const total = stretched.length > 0 ? sum(gy, stretched, { keepdim: true }) : gy;
  return to(reshape(total, shape), dtype);
}
