// Transposed convolution layers, which make images larger.

import type { DType } from "../compute/dtypes.js";
import { ShapeError } from "../errors.js";
import { convTranspose3d } from "../ops/conv3d.js";
import { convTranspose1d, convTranspose2d } from "../ops/conv-transpose.js";
import type { Sizes } from "../ops/window-options.js";
import { showShape } from "../shape.js";
import { empty, type Tensor } from "../tensor.js";
import { listed, perAxis } from "./conv.js";
import { fillBias, fillWeight } from "./initial.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";
import { python } from "./print-module.js";
import { whole } from "./whole.js";

export interface ConvTransposeLayerOptions {
  /** Pixels of the result from one pixel of x to the next. Default 1. */
  stride?: Sizes;
  /** Pixels cut off on every side of the result. Default 0. */
  padding?: Sizes;
  /** Pixels added behind the result. Default 0. */
  outputPadding?: Sizes;
  /** Into how many separate groups the channels are divided. Default 1. */
  groups?: number;
  /** Add a learned number to each output channel. Default true. */
  bias?: boolean;
  /** Pixels from one cell of the kernel to the next. Default 1. */
  dilation?: Sizes;
  /** Only zeros are possible here. */
  paddingMode?: "zeros";
  /** float32 (default) or float64. */
  dtype?: DType;
}

abstract class ConvTranspose extends Module {
  /** [inChannels, outChannels / groups, …kernelSize] */
  weight: Parameter;
  /** [outChannels], or null */
  bias: Parameter | null;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly outputPadding: readonly number[];
  readonly dilation: readonly number[];
  readonly groups: number;
  readonly paddingMode = "zeros";

  constructor(
    private readonly rank: 1 | 2 | 3,
    readonly inChannels: number,
    readonly outChannels: number,
    kernelSize: Sizes,
    options: ConvTransposeLayerOptions,
  ) {
    super();
    const op = `ConvTranspose${rank}d`;
    const { groups = 1, bias = true, paddingMode = "zeros", dtype } = options;
    whole(op, { inChannels, outChannels, groups });
    for (const [name, channels] of Object.entries({ inChannels, outChannels })) {
      if (channels % groups === 0) continue;
      throw new ShapeError(`${op}: groups ${groups} does not divide ${name} ${channels}`);
    }
    if (paddingMode !== "zeros") {
      throw new RangeError(`${op}: paddingMode can only be "zeros", not ${String(paddingMode)}`);
    }
    const each = (name: string, value: Sizes, least: number) =>
      perAxis(op, name, value, rank, least);
    this.kernelSize = each("kernelSize", kernelSize, 1);
    this.stride = each("stride", options.stride ?? 1, 1);
    this.padding = each("padding", options.padding ?? 0, 0);
    this.outputPadding = each("outputPadding", options.outputPadding ?? 0, 0);
    this.dilation = each("dilation", options.dilation ?? 1, 1);
    this.groups = groups;

    const shape = [inChannels, outChannels / groups, ...this.kernelSize];
    const fanIn = this.kernelSize.reduce((product, size) => product * size, outChannels / groups);
    this.weight = new Parameter(fillWeight(empty(shape, dtype), fanIn));
    this.bias = bias ? new Parameter(fillBias(empty([outChannels], dtype), fanIn)) : null;
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

  /** `wanted`: the size that the result is to have, among those that the stride leaves open. */
  protected spread(x: Tensor, wanted: readonly number[] | null): Tensor {
    const conv = [convTranspose1d, convTranspose2d, convTranspose3d][this.rank - 1];
    const { weight, bias, stride, padding, groups, dilation } = this;
    const outputPadding = wanted ? this.paddingFor(x, wanted) : this.outputPadding;
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
    const { inChannels, outChannels, kernelSize, stride, padding, outputPadding } = this;
    const parts = [
      `${inChannels}, ${outChannels}, kernel_size=${python([...kernelSize])}, stride=${python([...stride])}`,
    ];
    if (padding.some((size) => size !== 0)) parts.push(`padding=${python([...padding])}`);
    if (this.dilation.some((size) => size !== 1))
      parts.push(`dilation=${python([...this.dilation])}`);
    if (outputPadding.some((size) => size !== 0))
      parts.push(`output_padding=${python([...outputPadding])}`);
    if (this.groups !== 1) parts.push(`groups=${this.groups}`);
    if (!this.bias) parts.push("bias=False");
    return parts.join(", ");
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

  forward(x: Tensor, outputSize: readonly number[] | null = null): Tensor {
    return this.spread(x, outputSize);
  }
}

/** As {@link ConvTranspose2d}, over one axis. Shapes: [N, C, W] or [C, W] → [N, O, Q]. */
export class ConvTranspose1d extends ConvTranspose {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Sizes,
    options: ConvTransposeLayerOptions = {},
  ) {
    super(1, inChannels, outChannels, kernelSize, options);
  }

  forward(x: Tensor, outputSize: readonly number[] | null = null): Tensor {
    return this.spread(x, outputSize);
  }
}

/** As {@link ConvTranspose2d}, over volumes. Shapes: [N, C, D, H, W] or [C, D, H, W] → [N, O, …]. */
export class ConvTranspose3d extends ConvTranspose {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Sizes,
    options: ConvTransposeLayerOptions = {},
  ) {
    super(3, inChannels, outChannels, kernelSize, options);
  }

  forward(x: Tensor, outputSize: readonly number[] | null = null): Tensor {
    return this.spread(x, outputSize);
  }
}
