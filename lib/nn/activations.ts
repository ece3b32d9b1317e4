// Activation functions as layers, element by element. Each computes what the function of the same name does.

import { filled } from "../creation.js";
import { relu } from "../ops/activations.js";
import { sigmoid, tanh } from "../ops/functions.js";
import * as soft from "../ops/soft-activations.js";
import type { Tensor } from "../tensor.js";
import { isInplace, type Inplace, type InplaceOptions } from "./inplace.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";
import { python, pythonFloat } from "./print-module.js";

/** An activation with the option `inplace`. */
abstract class Activation extends Module {
  readonly inplace: boolean;

  constructor(inplace: Inplace = false) {
    super();
    this.inplace = isInplace(inplace);
  }

  override extraRepr(): string {
    return [...this.settings(), ...(this.inplace ? ["inplace=True"] : [])].join(", ");
  }

  /** What is printed before `inplace`. */
  protected settings(): string[] {
    return [];
  }
}

/**
 * max(x, 0). Any shape → the same shape.
 *
 * ```ts
 * new nn.ReLU()(torch.tensor([-1, 2])).tolist() // → [0, 2]
 * ```
 */
export class ReLU extends Activation {
  forward(x: Tensor): Tensor {
    return relu(x);
  }
}

/**
 * max(x, 0), at most 6.
 *
 * ```ts
 * new nn.ReLU6()(torch.tensor([-1, 2, 8])).tolist() // → [0, 2, 6]
 * ```
 */
export class ReLU6 extends Activation {
  forward(x: Tensor): Tensor {
    return soft.relu6(x);
  }
}

/**
 * x where it is positive, negativeSlope · x elsewhere; 0.01 by default.
 *
 * ```ts
 * String(new nn.LeakyReLU(0.2)) // → "LeakyReLU(negative_slope=0.2)"
 * ```
 */
export class LeakyReLU extends Activation {
  readonly negativeSlope: number;

  constructor(
    negativeSlope: number | ({ negativeSlope?: number } & InplaceOptions) = {},
    inplace: Inplace = false,
  ) {
    super(typeof negativeSlope === "number" ? inplace : negativeSlope);
    this.negativeSlope =
      typeof negativeSlope === "number" ? negativeSlope : (negativeSlope.negativeSlope ?? 0.01);
  }

  forward(x: Tensor): Tensor {
    return soft.leakyRelu(x, { negativeSlope: this.negativeSlope });
  }

  protected override settings(): string[] {
    return [`negative_slope=${python(this.negativeSlope)}`];
  }
}

/**
 * x where it is positive, weight · x elsewhere: one learned weight, or one per channel.
 *
 * ```ts
 * new nn.PReLU()(torch.tensor([-1, 0.5])).tolist() // → [-0.25, 0.5]
 * ```
 */
export class PReLU extends Module {
  /** [numParameters] */
  weight: Parameter;
  readonly numParameters: number;

  constructor(
    numParameters: number | { numParameters?: number; init?: number } = {},
    options: { init?: number } = {},
  ) {
    super();
    const named = typeof numParameters === "number" ? { numParameters, ...options } : numParameters;
    this.numParameters = named.numParameters ?? 1;
    this.weight = new Parameter(filled([this.numParameters], named.init ?? 0.25, "float32"));
  }

  forward(x: Tensor): Tensor {
    return soft.prelu(x, this.weight);
  }

  override extraRepr(): string {
    return `num_parameters=${this.numParameters}`;
  }
}

abstract class WithAlpha extends Activation {
  readonly alpha: number;

  constructor(
    alpha: number | ({ alpha?: number } & InplaceOptions) = {},
    inplace: Inplace = false,
  ) {
    super(typeof alpha === "number" ? inplace : alpha);
    this.alpha = typeof alpha === "number" ? alpha : (alpha.alpha ?? 1);
  }

  protected override settings(): string[] {
    return [`alpha=${pythonFloat(this.alpha)}`];
  }
}

/**
 * x where it is positive, alpha · (e^x − 1) elsewhere.
 *
 * ```ts
 * new nn.ELU()(torch.tensor([-1, 0.5])).tolist() // → [-0.6321205, 0.5]
 * ```
 */
export class ELU extends WithAlpha {
  forward(x: Tensor): Tensor {
    return soft.elu(x, { alpha: this.alpha });
  }
}

/**
 * x where it is positive, alpha · (e^(x / alpha) − 1) elsewhere.
 *
 * ```ts
 * new nn.CELU()(torch.tensor([-1, 0.5])).tolist() // → [-0.6321205, 0.5]
 * ```
 */
export class CELU extends WithAlpha {
  forward(x: Tensor): Tensor {
    return soft.celu(x, { alpha: this.alpha });
  }
}

/**
 * elu with the numbers that keep mean 0 and variance 1.
 *
 * ```ts
 * new nn.SELU()(torch.tensor([-1, 0.5])).tolist() // → [-1.1113307, 0.5253505]
 * ```
 */
export class SELU extends Activation {
  forward(x: Tensor): Tensor {
    return soft.selu(x);
  }
}

