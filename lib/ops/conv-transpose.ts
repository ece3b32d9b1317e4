// Transposed convolution: the way back of a convolution, used forwards, to make images larger.

import { ShapeError } from "../errors.js";
import { showShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { checkRank, withBatch } from "./batch.js";
import { checkFloating } from "./checks.js";
import { spread } from "./convolution.js";
import { sizesOf, type Sizes } from "./window-options.js";

export interface ConvTransposeOptions {
  /** Pixels of the result from one pixel of x to the next. Default 1. */
  stride?: Sizes;
  /** Pixels cut off on every side of the result. Default 0. */
  padding?: Sizes;
  /** Pixels added behind the result, less than the stride or the dilation. Default 0. */
  outputPadding?: Sizes;
  /** Into how many separate groups the channels are divided. Default 1. */
  groups?: number;
  /** Pixels from one cell of the kernel to the next. Default 1. */
  dilation?: Sizes;
}

/**
 * Every pixel of x puts its multiple of `weight` into the result, `stride` pixels apart; what overlaps is added.
 *
 * Shapes: x [N, C, H, W] or [C, H, W], weight [C, O/groups, K, L], bias [O] → [N, O, P, Q],
 * with P = (H − 1)·stride − 2·padding + dilation·(K − 1) + outputPadding + 1, and Q alike.
 *
 * ```ts
 * const x = torch.tensor([[[1, 2]]], { dtype: "float32" })
 * const w = torch.tensor([[[[1, 10]]]], { dtype: "float32" })
 * torch.nn.functional.convTranspose2d(x, w, null, { stride: [1, 2] }).tolist() // → [[[1, 10, 2, 20]]]
 * ```
 *
 * @see Dumoulin & Visin, A guide to convolution arithmetic (2016), chapter 4
 */
export function convTranspose2d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: ConvTransposeOptions = {},
): Tensor {
  return transposed("convTranspose2d", 2, x, weight, bias, options);
}

/** Shapes: x [N, C, W] or [C, W], weight [C, O/groups, L] → [N, O, Q]; all as in {@link convTranspose2d}. */
export function convTranspose1d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: ConvTransposeOptions = {},
): Tensor {
  return transposed("convTranspose1d", 1, x, weight, bias, options);
}

function transposed(
  op: string,
  rank: 1 | 2,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  options: ConvTransposeOptions,
): Tensor {
  const { groups = 1 } = options;
  const stride = sizesOf(op, "stride", options.stride ?? 1, { rank, least: 1, absent: 1 });
  const dilation = sizesOf(op, "dilation", options.dilation ?? 1, { rank, least: 1, absent: 1 });
  const padding = sizesOf(op, "padding", options.padding ?? 0, { rank, least: 0, absent: 0 });
  const extra = sizesOf(op, "outputPadding", options.outputPadding ?? 0, {
    rank,
    least: 0,
    absent: 0,
  });
  checkRank(op, x, rank);
  checkFloating(op, { x, weight, bias });
  checkChannels(op, rank, x, weight, bias, groups);
  for (const axis of [0, 1]) {
    if (extra[axis] === 0 || extra[axis] < Math.max(stride[axis], dilation[axis])) continue;
    throw new RangeError(
      `${op}: outputPadding ${extra[axis]} must be less than the stride ${stride[axis]} or the dilation ${dilation[axis]}`,
    );
  }

  const O = x.shape[x.ndim - rank - 1];
  const C = weight.shape[1] * groups;
  const [P, Q] = rank === 1 ? [1, x.shape.at(-1)!] : x.shape.slice(-2);
  const [K, L] = rank === 1 ? [1, weight.shape[2]] : weight.shape.slice(2);
  const [H, W] = [0, 1].map((axis) => {
    const [size, kernel] = axis === 0 ? [P, K] : [Q, L];
    const reach = dilation[axis] * (kernel - 1) + 1;
    return (size - 1) * stride[axis] - 2 * padding[axis] + reach + extra[axis];
  });
  if (H < 1 || W < 1) {
    throw new ShapeError(
      `${op}: the result would be ${rank === 1 ? W : `${H}×${W}`}: padding ${showShape(padding)} cuts off more than x ${showShape(x.shape)} makes`,
    );
  }

  // the convolution whose way back this is: from the result [N, C, H, W] to x [N, O, P, Q]
  return withBatch(x, rank, (batch) => {
    const [N] = batch.shape;
    const size = { N, C, H, W, O, K, L, P, Q, stride, padding, dilation, groups };
    const shape = rank === 1 ? [N, C, W] : [N, C, H, W];
    const windows = { size, x: shape, weight: weight.shape, y: batch.shape };
    return spread(batch, weight, bias, windows, "ConvolutionBackward0");
  });
}

function checkChannels(
  op: string,
  rank: 1 | 2,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  groups: number,
): void {
  if (weight.ndim !== rank + 2) {
    throw new ShapeError(
      `${op}: weight needs ${rank + 2} axes [C, O/groups, ${rank === 1 ? "L" : "K, L"}] but has ${weight.ndim}: ${showShape(weight.shape)}`,
    );
  }
  const channels = x.shape[x.ndim - rank - 1];
  const [takes, perGroup] = weight.shape;
  if (!Number.isInteger(groups) || groups < 1 || takes % groups !== 0) {
    throw new ShapeError(
      `${op}: groups ${groups} does not divide the ${takes} input channels of weight ${showShape(weight.shape)}`,
    );
  }
  if (channels !== takes) {
    throw new ShapeError(
      `${op}: x ${showShape(x.shape)} has ${channels} channels but weight ${showShape(weight.shape)} takes ${takes}`,
    );
  }
  const outputs = perGroup * groups;
  if (bias && (bias.ndim !== 1 || bias.shape[0] !== outputs)) {
    throw new ShapeError(
      `${op}: bias ${showShape(bias.shape)} must be [${outputs}], one number for each output channel`,
    );
  }
}
