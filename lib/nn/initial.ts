// How convolution and linear layers begin: uniform within 1/√fanIn, drawn as PyTorch draws them.

import { uniform } from "../random/fill.js";
import type { Tensor } from "../tensor.js";

/** A weight: kaimingUniform_ with a = √5, whose bound is 1/√fanIn; in PyTorch's own steps, so that the bits agree. */
export function fillWeight(x: Tensor, fanIn: number): Tensor {
  if (fanIn === 0) return x;
  const gain = Math.sqrt(2 / (1 + Math.sqrt(5) ** 2));
  const bound = Math.sqrt(3) * (gain / Math.sqrt(fanIn));
  return uniform(x, -bound, bound);
}

/** A bias. */
export function fillBias(x: Tensor, fanIn: number): Tensor {
  const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
  return uniform(x, -bound, bound);
}
