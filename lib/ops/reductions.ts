// What is left of an axis: products, extremes, variance, norms. Sums and means are in sum.ts.

import { isGradEnabled, record } from "../autograd.js";
import { isFloating, type DType } from "../compute/dtypes.js";
import { loopFor } from "../compute/plain/loops.js";
import { filled } from "../creation.js";
import { DTypeError, ShapeError } from "../errors.js";
import {
  axesOf,
  axisOf,
  dropped,
  numelOf,
  rowMajorStrides,
  showShape,
  type Shape,
} from "../shape.js";
import { empty, type Tensor, walk } from "../tensor.js";
import { div, mul, sub } from "./arithmetic.js";
import { isBool, refuse } from "./checks.js";
import { eq, gt, isnan, logicalAnd, logicalOr } from "./comparison.js";
import { to } from "./convert.js";
import { abs, exp, log, sign } from "./functions.js";
import { gatherAlong, scatterZeros } from "./picking.js";
import { map } from "./pointwise.js";
import { pow } from "./powers.js";
import { mean, sum, type ReduceOptions } from "./sum.js";
import { expand, flatten, reshape } from "./views.js";
import { where } from "./where.js";

/** Two results that can be taken apart as an object or as a pair, as PyTorch's named tuples. */
export interface ValuesAndIndices extends Iterable<Tensor> {
  readonly values: Tensor;
  /** int64 */
  readonly indices: Tensor;
}

/** @internal */
function valuesAndIndices(values: Tensor, indices: Tensor): ValuesAndIndices {
  return {
    values,
    indices,
    *[Symbol.iterator]() {
      yield values;
      yield indices;
    },
  };
}

/** Folds x over `axes`: y[…] = fold(y[…], x[…]) from `start`. */
function fold(
  x: Tensor,
  axes: readonly number[],
  start: number,
  f: (sum: number, v: number) => number,
  dtype: DType,
): Tensor {
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const sums = new Float64Array(numelOf(kept)).fill(start);
  const strides = rowMajorStrides(kept).map((stride, axis) => (axes.includes(axis) ? 0 : stride));
  const from = x.storage.array;
  const loop = loopFor("fold", f, x.numel());
  walk(x.shape, [x, { strides, offset: 0 }], (count, [p0, q0], [dp, dq]) => {
    loop(f, count, sums, q0, dq, from, p0, dp);
  });
  const y = empty(kept, dtype);
  y.storage.array.set(sums);
  return y;
}

function finish(y: Tensor, x: Tensor, axes: readonly number[], keepdim = false): Tensor {
  return keepdim ? y : reshape(y, dropped(x.shape, axes));
}

/** The product over `dim` (one axis, or all by default). */
export function prod(
  x: Tensor,
  dim?: number | null,
  { keepdim = false }: ReduceOptions = {},
): Tensor {
  const axes = axesOf("prod", dim, x.ndim);
  const y = fold(x, axes, 1, (a, b) => a * b, isFloating(x.dtype) ? x.dtype : "int64");
  const others = () =>
    withoutGraph(
      "prod",
      x,
      () => productOfOthers(x, axes),
      () => div(expand(prod(x, dim, { keepdim: true }), x.shape), x),
    );
  const recorded = record("ProdBackward0", y, [[x, (gy) => mul(expand(gy, x.shape), others())]], {
    saves: [x],
  });
  return finish(recorded, x, axes, keepdim);
}

/** For every element the product of the others along the axes: exact with zeros, too. */
function productOfOthers(x: Tensor, axes: readonly number[]): Tensor {
  const zeros = fold(x, axes, 0, (n, v) => n + (v === 0 ? 1 : 0), "float64");
  const rest = fold(x, axes, 1, (p, v) => (v === 0 ? p : p * v), "float64");
  const y = empty(x.shape, x.dtype);
  const [ys, xs, zs, rs] = [y, x, zeros, rest].map((tensor) => tensor.storage.array);
  const broadcast = {
    strides: rowMajorStrides(zeros.shape).map((s, axis) => (axes.includes(axis) ? 0 : s)),
    offset: 0,
  };
  walk(x.shape, [y, x, broadcast], (count, [p0, q0, r0], [dp, dq, dr]) => {
    for (let i = 0, p = p0, q = q0, r = r0; i < count; i++, p += dp, q += dq, r += dr) {
      ys[p] = zs[r] === 0 ? rs[r] / xs[q] : zs[r] === 1 && xs[q] === 0 ? rs[r] : 0;
    }
  });
  return y;
}

