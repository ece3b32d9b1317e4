// Losses that compare two tensors number by number.

import { noGrad, record } from "../autograd.js";
import type { BinaryName } from "../compute/operations.js";
import { ShapeError } from "../errors.js";
import { broadcastShapes, sameShape, showShape, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { alias } from "./alias.js";
import { add, div, mul, neg, sub } from "./arithmetic.js";
import { checkFloating } from "./checks.js";
import { clamp } from "./comparison.js";
import { exp, log, sigmoid, sign } from "./functions.js";
import { zip, zipBy } from "./pointwise.js";
import { checkReduction, type LossOptions, type Reduction } from "./reduction.js";
import { mean, sum } from "./sum.js";
import { expand } from "./views.js";

interface Pair {
  readonly op: string;
  /** The name in the graph, as PyTorch's. */
  readonly name: string;
  /** The loss of one number. */
  readonly loss: (x: number, t: number) => number;
  /** The kernel that computes it, with the number that it takes. */
  readonly kernel?: readonly [name: BinaryName, p?: number];
  /** What the derivatives are multiplied by. Default 1. */
  readonly factor?: number;
  /** Its derivative by x, and by the target. */
  readonly slope: (x: Tensor, target: Tensor) => Tensor;
  readonly targetSlope?: (x: Tensor, target: Tensor) => Tensor;
}

function pairLoss(
  { op, name, loss, kernel, factor = 1, slope, targetSlope }: Pair,
  x: Tensor,
  target: Tensor,
  reduction: Reduction,
  weight: Tensor | null = null,
): Tensor {
  checkReduction(op, reduction);
  checkFloating(op, { x, target });
  const shape = broadcastShapes(op, x.shape, target.shape);
  if (!sameShape(x.shape, target.shape)) warnOfStretching(op, x.shape, target.shape, shape);
  const [a, b] = [x, target].map((t) => (sameShape(t.shape, shape) ? t : expand(t, shape)));
  const scale = (reduction === "mean" ? 1 / a.numel() : 1) * factor;
  const y = noGrad(() => {
    const quick = kernel && zipBy(kernel[0], a, b, kernel[1], 0, op);
    const plain = quick ?? zip(op, a, b, loss, x.dtype);
    const each = weight ? mul(plain, weight) : plain;
    return reduction === "none" ? each : reduction === "sum" ? sum(each) : mean(each);
  });
  const along = (by: (x: Tensor, target: Tensor) => Tensor) => (gy: Tensor) => {
    const scaled = scale === 1 ? gy : mul(gy, scale);
    const g = mul(by(a, b), scaled);
    return weight ? mul(g, weight) : g;
  };
  const rows = [
    [a, along(slope)],
    [b, along(targetSlope ?? ((p, q) => neg(slope(p, q))))],
  ] as const;
  return record(name, y, rows, { saves: [a, b] });
}

const warned = new Set<string>();

/** As PyTorch: [4, 1] against [4] gives 16 differences, where 4 were meant. Said once for each pair of shapes. */
function warnOfStretching(op: string, x: Shape, target: Shape, both: Shape): void {
  const text = `${op}: x ${showShape(x)} and target ${showShape(target)} broadcast to ${showShape(both)}: if each number of x has one target, give both one shape, target.reshape(${x.join(", ")})`;
  if (warned.has(text)) return;
  warned.add(text);
  console.warn(text);
}

/**
 * (x − target)², by default its mean. Shapes: both the same (or broadcasting) → one number.
 *
 * ```ts
 * const x = torch.tensor([1, 2], { dtype: "float32" })
 * torch.nn.functional.mseLoss(x, torch.zeros(2)).item() // → 2.5
 * ```
 */
export function mseLoss(
  x: Tensor,
  target: Tensor,
  { reduction = "mean" }: LossOptions = {},
): Tensor {
  const loss = (v: number, t: number) => (v - t) * (v - t);
  const kernel = ["squaredDifference"] as const;
  const name = "MseLossBackward0";
  return pairLoss(
    { op: "mseLoss", name, loss, kernel, factor: 2, slope: sub },
    x,
    target,
    reduction,
  );
}

/**
 * |x − target|, by default its mean. Shapes as in {@link mseLoss}.
 *
 * ```ts
 * F.l1Loss(torch.tensor([1, 2.5]), torch.tensor([0, 0.5])).item() // → 1.5
 * ```
 */
export function l1Loss(
  x: Tensor,
  target: Tensor,
  { reduction = "mean" }: LossOptions = {},
): Tensor {
  const names = { none: "AbsBackward0", mean: "MeanBackward0", sum: "SumBackward0" };
  const loss = (v: number, t: number) => Math.abs(v - t);
  const slope = (a: Tensor, b: Tensor) => sign(sub(a, b));
  const name = names[reduction] ?? "";
  const kernel = ["absoluteDifference"] as const;
  return pairLoss({ op: "l1Loss", name, loss, kernel, slope }, x, target, reduction);
}

/**
 * Quadratic where |x − target| < beta, then straight: d² / 2 beta, and |d| − beta / 2. Shapes as in {@link mseLoss}.
 *
 * ```ts
 * F.smoothL1Loss(torch.tensor([1, 2.5]), torch.tensor([0, 0.5])).item() // → 1
 * ```
 */
export function smoothL1Loss(
  x: Tensor,
  target: Tensor,
  { reduction = "mean", beta = 1 }: LossOptions & { beta?: number } = {},
): Tensor {
  if (!(beta >= 0)) throw new RangeError(`smoothL1Loss: beta must be ≥ 0, not ${beta}`);
  if (beta === 0) return l1Loss(x, target, { reduction });
  const loss = (v: number, t: number) => {
    const d = Math.abs(v - t);
    return d < beta ? (0.5 * d * d) / beta : d - 0.5 * beta;
  };
  const slope = (a: Tensor, b: Tensor) => clamp(div(sub(a, b), beta), -1, 1);
  const name = "SmoothL1LossBackward0";
  const kernel = ["smoothDifference", beta] as const;
  return pairLoss({ op: "smoothL1Loss", name, loss, kernel, slope }, x, target, reduction);
}

/**
 * Quadratic where |x − target| < delta, then straight: d² / 2, and delta · (|d| − delta / 2).
 *
 * ```ts
 * F.huberLoss(torch.tensor([1, 2.5]), torch.tensor([0, 0.5]), { delta: 0.5 }).item() // → 0.625
 * ```
 */
export function huberLoss(
  x: Tensor,
  target: Tensor,
  { reduction = "mean", delta = 1 }: LossOptions & { delta?: number } = {},
): Tensor {
  if (!(delta > 0)) throw new RangeError(`huberLoss: delta must be > 0, not ${delta}`);
  const loss = (v: number, t: number) => {
    const d = Math.abs(v - t);
    return d <= delta ? 0.5 * d * d : delta * (d - 0.5 * delta);
  };
  const slope = (a: Tensor, b: Tensor) => clamp(sub(a, b), -delta, delta);
  const name = "HuberLossBackward0";
  const kernel = delta === 1 ? (["smoothDifference", 1] as const) : undefined;
  return pairLoss({ op: "huberLoss", name, loss, kernel, slope }, x, target, reduction);
}

/**
 * −(target · log x + (1 − target) · log(1 − x)) for probabilities x; each logarithm is at least −100, as in PyTorch.
 *
 * ```ts
 * F.binaryCrossEntropy(torch.tensor([0.25, 0.5]), torch.tensor([0, 1.0]).float()).item() // → 0.4904146
 * ```
 *
 * @throws RangeError if x or the target is not from 0 to 1; ShapeError if their shapes differ.
 */
export function binaryCrossEntropy(
  x: Tensor,
  target: Tensor,
  { reduction = "mean", weight = null }: LossOptions & { weight?: Tensor | null } = {},
): Tensor {
  const op = "binaryCrossEntropy";
  checkSame(op, x, target);
  for (const value of x.data) {
    if (value >= 0 && value <= 1) continue;
    throw new RangeError(
      `${op}: x holds ${value} but must be probabilities from 0 to 1: take sigmoid first, or binaryCrossEntropyWithLogits`,
    );
  }
  const floor = (v: number) => Math.max(Math.log(v), -100);
  const loss = (v: number, t: number) => (t - 1) * floor(1 - v) - t * floor(v);
  const slope = (a: Tensor, b: Tensor) => {
    const spread = clamp(mul(sub(a, mul(a, a)), 1), 1e-12);
    return div(sub(a, b), spread);
  };
  const targetSlope = (a: Tensor) => sub(log(add(neg(a), 1)), log(a));
  const name = "BinaryCrossEntropyBackward0";
  return pairLoss({ op, name, loss, slope, targetSlope }, x, target, reduction, weight);
}

/**
 * binaryCrossEntropy of sigmoid(x), without overflow. `posWeight` weighs the targets of 1.
 *
 * ```ts
 * F.binaryCrossEntropyWithLogits(torch.tensor([0.5, -1.5]), torch.tensor([1, 0]).float()).item() // → 0.3377451
 * ```
 *
 * @throws ShapeError if the shapes of x and target differ.
 */
export function binaryCrossEntropyWithLogits(
  x: Tensor,
  target: Tensor,
  {
    reduction = "mean",
    weight = null,
    posWeight = null,
  }: LossOptions & { weight?: Tensor | null; posWeight?: Tensor | null } = {},
): Tensor {
  const op = "binaryCrossEntropyWithLogits";
  checkSame(op, x, target);
  const name = "BinaryCrossEntropyWithLogitsBackward0";
  // log(1 + e^−v)
  const soft = (v: number) => Math.max(-v, 0) + Math.log1p(Math.exp(-Math.abs(v)));
  if (!posWeight) {
    const loss = (v: number, t: number) => (1 - t) * v + soft(v);
    const slope = (a: Tensor, b: Tensor) => sub(sigmoid(a), b);
    const targetSlope = (a: Tensor) => neg(a);
    const kernel = ["logisticLoss"] as const;
    return pairLoss({ op, name, loss, kernel, slope, targetSlope }, x, target, reduction, weight);
  }
  // with l = 1 + (posWeight − 1) · target: (1 − target) · x + l · log(1 + e^−x)
  checkReduction(op, reduction);
  checkFloating(op, { x, target, posWeight });
  const l = add(mul(sub(posWeight, 1), target), 1);
  const minusLogSigmoid = record(
    "LogSigmoidBackward0",
    zip(op, x, x, soft, x.dtype),
    [[x, (gy) => mul(gy, sub(sigmoid(x), 1))]],
    { saves: [x] },
  );
  const plain = add(mul(add(neg(target), 1), x), mul(l, minusLogSigmoid));
  const each = weight ? mul(plain, weight) : plain;
  const y = reduction === "none" ? each : reduction === "sum" ? sum(each) : mean(each);
  return alias(y, y.shape, y.strides, y.offset, name, (gy) => gy);
}

/**
 * The Kullback-Leibler divergence target · (log target − x), where x holds log-probabilities, and the target
 * probabilities or, with `logTarget`, log-probabilities. reduction "batchmean" divides by the size of the batch, which
 * is the divergence as it is defined.
 *
 * ```ts
 * F.klDiv(torch.tensor([0.5, 0.5]).log(), torch.tensor([0.25, 0.75]), { reduction: "sum" }).item() // → 0.130812
 * ```
 */
export function klDiv(
  x: Tensor,
  target: Tensor,
  {
    reduction = "mean",
    logTarget = false,
  }: { reduction?: Reduction | "batchmean"; logTarget?: boolean } = {},
): Tensor {
  const op = "klDiv";
  checkReduction(op, reduction, ["batchmean"]);
  checkFloating(op, { x, target });
  const each = logTarget ? mul(exp(target), sub(target, x)) : sub(entropy(target), mul(target, x));
  if (reduction === "none") return each;
  if (reduction === "mean") return mean(each);
  const all = sum(each);
  return reduction === "sum" || x.ndim === 0 ? all : div(all, each.shape[0]);
}

/** t · log t, 0 for 0. */
function entropy(t: Tensor): Tensor {
  const y = zip("klDiv", t, t, (v) => (v === 0 ? 0 : v * Math.log(v)), t.dtype);
  return record("XlogyBackward0", y, [[t, (gy) => mul(gy, add(log(t), 1))]], { saves: [t] });
}

function checkSame(op: string, x: Tensor, target: Tensor): void {
  checkFloating(op, { x, target });
  if (sameShape(x.shape, target.shape)) return;
  throw new ShapeError(
    `${op}: target ${showShape(target.shape)} and x ${showShape(x.shape)} must have the same shape${x.numel() === target.numel() ? `: target.reshape(x.shape)` : ""}`,
  );
}
