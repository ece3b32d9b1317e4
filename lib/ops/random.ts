// Random numbers as operations of a tensor: in place (uniform_, normal_ …), and draws by its values (bernoulli, multinomial).
// All draw what PyTorch's CPU generator draws, in the same order.

import { isGradEnabled, record } from "../autograd.js";
import { checkMayOverwrite } from "../overwriting.js";
import { filled } from "../creation.js";
import { isFloating } from "../compute/dtypes.js";
import { DTypeError, ShapeError } from "../errors.js";
import * as fill from "../random/distributions.js";
import { uniform } from "../random/fill.js";
import { defaultGenerator, type Generator } from "../random/generator.js";
import { anyIntegers, integers } from "../random/integers.js";
import * as check from "../random/limits.js";
import { drawAgain, drawLargest } from "../random/multinomial.js";
import { normal } from "../random/normal.js";
import { broadcastStrides, showShape } from "../shape.js";
import { empty, Tensor } from "../tensor.js";

export interface DrawOptions {
  /** The source of random numbers. Default: the one that `torch.manualSeed` starts. */
  generator?: Generator;
}

/**
 * Overwrite x with uniform numbers in [from, to), by default [0, 1). float32 and float64.
 *
 * ```ts
 * torch.manualSeed(0)
 * torch.zeros(2).uniform_(-1, 1).tolist() // → [-0.007486820220947266, 0.5364435911178589]
 * ```
 */
export function uniform_(x: Tensor, from = 0, to = 1, { generator }: DrawOptions = {}): Tensor {
  check.checkFloating("uniform_", x.dtype);
  if (!(from <= to)) throw new RangeError(`uniform_: from ${from} must not be above to ${to}`);
  return redrawn("uniform_", x, () => uniform(x, from, to, generator));
}

/** Overwrite x with normal numbers of this mean and standard deviation, by default 0 and 1. float32 and float64. */
export function normal_(x: Tensor, mean = 0, std = 1, { generator }: DrawOptions = {}): Tensor {
  check.checkFloating("normal_", x.dtype);
  check.checkStd("normal_", std);
  return redrawn("normal_", x, () => normal(x, mean, std, generator));
}

/** Overwrite x with 1 (probability p, a number or a tensor that stretches to x) and 0. */
export function bernoulli_(
  x: Tensor,
  p: number | Tensor = 0.5,
  { generator }: DrawOptions = {},
): Tensor {
  if (typeof p === "number") {
    check.checkProbability("bernoulli_", p);
    return redrawn("bernoulli_", x, () => fill.bernoulli(x, p, generator));
  }
  checkProbabilities("bernoulli_", p);
  const strides = broadcastStrides(p.shape, p.strides, x.shape);
  const each = new Tensor(p.storage, x.shape, strides, p.offset);
  return redrawn("bernoulli_", x, () => fill.bernoulliEach(x, each, generator));
}

/**
 * Overwrite x with whole numbers: `random_()` from 0 to the largest of the dtype (floating point: as far as all whole
 * numbers exist), `random_(high)` below high, `random_(low, high)` from low to high − 1.
 */
export function random_(
  x: Tensor,
  low?: number | DrawOptions,
  high?: number | DrawOptions,
  options: DrawOptions = {},
): Tensor {
  if (typeof low === "object") return random_(x, undefined, undefined, low);
  if (typeof high === "object") return random_(x, low, undefined, high);
  const { generator } = options;
  if (low === undefined) return redrawn("random_", x, () => anyIntegers(x, generator));
  const [from, to] = high === undefined ? [0, low] : [low, high];
  check.checkBounds("random_", from, to, x.dtype);
  return redrawn("random_", x, () => integers(x, from, to, generator));
}

/** Overwrite x with exponential numbers: density λ·exp(−λ·x), by default λ = 1. */
export function exponential_(x: Tensor, lambd = 1, { generator }: DrawOptions = {}): Tensor {
  check.checkFloating("exponential_", x.dtype);
  check.checkPositive("exponential_", "lambd", lambd);
  return redrawn("exponential_", x, () => fill.exponential(x, lambd, generator));
}

/** Overwrite x with numbers whose logarithm is normal, by default with mean 1 and standard deviation 2. */
export function logNormal_(x: Tensor, mean = 1, std = 2, { generator }: DrawOptions = {}): Tensor {
  check.checkFloating("logNormal_", x.dtype);
  check.checkPositive("logNormal_", "std", std);
  return redrawn("logNormal_", x, () => fill.logNormal(x, mean, std, generator));
}

