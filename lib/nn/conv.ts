// Convolution layers.

import { conv1d, conv2d } from "../ops/conv.js";
import { conv3d } from "../ops/conv3d.js";
import { convOutputSize } from "../ops/output-size.js";
import { pad } from "../ops/padding.js";
import type { Sizes } from "../ops/window-options.js";
import type { Tensor } from "../tensor.js";
import { unlessZero, WindowLayer, type WindowLayerOptions } from "./conv-base.js";
import { listed } from "./per-axis.js";

export type PaddingMode = "zeros" | "reflect" | "replicate" | "circular";

export interface ConvLayerOptions extends WindowLayerOptions {
  /** Pixels added on every side, or "same" or "valid". Default 0. */
  padding?: Sizes | "same" | "valid";
  /** What the padding holds: zeros, the mirrored image, its edge, or its other side. Default "zeros". */
  paddingMode?: PaddingMode;
}

/** What convolution layers of one, two and three axes share. */
abstract class Conv extends WindowLayer {
  readonly padding: readonly number[] | "same" | "valid";
  readonly paddingMode: PaddingMode;

  constructor(
    rank: 1 | 2 | 3,
    inChannels: number,
    outChannels: number,
    kernelSize: Sizes,
    options: ConvLayerOptions,
  ) {
    const op = `Conv${rank}d`;
    const { padding = 0, paddingMode = "zeros" } = options;
    if (!["zeros", "reflect", "replicate", "circular"].includes(paddingMode)) {
      throw new RangeError(
        `${op}: paddingMode must be "zeros", "reflect", "replicate" or "circular", not ${JSON.stringify(paddingMode)}`,
      );
    }
    if (typeof padding === "string" && padding !== "same" && padding !== "valid") {
      throw new RangeError(
        `${op}: padding must be "same", "valid" or a number, not ${JSON.stringify(padding)}`,
      );
    }
    const channels = [inChannels, outChannels] as const;
    super(op, rank, ...channels, kernelSize, options, channels);
    this.padding = typeof padding === "string" ? padding : this.perAxis("padding", padding, 0);
    this.paddingMode = paddingMode;
    if (padding === "same" && this.stride.some((step) => step !== 1)) {
      throw new RangeError(
        `${op}: padding "same" keeps the size only with stride 1, but stride is ${this.stride.join(", ")}: give the padding as a number`,
      );
    }
  }

  /** The height and width (or the width) of the result for an image of that size. */
  outputSize(size: number | readonly number[]): number[] {
    const { kernelSize, stride, padding, dilation } = this;
    return convOutputSize(listed(size, this.rank), kernelSize, { stride, padding, dilation });
  }

  /** The layer's mathematics, behind its own padding where that is not zeros. */
  forward(x: Tensor): Tensor {
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
    const { padding, paddingMode } = this;
    return this.described(typeof padding === "string" ? padding : unlessZero(padding), {
      padding_mode: paddingMode === "zeros" ? undefined : paddingMode,
    });
  }
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
}