function notEmpty(op: string, x: Tensor, axes: readonly number[]): void {
  if (axes.some((axis) => x.shape[axis] === 0)) {
    throw new ShapeError(
      `${op}: x ${showShape(x.shape)} has no element to choose along ${showShape(axes)}`,
    );
  }
}

function extreme(
  op: string,
  x: Tensor,
  dim: number | Shape | null | undefined,
  keepdim: boolean,
  greatest: boolean,
): Tensor {
  const axes = axesOf(op, dim, x.ndim);
  notEmpty(op, x, axes);
  // a NaN, once met, stays
  const better = greatest
    ? (a: number, b: number) => (a !== a || a >= b ? a : b)
    : (a: number, b: number) => (a !== a || a <= b ? a : b);
  const y = fold(x, axes, greatest ? -Infinity : Infinity, better, x.dtype);
  // elements that tie share the gradient evenly, as PyTorch
  const share = () => {
    const hits = to(eq(x, y), x.dtype);
    return div(hits, sum(hits, axes, { keepdim: true }));
  };
  const recorded = record(
    greatest ? "AmaxBackward0" : "AminBackward0",
    y,
    [[x, (gy) => mul(expand(gy, x.shape), share())]],
    { told: { op: greatest ? "amax" : "amin", axes, keepdim: true } },
  );
  return finish(recorded, x, axes, keepdim);
}

/** The greatest value over the axes `dim` (all by default); ties share the gradient. */
export function amax(
  x: Tensor,
  dim?: number | Shape | null,
  { keepdim = false }: ReduceOptions = {},
): Tensor {
  return extreme("amax", x, dim, keepdim, true);
}

/** The smallest value over the axes `dim` (all by default); ties share the gradient. */
export function amin(
  x: Tensor,
  dim?: number | Shape | null,
  { keepdim = false }: ReduceOptions = {},
): Tensor {
  return extreme("amin", x, dim, keepdim, false);
}

/** Both {@link amin} and {@link amax}. */
export function aminmax(
  x: Tensor,
  { dim, keepdim = false }: ReduceOptions & { dim?: number } = {},
): { min: Tensor; max: Tensor } {
  return { min: amin(x, dim, { keepdim }), max: amax(x, dim, { keepdim }) };
}

/** Where the first best element lies along `axis`, kept with size 1. */
function bestPlace(op: string, x: Tensor, axis: number, greatest: boolean): Tensor {
  notEmpty(op, x, x.ndim === 0 ? [] : [axis]);
  const length = x.ndim === 0 ? 1 : x.shape[axis];
  const kept = x.shape.map((size, a) => (a === axis ? 1 : size));
  const places = empty(kept, "int64");
  const [to_, from] = [places.storage.array, x.storage.array];
  const step = x.strides[axis] ?? 1;
  walk(kept, [places, x], (count, [p0, q0], [dp, dq]) => {
    for (let i = 0, p = p0, q = q0; i < count; i++, p += dp, q += dq) {
      let best = 0;
      let value = from[q];
      for (let k = 1, r = q + step; k < length && value === value; k++, r += step) {
        const v = from[r];
        if (v !== v || (greatest ? v > value : v < value)) {
          best = k;
          value = v;
        }
      }
      to_[p] = best;
    }
  });
  return places;
}

function argBest(
  op: string,
  x: Tensor,
  dim: number | null | undefined,
  keepdim: boolean,
  greatest: boolean,
): Tensor {
  refuse(op, x, isBool, "x.long()");
  if (dim === null || dim === undefined) {
    const place = bestPlace(op, flatten(x), 0, greatest);
    return reshape(place, keepdim ? x.shape.map(() => 1) : []);
  }
  const axis = axisOf(op, dim, x.ndim);
  return finish(bestPlace(op, x, axis, greatest), x, [axis], keepdim);
}

/** The place of the greatest value along `dim` (in the flattened tensor by default). int64 */
export function argmax(
  x: Tensor,
  dim?: number | null,
  { keepdim = false }: ReduceOptions = {},
): Tensor {
  return argBest("argmax", x, dim, keepdim, true);
}

/** The place of the smallest value along `dim` (in the flattened tensor by default). int64 */
export function argmin(
  x: Tensor,
  dim?: number | null,
  { keepdim = false }: ReduceOptions = {},
): Tensor {
  return argBest("argmin", x, dim, keepdim, false);
}

