// Convolution layers.

import { conv2d, type Conv2dOptions } from "../ops/conv2d.js";
import { uniform } from "../random/fill.js";
import { pairOf, type Pair } from "../shape.js";
import { empty, type Tensor } from "../tensor.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";

/**
 * A 2-D convolution with learned weights. Shapes as in {@link conv2d}.
 *
 * ```ts
 * const conv = new nn.Conv2d(1, 6, 5, { padding: 2 })
 * conv(torch.zeros(1, 1, 28, 28)).shape // → [1, 6, 28, 28]
 * ```
 */
export class Conv2d extends Module {
  /** [outChannels, inChannels / groups, height, width] */
  weight: Parameter;
  /** [outChannels], or null */
  bias: Parameter | null;

  constructor(
    readonly inChannels: number,
    readonly outChannels: number,
    readonly kernelSize: Pair,
    readonly options: Conv2dOptions & { bias?: boolean } = {},
  ) {
    super();
    const [K, L] = pairOf("Conv2d", "kernelSize", kernelSize);
    const perGroup = inChannels / (options.groups ?? 1);
    const bound = 1 / Math.sqrt(perGroup * K * L); // as PyTorch
    this.weight = new Parameter(uniform(empty([outChannels, perGroup, K, L]), -bound, bound));
    this.bias =
      options.bias === false ? null : new Parameter(uniform(empty([outChannels]), -bound, bound));
  }

  forward(x: Tensor): Tensor {
    return conv2d(x, this.weight, this.bias, this.options);
  }
}
