// Adaptive pooling layers: the size of the result is given.

import {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  type OutputSize,
} from "../ops/adaptive-pool.js";
import { adaptiveAvgPool3d, adaptiveMaxPool3d } from "../ops/pool3d.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";
import { python } from "./print-module.js";

type Pooled<Indices extends boolean> = Indices extends true ? [Tensor, Tensor] : Tensor;

abstract class Adaptive extends Module {
  constructor(
    /** A number, or [height, width]; null keeps the size of the input. */
    readonly outputSize: OutputSize,
  ) {
    super();
  }

  override extraRepr(): string {
    const { outputSize } = this;
    return `output_size=${python(typeof outputSize === "number" ? outputSize : [...outputSize])}`;
  }
}

/**
 * Means over windows that share out the image. Shapes as in {@link adaptiveAvgPool2d}.
 *
 * ```ts
 * new nn.AdaptiveAvgPool2d(1)(torch.ones(1, 3, 7, 7)).shape // → [1, 3, 1, 1]
 * ```
 */
export class AdaptiveAvgPool2d extends Adaptive {
  forward(x: Tensor): Tensor {
    return adaptiveAvgPool2d(x, this.outputSize);
  }
}

/**
 * Means over windows that share out the signal. Shapes as in {@link adaptiveAvgPool1d}.
 *
 * ```ts
 * new nn.AdaptiveAvgPool1d(2)(torch.tensor([[1, 2, 3, 4.5]])).tolist() // → [[1.5, 3.75]]
 * ```
 */
export class AdaptiveAvgPool1d extends Adaptive {
  forward(x: Tensor): Tensor {
    return adaptiveAvgPool1d(x, this.outputSize);
  }
}

/**
 * Means over windows that share out the volume. Shapes as in {@link adaptiveAvgPool3d}.
 *
 * ```ts
 * new nn.AdaptiveAvgPool3d(1)(torch.zeros(2, 4, 6, 8)).shape // → [2, 1, 1, 1]
 * ```
 */
export class AdaptiveAvgPool3d extends Adaptive {
  forward(x: Tensor): Tensor {
    return adaptiveAvgPool3d(x, this.outputSize);
  }
}

abstract class AdaptiveMax<Indices extends boolean> extends Adaptive {
  readonly returnIndices: boolean;

  constructor(outputSize: OutputSize, { returnIndices }: { returnIndices?: Indices } = {}) {
    super(outputSize);
    this.returnIndices = returnIndices ?? false;
  }
}

/**
 * The greatest of windows that share out the image. Shapes as in {@link adaptiveMaxPool2d}.
 *
 * ```ts
 * new nn.AdaptiveMaxPool2d([2, 3])(torch.ones(1, 3, 7, 7)).shape // → [1, 3, 2, 3]
 * ```
 */
export class AdaptiveMaxPool2d<Indices extends boolean = false> extends AdaptiveMax<Indices> {
  forward(x: Tensor): Pooled<Indices> {
    const options = this as { returnIndices: true };
    return adaptiveMaxPool2d(x, this.outputSize, options) as Pooled<Indices>;
  }
}

/**
 * The greatest of windows that share out the signal. Shapes as in {@link adaptiveMaxPool1d}.
 *
 * ```ts
 * new nn.AdaptiveMaxPool1d(2)(torch.tensor([[1, 2, 3, 4.5]])).tolist() // → [[2, 4.5]]
 * ```
 */
export class AdaptiveMaxPool1d<Indices extends boolean = false> extends AdaptiveMax<Indices> {
  forward(x: Tensor): Pooled<Indices> {
    const options = this as { returnIndices: true };
    return adaptiveMaxPool1d(x, this.outputSize, options) as Pooled<Indices>;
  }
}

/**
 * The greatest of windows that share out the volume. Shapes as in {@link adaptiveMaxPool3d}.
 *
 * ```ts
 * new nn.AdaptiveMaxPool3d(1)(torch.zeros(2, 4, 6, 8)).shape // → [2, 1, 1, 1]
 * ```
 */
export class AdaptiveMaxPool3d<Indices extends boolean = false> extends AdaptiveMax<Indices> {
  forward(x: Tensor): Pooled<Indices> {
    const options = this as { returnIndices: true };
    return adaptiveMaxPool3d(x, this.outputSize, options) as Pooled<Indices>;
  }
}
