// Losses that ask for a distance between right and wrong, and those of other distributions. All are compositions.

import { DTypeError, ShapeError } from "../errors.js";
import { filled } from "../creation.js";
import { sameShape, showShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { add, div, mul, neg, sub } from "./arithmetic.js";
import { checkFloating } from "./checks.js";
import { clampMin } from "./combinations.js";
import { eq, gt, minimum } from "./comparison.js";
import { exp, log, log1p, square } from "./functions.js";
import { pairwiseDistance } from "./local-norms.js";
import { gather, oneHot } from "./picks.js";
import { pow } from "./powers.js";
import { checkReduction, type LossOptions } from "./reduction.js";
import { logsigmoid } from "./soft-activations.js";
import { mean, sum } from "./sum.js";
import { sqrt } from "./functions.js";
import { unsqueeze } from "./views.js";
import { where } from "./where.js";

function reduced(op: string, each: Tensor, { reduction = "mean" }: LossOptions): Tensor {
  checkReduction(op, reduction);
  return reduction === "none" ? each : reduction === "sum" ? sum(each) : mean(each);
}

const zeroLike = (x: Tensor) => filled([], 0, x.dtype);

/**
 * The negative log likelihood of counts: e^x − target · x, or x − target · log(x + eps) without `logInput`.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.PoissonNLLLoss.html
 */
export function poissonNllLoss(
  x: Tensor,
  target: Tensor,
  {
    logInput = true,
    full = false,
    eps = 1e-8,
    ...options
  }: LossOptions & { logInput?: boolean; full?: boolean; eps?: number } = {},
): Tensor {
  checkFloating("poissonNllLoss", { x });
  let loss = logInput ? sub(exp(x), mul(target, x)) : sub(x, mul(target, log(add(x, eps))));
  if (full) {
    const stirling = add(
      sub(mul(target, log(target)), target),
      mul(log(mul(target, 2 * Math.PI)), 0.5),
    );
    loss = add(loss, where(gt(target, 1), stirling, zeroLike(loss)));
  }
  return reduced("poissonNllLoss", loss, options);
}

/**
 * The negative log likelihood of a normal distribution: ½ (log variance + (x − target)² / variance), with a variance of at
 * least eps; `full` adds ½ log 2π.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.GaussianNLLLoss.html
 */
export function gaussianNllLoss(
  x: Tensor,
  target: Tensor,
  variance: Tensor,
  { full = false, eps = 1e-6, ...options }: LossOptions & { full?: boolean; eps?: number } = {},
): Tensor {
  const op = "gaussianNllLoss";
  checkFloating(op, { x, target, variance });
  if (variance.data.some((v) => v < 0)) {
    throw new RangeError(`${op}: the variance holds ${Math.min(...variance.data)}, it must be ≥ 0`);
  }
  let wide = variance;
  if (!sameShape(variance.shape, x.shape)) {
    if (sameShape(variance.shape, x.shape.slice(0, -1))) wide = unsqueeze(variance, -1);
    else if (!sameShape(variance.shape, [...x.shape.slice(0, -1), 1])) {
      throw new ShapeError(
        `${op}: variance ${showShape(variance.shape)} must have the shape of x ${showShape(x.shape)}, or 1 as its last axis`,
      );
    }
  }
  // the bound takes no part in the gradient, as in PyTorch
  const low = sub(clampMin(wide.detach(), eps), wide.detach());
  const bounded = add(wide, low);
  const loss = mul(add(log(bounded), div(square(sub(x, target)), bounded)), 0.5);
  return reduced(op, full ? add(loss, 0.5 * Math.log(2 * Math.PI)) : loss, options);
}

/** log(1 + e^(−target · x)), for targets of 1 and −1. */
export function softMarginLoss(x: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  checkFloating("softMarginLoss", { x });
  return reduced("softMarginLoss", log1p(exp(neg(mul(target, x)))), options);
}

/** x where the target is 1, max(0, margin − x) where it is −1. */
export function hingeEmbeddingLoss(
  x: Tensor,
  target: Tensor,
  { margin = 1, ...options }: LossOptions & { margin?: number } = {},
): Tensor {
  checkFloating("hingeEmbeddingLoss", { x });
  const zero = zeroLike(x);
  const apart = where(eq(target, 1), zero, clampMin(add(neg(x), margin), 0));
  const near = where(eq(target, -1), zero, x);
  return reduced("hingeEmbeddingLoss", add(apart, near), options);
}

/** max(0, −target · (a − b) + margin): a is to be greater than b where the target is 1, less where it is −1. */
export function marginRankingLoss(
  a: Tensor,
  b: Tensor,
  target: Tensor,
  { margin = 0, ...options }: LossOptions & { margin?: number } = {},
): Tensor {
  const op = "marginRankingLoss";
  checkFloating(op, { a, b });
  if (a.ndim !== b.ndim || a.ndim !== target.ndim) {
    throw new ShapeError(
      `${op}: a ${showShape(a.shape)}, b ${showShape(b.shape)} and target ${showShape(target.shape)} must have as many axes`,
    );
  }
  return reduced(op, clampMin(add(neg(mul(target, sub(a, b))), margin), 0), options);
}

/** 1 − cos where the target is 1, max(0, cos − margin) where it is −1. Shapes: a and b [N, D] or [D], target [N] or []. */
export function cosineEmbeddingLoss(
  a: Tensor,
  b: Tensor,
  target: Tensor,
  { margin = 0, ...options }: LossOptions & { margin?: number } = {},
): Tensor {
  const op = "cosineEmbeddingLoss";
  checkFloating(op, { a, b });
  if (target.ndim > 1 || a.ndim !== target.ndim + 1 || b.ndim !== a.ndim) {
    throw new ShapeError(
      `${op}: a and b must be [N, D] with target [N], or [D] with target []; got ${[a, b, target].map((t) => showShape(t.shape)).join(", ")}`,
    );
  }
  const lengths = mul(add(sum(square(a), -1), 1e-12), add(sum(square(b), -1), 1e-12));
  const cosine = div(sum(mul(a, b), -1), sqrt(lengths));
  const zero = zeroLike(a);
  const near = where(eq(target, 1), add(neg(cosine), 1), zero);
  const apart = where(eq(target, -1), clampMin(sub(cosine, margin), 0), zero);
  return reduced(op, add(near, apart), options);
}

export interface TripletOptions extends LossOptions {
  /** Default 1. */
  margin?: number;
  /** The norm of the distance. Default 2. */
  p?: number;
  /** Added to each difference. Default 1e-6. */
  eps?: number;
  /** Take the shorter of the negative's distances to anchor and positive. Default false. */
  swap?: boolean;
}

/** max(0, |anchor − positive| − |anchor − negative| + margin) */
export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  { margin = 1, p = 2, eps = 1e-6, swap = false, ...options }: TripletOptions = {},
): Tensor {
  const op = "tripletMarginLoss";
  checkFloating(op, { anchor, positive, negative });
  if (anchor.ndim !== positive.ndim || anchor.ndim !== negative.ndim) {
    throw new ShapeError(
      `${op}: anchor ${showShape(anchor.shape)}, positive ${showShape(positive.shape)} and negative ${showShape(negative.shape)} must have as many axes`,
    );
  }
  const near = pairwiseDistance(anchor, positive, { p, eps });
  let apart = pairwiseDistance(anchor, negative, { p, eps });
  if (swap) apart = minimum(apart, pairwiseDistance(positive, negative, { p, eps }));
  return reduced(op, clampMin(add(sub(near, apart), margin), 0), options);
}

