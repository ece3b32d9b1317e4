// The mask that dropout multiplies by.

import type { DType } from "../compute/dtypes.js";
import type { Shape } from "../shape.js";
import { empty, type Tensor } from "../tensor.js";
import * as draws from "../compute/draws.js";
import { isLong } from "./fill.js";
import { defaultGenerator, type Generator } from "./generator.js";

/**
 * 1 / (1 − p) with probability 1 − p, else 0: what inverted dropout multiplies by. The draws are PyTorch's: the layer
 * must not call this for p = 0, p = 1 or in evaluation, where PyTorch draws nothing.
 */
export function dropoutMask(
  shape: Shape,
  p: number,
  dtype: DType = "float32",
  generator: Generator = defaultGenerator,
): Tensor {
  const mask = empty(shape, dtype);
  const keep = 1 - p;
  const scale = 1 / (dtype === "float32" ? Math.fround(keep) : keep);
  if (dtype === "float32" && isLong(mask)) {
    draws.chance(generator.engine, mask, keep, scale);
    return mask;
  }
  const values = mask.storage.array;
  for (let i = 0; i < values.length; i++) values[i] = generator.uniform64() < keep ? scale : 0;
  return mask;
}
