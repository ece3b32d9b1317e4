// Layers around pooling: its inverse, p-norm pooling, and normalisation over neighbouring channels.

import {
  localResponseNorm,
  lpPool1d,
  lpPool2d,
  lpPool3d,
  type LpPoolOptions,
} from "../ops/local-norms.js";
import { maxUnpool1d, maxUnpool2d, maxUnpool3d } from "../ops/unpool.js";
import type { Sizes } from "../ops/window-options.js";
import type { Tensor } from "../tensor.js";
import { perAxis } from "./per-axis.js";
import { Module } from "./module.js";
import { python, pythonFloat } from "./print-module.js";

abstract class MaxUnpool extends Module {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[];

  constructor(
    rank: 1 | 2 | 3,
    kernelSize: Sizes,
    { stride, padding = 0 }: { stride?: Sizes | null; padding?: Sizes } = {},
  ) {
    super();
    const op = `MaxUnpool${rank}d`;
    this.kernelSize = perAxis(op, "kernelSize", kernelSize, rank, 1);
    this.stride = perAxis(op, "stride", stride ?? kernelSize, rank, 1);
    this.padding = perAxis(op, "padding", padding, rank, 0);
  }

  override extraRepr(): string {
    const { kernelSize, stride, padding } = this;
    return `kernel_size=${python([...kernelSize])}, stride=${python([...stride])}, padding=${python([...padding])}`;
  }
}

type UnpoolLayerOptions = { stride?: Sizes | null; padding?: Sizes };

/**
 * The inverse of {@link MaxPool2d}: call it with the result and the indices.
 *
 * ```ts
 * const [y, indices] = new nn.MaxPool2d(2, { returnIndices: true })(torch.ones(1, 1, 4, 4))
 * new nn.MaxUnpool2d(2)(y, indices).sum().item() // → 4
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool2d.html
 */
export class MaxUnpool2d extends MaxUnpool {
  constructor(kernelSize: Sizes, options: UnpoolLayerOptions = {}) {
    super(2, kernelSize, options);
  }

  forward(x: Tensor, indices: Tensor, outputSize: readonly number[] | null = null): Tensor {
    return maxUnpool2d(x, indices, this.kernelSize, { ...this, outputSize });
  }
}

/** As {@link MaxUnpool2d}, over one axis. */
export class MaxUnpool1d extends MaxUnpool {
  constructor(kernelSize: Sizes, options: UnpoolLayerOptions = {}) {
    super(1, kernelSize, options);
  }

  forward(x: Tensor, indices: Tensor, outputSize: readonly number[] | null = null): Tensor {
    return maxUnpool1d(x, indices, this.kernelSize, { ...this, outputSize });
  }
}

/** As {@link MaxUnpool2d}, over volumes. */
export class MaxUnpool3d extends MaxUnpool {
  constructor(kernelSize: Sizes, options: UnpoolLayerOptions = {}) {
    super(3, kernelSize, options);
  }

  forward(x: Tensor, indices: Tensor, outputSize: readonly number[] | null = null): Tensor {
    return maxUnpool3d(x, indices, this.kernelSize, { ...this, outputSize });
  }
}

abstract class LPPool extends Module {
  readonly stride: Sizes | null;
  readonly ceilMode: boolean;

  constructor(
    readonly normType: number,
    readonly kernelSize: Sizes,
    { stride = null, ceilMode = false }: LpPoolOptions = {},
  ) {
    super();
    this.stride = stride;
    this.ceilMode = ceilMode;
  }

  override extraRepr(): string {
    const { normType, kernelSize, stride, ceilMode } = this;
    return `norm_type=${python(normType)}, kernel_size=${python(kernelSize)}, stride=${python(stride)}, ceil_mode=${python(ceilMode)}`;
  }
}

/** (Σ x^p)^(1/p) over each window. As {@link lpPool2d}. */
export class LPPool2d extends LPPool {
  forward(x: Tensor): Tensor {
    return lpPool2d(x, this.normType, this.kernelSize, this);
  }
}

/** As {@link LPPool2d}, over one axis. */
export class LPPool1d extends LPPool {
  forward(x: Tensor): Tensor {
    return lpPool1d(x, this.normType, this.kernelSize, this);
  }
}

/** As {@link LPPool2d}, over volumes. */
export class LPPool3d extends LPPool {
  forward(x: Tensor): Tensor {
    return lpPool3d(x, this.normType, this.kernelSize, this);
  }
}

/** Normalisation over neighbouring channels, from AlexNet. As {@link localResponseNorm}. */
export class LocalResponseNorm extends Module {
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;

  constructor(
    readonly size: number,
    { alpha = 1e-4, beta = 0.75, k = 1 }: { alpha?: number; beta?: number; k?: number } = {},
  ) {
    super();
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
  }

  forward(x: Tensor): Tensor {
    return localResponseNorm(x, this.size, this);
  }

  override extraRepr(): string {
    const { size, alpha, beta, k } = this;
    return `${size}, alpha=${python(alpha)}, beta=${python(beta)}, k=${pythonFloat(k)}`;
  }
}
