// Filling tensors with random numbers, in place, element by element in row-major order.

import type { Tensor } from "../tensor.js";
import { defaultGenerator } from "./generator.js";

/** Uniform numbers in [from, to): x·(to − from) + from with 24 random bits, rounded once, as PyTorch on AVX2. */
export function uniform(x: Tensor, from = 0, to = 1): Tensor {
  const low = Math.fround(from);
  const range = Math.fround(Math.fround(to) - low);
  const values = x.storage.array;
  for (let i = 0; i < values.length; i++) {
    values[i] = (defaultGenerator.u32() & 0xffffff) * 2 ** -24 * range + low;
  }
  return x;
}
