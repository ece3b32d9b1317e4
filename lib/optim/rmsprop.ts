// Steps scaled by a running mean of the squared gradient.

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

export interface RMSpropOptions {
  /** The step size. Default 0.01. */
  lr: number;
  /** How slowly the running mean changes. Default 0.99. */
  alpha: number;
  /** Keeps the division finite. Default 1e-8. */
  eps: number;
  /** Adds weightDecay · parameter to the gradient. Default 0. */
  weightDecay: number;
  /** How much of the last change goes on. Default 0. */
  momentum: number;
  /** Divide by the standard deviation of the gradient instead of its root mean square. Default false. */
  centered: boolean;
  /** Climb instead of descend. Default false. */
  maximize: boolean;
}

/**
 * Steps divided by the root of a running mean of squared gradients. Default lr 1e-2.
 *
 * ```ts
 * const w = torch.tensor([1, 2], { requiresGrad: true })
 * const optimizer = new torch.optim.RMSprop([w], { lr: 0.05 })
 * w.sum().backward()
 * optimizer.step()
 * [...w.data].map((v) => v.toFixed(4)) // → ["0.5000", "1.5000"]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.RMSprop.html
 */
export class RMSprop extends Optimizer<RMSpropOptions> {
  constructor(params: Parameters<RMSpropOptions>, options: Partial<RMSpropOptions> = {}) {
    super(
      params,
      {
        lr: 0.01,
        momentum: 0,
        alpha: 0.99,
        eps: 1e-8,
        centered: false,
        weightDecay: 0,
        maximize: false,
      },
      options,
    );
  }

  protected check({ lr, alpha, eps, weightDecay, momentum }: RMSpropOptions): void {
    inRange("RMSprop", { lr, alpha, eps, weightDecay, momentum });
  }

  protected update(x: Tensor, grad: Tensor, options: RMSpropOptions, state: ParameterState): void {
    countStep(state);
    const square = running(state, "square_avg", x);
    const velocity = options.momentum > 0 ? running(state, "momentum_buffer", x) : null;
    const mean = options.centered ? running(state, "grad_avg", x) : null;
    const sign = options.maximize ? -1 : 1;
    compute.rmspropStep(x, grad, square, mean, velocity, { ...options, sign });
  }
}
