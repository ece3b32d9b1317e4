// The number of elements, as a function; the method is Tensor's own.

import type { Tensor } from "../tensor.js";

/**
 * How many elements x has.
 *
 * ```ts
 * torch.zeros(2, 3).numel() // → 6
 * ```
 */
export function numel(x: Tensor): number {
  return x.numel();
}
