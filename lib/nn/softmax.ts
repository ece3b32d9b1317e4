// Softmax and its relatives as layers. Each computes what the function of the same name does.

import { ShapeError } from "../errors.js";
import { logSoftmax, softmax, softmin } from "../ops/softmax.js";
import { showShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";
import { python } from "./print-module.js";

abstract class AlongDim extends Module {
  readonly dim: number | null;

  constructor(dim: number | null | { dim?: number | null } = null) {
    super();
    this.dim = typeof dim === "object" ? (dim?.dim ?? null) : dim;
  }

  /** PyTorch's choice where none was made: the channels. */
  protected axis(x: Tensor): number {
    return this.dim ?? (x.ndim === 0 || x.ndim === 1 || x.ndim === 3 ? 0 : 1);
  }

  override extraRepr(): string {
    return `dim=${python(this.dim)}`;
  }
}

/**
 * e^x / Σ e^x along an axis: positive numbers that add up to 1.
 *
 * ```ts
 * new nn.Softmax(0)(torch.tensor([0.5, 0.5])).tolist() // → [0.5, 0.5]
 * ```
 */
export class Softmax extends AlongDim {
  forward(x: Tensor): Tensor {
    return softmax(x, this.axis(x));
  }
}

/**
 * softmax of −x.
 *
 * ```ts
 * new nn.Softmin(0)(torch.tensor([0.5, 0.5])).tolist() // → [0.5, 0.5]
 * ```
 */
export class Softmin extends AlongDim {
  forward(x: Tensor): Tensor {
    return softmin(x, this.axis(x));
  }
}

/**
 * log of softmax, without overflow.
 *
 * ```ts
 * new nn.LogSoftmax(0)(torch.tensor([0.5, 0.5])).tolist() // → [-0.6931472, -0.6931472]
 * ```
 */
export class LogSoftmax extends AlongDim {
  forward(x: Tensor): Tensor {
    return logSoftmax(x, this.axis(x));
  }
}

/**
 * softmax over the channels of [N, C, H, W] or [C, H, W].
 *
 * ```ts
 * new nn.Softmax2d()(torch.zeros(4, 1, 1)).flatten().tolist() // → [0.25, 0.25, 0.25, 0.25]
 * ```
 */
export class Softmax2d extends Module {
  forward(x: Tensor): Tensor {
    if (x.ndim !== 3 && x.ndim !== 4) {
      throw new ShapeError(
        `Softmax2d: x needs 4 axes [N, C, H, W], or 3 without a batch, but has ${x.ndim}: ${showShape(x.shape)}`,
      );
    }
    return softmax(x, -3);
  }
}
