// Fully connected layers.

import { linear } from "../ops/linear.js";
import { empty, type Tensor } from "../tensor.js";
import { fillBias, fillWeight } from "./initial.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";
import { python } from "./print-module.js";
import { whole } from "./whole.js";
import type { DType } from "../compute/dtypes.js";

/**
 * x · weightᵀ + bias along the last axis. Shapes: […, inFeatures] → […, outFeatures].
 *
 * ```ts
 * const fc = new nn.Linear(120, 84)
 * fc(torch.zeros(2, 120)).shape // → [2, 84]
 * String(fc) // → "Linear(in_features=120, out_features=84, bias=True)"
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Linear.html
 */
export class Linear extends Module {
  /** [outFeatures, inFeatures] */
  weight: Parameter;
  /** [outFeatures], or null */
  bias: Parameter | null;

  constructor(
    readonly inFeatures: number,
    readonly outFeatures: number,
    { bias = true, dtype = "float32" }: { bias?: boolean; dtype?: DType } = {},
  ) {
    super();
    whole("Linear", { inFeatures, outFeatures }, 0);
    this.weight = new Parameter(fillWeight(empty([outFeatures, inFeatures], dtype), inFeatures));
    this.bias = bias ? new Parameter(fillBias(empty([outFeatures], dtype), inFeatures)) : null;
  }

  forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias, "Linear");
  }

  override extraRepr(): string {
    return `in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${python(this.bias !== null)}`;
  }
}
