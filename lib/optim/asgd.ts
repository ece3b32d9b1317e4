// Descent with an average of the parameters beside.

import * as compute from "../compute/optimize.js";
import { scalar } from "../creation.js";
import type { Tensor } from "../tensor.js";
import {
  countStep,
  inRange,
  Optimizer,
  running,
  type Parameters,
  type ParameterState,
} from "./optimizer.js";

export interface ASGDOptions {
  /** The step size at the beginning. Default 0.01. */
  lr: number;
  /** How fast the parameters decay and the step size falls. Default 1e-4. */
  lambd: number;
  /** The power by which the step size falls. Default 0.75. */
  alpha: number;
  /** The step after which the average begins. Default 1e6. */
  t0: number;
  /** Adds weightDecay · parameter to the gradient. Default 0. */
  weightDecay: number;
  /** Climb instead of descend. Default false. */
  maximize: boolean;
}

/**
 * Averaged descent: the step size lr / (1 + lambd · lr · t)^alpha, and from step t0 on a running average of each
 * parameter in `state.get(x).ax`. Default lr 1e-2.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.ASGD.html
 */
export class ASGD extends Optimizer<ASGDOptions> {
  constructor(params: Parameters<ASGDOptions>, options: Partial<ASGDOptions> = {}) {
    super(
      params,
      {
        lr: 0.01,
        lambd: 1e-4,
        alpha: 0.75,
        t0: 1e6,
        weightDecay: 0,
        maximize: false,
      },
      options,
    );
  }

  protected check({ lr, weightDecay }: ASGDOptions): void {
    inRange("ASGD", { lr, weightDecay });
  }

  protected update(x: Tensor, grad: Tensor, options: ASGDOptions, state: ParameterState): void {
    const { lr, lambd, alpha, t0 } = options;
    const t = countStep(state);
    const eta = (state.eta ??= scalar(lr, "float32")).item();
    const mu = (state.mu ??= scalar(1, "float32")).item();
    const average = running(state, "ax", x);
    compute.asgdStep(x, grad, average, {
      ...{ ...options, eta, mu },
      sign: options.maximize ? -1 : 1,
    });
    state.eta = scalar(lr / (1 + lambd * lr * t) ** alpha, "float32");
    state.mu = scalar(1 / Math.max(1, t - t0), "float32");
  }
}
