// Other dtypes.

import { record } from "../autograd.js";
import { dtypes, isFloating, type DType } from "../compute/dtypes.js";
import { converted } from "../creation.js";
import { DTypeError } from "../errors.js";
import type { Tensor } from "../tensor.js";

/**
 * x in another dtype: x itself if it has it already. Towards whole numbers the fraction is cut off.
 *
 * ```ts
 * torch.tensor([1.7, -1.7]).to("int64").tolist() // → [1, -1]
 * ```
 */
export function to(x: Tensor, dtype: DType): Tensor {
  if (x.dtype === dtype) return x;
  if (!dtypes.includes(dtype)) {
    throw new DTypeError(
      `to: there is no dtype "${String(dtype)}"; there are ${dtypes.join(", ")}`,
    );
  }
  const y = converted(x, dtype);
  return isFloating(dtype) ? record("ToCopyBackward0", y, [[x, (gy) => to(gy, x.dtype)]]) : y;
}
