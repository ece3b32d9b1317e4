// Steps scaled by the sum of all squared gradients so far.

import * as compute from "../compute/optimize.js";
import { filled, scalar } from "../creation.js";
import type { Tensor } from "../tensor.js";
import {
  countStep,
  inRange,
  Optimizer,
  type ParamGroup,
  type Parameters,
  type ParameterState,
} from "./optimizer.js";

export interface AdagradOptions {
  /** The step size. Default 0.01. */
  lr: number;
  /** How fast the step size falls by itself: lr / (1 + (t − 1) · lrDecay). Default 0. */
  lrDecay: number;
  /** Adds weightDecay · parameter to the gradient. Default 0. */
  weightDecay: number;
  /** What the sums start from. Default 0. */
  initialAccumulatorValue: number;
  /** Keeps the division finite. Default 1e-10. */
  eps: number;
  /** Climb instead of descend. Default false. */
  maximize: boolean;
}

/**
 * Steps divided by the root of the sum of all squared gradients so far. Default lr 1e-2.
 *
 * ```ts
 * const w = torch.tensor([1, 2], { requiresGrad: true })
 * const optimizer = new torch.optim.Adagrad([w], { lr: 0.5 })
 * w.sum().backward()
 * optimizer.step()
 * [...w.data].map((v) => v.toFixed(4)) // → ["0.5000", "1.5000"]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.Adagrad.html
 */
export class Adagrad extends Optimizer<AdagradOptions> {
  constructor(params: Parameters<AdagradOptions>, options: Partial<AdagradOptions> = {}) {
    super(
      params,
      {
        lr: 0.01,
        lrDecay: 0,
        eps: 1e-10,
        weightDecay: 0,
        initialAccumulatorValue: 0,
        maximize: false,
      },
      options,
    );
  }

  protected check(options: AdagradOptions): void {
    const { lr, lrDecay, weightDecay, initialAccumulatorValue, eps } = options;
    inRange("Adagrad", { lr, lrDecay, weightDecay, initialAccumulatorValue, eps });
  }

  /** PyTorch makes the sums at once, not at the first step. */
  protected override prepare(group: ParamGroup<AdagradOptions>): void {
    for (const x of group.params) {
      const sum = filled(x.shape, group.initialAccumulatorValue, x.dtype);
      this.state.set(x, { step: scalar(0, "float32"), sum });
    }
  }

  protected update(x: Tensor, grad: Tensor, options: AdagradOptions, state: ParameterState): void {
    const t = countStep(state);
    compute.adagradStep(x, grad, state.sum!, {
      ...options,
      sign: options.maximize ? -1 : 1,
      rate: options.lr / (1 + (t - 1) * options.lrDecay),
    });
  }
}
