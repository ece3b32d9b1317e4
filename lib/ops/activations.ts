// Activation functions, element by element.

import { record } from "../autograd.js";
import type { Tensor } from "../tensor.js";
import { isBool, refuse } from "./checks.js";
import { positivePart, whereKeptPositive } from "./formulas.js";
import { map, zip } from "./pointwise.js";

/**
 * Keep what is positive: `max(x, 0)`. Any shape → the same shape.
 *
 * ```ts
 * torch.tensor([-1.5, 2]).relu().tolist() // → [0, 2]
 * ```
 */
export function relu(x: Tensor): Tensor {
  refuse("relu", x, isBool, "x.float()");
  const y = map(x, positivePart);
  return record("ReluBackward0", y, [[x, (gy) => maskBy(gy, y)]], { saves: [y] });
}

function maskBy(gy: Tensor, y: Tensor): Tensor {
  const gx = zip("relu", gy, y, whereKeptPositive, gy.dtype);
  return record("ThresholdBackward0", gx, [[gy, (ggx) => maskBy(ggx, y)]]);
}
