// Losses of scores for classes: crossEntropy and nllLoss.

import { isGradEnabled, record } from "../autograd.js";
import { isFloating, type DType } from "../compute/dtypes.js";
import { filled } from "../creation.js";
import { DTypeError, ShapeError } from "../errors.js";
import { numelOf, sameShape, showShape, type Shape } from "../shape.js";
import { empty, gather, type Tensor } from "../tensor.js";
import { add, div, mul, neg } from "./arithmetic.js";
import { checkFloating } from "./checks.js";
import { checkReduction, type LossOptions, type Reduction } from "./reduction.js";
import { logSoftmax } from "./softmax.js";
import { sum } from "./sum.js";
import { contiguous, expand, reshape } from "./views.js";

export interface NllLossOptions extends LossOptions {
  /** How much each class counts: [C]. Default: all the same. */
  weight?: Tensor | null;
  /** Targets of this number do not count. Default -100. */
  ignoreIndex?: number;
}

export interface CrossEntropyOptions extends NllLossOptions {
  /** How much of the target is spread evenly over all classes, 0 to 1. Default 0. */
  labelSmoothing?: number;
}

/**
 * −log of the probability that softmax gives to the right class.
 *
 * Shapes: scores [N, C] or [C] or [N, C, d1, …]; target: class numbers (int64) [N] or [] or [N, d1, …], or
 * probabilities of the scores' shape → one number; with reduction "none" the shape of the class numbers.
 *
 * ```ts
 * const scores = torch.zeros([2, 10])
 * torch.nn.functional.crossEntropy(scores, torch.tensor([3, 7])).item().toFixed(4) // → "2.3026"
 * ```
 *
 * @throws DTypeError on floating class numbers; RangeError if one is not from 0 to C − 1.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
 */
export function crossEntropy(
  scores: Tensor,
  target: Tensor,
  options: CrossEntropyOptions = {},
): Tensor {
  const op = "crossEntropy";
  const { weight = null, labelSmoothing = 0, reduction = "mean" } = options;
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new RangeError(`${op}: labelSmoothing must be from 0 to 1, not ${labelSmoothing}`);
  }
  checkReduction(op, reduction);
  checkFloating(op, { scores });
  const logs = logSoftmax(scores, classAxis(scores));
  if (sameShape(scores.shape, target.shape)) {
    return ofProbabilities(op, logs, target, weight, labelSmoothing, reduction);
  }
  const loss = ofClasses(op, logs, target, options, labelSmoothing);
  // nobody else has seen the logarithms
  if (logs.gradFn) logs.gradFn.owned = [logs.storage];
  else logs.storage.free();
  return loss;
}

/**
 * The negative log likelihood: minus the number that `logs` (log-probabilities, as logSoftmax gives) has for the right
 * class. Shapes as in {@link crossEntropy}, with class numbers.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html
 */
export function nllLoss(logs: Tensor, target: Tensor, options: NllLossOptions = {}): Tensor {
  checkReduction("nllLoss", options.reduction ?? "mean");
  checkFloating("nllLoss", { logs });
  return ofClasses("nllLoss", logs, target, options, 0);
}

function classAxis(scores: Tensor): number {
  return scores.ndim === 1 ? 0 : 1;
}

