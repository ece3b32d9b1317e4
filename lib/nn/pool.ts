// Pooling layers.

import { named } from "../named.js";
import {
  avgPool1d,
  avgPool2d,
  type AvgPool2dOptions,
  type AvgPoolOptions,
} from "../ops/avg-pool.js";
import { maxPool1d, maxPool2d, type MaxPoolOptions } from "../ops/max-pool.js";
import { avgPool3d, maxPool3d } from "../ops/pool3d.js";
import { poolOutputSize } from "../ops/output-size.js";
import type { Sizes } from "../ops/window-options.js";
import type { Tensor } from "../tensor.js";
import { listed } from "./per-axis.js";
import { Module } from "./module.js";
import { python } from "./print-module.js";

/** What a max-pooling layer gives: the result, or [result, indices]. */
type Pooled<Indices extends boolean> = Indices extends true ? [Tensor, Tensor] : Tensor;

type MaxPoolLayerOptions<Indices extends boolean> = Omit<MaxPoolOptions, "returnIndices"> & {
  /** Give [y, indices]. Default false. */
  returnIndices?: Indices;
};

/** What all pooling layers share. */
abstract class Pool extends Module {
  readonly stride: Sizes;
  readonly padding: Sizes;
  readonly ceilMode: boolean;

  constructor(
    protected readonly rank: 1 | 2 | 3,
    readonly kernelSize: Sizes,
    options: AvgPoolOptions,
  ) {
    super();
    named(new.target.name, options, "{ stride: 2 }");
    const { stride, padding = 0, ceilMode = false } = options;
    this.stride = stride ?? kernelSize;
    this.padding = padding;
    this.ceilMode = ceilMode;
  }

  /** The height and width (or the width) of the result for an image of that size. */
  outputSize(size: number | readonly number[]): number[] {
    return poolOutputSize(listed(size, this.rank), this.kernelSize, this);
  }
}

abstract class MaxPool<Indices extends boolean> extends Pool {
  readonly dilation: Sizes;
  readonly returnIndices: boolean;

  constructor(rank: 1 | 2 | 3, kernelSize: Sizes, options: MaxPoolLayerOptions<Indices>) {
    super(rank, kernelSize, options);
    this.dilation = options.dilation ?? 1;
    this.returnIndices = options.returnIndices ?? false;
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding, dilation, ceilMode } = this;
    return `kernel_size=${python(kernelSize)}, stride=${python(stride)}, padding=${python(padding)}, dilation=${python(dilation)}, ceil_mode=${python(ceilMode)}`;
  }
}

/**
 * The greatest number of each window. Shapes and options as in {@link maxPool2d}.
 *
 * ```ts
 * const pool = new nn.MaxPool2d(2)
 * pool(torch.zeros(1, 16, 128, 128)).shape // → [1, 16, 64, 64]
 * String(pool) // → "MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)"
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
 */
export class MaxPool2d<Indices extends boolean = false> extends MaxPool<Indices> {
  constructor(kernelSize: Sizes, options: MaxPoolLayerOptions<Indices> = {}) {
    super(2, kernelSize, options);
  }

  forward(x: Tensor): Pooled<Indices> {
    return maxPool2d(x, this.kernelSize, this as { returnIndices: true }) as Pooled<Indices>;
  }
}

/**
 * As {@link MaxPool2d}, over one axis: [N, C, W] or [C, W].
 *
 * ```ts
 * new nn.MaxPool1d(2)(torch.zeros(1, 3, 8)).shape // → [1, 3, 4]
 * ```
 */
export class MaxPool1d<Indices extends boolean = false> extends MaxPool<Indices> {
  constructor(kernelSize: Sizes, options: MaxPoolLayerOptions<Indices> = {}) {
    super(1, kernelSize, options);
  }

  forward(x: Tensor): Pooled<Indices> {
    return maxPool1d(x, this.kernelSize, this as { returnIndices: true }) as Pooled<Indices>;
  }
}

/**
 * As {@link MaxPool2d}, over volumes: [N, C, D, H, W] or [C, D, H, W].
 *
 * ```ts
 * new nn.MaxPool3d(2)(torch.zeros(1, 4, 6, 8)).shape // → [1, 2, 3, 4]
 * ```
 */
export class MaxPool3d<Indices extends boolean = false> extends MaxPool<Indices> {
  constructor(kernelSize: Sizes, options: MaxPoolLayerOptions<Indices> = {}) {
    super(3, kernelSize, options);
  }

  forward(x: Tensor): Pooled<Indices> {
    return maxPool3d(x, this.kernelSize, this as { returnIndices: true }) as Pooled<Indices>;
  }
}

abstract class AvgPool extends Pool {
  readonly countIncludePad: boolean;
  readonly divisorOverride: number | null;

  constructor(rank: 2 | 3, kernelSize: Sizes, options: AvgPool2dOptions) {
    super(rank, kernelSize, options);
    this.countIncludePad = options.countIncludePad ?? true;
    this.divisorOverride = options.divisorOverride ?? null;
  }

  override extraRepr(): string {
    return `kernel_size=${python(this.kernelSize)}, stride=${python(this.stride)}, padding=${python(this.padding)}`;
  }
}

/**
 * The mean of each window. Shapes and options as in {@link avgPool2d}.
 *
 * ```ts
 * String(new nn.AvgPool2d(3, { stride: 2 })) // → "AvgPool2d(kernel_size=3, stride=2, padding=0)"
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html
 */
export class AvgPool2d extends AvgPool {
  constructor(kernelSize: Sizes, options: AvgPool2dOptions = {}) {
    super(2, kernelSize, options);
  }

  forward(x: Tensor): Tensor {
    return avgPool2d(x, this.kernelSize, this);
  }
}

/**
 * As {@link AvgPool2d}, over volumes: [N, C, D, H, W] or [C, D, H, W].
 *
 * ```ts
 * new nn.AvgPool3d(2)(torch.zeros(1, 4, 6, 8)).shape // → [1, 2, 3, 4]
 * ```
 */
export class AvgPool3d extends AvgPool {
  constructor(kernelSize: Sizes, options: AvgPool2dOptions = {}) {
    super(3, kernelSize, options);
  }

  forward(x: Tensor): Tensor {
    return avgPool3d(x, this.kernelSize, this);
  }
}

/**
 * As {@link AvgPool2d}, over one axis: [N, C, W] or [C, W].
 *
 * ```ts
 * new nn.AvgPool1d(2)(torch.zeros(1, 3, 8)).shape // → [1, 3, 4]
 * ```
 */
export class AvgPool1d extends Pool {
  readonly countIncludePad: boolean;

  constructor(kernelSize: Sizes, options: AvgPoolOptions = {}) {
    super(1, kernelSize, options);
    this.countIncludePad = options.countIncludePad ?? true;
  }

  forward(x: Tensor): Tensor {
    return avgPool1d(x, this.kernelSize, this);
  }

  override extraRepr(): string {
    // PyTorch keeps these as tuples of one
    const one = (value: Sizes) => python(typeof value === "number" ? [value] : [...value]);
    return `kernel_size=${one(this.kernelSize)}, stride=${one(this.stride)}, padding=${one(this.padding)}`;
  }
}
