// Other distributions: each number is computed in double precision from one uniform of 53 bits, and rounded at the end.

import type { Tensor } from "../tensor.js";
import { gather } from "../tensor.js";
import * as draws from "../compute/draws.js";
import { fillWith, isLong } from "./fill.js";
import { defaultGenerator, type Generator } from "./generator.js";
import { normal64 } from "./normal.js";

/** 1 with probability p, else 0; two draws of 32 bits each. */
export function bernoulli(x: Tensor, p: number, generator: Generator = defaultGenerator): Tensor {
  if (x.dtype !== "float32" || !isLong(x)) {
    return fillWith(x, () => (generator.uniform64() < p ? 1 : 0));
  }
  draws.chance(generator.engine, x, p, 1);
  return x;
}

/** 1 with the probability that stands at the same place of `p`; float32 probabilities take one draw each. */
export function bernoulliEach(
  x: Tensor,
  p: Tensor,
  generator: Generator = defaultGenerator,
): Tensor {
  const probabilities = p.isContiguous() ? p : gather(p);
  const values = probabilities.storage.array;
  let at = probabilities.offset;
  return p.dtype === "float64"
    ? fillWith(x, () => (generator.uniform64() < values[at++] ? 1 : 0))
    : fillWith(x, () => (generator.uniform32() < values[at++] ? 1 : 0));
}

export function exponential(
  x: Tensor,
  lambd: number,
  generator: Generator = defaultGenerator,
): Tensor {
  return fillWith(x, () => (-1 / lambd) * Math.log1p(-generator.uniform64()));
}

export function logNormal(
  x: Tensor,
  mean: number,
  std: number,
  generator: Generator = defaultGenerator,
): Tensor {
  return fillWith(x, () => Math.exp(normal64(generator) * std + mean));
}

export function geometric(x: Tensor, p: number, generator: Generator = defaultGenerator): Tensor {
  return fillWith(x, () => Math.ceil(Math.log(generator.uniform64()) / Math.log1p(-p)));
}

export function cauchy(
  x: Tensor,
  median: number,
  sigma: number,
  generator: Generator = defaultGenerator,
): Tensor {
  return fillWith(x, () => median + sigma * Math.tan(Math.PI * (generator.uniform64() - 0.5)));
}
