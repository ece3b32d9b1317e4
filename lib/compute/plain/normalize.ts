// Normalising as plain loops, for every dtype. The array is [outer, S, inner]; all outer · inner numbers of one s share a
// mean and a spread. (Batch norm: [N, C, H·W]; layer, group and instance norm: [1, rows, row].)
// What a number is then multiplied by and raised by is found in weight and bias at (place / step) modulo their length.

import type { TypedArray } from "../dtypes.js";

export interface NormalizeSize {
  readonly outer: number;
  readonly S: number;
  readonly inner: number;
  /** weight[floor(i / step) % length] belongs to the number at place i. */
  readonly step: number;
}

/** Mean and (biased) variance of each s. */
export function moments(
  x: TypedArray,
  mean: Float64Array,
  variance: Float64Array,
  { outer, S, inner }: NormalizeSize,
): void {
  const count = outer * inner;
  for (let s = 0; s < S; s++) {
    let sum = 0;
    for (let o = 0; o < outer; o++) {
      const start = (o * S + s) * inner;
      for (let i = start; i < start + inner; i++) sum += x[i];
    }
    const middle = sum / count;
    let squares = 0;
    for (let o = 0; o < outer; o++) {
      const start = (o * S + s) * inner;
      for (let i = start; i < start + inner; i++) squares += (x[i] - middle) * (x[i] - middle);
    }
    mean[s] = middle;
    variance[s] = squares / count;
  }
}

/** y = (x − mean) · scale · weight + bias. */
export function normalize(
  x: TypedArray,
  y: TypedArray,
  mean: Float64Array,
  scale: Float64Array,
  weight: TypedArray | null,
  bias: TypedArray | null,
  { outer, S, inner, step }: NormalizeSize,
): void {
  const affine = weight?.length ?? bias?.length ?? 1;
  for (let o = 0; o < outer; o++) {
    for (let s = 0; s < S; s++) {
      const start = (o * S + s) * inner;
      const [m, k] = [mean[s], scale[s]];
      for (let i = start; i < start + inner; i++) {
        const at = Math.floor(i / step) % affine;
        y[i] = (x[i] - m) * k * (weight ? weight[at] : 1) + (bias ? bias[at] : 0);
      }
    }
  }
}

/**
 * The gradient of x: k · (g − mean(g) − x̂ · mean(g · x̂)) with g = gy · weight and x̂ = (x − mean) · k. With `fixed`
 * (mean and scale were given from outside) it is k · g.
 */
export function normalizeGradX(
  gy: TypedArray,
  x: TypedArray,
  gx: TypedArray,
  mean: Float64Array,
  scale: Float64Array,
  weight: TypedArray | null,
  fixed: boolean,
  { outer, S, inner, step }: NormalizeSize,
): void {
  const affine = weight?.length ?? 1;
  const count = outer * inner;
  for (let s = 0; s < S; s++) {
    const [m, k] = [mean[s], scale[s]];
    let sum = 0;
    let product = 0;
    for (let o = 0; o < outer && !fixed; o++) {
      const start = (o * S + s) * inner;
      for (let i = start; i < start + inner; i++) {
        const g = weight ? gy[i] * weight[Math.floor(i / step) % affine] : gy[i];
        sum += g;
        product += g * (x[i] - m) * k;
      }
    }
    for (let o = 0; o < outer; o++) {
      const start = (o * S + s) * inner;
      for (let i = start; i < start + inner; i++) {
        const g = weight ? gy[i] * weight[Math.floor(i / step) % affine] : gy[i];
        gx[i] = k * (g - sum / count - ((x[i] - m) * k * product) / count);
      }
    }
  }
}

/** The gradients of weight (Σ gy · x̂) and bias (Σ gy). */
export function normalizeGradAffine(
  gy: TypedArray,
  x: TypedArray,
  gw: TypedArray,
  gb: TypedArray,
  mean: Float64Array,
  scale: Float64Array,
  { outer, S, inner, step }: NormalizeSize,
): void {
  const weights = new Float64Array(gw.length);
  const biases = new Float64Array(gb.length);
  for (let o = 0; o < outer; o++) {
    for (let s = 0; s < S; s++) {
      const start = (o * S + s) * inner;
      const [m, k] = [mean[s], scale[s]];
      for (let i = start; i < start + inner; i++) {
        const at = Math.floor(i / step) % weights.length;
        weights[at] += gy[i] * (x[i] - m) * k;
        biases[at] += gy[i];
      }
    }
  }
  gw.set(weights);
  gb.set(biases);
}