function best(
  op: string,
  x: Tensor,
  dim: number,
  keepdim: boolean,
  greatest: boolean,
): ValuesAndIndices {
  const axis = axisOf(op, dim, x.ndim);
  const places = bestPlace(op, x, axis, greatest);
  const values = record(greatest ? "MaxBackward0" : "MinBackward0", gatherAlong(x, axis, places), [
    [x, (gy) => scatterZeros(x.shape, axis, places, gy)],
  ]);
  return valuesAndIndices(finish(values, x, [axis], keepdim), finish(places, x, [axis], keepdim));
}

function maxOrMin(
  op: "max" | "min",
  x: Tensor,
  dim: number | Tensor | undefined,
  keepdim: boolean,
): Tensor | ValuesAndIndices {
  const greatest = op === "max";
  if (dim === undefined) return greatest ? amax(x) : amin(x);
  return best(op, x, dim as number, keepdim, greatest);
}

/**
 * The greatest value of all; or, along `dim`, the greatest values with their places.
 *
 * ```ts
 * const { values, indices } = torch.tensor([[1, 5], [7, 2]]).max(1)
 * values.tolist() // → [5, 7]
 * indices.tolist() // → [1, 0]
 * ```
 */
export function max(x: Tensor): Tensor;
export function max(x: Tensor, dim: number, options?: ReduceOptions): ValuesAndIndices;
export function max(
  x: Tensor,
  dim?: number,
  { keepdim = false }: ReduceOptions = {},
): Tensor | ValuesAndIndices {
  return maxOrMin("max", x, dim, keepdim);
}

/** The smallest value of all; or, along `dim`, the smallest values with their places. */
export function min(x: Tensor): Tensor;
export function min(x: Tensor, dim: number, options?: ReduceOptions): ValuesAndIndices;
export function min(
  x: Tensor,
  dim?: number,
  { keepdim = false }: ReduceOptions = {},
): Tensor | ValuesAndIndices {
  return maxOrMin("min", x, dim, keepdim);
}

/** Is any element (along `dim`) not zero? */
export function any(
  x: Tensor,
  dim?: number | Shape | null,
  { keepdim = false }: ReduceOptions = {},
): Tensor {
  const axes = axesOf("any", dim, x.ndim);
  return finish(
    fold(x, axes, 0, (a, b) => (a !== 0 || b !== 0 ? 1 : 0), truth(x)),
    x,
    axes,
    keepdim,
  );
}

/** bool, but of uint8 uint8: as PyTorch. */
function truth(x: Tensor): DType {
  return x.dtype === "uint8" ? "uint8" : "bool";
}

/** Are all elements (along `dim`) not zero? */
export function all(
  x: Tensor,
  dim?: number | Shape | null,
  { keepdim = false }: ReduceOptions = {},
): Tensor {
  const axes = axesOf("all", dim, x.ndim);
  return finish(
    fold(x, axes, 1, (a, b) => (a !== 0 && b !== 0 ? 1 : 0), truth(x)),
    x,
    axes,
    keepdim,
  );
}

/** How many elements (along `dim`) are not zero. int64 */
export function countNonzero(x: Tensor, dim?: number | Shape | null): Tensor {
  const axes = axesOf("countNonzero", dim, x.ndim);
  return finish(
    fold(x, axes, 0, (n, v) => n + (v !== 0 ? 1 : 0), "int64"),
    x,
    axes,
  );
}

export interface VarianceOptions extends ReduceOptions {
  /** What is taken off the count: 1 for a sample (default), 0 for a whole population. */
  correction?: number;
  /** PyTorch's older word: false is correction 0. */
  unbiased?: boolean;
}

/** The variance over `dim` (all by default), with n − correction in the denominator; correction is 1 by default. */
function variance(x: Tensor, dim?: number | Shape | null, options: VarianceOptions = {}): Tensor {
  const { keepdim = false, unbiased = true, correction = unbiased ? 1 : 0 } = options;
  if (!isFloating(x.dtype)) {
    throw new DTypeError(
      `var: x ${showShape(x.shape)} is ${x.dtype}, the variance needs floating point: x.float()`,
    );
  }
  const axes = axesOf("var", dim, x.ndim);
  const count = axes.reduce((product, axis) => product * x.shape[axis], 1);
  const centred = sub(x, mean(x, axes, { keepdim: true }));
  return div(sum(mul(centred, centred), axes, { keepdim }), Math.max(count - correction, 0));
}

/** The standard deviation over `dim` (all by default): the root of {@link var}. */
export function std(x: Tensor, dim?: number | Shape | null, options: VarianceOptions = {}): Tensor {
  const square = variance(x, dim, options);
  const y: Tensor = record("StdBackward0", map(square, Math.sqrt), [
    // equal numbers: the root has no slope there, PyTorch gives 0
    [square, (gy) => where(eq(y, 0), 0, div(gy, mul(y, 2)))],
  ]);
  return y;
}

