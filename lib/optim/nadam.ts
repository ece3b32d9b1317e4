// Adam with Nesterov momentum.

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

export interface NAdamOptions {
  /** The step size. Default 0.002. */
  lr: number;
  /** How slowly the two running means change. Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Keeps the division finite. Default 1e-8. */
  eps: number;
  /** Adds weightDecay · parameter to the gradient. Default 0. */
  weightDecay: number;
  /** How fast the momentum grows to beta1. Default 0.004. */
  momentumDecay: number;
  /** Let the decay shrink the parameter itself. Default false. */
  decoupledWeightDecay: boolean;
  /** Climb instead of descend. Default false. */
  maximize: boolean;
}

/**
 * Adam with Nesterov's momentum. Default lr 2e-3.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.NAdam.html
 */
export class NAdam extends Optimizer<NAdamOptions> {
  constructor(params: Parameters<NAdamOptions>, options: Partial<NAdamOptions> = {}) {
    super(
      params,
      {
        lr: 0.002,
        betas: [0.9, 0.999],
        eps: 1e-8,
        weightDecay: 0,
        momentumDecay: 0.004,
        decoupledWeightDecay: false,
        maximize: false,
      },
      options,
    );
  }

  protected check({ lr, betas, eps, weightDecay, momentumDecay }: NAdamOptions): void {
    inRange("NAdam", { lr, eps, weightDecay, momentumDecay });
    inRange("NAdam", { "betas[0]": betas[0], "betas[1]": betas[1] }, 0, 1);
  }

  protected update(x: Tensor, grad: Tensor, options: NAdamOptions, state: ParameterState): void {
    const [beta1, beta2] = options.betas;
    const t = countStep(state);
    const momentum = (step: number) => beta1 * (1 - 0.5 * 0.96 ** (step * options.momentumDecay));
    const [mu, next] = [momentum(t), momentum(t + 1)];
    const { storage, offset } = (state.mu_product ??= scalar(1, "float32"));
    storage.array[offset] *= mu;
    const product = storage.array[offset];

    const mean = running(state, "exp_avg", x);
    const square = running(state, "exp_avg_sq", x);
    compute.nadamStep(x, grad, mean, square, {
      ...options,
      ...{ beta1, beta2, sign: options.maximize ? -1 : 1, decoupled: options.decoupledWeightDecay },
      correction: 1 - beta2 ** t,
      slopeRate: (options.lr * (1 - mu)) / (1 - product),
      meanRate: (options.lr * next) / (1 - product * next),
    });
  }
}
