// What batch, layer, group and instance norm share: numbers brought to mean 0 and variance 1, then scaled and moved.

import { isGradEnabled, record } from "../autograd.js";
import { grad } from "../backward.js";
import { valuesOf } from "../compute/operand.js";
import * as fast from "../compute/normalize.js";
import * as plain from "../compute/plain/normalize.js";
import type { NormalizeSize } from "../compute/plain/normalize.js";
import type { TypedArray } from "../compute/dtypes.js";
import { numelOf } from "../shape.js";
import { empty, Tensor } from "../tensor.js";
import { add, mul, sub } from "./arithmetic.js";
import { rsqrt } from "./functions.js";
import { mean } from "./sum.js";
import { contiguous, reshape } from "./views.js";

export type { NormalizeSize } from "../compute/plain/normalize.js";

/** Mean and variance of each s, as doubles. */
export interface Statistics {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

export function statisticsOf(x: Tensor, size: NormalizeSize): Statistics {
  const found = { mean: new Float64Array(size.S), variance: new Float64Array(size.S) };
  const dense = contiguous(x);
  if (!fast.moments(dense, found.mean, found.variance, size))
    plain.moments(valuesOf(dense), found.mean, found.variance, size);
  return found;
}

/**
 * (x − mean) / √(variance + eps) · weight + bias. With `given` statistics they are constants, else those of x.
 */
export function normalized(
  name: string,
  x: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  size: NormalizeSize,
  eps: number,
  given: Statistics | null = null,
): Tensor {
  const dense = contiguous(x);
  const own = given ?? statisticsOf(dense, size);
  const scale = own.variance.map((v) => 1 / Math.sqrt(v + eps));
  const y = empty(x.shape, x.dtype);
  const [w, b] = [weight, bias].map((part) => part && contiguous(part.detach()));
  const [ws, bs] = [valuesIn(w), valuesIn(b)];
  if (!fast.normalize(dense, y, own.mean, scale, w, b, size, [ws, bs]))
    plain.normalize(valuesOf(dense), y.storage.array, own.mean, scale, ws, bs, size);

  // gradients of gradients are rare: they go through a composition of operations
  const again = () => composed(x, weight, bias, size, eps, given);
  const back = (input: Tensor, quick: (gy: Tensor) => Tensor) => (gy: Tensor) =>
    isGradEnabled() ? grad(again(), input, { gradOutputs: gy, createGraph: true })[0] : quick(gy);

  const gradX = (gradient: Tensor) => {
    const gx = empty(x.shape, x.dtype);
    const gy = contiguous(gradient);
    const fixed = given !== null;
    const now = weight && contiguous(weight.detach());
    const weights = valuesIn(now);
    if (!fast.normalizeGradX(gy, dense, gx, own.mean, scale, now, weights, fixed, size)) {
      const [g, xs] = [valuesOf(gy), valuesOf(dense)];
      plain.normalizeGradX(g, xs, gx.storage.array, own.mean, scale, weights, fixed, size);
    }
    return gx;
  };
  const gradAffine = (like: Tensor, which: "weight" | "bias") => (gradient: Tensor) => {
    const [gw, gb] = [empty(like.shape, x.dtype), empty(like.shape, x.dtype)];
    const gy = contiguous(gradient);
    const count = like.numel();
    if (!fast.normalizeGradAffine(gy, dense, gw, gb, own.mean, scale, count, size)) {
      const [g, xs] = [valuesOf(gy), valuesOf(dense)];
      const [weights, biases] = [gw.storage.array, gb.storage.array];
      plain.normalizeGradAffine(g, xs, weights, biases, own.mean, scale, size);
    }
    return which === "weight" ? gw : gb;
  };
  const rows = [
    [x, back(x, gradX)],
    [weight, back(weight!, gradAffine(weight!, "weight"))],
    [bias, back(bias!, gradAffine(bias!, "bias"))],
  ] as const;
  const told = { op: "normalized", size, eps, given };
  return record(name, y, rows, { saves: weight ? [dense, weight] : [dense], told });
}

/** Exactly the numbers of a tensor. */
function valuesIn(x: Tensor | null): TypedArray | null {
  return x && (valuesOf(contiguous(x)).subarray(0, x.numel()) as TypedArray);
}

/** The same by operations that are all differentiable as often as one likes. */
function composed(
  x: Tensor,
  weight: Tensor | null,
  bias: Tensor | null,
  { outer, S, inner, step }: NormalizeSize,
  eps: number,
  given: Statistics | null,
): Tensor {
  const rows = reshape(x, [outer, S, inner]);
  const constant = (values: Float64Array) => {
    const y = empty([1, S, 1], x.dtype);
    y.storage.array.set(values);
    return y;
  };
  const middle = given ? constant(given.mean) : mean(rows, [0, 2], { keepdim: true });
  const centred = sub(rows, middle);
  const variance = given
    ? constant(given.variance)
    : mean(mul(centred, centred), [0, 2], { keepdim: true });
  let y = mul(centred, rsqrt(add(variance, eps)));
  const count = weight ?? bias;
  if (!count) return reshape(y, x.shape);
  const affine = numelOf(count.shape);
  y = reshape(y, [x.numel() / (affine * step), affine, step]);
  if (weight) y = mul(y, reshape(weight, [affine, 1]));
  if (bias) y = add(y, reshape(bias, [affine, 1]));
  return reshape(y, x.shape);
}
