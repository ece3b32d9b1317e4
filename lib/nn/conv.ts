// Convolution layers.

import type { DType } from "../compute/dtypes.js";
import { ShapeError } from "../errors.js";
import { conv1d, conv2d } from "../ops/conv.js";
import { conv3d } from "../ops/conv3d.js";
import { convOutputSize } from "../ops/output-size.js";
import { pad } from "../ops/padding.js";
import { tripleOf } from "../ops/volume-options.js";
import { sizesOf, type Sizes } from "../ops/window-options.js";
import { empty, type Tensor } from "../tensor.js";
import { fillBias, fillWeight } from "./initial.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";
import { python } from "./print-module.js";
import { whole } from "./whole.js";

export type PaddingMode = "zeros" | "reflect" | "replicate" | "circular";

export interface ConvLayerOptions {
  /** Pixels from one place to the next. Default 1. */
  stride?: Sizes;
  /** Pixels added on every side, or "same" or "valid". Default 0. */
  padding?: Sizes | "same" | "valid";
  /** Pixels from one cell of the kernel to the next. Default 1: no gaps. */
  dilation?: Sizes;
  /** Into how many separate groups the channels are divided. Default 1. */
  groups?: number;
  /** Add a learned number to each output channel. Default true. */
  bias?: boolean;
  /** What the padding holds: zeros, the mirrored image, its edge, or its other side. Default "zeros". */
  paddingMode?: PaddingMode;
  /** float32 (default) or float64. */
  dtype?: DType;
}

/** What convolution layers of one, two and three axes share. */
abstract class Conv extends Module {
  /** [outChannels, inChannels / groups, …kernelSize] */
  weight: Parameter;
  /** [outChannels], or null */
  bias: Parameter | null;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[] | "same" | "valid";
  readonly dilation: readonly number[];
  readonly groups: number;
  readonly paddingMode: PaddingMode;

  constructor(
    private readonly rank: 1 | 2 | 3,
    readonly inChannels: number,
    readonly outChannels: number,
    kernelSize: Sizes,
    options: ConvLayerOptions,
  ) {
    super();
    const op = `Conv${rank}d`;
    const { groups = 1, padding = 0, paddingMode = "zeros", bias = true, dtype } = options;
    whole(op, { inChannels, outChannels, groups });
    for (const [name, channels] of Object.entries({ inChannels, outChannels })) {
      if (channels % groups === 0) continue;
      throw new ShapeError(
        `${op}: groups ${groups} does not divide ${name} ${channels}: each group takes as many channels as the others`,
      );
    }
    if (!["zeros", "reflect", "replicate", "circular"].includes(paddingMode)) {
      throw new RangeError(
        `${op}: paddingMode must be "zeros", "reflect", "replicate" or "circular", not ${JSON.stringify(paddingMode)}`,
      );
    }

    this.kernelSize = perAxis(op, "kernelSize", kernelSize, rank, 1);
    this.stride = perAxis(op, "stride", options.stride ?? 1, rank, 1);
    this.dilation = perAxis(op, "dilation", options.dilation ?? 1, rank, 1);
    this.padding = typeof padding === "string" ? padding : perAxis(op, "padding", padding, rank, 0);
    this.groups = groups;
    this.paddingMode = paddingMode;
    if (padding === "same" && this.stride.some((step) => step !== 1)) {
      throw new RangeError(
        `${op}: padding "same" keeps the size only with stride 1, but stride is ${this.stride.join(", ")}: give the padding as a number`,
      );
    }
    if (typeof padding === "string" && padding !== "same" && padding !== "valid") {
      throw new RangeError(
        `${op}: padding must be "same", "valid" or a number, not ${JSON.stringify(padding)}`,
      );
    }

    const fanIn = this.kernelSize.reduce((product, size) => product * size, inChannels / groups);
    const shape = [outChannels, inChannels / groups, ...this.kernelSize];
    this.weight = new Parameter(fillWeight(empty(shape, dtype), fanIn));
    this.bias = bias ? new Parameter(fillBias(empty([outChannels], dtype), fanIn)) : null;
  }

  /** The height and width (or the width) of the result for an image of that size. */
  outputSize(size: number | readonly number[]): number[] {
    const { kernelSize, stride, padding, dilation } = this;
    return convOutputSize(listed(size, this.rank), kernelSize, { stride, padding, dilation });
  }

