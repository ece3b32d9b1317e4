// Average pooling: the mean of each window.

import { average } from "./averages.js";
import { checkRank } from "./batch.js";
import { slidingBins, type PoolOptions } from "./bins.js";
import type { Tensor } from "../tensor.js";
import type { Sizes } from "./window-options.js";

export interface AvgPoolOptions extends PoolOptions {
  /** Count the zeros of the padding in the mean. Default true. */
  countIncludePad?: boolean;
}

export interface AvgPool2dOptions extends AvgPoolOptions {
  /** Divide by this number instead of by how many pixels the window has. Default null. */
  divisorOverride?: number | null;
}

/**
 * The mean of each window.
 *
 * Shapes: x [N, C, H, W] or [C, H, W] → [N, C, P, Q], with P = floor((H + 2·padding − K) / stride + 1), and Q alike.
 *
 * ```ts
 * const x = torch.arange(16, { dtype: "float32" }).reshape([1, 4, 4])
 * torch.nn.functional.avgPool2d(x, 2).tolist() // → [[[2.5, 4.5], [10.5, 12.5]]]
 * ```
 *
 * @throws RangeError if padding is more than half the kernel; ShapeError if the window does not fit.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html
 */
export function avgPool2d(x: Tensor, kernelSize: Sizes, options: AvgPool2dOptions = {}): Tensor {
  const { countIncludePad = true, divisorOverride = null } = options;
  checkRank("avgPool2d", x, 2);
  if (divisorOverride === 0) throw new RangeError("avgPool2d: divisorOverride must not be 0");
  const pooling = slidingBins("avgPool2d", 2, x, kernelSize, options, countIncludePad);
  return average("avgPool2d", "AvgPool2DBackward0", x, pooling, divisorOverride);
}

/** The mean of each window. Shapes: x [N, C, W] or [C, W] → [N, C, Q]; all as in {@link avgPool2d}. */
export function avgPool1d(x: Tensor, kernelSize: Sizes, options: AvgPoolOptions = {}): Tensor {
  checkRank("avgPool1d", x, 1);
  const { countIncludePad = true } = options;
  const pooling = slidingBins("avgPool1d", 1, x, kernelSize, options, countIncludePad);
  return average("avgPool1d", "SqueezeBackward1", x, pooling);
}