export { variance as var };

/** The p-norm over `dim` (all by default): (Σ |x|^p)^(1/p); p = 2 by default, Infinity and 0 allowed. */
export function norm(
  x: Tensor,
  p: number | "fro" = 2,
  dim?: number | Shape | null,
  { keepdim = false }: ReduceOptions = {},
): Tensor {
  if (!isFloating(x.dtype)) {
    throw new DTypeError(
      `norm: x ${showShape(x.shape)} is ${x.dtype}, the norm needs floating point: x.float()`,
    );
  }
  const axes = axesOf("norm", dim, x.ndim);
  if (p === 0) return sum(to(gt(abs(x), 0), x.dtype), axes, { keepdim });
  if (p === 1) return sum(abs(x), axes, { keepdim });
  if (p === Infinity) return amax(abs(x), axes, { keepdim });
  if (p === -Infinity) return amin(abs(x), axes, { keepdim });
  const power = p === "fro" ? 2 : p;
  const term =
    power === 2
      ? (a: number, v: number) => a + v * v
      : (a: number, v: number) => a + Math.abs(v) ** power;
  const total = fold(x, axes, 0, term, "float64");
  const roots = total.storage.array;
  for (let i = 0; i < roots.length; i++) roots[i] **= 1 / power;
  const y = to(total, x.dtype);
  // d/dx = sign(x) (|x| / norm)^(p − 1), 0 where the norm is 0
  const slope = () => {
    const ratio = div(abs(x), y);
    const safe = to(gt(y, 0), x.dtype);
    const s = mul(sign(x), power === 2 ? ratio : pow(ratio, power - 1));
    return nanToZero(mul(s, safe));
  };
  const recorded = record("LinalgVectorNormBackward0", y, [
    [x, (gy) => mul(expand(gy, x.shape), slope())],
  ]);
  return finish(recorded, x, axes, keepdim);
}

function nanToZero(x: Tensor): Tensor {
  const values = x.storage.array;
  for (let i = 0; i < values.length; i++) if (values[i] !== values[i]) values[i] = 0;
  return x;
}

/** log Σ e^x over `dim`, without overflow. */
export function logsumexp(
  x: Tensor,
  dim: number | Shape,
  { keepdim = false }: ReduceOptions = {},
): Tensor {
  const axes = axesOf("logsumexp", dim, x.ndim);
  if (!isFloating(x.dtype)) return logsumexp(to(x, "float32"), dim, { keepdim });
  if (axes.some((axis) => x.shape[axis] === 0)) return log(sum(x, dim, { keepdim }));
  const highest = amax(x.detach(), axes, { keepdim: true });
  const values = highest.storage.array;
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) values[i] = 0;
  const total = log(sum(exp(sub(x, highest)), axes, { keepdim: true }));
  const y = total.add(highest);
  return keepdim ? y : reshape(y, dropped(x.shape, axes));
}

/** The middle value of the sorted elements (the lower of two middles); along `dim` with its place. */
export function median(x: Tensor): Tensor;
export function median(x: Tensor, dim: number, options?: ReduceOptions): ValuesAndIndices;
export function median(
  x: Tensor,
  dim?: number,
  { keepdim = false }: ReduceOptions = {},
): Tensor | ValuesAndIndices {
  refuse("median", x, isBool, "x.long()");
  if (dim === undefined) {
    if (x.numel() > 0) {
      const y = median(flatten(x.detach()), 0).values;
      // elements that tie share the gradient evenly, as PyTorch
      const back = (gy: Tensor) => {
        const hits = to(logicalOr(eq(x, y), logicalAnd(isnan(x), isnan(y))), gy.dtype);
        return mul(div(hits, sum(hits)), gy);
      };
      return record("MedianBackward0", y, [[x, back]]);
    }
    const nan = filled([], x.dtype === "int32" ? -(2 ** 31) : NaN, x.dtype); // or what it is in that dtype
    return record("MedianBackward0", nan, [[x, () => filled(x.shape, 0, x.dtype)]]);
  }
  const axis = axisOf("median", dim, x.ndim);
  if (x.ndim === 0) return valuesAndIndices(x, filled([], 0, "int64"));
  const length = x.shape[axis];
  if (x.ndim > 1) notEmpty("median", x, [axis]);
  const kept = x.shape.with(axis, 1);
  const places = empty(kept, "int64");
  const from = x.storage.array;
  walk(kept, [places, x], (count, [p0, q0], [dp, dq]) => {
    for (let i = 0, p = p0, q = q0; i < count; i++, p += dp, q += dq) {
      const order = Array.from({ length }, (_, k) => k).sort(
        (a, b) => from[q + a * x.strides[axis]] - from[q + b * x.strides[axis]],
      );
      const nan = order.find((k) => Number.isNaN(from[q + k * x.strides[axis]]));
      places.storage.array[p] = nan ?? order[Math.floor((length - 1) / 2)];
    }
  });
  const values = record("MedianBackward0", gatherAlong(x, axis, places), [
    [x, (gy) => scatterZeros(x.shape, axis, places, gy)],
  ]);
  return valuesAndIndices(finish(values, x, [axis], keepdim), finish(places, x, [axis], keepdim));
}

