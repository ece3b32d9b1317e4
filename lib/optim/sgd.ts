// Stochastic gradient descent.

import * as compute from "../compute/optimize.js";
import type { Tensor } from "../tensor.js";
import { inRange, Optimizer, running, type Parameters, type ParameterState } from "./optimizer.js";

export interface SGDOptions {
  /** The step size. Default 0.001. */
  lr: number;
  /** How much of the last change goes on, 0 to 1. Default 0. */
  momentum: number;
  /** How much of the gradient the momentum leaves out. Default 0. */
  dampening: number;
  /** Adds weightDecay · parameter to the gradient. Default 0. */
  weightDecay: number;
  /** Look ahead by the momentum (Nesterov). Default false. */
  nesterov: boolean;
  /** Climb instead of descend. Default false. */
  maximize: boolean;
}

/**
 * v ← momentum·v + (1 − dampening)·g, p ← p − lr·v, with g the gradient plus weightDecay·p.
 *
 * ```ts
 * const w = torch.tensor([1, 2], { requiresGrad: true })
 * const optimizer = new torch.optim.SGD([w], { lr: 0.5 })
 * w.mul(w).sum().backward()
 * optimizer.step()
 * [...w.data] // → [0, 0]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.SGD.html
 */
export class SGD extends Optimizer<SGDOptions> {
  constructor(params: Parameters<SGDOptions>, options: Partial<SGDOptions> = {}) {
    super(
      params,
      {
        lr: 0.001,
        momentum: 0,
        dampening: 0,
        weightDecay: 0,
        nesterov: false,
        maximize: false,
      },
      options,
    );
  }

  protected check({ lr, momentum, dampening, weightDecay, nesterov }: SGDOptions): void {
    inRange("SGD", { lr, momentum, weightDecay });
    if (nesterov && (momentum <= 0 || dampening !== 0)) {
      throw new RangeError(
        `SGD: nesterov needs momentum > 0 and dampening 0, not momentum ${momentum} and dampening ${dampening}`,
      );
    }
  }

  protected update(x: Tensor, grad: Tensor, options: SGDOptions, state: ParameterState): void {
    const first = !state.momentum_buffer;
    const velocity = options.momentum === 0 ? null : running(state, "momentum_buffer", x);
    const sign = options.maximize ? -1 : 1;
    compute.sgdStep(x, grad, velocity, { ...options, sign, first });
  }
}
