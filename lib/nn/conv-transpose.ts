// Transposed convolution layers, which make images larger.

import { ShapeError } from "../errors.js";
import { convTranspose3d } from "../ops/conv3d.js";
import { convTranspose1d, convTranspose2d } from "../ops/conv-transpose.js";
import type { Sizes } from "../ops/window-options.js";
import { showShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { unlessZero, WindowLayer, type WindowLayerOptions } from "./conv-base.js";
import { listed } from "./per-axis.js";

export interface ConvTransposeLayerOptions extends WindowLayerOptions {
  /** Pixels of the result from one pixel of x to the next. Default 1. */
  stride?: Sizes;
  /** Pixels cut off on every side of the result. Default 0. */
  padding?: Sizes;
  /** Pixels added behind the result. Default 0. */
  outputPadding?: Sizes;
  /** Only zeros are possible here. */
  paddingMode?: "zeros";
}

abstract class ConvTranspose extends WindowLayer {
  readonly padding: readonly number[];
  readonly outputPadding: readonly number[];
  readonly paddingMode = "zeros";

  constructor(
    rank: 1 | 2 | 3,
    inChannels: number,
    outChannels: number,
    kernelSize: Sizes,
    options: ConvTransposeLayerOptions,
  ) {
    const op = `ConvTranspose${rank}d`;
    const { padding = 0, outputPadding = 0, paddingMode = "zeros" } = options;
    if (paddingMode !== "zeros") {
      throw new RangeError(`${op}: paddingMode can only be "zeros", not ${String(paddingMode)}`);
    }
    super(op, rank, inChannels, outChannels, kernelSize, options, [outChannels, inChannels]);
    this.padding = this.perAxis("padding", padding, 0);
    this.outputPadding = this.perAxis("outputPadding", outputPadding, 0);
  }

  /** The height and width (or the width) of the result for an image of that size. */
  outputSize(size: number | readonly number[]): number[] {
    return listed(size, this.rank).map(
      (length, axis) => this.smallest(length, axis) + this.outputPadding[axis],
    );
  }

  private smallest(length: number, axis: number): number {
    const reach = this.dilation[axis] * (this.kernelSize[axis] - 1) + 1;
    return (length - 1) * this.stride[axis] - 2 * this.padding[axis] + reach;
  }

  /** `outputSize`: the size that the result is to have, among those that the stride leaves open. */
  forward(x: Tensor, outputSize: readonly number[] | null = null): Tensor {
    const conv = [convTranspose1d, convTranspose2d, convTranspose3d][this.rank - 1];
    const { weight, bias, stride, padding, groups, dilation } = this;
    const outputPadding = outputSize ? this.paddingFor(x, outputSize) : this.outputPadding;
    return conv(x, weight, bias, { stride, padding, outputPadding, groups, dilation });
  }

  private paddingFor(x: Tensor, wanted: readonly number[]): number[] {
    const inner = wanted.slice(-this.rank);
    return inner.map((size, axis) => {
      const least = this.smallest(x.shape[x.ndim - this.rank + axis], axis);
      const most = least + this.stride[axis] - 1;
      if (size >= least && size <= most) return size - least;
      throw new ShapeError(
        `${this.constructor.name}: outputSize ${showShape(wanted)} is not possible for x ${showShape(x.shape)}: axis ${axis} must be from ${least} to ${most}`,
      );
    });
  }

  override extraRepr(): string {
    const { padding, outputPadding } = this;
    return this.described(unlessZero(padding), { output_padding: unlessZero(outputPadding) });
  }
}

/**
 * A transposed 2-D convolution with learned weights. Shapes as in {@link convTranspose2d}.
 *
 * ```ts
 * const up = new nn.ConvTranspose2d(16, 8, 2, { stride: 2 })
 * up(torch.zeros(1, 16, 5, 5)).shape // → [1, 8, 10, 10]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html
 */
export class ConvTranspose2d extends ConvTranspose {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Sizes,
    options: ConvTransposeLayerOptions = {},
  ) {
    super(2, inChannels, outChannels, kernelSize, options);
  }
}

/**
 * As {@link ConvTranspose2d}, over one axis. Shapes: [N, C, W] or [C, W] → [N, O, Q].
 *
 * ```ts
 * new nn.ConvTranspose1d(2, 4, 3)(torch.zeros(1, 2, 9)).shape // → [1, 4, 11]
 * ```
 */
export class ConvTranspose1d extends ConvTranspose {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Sizes,
    options: ConvTransposeLayerOptions = {},
  ) {
    super(1, inChannels, outChannels, kernelSize, options);
  }
}

/**
 * As {@link ConvTranspose2d}, over volumes. Shapes: [N, C, D, H, W] or [C, D, H, W] → [N, O, …].
 *
 * ```ts
 * new nn.ConvTranspose3d(1, 4, 3)(torch.zeros(1, 1, 5, 5, 5)).shape // → [1, 4, 7, 7, 7]
 * ```
 */
export class ConvTranspose3d extends ConvTranspose {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Sizes,
    options: ConvTransposeLayerOptions = {},
  ) {
    super(3, inChannels, outChannels, kernelSize, options);
  }
}
