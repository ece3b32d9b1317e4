// Adaptive pooling: give the size of the result, the windows follow from it.

import { average } from "./averages.js";
import { checkRank } from "./batch.js";
import { adaptiveBins } from "./bins.js";
import { greatest } from "./greatest.js";
import type { Tensor } from "../tensor.js";

/** A number, or one per axis; null keeps the size of the input. */
export type OutputSize = number | readonly (number | null)[];

/**
 * Means over windows that share out the image: window i holds rows floor(i·H/P) to ceil((i+1)·H/P).
 * Shapes: x [N, C, H, W] or [C, H, W], outputSize P or [P, Q] → [N, C, P, Q].
 *
 * ```ts
 * const x = torch.arange(9, { dtype: "float32" }).reshape([1, 3, 3])
 * torch.nn.functional.adaptiveAvgPool2d(x, 1).tolist() // → [[[4]]]
 * torch.nn.functional.adaptiveAvgPool2d(x, [2, null]).shape // → [1, 2, 3]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html
 */
export function adaptiveAvgPool2d(x: Tensor, outputSize: OutputSize): Tensor {
  checkRank("adaptiveAvgPool2d", x, 2);
  const pooling = adaptiveBins("adaptiveAvgPool2d", 2, x, outputSize);
  const whole = pooling.shape.at(-1) === 1 && pooling.shape.at(-2) === 1;
  const name = whole ? "MeanBackward1" : "AdaptiveAvgPool2DBackward0"; // as PyTorch
  return average("adaptiveAvgPool2d", name, x, pooling);
}

/** Shapes: x [N, C, W] or [C, W] → [N, C, outputSize]; all as in {@link adaptiveAvgPool2d}. */
export function adaptiveAvgPool1d(x: Tensor, outputSize: OutputSize): Tensor {
  checkRank("adaptiveAvgPool1d", x, 1);
  const pooling = adaptiveBins("adaptiveAvgPool1d", 1, x, outputSize);
  return average("adaptiveAvgPool1d", "SqueezeBackward1", x, pooling);
}

/**
 * The greatest of each window, windows as in {@link adaptiveAvgPool2d}.
 * With `returnIndices`, [y, indices] as in maxPool2d.
 */
export function adaptiveMaxPool2d(
  x: Tensor,
  outputSize: OutputSize,
  options: { returnIndices: true },
): [Tensor, Tensor];
export function adaptiveMaxPool2d(
  x: Tensor,
  outputSize: OutputSize,
  options?: { returnIndices?: false },
): Tensor;
export function adaptiveMaxPool2d(
  x: Tensor,
  outputSize: OutputSize,
  options: { returnIndices?: boolean } = {},
): Tensor | [Tensor, Tensor] {
  checkRank("adaptiveMaxPool2d", x, 2);
  const pooling = adaptiveBins("adaptiveMaxPool2d", 2, x, outputSize);
  return greatest("adaptiveMaxPool2d", "AdaptiveMaxPool2DBackward0", x, pooling, options);
}

/** Shapes: x [N, C, W] or [C, W] → [N, C, outputSize]; all as in {@link adaptiveMaxPool2d}. */
export function adaptiveMaxPool1d(
  x: Tensor,
  outputSize: OutputSize,
  options: { returnIndices: true },
): [Tensor, Tensor];
export function adaptiveMaxPool1d(
  x: Tensor,
  outputSize: OutputSize,
  options?: { returnIndices?: false },
): Tensor;
export function adaptiveMaxPool1d(
  x: Tensor,
  outputSize: OutputSize,
  options: { returnIndices?: boolean } = {},
): Tensor | [Tensor, Tensor] {
  checkRank("adaptiveMaxPool1d", x, 1);
  const pooling = adaptiveBins("adaptiveMaxPool1d", 1, x, outputSize);
  return greatest("adaptiveMaxPool1d", "SqueezeBackward1", x, pooling, options);
}
