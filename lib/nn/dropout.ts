// Dropout layers: active in training only.

import { alphaDropout, dropout, dropout1d, dropout2d, dropout3d } from "../ops/dropout.js";
import type { Tensor } from "../tensor.js";
import { isInplace, type Inplace } from "./inplace.js";
import { Module } from "./module.js";
import { python } from "./print-module.js";

abstract class DropoutLayer extends Module {
  readonly inplace: boolean;

  constructor(
    /** The probability of a number (or channel) to become 0. */
    readonly p = 0.5,
    inplace: Inplace = false,
  ) {
    super();
    if (!(p >= 0 && p <= 1)) {
      throw new RangeError(
        `${new.target.name}: the probability p must be from 0 to 1, not ${String(p)}`,
      );
    }
    this.inplace = isInplace(inplace);
  }

  override extraRepr(): string {
    return `p=${python(this.p)}, inplace=${python(this.inplace)}`;
  }
}

/**
 * In training every number becomes 0 with probability p, the others are multiplied by 1 / (1 − p). As {@link dropout}.
 *
 * ```ts
 * const drop = new nn.Dropout(0.5)
 * drop.eval()(torch.ones(3)).tolist() // → [1, 1, 1]
 * ```
 */
export class Dropout extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return dropout(x, this.p, { training: this.training });
  }
}

/** Whole channels at once. As {@link dropout1d}. */
export class Dropout1d extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return dropout1d(x, this.p, { training: this.training });
  }
}

/**
 * Whole channels at once. As {@link dropout2d}.
 *
 * ```ts
 * torch.manualSeed(0)
 * new nn.Dropout2d(0.5)(torch.ones(1, 3, 1, 2)).tolist() // → [[[[0, 0]], [[0, 0]], [[2, 2]]]]
 * ```
 */
export class Dropout2d extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return dropout2d(x, this.p, { training: this.training });
  }
}

/** Whole channels at once. As {@link dropout3d}. */
export class Dropout3d extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return dropout3d(x, this.p, { training: this.training });
  }
}

/** Keeps mean and variance after SELU. As {@link alphaDropout}. */
export class AlphaDropout extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return alphaDropout(x, this.p, { training: this.training });
  }
}
