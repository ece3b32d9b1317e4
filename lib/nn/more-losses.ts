// Margin losses as layers; what each computes stands with the function of its name.

import * as F from "../ops/margin-losses.js";
import { checkReduction, type LossOptions } from "../ops/reduction.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";

abstract class MarginLoss<O extends LossOptions> extends Module {
  constructor(protected readonly options: O = {} as O) {
    super();
    checkReduction(new.target.name, options.reduction ?? "mean");
  }
}

/** {@link F.poissonNllLoss} */
export class PoissonNLLLoss extends MarginLoss<
  NonNullable<Parameters<typeof F.poissonNllLoss>[2]>
> {
  forward(x: Tensor, target: Tensor): Tensor {
    return F.poissonNllLoss(x, target, this.options);
  }
}

/** {@link F.gaussianNllLoss} */
export class GaussianNLLLoss extends MarginLoss<
  NonNullable<Parameters<typeof F.gaussianNllLoss>[3]>
> {
  forward(x: Tensor, target: Tensor, variance: Tensor): Tensor {
    return F.gaussianNllLoss(x, target, variance, this.options);
  }
}

/** {@link F.softMarginLoss} */
export class SoftMarginLoss extends MarginLoss<LossOptions> {
  forward(x: Tensor, target: Tensor): Tensor {
    return F.softMarginLoss(x, target, this.options);
  }
}

/** {@link F.hingeEmbeddingLoss} */
export class HingeEmbeddingLoss extends MarginLoss<LossOptions & { margin?: number }> {
  forward(x: Tensor, target: Tensor): Tensor {
    return F.hingeEmbeddingLoss(x, target, this.options);
  }
}

/** {@link F.marginRankingLoss} */
export class MarginRankingLoss extends MarginLoss<LossOptions & { margin?: number }> {
  forward(a: Tensor, b: Tensor, target: Tensor): Tensor {
    return F.marginRankingLoss(a, b, target, this.options);
  }
}

/** {@link F.cosineEmbeddingLoss} */
export class CosineEmbeddingLoss extends MarginLoss<LossOptions & { margin?: number }> {
  forward(a: Tensor, b: Tensor, target: Tensor): Tensor {
    return F.cosineEmbeddingLoss(a, b, target, this.options);
  }
}

/** {@link F.tripletMarginLoss} */
export class TripletMarginLoss extends MarginLoss<F.TripletOptions> {
  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    return F.tripletMarginLoss(anchor, positive, negative, this.options);
  }
}

/** {@link F.multiMarginLoss} */
export class MultiMarginLoss extends MarginLoss<
  NonNullable<Parameters<typeof F.multiMarginLoss>[2]>
> {
  forward(x: Tensor, target: Tensor): Tensor {
    return F.multiMarginLoss(x, target, this.options);
  }
}

/** {@link F.multilabelSoftMarginLoss} */
export class MultiLabelSoftMarginLoss extends MarginLoss<LossOptions & { weight?: Tensor | null }> {
  forward(x: Tensor, target: Tensor): Tensor {
    return F.multilabelSoftMarginLoss(x, target, this.options);
  }
}