/** Σ weight · share · −log for each target, where the share is 1 for the right class but for what is smoothed. */
function ofClasses(
  op: string,
  logs: Tensor,
  target: Tensor,
  { weight = null, ignoreIndex = -100, reduction = "mean" }: NllLossOptions,
  smoothing: number,
): Tensor {
  const axis = classAxis(logs);
  const C = logs.shape[axis] ?? 0;
  checkClasses(op, logs, target, axis);
  checkWeight(op, logs, weight, C);
  const dense = contiguous(logs);
  const marked = marks(op, dense, target, axis, ignoreIndex, weight);
  const { at, own, total } = marked;

  // the names that PyTorch has in the graph
  const reshaped = reduction === "none" && (logs.ndim === 3 || logs.ndim > 4);
  const plain = logs.ndim <= 2 ? "NllLossBackward0" : "NllLoss2DBackward0";
  const name = smoothing > 0 ? "AddBackward0" : reshaped ? "ViewBackward0" : plain;
  const tableOf = () => sharesOf(dense, axis, marked, weight, smoothing);
  if (smoothing > 0) return likelihood(name, dense, tableOf(), axis, reduction, total);

  // one class each: what the others would add is nothing
  const from = dense.storage.array;
  const losses = new Float64Array(at.length);
  for (let i = 0; i < at.length; i++) {
    if (own[i] !== 0) losses[i] = 0 - own[i] * from[dense.offset + at[i]];
  }
  const y = reduced(losses, target.shape, logs.dtype, reduction, total);
  // where every target is ignored the mean is NaN, but pulls at nothing
  const divisor = (reduction === "mean" && total) || 1;
  const back = (gy: Tensor) => {
    if (isGradEnabled()) return toLogs(gy, dense.shape, axis, reduction, divisor, tableOf());
    const each = div(contiguous(gy), divisor);
    const gs = each.storage.array;
    const gx = filled(dense.shape, 0, dense.dtype);
    const xs = gx.storage.array;
    for (let i = 0; i < at.length; i++) {
      if (own[i] !== 0) xs[at[i]] = -own[i] * gs[each.offset + (reduction === "none" ? i : 0)];
    }
    return gx;
  };
  return record(name, y, [[dense, back]]);
}

interface Marks {
  /** Where the score of each sample's class lies; of ignored ones -1. */
  readonly at: Int32Array;
  /** How much it weighs, in the scores' dtype; 0 if it is ignored. */
  readonly own: Float64Array;
  /** Σ of the weights, not rounded. */
  readonly total: number;
}

function marks(
  op: string,
  scores: Tensor,
  target: Tensor,
  axis: number,
  ignoreIndex: number,
  weight: Tensor | null,
): Marks {
  const C = scores.shape[axis] ?? 0;
  const inner = numelOf(scores.shape.slice(axis + 1));
  const classes = target.data;
  const rounded = scores.dtype === "float32" ? Math.fround : Number;
  const weights = weight?.data;
  const at = new Int32Array(classes.length).fill(-1);
  const own = new Float64Array(classes.length);
  let total = 0;
  for (let i = 0; i < classes.length; i++) {
    const right = classes[i];
    if (right === ignoreIndex) continue;
    if (!(right >= 0 && right < C)) {
      throw new RangeError(
        `${op}: target ${right} is out of range: with ${C} scores for each sample, classes go from 0 to ${C - 1}`,
      );
    }
    const weighs = weights ? weights[right] : 1;
    at[i] = (Math.floor(i / inner) * C + right) * inner + (i % inner);
    own[i] = rounded(weighs);
    total += weighs;
  }
  return { at, own, total };
}

/** How much each score counts: the right class by 1 − smoothing besides its part of what is smoothed. */
function sharesOf(
  scores: Tensor,
  axis: number,
  { at, own }: Marks,
  weight: Tensor | null,
  smoothing: number,
): Tensor {
  const C = scores.shape[axis];
  const inner = numelOf(scores.shape.slice(axis + 1));
  const weights = weight?.data;
  const shares = filled(scores.shape, 0, scores.dtype);
  const values = shares.storage.array;
  for (let i = 0; i < at.length; i++) {
    if (at[i] < 0) continue;
    const start = Math.floor(i / inner) * C * inner + (i % inner);
    for (let c = 0; smoothing > 0 && c < C; c++) {
      values[start + c * inner] = (smoothing / C) * (weights ? weights[c] : 1);
    }
    values[at[i]] += (1 - smoothing) * own[i];
  }
  return shares;
}

/** The losses as they are, their sum, or the sum divided by `total`. */
function reduced(
  losses: Float64Array,
  shape: Shape,
  dtype: DType,
  reduction: Reduction,
  total: number,
): Tensor {
  const y = empty(reduction === "none" ? shape : [], dtype);
  if (reduction === "none") y.storage.array.set(losses);
  else {
    let sum = 0;
    for (let i = 0; i < losses.length; i++) sum += losses[i];
    y.storage.array[0] = sum / (reduction === "mean" ? total : 1);
  }
  return y;
}