/** Σ over the wrong classes of max(0, margin − x[right] + x[wrong])^p / C. Shapes: x [N, C] or [C], target [N] or []. */
export function multiMarginLoss(
  x: Tensor,
  target: Tensor,
  {
    p = 1,
    margin = 1,
    weight = null,
    ...options
  }: LossOptions & { p?: 1 | 2; margin?: number; weight?: Tensor | null } = {},
): Tensor {
  const op = "multiMarginLoss";
  checkFloating(op, { x });
  if (target.dtype !== "int64") {
    throw new DTypeError(`${op}: target is ${target.dtype}, classes must be int64: target.long()`);
  }
  if (p !== 1 && p !== 2) throw new RangeError(`${op}: p must be 1 or 2, not ${String(p)}`);
  if (
    x.ndim < 1 ||
    x.ndim > 2 ||
    target.ndim !== x.ndim - 1 ||
    (x.ndim === 2 && target.shape[0] !== x.shape[0])
  ) {
    throw new ShapeError(
      `${op}: target ${showShape(target.shape)} does not fit x ${showShape(x.shape)}: x [N, C] goes with [N], [C] with []`,
    );
  }
  const C = x.shape.at(-1)!;
  const right = gather(x, -1, unsqueeze(target, -1));
  let hinge = clampMin(add(sub(x, right), margin), 0);
  if (p === 2) hinge = pow(hinge, 2);
  if (weight) hinge = mul(hinge, unsqueeze(weight.index(target), -1));
  const wrong = where(eq(oneHot(target, C), 1), zeroLike(x), hinge);
  return reduced(op, div(sum(wrong, -1), C), options);
}

/** −(target · log sigmoid(x) + (1 − target) · log sigmoid(−x)), the mean over the last axis. */
export function multilabelSoftMarginLoss(
  x: Tensor,
  target: Tensor,
  { weight = null, ...options }: LossOptions & { weight?: Tensor | null } = {},
): Tensor {
  checkFloating("multilabelSoftMarginLoss", { x });
  const both = add(mul(target, logsigmoid(x)), mul(add(neg(target), 1), logsigmoid(neg(x))));
  const loss = weight ? neg(mul(both, weight)) : neg(both);
  return reduced("multilabelSoftMarginLoss", mean(loss, -1), options);
}
