// Steps whose size follows from the changes so far.

import * as compute from "../compute/optimize.js";
import type { Tensor } from "../tensor.js";
import {
  countStep,
  inRange,
  Optimizer,
  running,
  type Parameters,
  type ParameterState,
} from "./optimizer.js";

export interface AdadeltaOptions {
  /** What the change is multiplied by. Default 1. */
  lr: number;
  /** How slowly the running means change. Default 0.9. */
  rho: number;
  /** Keeps the division finite. Default 1e-6. */
  eps: number;
  /** Adds weightDecay · parameter to the gradient. Default 0. */
  weightDecay: number;
  /** Climb instead of descend. Default false. */
  maximize: boolean;
}

/**
 * Steps scaled by the root mean square of the changes so far over that of the gradients. Default lr 1.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.Adadelta.html
 */
export class Adadelta extends Optimizer<AdadeltaOptions> {
  constructor(params: Parameters<AdadeltaOptions>, options: Partial<AdadeltaOptions> = {}) {
    super(params, { lr: 1, rho: 0.9, eps: 1e-6, weightDecay: 0, maximize: false }, options);
  }

  protected check({ lr, rho, eps, weightDecay }: AdadeltaOptions): void {
    inRange("Adadelta", { lr, eps, weightDecay });
    if (!(rho >= 0 && rho <= 1)) {
      throw new RangeError(`Adadelta: rho must be from 0 to 1, not ${rho}`);
    }
  }

  protected update(x: Tensor, grad: Tensor, options: AdadeltaOptions, state: ParameterState): void {
    countStep(state);
    const square = running(state, "square_avg", x);
    const changes = running(state, "acc_delta", x);
    compute.adadeltaStep(x, grad, square, changes, { ...options, sign: options.maximize ? -1 : 1 });
  }
}
