// Adam and AdamW: steps scaled by running means of the gradient and of its square.

import * as compute from "../compute/optimize.js";
import { named } from "../named.js";
import type { Tensor } from "../tensor.js";
import {
  countStep,
  inRange,
  Optimizer,
  running,
  type Parameters,
  type ParameterState,
} from "./optimizer.js";

export interface AdamOptions {
  /** The step size. Default 0.001. */
  lr: number;
  /** How slowly the two running means change. Default [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Keeps the division finite. Default 1e-8. */
  eps: number;
  /** Adam adds weightDecay · parameter to the gradient (default 0); AdamW shrinks the parameter itself (default 0.01). */
  weightDecay: number;
  /** Divide by the largest mean square so far (AMSGrad). Default false. */
  amsgrad: boolean;
  /** Climb instead of descend. Default false. */
  maximize: boolean;
  /** Let the decay shrink the parameter itself. Default false in Adam, true in AdamW. */
  decoupledWeightDecay: boolean;
}

/**
 * m ← mean of g, v ← mean of g², p ← p − lr · m̂ / (√v̂ + eps), with the means corrected for their start at 0.
 *
 * ```ts
 * const w = torch.tensor([1, 2], { requiresGrad: true })
 * const optimizer = new torch.optim.Adam([w], { lr: 0.5 })
 * w.sum().backward()
 * optimizer.step()
 * [...w.data].map((v) => v.toFixed(4)) // → ["0.5000", "1.5000"]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.Adam.html
 */
export class Adam extends Optimizer<AdamOptions> {
  constructor(params: Parameters<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super(
      params,
      {
        lr: 0.001,
        betas: [0.9, 0.999],
        eps: 1e-8,
        weightDecay: 0,
        amsgrad: false,
        maximize: false,
        decoupledWeightDecay: false,
      },
      options,
    );
  }

  protected check({ lr, betas, eps, weightDecay }: AdamOptions): void {
    inRange(this.name, { lr, eps, weightDecay });
    inRange(this.name, { "betas[0]": betas[0], "betas[1]": betas[1] }, 0, 1);
  }

  protected update(x: Tensor, grad: Tensor, options: AdamOptions, state: ParameterState): void {
    const [beta1, beta2] = options.betas;
    const t = countStep(state);
    const mean = running(state, "exp_avg", x);
    const square = running(state, "exp_avg_sq", x);
    const largest = options.amsgrad ? running(state, "max_exp_avg_sq", x) : null;
    compute.adamStep(x, grad, mean, square, largest, {
      ...options,
      ...{ beta1, beta2, sign: options.maximize ? -1 : 1, decoupled: options.decoupledWeightDecay },
      stepSize: options.lr / (1 - beta1 ** t),
      correction: Math.sqrt(1 - beta2 ** t),
    });
  }
}

/**
 * Adam with decoupled weight decay, by default 0.01: the parameter shrinks by lr · weightDecay before each step.
 *
 * ```ts
 * const w = torch.tensor([1, 2], { requiresGrad: true })
 * const optimizer = new torch.optim.AdamW([w], { lr: 0.5 })
 * w.sum().backward()
 * optimizer.step()
 * [...w.data].map((v) => v.toFixed(4)) // → ["0.4950", "1.4900"]
 * ```
 */
export class AdamW extends Adam {
  constructor(params: Parameters<AdamOptions>, options: Partial<AdamOptions> = {}) {
    named("AdamW", options, "{ lr: 0.01 }");
    super(params, { weightDecay: 0.01, decoupledWeightDecay: true, ...options });
  }
}