function running(
  x: Tensor,
  axis: number,
  start: number,
  f: (a: number, b: number) => number,
  backwards = false,
): Tensor {
  const y = empty(x.shape, isFloating(x.dtype) ? x.dtype : "int64");
  if (x.ndim === 0) {
    y.storage.array[0] = x.storage.array[x.offset];
    return y;
  }
  const [ys, xs, length] = [y.storage.array, x.storage.array, x.shape[axis]];
  const [dy, dx] = [y.strides[axis], x.strides[axis]];
  walk(x.shape.with(axis, Math.min(length, 1)), [y, x], (count, [p0, q0], [dp, dq]) => {
    for (let i = 0, p = p0, q = q0; i < count; i++, p += dp, q += dq) {
      let sum = start;
      for (let k = 0; k < length; k++) {
        const at = backwards ? length - 1 - k : k;
        sum = f(sum, xs[q + at * dx]);
        ys[p + at * dy] = sum;
      }
    }
  });
  return y;
}

/** The sum of all elements up to here along `dim`. */
export function cumsum(x: Tensor, dim: number): Tensor {
  return cumulated(x, axisOf("cumsum", dim, x.ndim), false);
}

function cumulated(x: Tensor, axis: number, backwards: boolean): Tensor {
  const y = running(x, axis, 0, (a, b) => a + b, backwards);
  return record("CumsumBackward0", y, [[x, (gy) => cumulated(gy, axis, !backwards)]]);
}

/** The product of all elements up to here along `dim`. */
export function cumprod(x: Tensor, dim: number): Tensor {
  const axis = axisOf("cumprod", dim, x.ndim);
  const y = running(x, axis, 1, (a, b) => a * b);
  return record(
    "CumprodBackward0",
    y,
    [
      [
        x,
        (gy) => {
          const byHand = () => cumprodGrad(gy, x, axis);
          const byOps = () => div(cumulated(mul(gy, cumprod(x, axis)), axis, true), x);
          return withoutGraph("cumprod", x, byHand, byOps);
        },
      ],
    ],
    { saves: [x] },
  );
}

/** gx_j = Σ over k ≥ j of gy_k · Π of x_i, i ≤ k, i ≠ j: written out, so that zeros are no trouble. */
function cumprodGrad(gy: Tensor, x: Tensor, axis: number): Tensor {
  const gx = empty(x.shape, gy.dtype);
  const [gs, xs, ys] = [gx.storage.array, x.storage.array, gy.storage.array];
  const length = x.shape[axis] ?? 1;
  const [dg, dx, dy] = [gx.strides[axis] ?? 0, x.strides[axis] ?? 0, gy.strides[axis] ?? 0];
  const kept = x.ndim === 0 ? [] : x.shape.with(axis, Math.min(length, 1));
  walk(kept, [gx, x, gy], (count, [p0, q0, r0], [dp, dq, dr]) => {
    for (let i = 0, p = p0, q = q0, r = r0; i < count; i++, p += dp, q += dq, r += dr) {
      for (let j = 0; j < length; j++) {
        let product = 1;
        for (let k = 0; k < j; k++) product *= xs[q + k * dx];
        let sum = 0;
        for (let k = j; k < length; k++) {
          if (k > j) product *= xs[q + k * dx];
          sum += ys[r + k * dy] * product;
        }
        gs[p + j * dg] = sum;
      }
    }
  });
  return gx;
}

/** The gradient by hand, or, where it is to have gradients itself, by operations: those divide by x. */
function withoutGraph(op: string, x: Tensor, byHand: () => Tensor, byOps: () => Tensor): Tensor {
  if (!isGradEnabled()) return byHand();
  if (x.data.includes(0 as never)) {
    throw new TypeError(
      `${op}: the gradient of the gradient is not known where x has zeros: leave out createGraph`,
    );
  }
  return byOps();
}
