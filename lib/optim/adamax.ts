// Adam by the greatest gradient instead of the root mean square.

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

export interface AdamaxOptions {
  /** The step size. Default 0.002. */
  lr: number;
  /** How slowly the running mean changes, and how slowly the greatest gradient fades. Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Keeps the division finite. Default 1e-8. */
  eps: number;
  /** Adds weightDecay · parameter to the gradient. Default 0. */
  weightDecay: number;
  /** Climb instead of descend. Default false. */
  maximize: boolean;
}

/**
 * Adam with the greatest gradient so far, slowly fading, as the scale. Default lr 2e-3.
 *
 * ```ts
 * const w = torch.tensor([1, 2], { requiresGrad: true })
 * const optimizer = new torch.optim.Adamax([w], { lr: 0.5 })
 * w.sum().backward()
 * optimizer.step()
 * [...w.data].map((v) => v.toFixed(4)) // → ["0.5000", "1.5000"]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.Adamax.html
 */
export class Adamax extends Optimizer<AdamaxOptions> {
  constructor(params: Parameters<AdamaxOptions>, options: Partial<AdamaxOptions> = {}) {
    super(
      params,
      {
        lr: 0.002,
        betas: [0.9, 0.999],
        eps: 1e-8,
        weightDecay: 0,
        maximize: false,
      },
      options,
    );
  }

  protected check({ lr, betas, eps, weightDecay }: AdamaxOptions): void {
    inRange("Adamax", { lr, eps, weightDecay });
    inRange("Adamax", { "betas[0]": betas[0], "betas[1]": betas[1] }, 0, 1);
  }

  protected update(x: Tensor, grad: Tensor, options: AdamaxOptions, state: ParameterState): void {
    const t = countStep(state);
    const [beta1, beta2] = options.betas;
    const mean = running(state, "exp_avg", x);
    const greatest = running(state, "exp_inf", x);
    compute.adamaxStep(x, grad, mean, greatest, {
      ...options,
      ...{ beta1, beta2, sign: options.maximize ? -1 : 1 },
      stepSize: options.lr / (1 - beta1 ** t),
    });
  }
}
