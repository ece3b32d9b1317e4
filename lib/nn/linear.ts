// Fully connected layers.

import { named } from "../named.js";
import { bilinear } from "../ops/bilinear.js";
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
    options: { bias?: boolean; dtype?: DType } = {},
  ) {
    super();
    named("Linear", options, "{ bias: false }");
    const { bias = true, dtype = "float32" } = options;
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

/**
 * aᵀ · weight · b + bias of two inputs. Shapes: […, in1Features], […, in2Features] → […, outFeatures].
 *
 * ```ts
 * const layer = new nn.Bilinear(2, 3, 4)
 * layer(torch.zeros(5, 2), torch.zeros(5, 3)).shape // → [5, 4]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Bilinear.html
 */
export class Bilinear extends Module {
  /** [outFeatures, in1Features, in2Features] */
  weight: Parameter;
  /** [outFeatures], or null */
  bias: Parameter | null;

  constructor(
    readonly in1Features: number,
    readonly in2Features: number,
    readonly outFeatures: number,
    { bias = true, dtype = "float32" }: { bias?: boolean; dtype?: DType } = {},
  ) {
    super();
    whole("Bilinear", { in1Features, in2Features, outFeatures }, 1);
    const shape = [outFeatures, in1Features, in2Features];
    this.weight = new Parameter(fillBias(empty(shape, dtype), in1Features));
    this.bias = bias ? new Parameter(fillBias(empty([outFeatures], dtype), in1Features)) : null;
  }

  forward(a: Tensor, b: Tensor): Tensor {
    return bilinear(a, b, this.weight, this.bias);
  }

  override extraRepr(): string {
    return `in1_features=${this.in1Features}, in2_features=${this.in2Features}, out_features=${this.outFeatures}, bias=${python(this.bias !== null)}`;
  }
}
