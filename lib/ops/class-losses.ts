// Losses of scores for classes: crossEntropy and nllLoss.

import { isGradEnabled, noGrad, record } from "../autograd.js";
import { isFloating } from "../compute/dtypes.js";
import { filled } from "../creation.js";
import { DTypeError, ShapeError } from "../errors.js";
import { numelOf, sameShape, showShape, type Shape } from "../shape.js";
import { empty, type Tensor } from "../tensor.js";
import { add, div, mul, neg } from "./arithmetic.js";
import { checkFloating } from "./checks.js";
import { checkReduction, type LossOptions, type Reduction } from "./reduction.js";
import { logSoftmax } from "./softmax.js";
import { sum } from "./sum.js";
import { contiguous, reshape } from "./views.js";
import { where } from "./where.js";

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
 * ```ts
 * F.nllLoss(torch.tensor([[0.25, 0.75]]).log(), torch.tensor([1])).item() // → 0.2876821
 * ```
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

/** −weight · log of the right class, and, with smoothing, a part of the same for all classes. */
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

  // the names that PyTorch has in the graph
  const reshaped = reduction === "none" && (logs.ndim === 3 || logs.ndim > 4);
  const plain = logs.ndim <= 2 ? "NllLossBackward0" : "NllLoss2DBackward0";
  const y = likelihood(reshaped ? "ViewBackward0" : plain, dense, target.shape, marked, reduction);
  if (smoothing === 0) return y;

  const line = logs.shape.map((_, a) => (a === axis ? C : 1));
  const all = neg(sum(weight ? mul(dense, reshape(weight, line)) : dense, axis));
  const each = target.data.includes(ignoreIndex as never)
    ? where(target.eq(ignoreIndex), 0, all)
    : all;
  const { total } = marked;
  const rest =
    reduction === "none" ? each : reduction === "sum" ? sum(each) : div(sum(each), total);
  return add(mul(y, 1 - smoothing), mul(rest, smoothing / C));
}

interface Marks {
  /** Where the score of each sample's class lies. */
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
  const at = new Int32Array(classes.length);
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

/** −own · the number at each mark, as they are (in `shape`), their sum, or the sum divided by the weights' total. */
function likelihood(
  name: string,
  dense: Tensor,
  shape: Shape,
  marked: Marks,
  reduction: Reduction,
): Tensor {
  const { at, own, total } = marked;
  const from = dense.storage.array;
  const y = empty(reduction === "none" ? shape : [], dense.dtype);
  const to = y.storage.array;
  let sum = 0;
  for (let i = 0; i < at.length; i++) {
    // what does not count is not looked at: 0 · −∞ is NaN
    const loss = own[i] === 0 ? 0 : 0 - own[i] * from[dense.offset + at[i]];
    if (reduction === "none") to[i] = loss;
    else sum += loss;
  }
  if (reduction !== "none") to[0] = sum / (reduction === "mean" ? total : 1);
  const back = (gy: Tensor) => toLogs(gy, dense.shape, shape, marked, reduction);
  return record(name, y, [[dense, back]]);
}

/** The way back of {@link likelihood}. It is linear, so that its own way back is the way forth. */
function toLogs(
  gy: Tensor,
  logsShape: Shape,
  shape: Shape,
  marked: Marks,
  reduction: Reduction,
): Tensor {
  const { at, own, total } = marked;
  // where every target is ignored the mean is NaN, but pulls at nothing
  const each = noGrad(() => div(contiguous(gy), (reduction === "mean" && total) || 1));
  const gs = each.storage.array;
  const gx = filled(logsShape, 0, gy.dtype);
  const to = gx.storage.array;
  for (let i = 0; i < at.length; i++) {
    if (own[i] !== 0) to[at[i]] = -own[i] * gs[each.offset + (reduction === "none" ? i : 0)];
  }
  const forth = (ggx: Tensor) =>
    likelihood("NllLossBackward0", contiguous(ggx), shape, marked, reduction);
  return record("NllLossBackwardBackward0", gx, [[gy, forth]]);
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