/** −Σ shares · logs along the classes, reduced; a share of 0 is skipped, for 0 · −∞ is NaN. */
function likelihood(
  name: string,
  dense: Tensor,
  shares: Tensor,
  axis: number,
  reduction: Reduction,
  total: number,
): Tensor {
  const [from, weights] = [dense.storage.array, shares.storage.array];
  const C = dense.shape[axis];
  const inner = numelOf(dense.shape.slice(axis + 1));
  const places = dense.shape.filter((_, a) => a !== axis);
  const losses = new Float64Array(numelOf(places));
  for (let i = 0; i < losses.length; i++) {
    const start = Math.floor(i / inner) * C * inner + (i % inner);
    let loss = 0;
    for (let c = 0; c < C; c++) {
      const at = start + c * inner;
      if (weights[at] !== 0) loss -= weights[at] * from[dense.offset + at];
    }
    losses[i] = loss;
  }

  const divisor = (reduction === "mean" && total) || 1;
  const y = reduced(losses, places, dense.dtype, reduction, total);
  // a graph of the way back may outlive this node, and with it the shares that the node owns
  const kept = () => (isGradEnabled() ? gather(shares) : shares);
  const back = (gy: Tensor) => toLogs(gy, dense.shape, axis, reduction, divisor, kept());
  return record(name, y, [[dense, back]], { owns: [shares.storage] });
}

/** The gradient of the log-probabilities, by operations. */
function toLogs(
  gy: Tensor,
  shape: Shape,
  axis: number,
  reduction: Reduction,
  divisor: number,
  shares: Tensor,
): Tensor {
  const each = reduction === "none" ? reshape(gy, shape.with(axis, 1)) : gy;
  return neg(mul(expand(div(each, divisor), shape), shares));
}

function ofProbabilities(
  op: string,
  logs: Tensor,
  target: Tensor,
  weight: Tensor | null,
  smoothing: number,
  reduction: Reduction,
): Tensor {
  if (!isFloating(target.dtype)) {
    throw new DTypeError(
      `${op}: target ${showShape(target.shape)} has the shape of the scores, so it holds probabilities, but is ${target.dtype}: use target.to("${logs.dtype}"), or class numbers of shape ${showShape(withoutAxis(logs))}`,
    );
  }
  checkFloating(op, { scores: logs, target });
  const axis = classAxis(logs);
  const C = logs.shape[axis];
  checkWeight(op, logs, weight, C);
  const shares = smoothing > 0 ? add(mul(target, 1 - smoothing), smoothing / C) : target;
  const line = logs.shape.map((_, a) => (a === axis ? C : 1));
  const weighted = weight ? mul(logs, reshape(weight, line)) : logs;
  const products = mul(weighted, shares);
  if (reduction === "none") return neg(sum(products, axis));
  const all = neg(sum(products));
  return reduction === "sum" ? all : div(all, logs.numel() / C);
}

function withoutAxis(scores: Tensor): Shape {
  return scores.shape.filter((_, axis) => axis !== classAxis(scores));
}

function checkClasses(op: string, scores: Tensor, target: Tensor, axis: number): void {
  if (scores.ndim === 0) throw new ShapeError(`${op}: scores need at least 1 axis [C], not none`);
  const wanted = scores.shape.filter((_, a) => a !== axis);
  if (!sameShape(target.shape, wanted)) {
    const oneHot = isFloating(target.dtype) ? ", or probabilities of the scores' shape" : "";
    throw new ShapeError(
      `${op}: target ${showShape(target.shape)} does not fit scores ${showShape(scores.shape)}: it must be ${showShape(wanted)}, a class number for each${oneHot}`,
    );
  }
  if (target.dtype === "int64" || target.dtype === "uint8" || target.dtype === "int32") return;
  throw new DTypeError(
    `${op}: target ${showShape(target.shape)} is ${target.dtype} but class numbers are int64: target.to("int64")`,
  );
}

function checkWeight(op: string, scores: Tensor, weight: Tensor | null, C: number): void {
  if (!weight) return;
  if (weight.ndim !== 1 || weight.shape[0] !== C) {
    throw new ShapeError(
      `${op}: weight ${showShape(weight.shape)} must be [${C}]: one number for each class of scores ${showShape(scores.shape)}`,
    );
  }
  checkFloating(op, { scores, weight });
}