  /** The layer's mathematics, behind its own padding where that is not zeros. */
  protected slide(x: Tensor): Tensor {
    const conv = [conv1d, conv2d, conv3d][this.rank - 1];
    const { weight, bias, stride, dilation, groups, paddingMode } = this;
    if (paddingMode === "zeros") {
      return conv(x, weight, bias, { stride, padding: this.padding, dilation, groups });
    }
    const padded = pad(x, this.sides(), { mode: paddingMode });
    return conv(padded, weight, bias, { stride, dilation, groups });
  }

  /** How much to pad, last axis first, before and behind, as pad takes it. */
  private sides(): number[] {
    const { padding, kernelSize, dilation } = this;
    return [...kernelSize.keys()].reverse().flatMap((axis) => {
      if (padding === "valid") return [0, 0];
      if (padding !== "same") return [padding[axis], padding[axis]];
      const total = dilation[axis] * (kernelSize[axis] - 1);
      return [Math.floor(total / 2), Math.ceil(total / 2)];
    });
  }

  override extraRepr(): string {
    const { inChannels, outChannels, kernelSize, stride, padding, dilation, groups } = this;
    const parts = [
      `${inChannels}, ${outChannels}, kernel_size=${python([...kernelSize])}, stride=${python([...stride])}`,
    ];
    const given = typeof padding === "string" || padding.some((zeros) => zeros !== 0);
    if (given)
      parts.push(`padding=${typeof padding === "string" ? padding : python([...padding])}`);
    if (dilation.some((step) => step !== 1)) parts.push(`dilation=${python([...dilation])}`);
    if (groups !== 1) parts.push(`groups=${groups}`);
    if (!this.bias) parts.push("bias=False");
    if (this.paddingMode !== "zeros") parts.push(`padding_mode=${this.paddingMode}`);
    return parts.join(", ");
  }
}

/** @internal One number per axis that the layer really has. */
export function perAxis(
  op: string,
  name: string,
  value: Sizes,
  rank: 1 | 2 | 3,
  least: number,
): number[] {
  if (rank === 3) return tripleOf(op, name, value, least);
  return sizesOf(op, name, value, { rank, least, absent: 1 }).slice(2 - rank);
}

/** @internal */
export function listed(size: number | readonly number[], rank: number): number[] {
  return typeof size === "number" ? new Array<number>(rank).fill(size) : size.slice(-rank);
}

/**
 * A 2-D convolution with learned weights. Shapes as in {@link conv2d}.
 *
 * ```ts
 * const conv = new nn.Conv2d(1, 6, 5, { padding: 2 })
 * conv(torch.zeros(1, 1, 28, 28)).shape // → [1, 6, 28, 28]
 * conv.outputSize([28, 28]) // → [28, 28]
 * String(conv) // → "Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1), padding=(2, 2))"
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html
 */
export class Conv2d extends Conv {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Sizes,
    options: ConvLayerOptions = {},
  ) {
    super(2, inChannels, outChannels, kernelSize, options);
  }

  forward(x: Tensor): Tensor {
    return this.slide(x);
  }
}

/**
 * A 1-D convolution with learned weights. Shapes: [N, C, W] or [C, W] → [N, O, Q]; all as in {@link Conv2d}.
 *
 * ```ts
 * const conv = new nn.Conv1d(2, 4, 3, { padding: 1 })
 * conv(torch.zeros(1, 2, 9)).shape // → [1, 4, 9]
 * ```
 */
export class Conv1d extends Conv {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Sizes,
    options: ConvLayerOptions = {},
  ) {
    super(1, inChannels, outChannels, kernelSize, options);
  }

  forward(x: Tensor): Tensor {
    return this.slide(x);
  }
}

/**
 * A 3-D convolution with learned weights. Shapes: [N, C, D, H, W] or [C, D, H, W] → [N, O, …]; all as in {@link Conv2d}.
 *
 * ```ts
 * const conv = new nn.Conv3d(1, 4, 3)
 * conv(torch.zeros(1, 1, 5, 5, 5)).shape // → [1, 4, 3, 3, 3]
 * ```
 */
export class Conv3d extends Conv {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: Sizes,
    options: ConvLayerOptions = {},
  ) {
    super(3, inChannels, outChannels, kernelSize, options);
  }

  forward(x: Tensor): Tensor {
    return this.slide(x);
  }
}
