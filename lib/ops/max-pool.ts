// Max pooling: the greatest number of each window.

import { checkRank } from "./batch.js";
import { slidingBins, type PoolOptions } from "./bins.js";
import { greatest } from "./greatest.js";
import type { Tensor } from "../tensor.js";
import type { Sizes } from "./window-options.js";

export interface MaxPoolOptions extends PoolOptions {
  /** Pixels from one cell of the window to the next. Default 1. */
  dilation?: Sizes;
  /** Give [y, indices]: indices (int64) say where in its plane each greatest number stood. Default false. */
  returnIndices?: boolean;
}

/**
 * The greatest number of each window; padding counts as −∞. Where several are equal the first wins, and gets the
 * gradient.
 *
 * Shapes: x [N, C, H, W] or [C, H, W] → [N, C, P, Q],
 * with P = floor((H + 2·padding − dilation·(K − 1) − 1) / stride + 1), and Q alike.
 *
 * ```ts
 * const x = torch.arange(16, { dtype: "float32" }).reshape([1, 4, 4])
 * torch.nn.functional.maxPool2d(x, 2).tolist() // → [[[5, 7], [13, 15]]]
 * ```
 *
 * @throws RangeError if padding is more than half the kernel; ShapeError if the window does not fit.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
 */
export function maxPool2d(
  x: Tensor,
  kernelSize: Sizes,
  options: MaxPoolOptions & { returnIndices: true },
): [Tensor, Tensor];
export function maxPool2d(
  x: Tensor,
  kernelSize: Sizes,
  options?: MaxPoolOptions & { returnIndices?: false },
): Tensor;
export function maxPool2d(
  x: Tensor,
  kernelSize: Sizes,
  options: MaxPoolOptions = {},
): Tensor | [Tensor, Tensor] {
  checkRank("maxPool2d", x, 2);
  const pooling = slidingBins("maxPool2d", 2, x, kernelSize, options);
  return greatest("maxPool2d", "MaxPool2DWithIndicesBackward0", x, pooling, options);
}

/** The greatest number of each window. Shapes: x [N, C, W] or [C, W] → [N, C, Q]; all as in {@link maxPool2d}. */
export function maxPool1d(
  x: Tensor,
  kernelSize: Sizes,
  options: MaxPoolOptions & { returnIndices: true },
): [Tensor, Tensor];
export function maxPool1d(
  x: Tensor,
  kernelSize: Sizes,
  options?: MaxPoolOptions & { returnIndices?: false },
): Tensor;
export function maxPool1d(
  x: Tensor,
  kernelSize: Sizes,
  options: MaxPoolOptions = {},
): Tensor | [Tensor, Tensor] {
  checkRank("maxPool1d", x, 1);
  const pooling = slidingBins("maxPool1d", 1, x, kernelSize, options);
  return greatest("maxPool1d", "SqueezeBackward1", x, pooling, options);
}
