// Layers that move or resize: patches, pixel shuffling, upsampling, distances.

import { interpolate, type InterpolateOptions } from "../ops/interpolate.js";
import { cosineSimilarity, pairwiseDistance } from "../ops/local-norms.js";
import { fold, unfold, type PatchOptions } from "../ops/patches.js";
import { channelShuffle, pixelShuffle, pixelUnshuffle } from "../ops/pixel-shuffle.js";
import type { Pair } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";
import { python, pythonFloat } from "./print-module.js";

/**
 * Images in another size. Options as in {@link interpolate}; a number stands for `size`.
 *
 * ```ts
 * new nn.Upsample({ scaleFactor: 2 })(torch.ones(1, 1, 2, 2)).shape // → [1, 1, 4, 4]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Upsample.html
 */
export class Upsample extends Module {
  readonly options: InterpolateOptions;

  constructor(options: number | readonly number[] | InterpolateOptions = {}) {
    super();
    const isSize = typeof options === "number" || Array.isArray(options);
    this.options = isSize ? { size: options as number } : (options as InterpolateOptions);
  }

  forward(x: Tensor): Tensor {
    return interpolate(x, this.options);
  }

  override extraRepr(): string {
    const { size, scaleFactor, mode = "nearest" } = this.options;
    const factor = (value: number | readonly number[]): string =>
      typeof value === "number" ? pythonFloat(value) : `(${value.map(pythonFloat).join(", ")})`;
    const first =
      scaleFactor !== undefined && scaleFactor !== null
        ? `scale_factor=${factor(scaleFactor)}`
        : `size=${python(size)}`;
    return `${first}, mode=${python(mode)}`;
  }
}

/**
 * r² channels become blocks of r × r pixels. As {@link pixelShuffle}.
 *
 * ```ts
 * new nn.PixelShuffle(2)(torch.tensor([[[0]], [[1]], [[2]], [[3.5]]])).tolist() // → [[[0, 1], [2, 3.5]]]
 * ```
 */
export class PixelShuffle extends Module {
  constructor(readonly upscaleFactor: number) {
    super();
  }

  forward(x: Tensor): Tensor {
    return pixelShuffle(x, this.upscaleFactor);
  }

  override extraRepr(): string {
    return `upscale_factor=${this.upscaleFactor}`;
  }
}

/**
 * Blocks of r × r pixels become r² channels. As {@link pixelUnshuffle}.
 *
 * ```ts
 * new nn.PixelUnshuffle(2)(torch.zeros(1, 1, 4, 6)).shape // → [1, 4, 2, 3]
 * ```
 */
export class PixelUnshuffle extends Module {
  constructor(readonly downscaleFactor: number) {
    super();
  }

  forward(x: Tensor): Tensor {
    return pixelUnshuffle(x, this.downscaleFactor);
  }

  override extraRepr(): string {
    return `downscale_factor=${this.downscaleFactor}`;
  }
}

/**
 * The channels of the groups one after another. As {@link channelShuffle}.
 *
 * ```ts
 * const x = torch.tensor([0, 1, 2, 3.5]).reshape(1, 4, 1, 1)
 * new nn.ChannelShuffle(2)(x).flatten().tolist() // → [0, 2, 1, 3.5]
 * ```
 */
export class ChannelShuffle extends Module {
  constructor(readonly groups: number) {
    super();
  }

  forward(x: Tensor): Tensor {
    return channelShuffle(x, this.groups);
  }

  override extraRepr(): string {
    return `groups=${this.groups}`;
  }
}

/**
 * Every window as a column. As {@link unfold}.
 *
 * ```ts
 * new nn.Unfold(2)(torch.zeros(1, 3, 4, 4)).shape // → [1, 12, 9]
 * ```
 */
export class Unfold extends Module {
  constructor(
    readonly kernelSize: Pair,
    readonly options: PatchOptions = {},
  ) {
    super();
  }

  forward(x: Tensor): Tensor {
    return unfold(x, this.kernelSize, this.options);
  }

  override extraRepr(): string {
    return `kernel_size=${python(this.kernelSize)}, ${patchText(this.options)}`;
  }
}

/**
 * Columns summed back into an image. As {@link fold}.
 *
 * ```ts
 * new nn.Fold([4, 4], 2)(torch.zeros(1, 12, 9)).shape // → [1, 3, 4, 4]
 * ```
 */
export class Fold extends Module {
  constructor(
    readonly outputSize: Pair,
    readonly kernelSize: Pair,
    readonly options: PatchOptions = {},
  ) {
    super();
  }

  forward(x: Tensor): Tensor {
    return fold(x, this.outputSize, this.kernelSize, this.options);
  }

  override extraRepr(): string {
    return `output_size=${python(this.outputSize)}, kernel_size=${python(this.kernelSize)}, ${patchText(this.options)}`;
  }
}

function patchText({ dilation = 1, padding = 0, stride = 1 }: PatchOptions): string {
  return `dilation=${python(dilation)}, padding=${python(padding)}, stride=${python(stride)}`;
}

/** The cosine of the angle between vectors. As {@link cosineSimilarity}. */
export class CosineSimilarity extends Module {
  constructor(readonly options: { dim?: number; eps?: number } = {}) {
    super();
  }

  forward(a: Tensor, b: Tensor): Tensor {
    return cosineSimilarity(a, b, this.options);
  }
}

/** The p-norm of differences. As {@link pairwiseDistance}. */
export class PairwiseDistance extends Module {
  constructor(readonly options: { p?: number; eps?: number; keepdim?: boolean } = {}) {
    super();
  }

  forward(a: Tensor, b: Tensor): Tensor {
    return pairwiseDistance(a, b, this.options);
  }
}
