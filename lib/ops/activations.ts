// Activation functions, element by element.

import { record } from "../autograd.js";
import type { Tensor } from "../tensor.js";
import { map, zip } from "./pointwise.js";

/** Keep what is positive: `max(x, 0)`. Any shape → the same shape. */
export function relu(x: Tensor): Tensor {
  const y = map(x, (v) => (v > 0 || v !== v ? v : 0));
  return record("ReluBackward0", y, [[x, (gy) => maskBy(gy, y)]], { saves: [y] });
}

function maskBy(gy: Tensor, y: Tensor): Tensor {
  const gx = zip("relu", gy, y, (g, v) => (v > 0 ? g : 0), gy.dtype);
  return record("ThresholdBackward0", gx, [[gy, (ggx) => maskBy(ggx, y)]]);
}
