// Reductions that leave out what is not a number.

import type { Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { div } from "./arithmetic.js";
import { isnan, logicalNot } from "./comparison.js";
import { sum, type ReduceOptions } from "./sum.js";
import { where } from "./where.js";

/**
 * The sum over `dim` (all by default) of what is not NaN.
 *
 * ```ts
 * torch.tensor([1, NaN, 2.5]).nansum().item() // → 3.5
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nansum.html
 */
export function nansum(
  x: Tensor,
  dim?: number | Shape | null,
  options: ReduceOptions = {},
): Tensor {
  return sum(where(isnan(x), 0, x), dim, options);
}

/**
 * The mean over `dim` (all by default) of what is not NaN; NaN where nothing is left.
 *
 * ```ts
 * torch.tensor([1, NaN, 2.5]).nanmean().item() // → 1.75
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nanmean.html
 */
export function nanmean(
  x: Tensor,
  dim?: number | Shape | null,
  options: ReduceOptions = {},
): Tensor {
  return div(nansum(x, dim, options), sum(logicalNot(isnan(x)), dim, options));
}
