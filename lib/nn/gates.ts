// Activations that let through only part of what they get, and GLU.

import * as soft from "../ops/soft-activations.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";
import { python } from "./print-module.js";

abstract class Shrink extends Module {
  readonly lambd: number;

  constructor(lambd: number | { lambd?: number } = 0.5) {
    super();
    this.lambd = typeof lambd === "object" ? (lambd.lambd ?? 0.5) : lambd;
  }

  override extraRepr(): string {
    return python(this.lambd);
  }
}

/**
 * x outside of [−lambd, lambd], else 0.
 *
 * ```ts
 * new nn.Hardshrink()(torch.tensor([-1, 0.3, 2])).tolist() // → [-1, 0, 2]
 * ```
 */
export class Hardshrink extends Shrink {
  forward(x: Tensor): Tensor {
    return soft.hardshrink(x, this.lambd);
  }
}

/**
 * x moved towards 0 by lambd; 0 within.
 *
 * ```ts
 * new nn.Softshrink()(torch.tensor([-1, 0.3, 2])).tolist() // → [-0.5, 0, 1.5]
 * ```
 */
export class Softshrink extends Shrink {
  forward(x: Tensor): Tensor {
    return soft.softshrink(x, this.lambd);
  }
}

/**
 * x where it is greater than `threshold`, else `value`.
 *
 * ```ts
 * new nn.Threshold(0.5, 9)(torch.tensor([0.3, 2])).tolist() // → [9, 2]
 * ```
 */
export class Threshold extends Module {
  readonly inplace: boolean;

  constructor(
    readonly threshold: number,
    readonly value: number,
    { inplace = false }: { inplace?: boolean } = {},
  ) {
    super();
    this.inplace = inplace;
  }

  forward(x: Tensor): Tensor {
    return soft.threshold(x, this.threshold, this.value);
  }

  override extraRepr(): string {
    const { threshold, value, inplace } = this;
    return `threshold=${python(threshold)}, value=${python(value)}${inplace ? ", inplace=True" : ""}`;
  }
}

/**
 * The first half along `dim` times the sigmoid of the second.
 *
 * ```ts
 * new nn.GLU()(torch.tensor([2.5, 0])).tolist() // → [1.25]
 * ```
 */
export class GLU extends Module {
  readonly dim: number;

  constructor(dim: number | { dim?: number } = -1) {
    super();
    this.dim = typeof dim === "object" ? (dim.dim ?? -1) : dim;
  }

  forward(x: Tensor): Tensor {
    return soft.glu(x, this.dim);
  }

  override extraRepr(): string {
    return `dim=${this.dim}`;
  }
}
