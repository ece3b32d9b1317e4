// Losses as layers: call them with the result of the model and the target.

import * as classes from "../ops/class-losses.js";
import * as pairs from "../ops/pair-losses.js";
import { checkReduction, type LossOptions, type Reduction } from "../ops/reduction.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";

abstract class Loss extends Module {
  readonly reduction: Reduction;

  constructor({ reduction = "mean" }: LossOptions = {}) {
    super();
    checkReduction(new.target.name, reduction);
    this.reduction = reduction;
  }
}

/**
 * −log of the probability of the right class. Shapes and options as in {@link classes.crossEntropy}.
 *
 * ```ts
 * const criterion = new nn.CrossEntropyLoss()
 * criterion(torch.zeros([2, 10]), torch.tensor([3, 7])).item().toFixed(4) // → "2.3026"
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
 */
export class CrossEntropyLoss extends Loss {
  readonly weight!: Tensor | null;
  readonly ignoreIndex: number;
  readonly labelSmoothing: number;

  constructor(options: classes.CrossEntropyOptions = {}) {
    super(options);
    keepWeight(this, "weight", options.weight);
    this.ignoreIndex = options.ignoreIndex ?? -100;
    this.labelSmoothing = options.labelSmoothing ?? 0;
  }

  forward(scores: Tensor, target: Tensor): Tensor {
    return classes.crossEntropy(scores, target, this);
  }
}

/**
 * Minus the log-probability of the right class. Shapes and options as in {@link classes.nllLoss}.
 *
 * ```ts
 * new nn.NLLLoss()(torch.tensor([[-0.5, -1.5]]), torch.tensor([1])).item() // → 1.5
 * ```
 */
export class NLLLoss extends Loss {
  readonly weight!: Tensor | null;
  readonly ignoreIndex: number;

  constructor(options: classes.NllLossOptions = {}) {
    super(options);
    keepWeight(this, "weight", options.weight);
    this.ignoreIndex = options.ignoreIndex ?? -100;
  }

  forward(logs: Tensor, target: Tensor): Tensor {
    return classes.nllLoss(logs, target, this);
  }
}

/**
 * (x − target)². As {@link pairs.mseLoss}.
 *
 * ```ts
 * new nn.MSELoss()(torch.tensor([1, 2.5]), torch.tensor([0, 0.5])).item() // → 2.5
 * ```
 */
export class MSELoss extends Loss {
  forward(x: Tensor, target: Tensor): Tensor {
    return pairs.mseLoss(x, target, this);
  }
}

/**
 * |x − target|. As {@link pairs.l1Loss}.
 *
 * ```ts
 * new nn.L1Loss()(torch.tensor([1, 2.5]), torch.tensor([0, 0.5])).item() // → 1.5
 * ```
 */
export class L1Loss extends Loss {
  forward(x: Tensor, target: Tensor): Tensor {
    return pairs.l1Loss(x, target, this);
  }
}

/**
 * Quadratic near 0, then straight. As {@link pairs.smoothL1Loss}.
 *
 * ```ts
 * new nn.SmoothL1Loss()(torch.tensor([0.5, 3]), torch.zeros(2)).item() // → 1.3125
 * ```
 */
export class SmoothL1Loss extends Loss {
  readonly beta: number;

  constructor(options: LossOptions & { beta?: number } = {}) {
    super(options);
    this.beta = options.beta ?? 1;
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return pairs.smoothL1Loss(x, target, this);
  }
}

/**
 * Quadratic near 0, then straight. As {@link pairs.huberLoss}.
 *
 * ```ts
 * new nn.HuberLoss()(torch.tensor([0.5, 3]), torch.zeros(2)).item() // → 1.3125
 * ```
 */
export class HuberLoss extends Loss {
  readonly delta: number;

  constructor(options: LossOptions & { delta?: number } = {}) {
    super(options);
    this.delta = options.delta ?? 1;
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return pairs.huberLoss(x, target, this);
  }
}

/**
 * Of probabilities and targets from 0 to 1. As {@link pairs.binaryCrossEntropy}.
 *
 * ```ts
 * new nn.BCELoss()(torch.tensor([0.5]), torch.ones(1)).item() // → 0.6931472
 * ```
 */
export class BCELoss extends Loss {
  readonly weight!: Tensor | null;

  constructor(options: LossOptions & { weight?: Tensor | null } = {}) {
    super(options);
    keepWeight(this, "weight", options.weight);
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return pairs.binaryCrossEntropy(x, target, this);
  }
}

/**
 * Of scores before the sigmoid. As {@link pairs.binaryCrossEntropyWithLogits}.
 *
 * ```ts
 * new nn.BCEWithLogitsLoss()(torch.zeros(1), torch.ones(1)).item() // → 0.6931472
 * ```
 */
export class BCEWithLogitsLoss extends Loss {
  readonly weight!: Tensor | null;
  readonly posWeight!: Tensor | null;

  constructor(options: LossOptions & { weight?: Tensor | null; posWeight?: Tensor | null } = {}) {
    super(options);
    keepWeight(this, "weight", options.weight);
    keepWeight(this, "posWeight", options.posWeight, "pos_weight");
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return pairs.binaryCrossEntropyWithLogits(x, target, this);
  }
}

/** The Kullback-Leibler divergence. As {@link pairs.klDiv}. */
export class KLDivLoss extends Module {
  readonly reduction: Reduction | "batchmean";
  readonly logTarget: boolean;

  constructor({
    reduction = "mean",
    logTarget = false,
  }: { reduction?: Reduction | "batchmean"; logTarget?: boolean } = {}) {
    super();
    checkReduction("KLDivLoss", reduction, ["batchmean"]);
    this.reduction = reduction;
    this.logTarget = logTarget;
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return pairs.klDiv(x, target, this);
  }
}

/** A weight is a buffer: the state dict has it. */
function keepWeight(loss: Module, name: string, weight: Tensor | null = null, key = name): void {
  (loss as unknown as Record<string, unknown>)[name] = null;
  loss.registerBuffer(name, weight, { key });
}
