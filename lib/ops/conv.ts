// Convolution over one and two axes.

import { slide, type ConvOptions } from "./slide.js";
import type { Tensor } from "../tensor.js";

export type { ConvOptions } from "./slide.js";

/**
 * Slide `weight` over `x`, and take the dot product at every place (cross-correlation).
 *
 * Shapes: x [N, C, H, W] or [C, H, W], weight [O, C/groups, K, L], bias [O] → [N, O, P, Q],
 * with P = floor((H + 2·padding − dilation·(K − 1) − 1) / stride + 1), and Q alike.
 *
 * ```ts
 * const x = torch.arange(9, { dtype: "float32" }).reshape([1, 1, 3, 3])
 * const w = torch.arange(4, { dtype: "float32" }).reshape([1, 1, 2, 2])
 * torch.nn.functional.conv2d(x, w).tolist() // → [[[[19, 25], [37, 43]]]]
 * ```
 *
 * @throws ShapeError if channels differ, or the kernel is larger than the padded image.
 * @see Dumoulin & Visin, A guide to convolution arithmetic (2016)
 */
export function conv2d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: ConvOptions = {},
): Tensor {
  return slide("conv2d", 2, x, weight, bias, options);
}

/**
 * Slide `weight` along `x`. Shapes: x [N, C, W] or [C, W], weight [O, C/groups, L], bias [O] → [N, O, Q]; all as in
 * {@link conv2d}.
 *
 * ```ts
 * const x = torch.tensor([[[1, 2, 3, 4]]], { dtype: "float32" })
 * const w = torch.tensor([[[1, -1]]], { dtype: "float32" })
 * torch.nn.functional.conv1d(x, w).tolist() // → [[[-1, -1, -1]]]
 * ```
 */
export function conv1d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: ConvOptions = {},
): Tensor {
  return slide("conv1d", 1, x, weight, bias, options);
}