/** Overwrite x with the number of tries up to the first success of probability p: 1, 2, … */
export function geometric_(x: Tensor, p: number, { generator }: DrawOptions = {}): Tensor {
  if (!(p > 0 && p < 1)) throw new RangeError(`geometric_: p is ${p}, it must be between 0 and 1`);
  return redrawn("geometric_", x, () => fill.geometric(x, p, generator));
}

/** Overwrite x with numbers of the Cauchy distribution, by default with median 0 and half width 1. */
export function cauchy_(x: Tensor, median = 0, sigma = 1, { generator }: DrawOptions = {}): Tensor {
  check.checkFloating("cauchy_", x.dtype);
  check.checkPositive("cauchy_", "sigma", sigma);
  return redrawn("cauchy_", x, () => fill.cauchy(x, median, sigma, generator));
}

/**
 * 1 with the probability that stands in x (or p everywhere), else 0. Any shape → the same shape.
 *
 * ```ts
 * torch.tensor([0, 1, 1.0], { dtype: "float32" }).bernoulli().tolist() // → [0, 1, 1]
 * ```
 */
export function bernoulli(x: Tensor, p?: number, { generator }: DrawOptions = {}): Tensor {
  const y = empty(x.shape, x.dtype);
  if (p !== undefined) {
    check.checkProbability("bernoulli", p);
    fill.bernoulli(y, p, generator);
  } else {
    checkProbabilities("bernoulli", x);
    fill.bernoulliEach(y, x, generator);
  }
  return record("BernoulliBackward0", y, [[x, (gy) => filled(gy.shape, 0, gy.dtype)]]);
}

/**
 * Draw `count` category numbers by the weights in x ([K], or [N, K]: for each row) → int64 [count] or [N, count].
 * The weights need not sum to 1. Without `replacement` (the default) no category comes twice.
 *
 * ```ts
 * torch.tensor([0, 0, 5]).to("float32").multinomial(1).tolist() // → [2]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.multinomial.html
 */
export function multinomial(
  x: Tensor,
  count: number,
  replacement: boolean | (DrawOptions & { replacement?: boolean }) = false,
  options: DrawOptions = {},
): Tensor {
  if (typeof replacement === "object") {
    return multinomial(x, count, replacement.replacement ?? false, replacement);
  }
  const { generator = defaultGenerator } = options;
  checkWeights(x, count, replacement);
  return replacement && count > 1
    ? drawAgain(x, count, generator)
    : drawLargest(x, count, generator);
}

function checkWeights(x: Tensor, count: number, replacement: boolean): void {
  if (x.ndim !== 1 && x.ndim !== 2) {
    throw new ShapeError(`multinomial: weights are [K] or [N, K], not ${showShape(x.shape)}`);
  }
  if (!isFloating(x.dtype)) {
    throw new DTypeError(
      `multinomial: weights are floating point, not ${x.dtype}: use .to("float32")`,
    );
  }
  const K = x.shape[x.ndim - 1];
  if (!(count > 0)) throw new RangeError(`multinomial: draws ${count} samples, it must be > 0`);
  if (!replacement && count > K) {
    throw new RangeError(
      `multinomial: ${count} draws from ${K} categories: draw at most ${K}, or pass replacement: true`,
    );
  }
  const { data } = x;
  for (let start = 0; start < data.length; start += K) {
    const row = Array.from(data.subarray(start, start + K));
    const bad = row.find((weight) => !(weight >= 0 && weight < Infinity));
    if (bad !== undefined)
      throw new RangeError(`multinomial: a weight is ${bad}, all must be finite and ≥ 0`);
    const nonzero = row.filter((weight) => weight > 0).length;
    if (nonzero === 0)
      throw new RangeError("multinomial: all weights are 0, one at least must be above");
    if (!replacement && nonzero < count) {
      throw new RangeError(
        `multinomial: ${count} draws but only ${nonzero} weights above 0: draw fewer, or pass replacement: true`,
      );
    }
  }
}

function checkProbabilities(op: string, p: Tensor): void {
  if (!isFloating(p.dtype)) {
    throw new DTypeError(
      `${op}: probabilities are floating point, not ${p.dtype}: use .to("float32")`,
    );
  }
  for (const value of p.data) check.checkProbability(op, value);
}

/** Fills in place; what x was computed from gets a gradient of zero from now on. */
function redrawn(op: string, x: Tensor, draw: () => void): Tensor {
  checkMayOverwrite(op, x);
  draw();
  x.storage.version++;
  if (x.gradFn && isGradEnabled()) {
    const before = new Tensor(x.storage, x.shape, x.strides, x.offset);
    before.gradFn = x.gradFn;
    const name = op[0].toUpperCase() + op.slice(1, -1);
    record(`${name}Backward0`, x, [[before, (gy) => filled(gy.shape, 0, gy.dtype)]]);
  }
  return x;
}