/**
 * x · Φ(x), with Φ the distribution function of the normal distribution.
 *
 * ```ts
 * new nn.GELU()(torch.tensor([-1, 0.5])).tolist() // → [-0.1586553, 0.3457312]
 * ```
 */
export class GELU extends Module {
  readonly approximate: "none" | "tanh";

  constructor({ approximate = "none" }: { approximate?: "none" | "tanh" } = {}) {
    super();
    this.approximate = approximate;
  }

  forward(x: Tensor): Tensor {
    return soft.gelu(x, { approximate: this.approximate });
  }

  override extraRepr(): string {
    return `approximate=${python(this.approximate)}`;
  }
}

/**
 * x · sigmoid(x).
 *
 * ```ts
 * new nn.SiLU()(torch.tensor([-1, 0.5])).tolist() // → [-0.2689414, 0.3112297]
 * ```
 */
export class SiLU extends Activation {
  forward(x: Tensor): Tensor {
    return soft.silu(x);
  }
}

/**
 * x · tanh(softplus(x)).
 *
 * ```ts
 * new nn.Mish()(torch.ones(1)).tolist() // → [0.8650984]
 * ```
 */
export class Mish extends Activation {
  forward(x: Tensor): Tensor {
    return soft.mish(x);
  }
}

/**
 * A sigmoid of straight lines.
 *
 * ```ts
 * new nn.Hardsigmoid()(torch.tensor([-4, 0, 1.5])).tolist() // → [0, 0.5, 0.75]
 * ```
 */
export class Hardsigmoid extends Module {
  constructor(_inplace: Inplace = false) {
    super();
  }

  forward(x: Tensor): Tensor {
    return soft.hardsigmoid(x);
  }
}

/**
 * x · hardsigmoid(x).
 *
 * ```ts
 * new nn.Hardswish()(torch.tensor([0, 1.5, 4])).tolist() // → [0, 1.125, 4]
 * ```
 */
export class Hardswish extends Module {
  constructor(_inplace: Inplace = false) {
    super();
  }

  forward(x: Tensor): Tensor {
    return soft.hardswish(x);
  }
}

/**
 * x within [minVal, maxVal], by default [-1, 1].
 *
 * ```ts
 * new nn.Hardtanh()(torch.tensor([-2, 0.5, 3])).tolist() // → [-1, 0.5, 1]
 * ```
 */
export class Hardtanh extends Activation {
  readonly minVal: number;
  readonly maxVal: number;

  constructor(options: { minVal?: number; maxVal?: number } & InplaceOptions = {}) {
    super(options);
    this.minVal = options.minVal ?? -1;
    this.maxVal = options.maxVal ?? 1;
  }

  forward(x: Tensor): Tensor {
    return soft.hardtanh(x, this);
  }

  protected override settings(): string[] {
    return [`min_val=${pythonFloat(this.minVal)}`, `max_val=${pythonFloat(this.maxVal)}`];
  }
}

/**
 * 1 / (1 + e^−x).
 *
 * ```ts
 * new nn.Sigmoid()(torch.tensor([0, 2])).tolist() // → [0.5, 0.8807971]
 * ```
 */
export class Sigmoid extends Module {
  forward(x: Tensor): Tensor {
    return sigmoid(x);
  }
}

/**
 * The hyperbolic tangent.
 *
 * ```ts
 * new nn.Tanh()(torch.tensor([0, 0.5])).tolist() // → [0, 0.4621172]
 * ```
 */
export class Tanh extends Module {
  forward(x: Tensor): Tensor {
    return tanh(x);
  }
}

/**
 * log(sigmoid(x)).
 *
 * ```ts
 * new nn.LogSigmoid()(torch.zeros(1)).tolist() // → [-0.6931472]
 * ```
 */
export class LogSigmoid extends Module {
  forward(x: Tensor): Tensor {
    return soft.logsigmoid(x);
  }
}

/**
 * x / (1 + |x|).
 *
 * ```ts
 * new nn.Softsign()(torch.tensor([0.5, -3])).tolist() // → [0.3333333, -0.75]
 * ```
 */
export class Softsign extends Module {
  forward(x: Tensor): Tensor {
    return soft.softsign(x);
  }
}

/**
 * x − tanh(x).
 *
 * ```ts
 * new nn.Tanhshrink()(torch.tensor([0.5])).tolist() // → [0.0378828]
 * ```
 */
export class Tanhshrink extends Module {
  forward(x: Tensor): Tensor {
    return soft.tanhshrink(x);
  }
}

/**
 * log(1 + e^(beta · x)) / beta.
 *
 * ```ts
 * new nn.Softplus()(torch.zeros(1)).tolist() // → [0.6931472]
 * ```
 */
export class Softplus extends Module {
  readonly beta: number;
  readonly threshold: number;

  constructor({ beta = 1, threshold = 20 }: { beta?: number; threshold?: number } = {}) {
    super();
    this.beta = beta;
    this.threshold = threshold;
  }

  forward(x: Tensor): Tensor {
    return soft.softplus(x, this);
  }

  override extraRepr(): string {
    return `beta=${pythonFloat(this.beta)}, threshold=${pythonFloat(this.threshold)}`;
  }
}
