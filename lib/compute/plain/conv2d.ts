// 2-D convolution as plain loops over typed arrays, for every dtype: what the formula says, and the reference that the
// fast kernels are tested against. Padding is skipped, not multiplied by zero.

import type { TypedArray } from "../dtypes.js";

/** All arrays are dense: x [N, C, H, W], weight [O, C/groups, K, L], y [N, O, P, Q]. */
export interface Conv2dSize {
  readonly N: number;
  readonly C: number;
  readonly H: number;
  readonly W: number;
  readonly O: number;
  readonly K: number;
  readonly L: number;
  readonly P: number;
  readonly Q: number;
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly groups: number;
}

type Term = (n: number, o: number, x: number, w: number, y: number) => void;

/** Calls `term` with the flat indices of every product x·weight that belongs to a place of y. */
function eachProduct(size: Conv2dSize, term: Term): void {
  const { N, C, H, W, O, K, L, P, Q, stride, padding, dilation, groups } = size;
  const [channels, filters] = [C / groups, O / groups];
  for (let n = 0; n < N; n++) {
    for (let o = 0; o < O; o++) {
      const firstChannel = Math.floor(o / filters) * channels;
      for (let p = 0; p < P; p++) {
        for (let q = 0; q < Q; q++) {
          const y = ((n * O + o) * P + p) * Q + q;
          for (let c = 0; c < channels; c++) {
            for (let k = 0; k < K; k++) {
              const h = p * stride[0] - padding[0] + k * dilation[0];
              if (h < 0 || h >= H) continue;
              const row = ((n * C + firstChannel + c) * H + h) * W;
              for (let l = 0; l < L; l++) {
                const w = q * stride[1] - padding[1] + l * dilation[1];
                if (w < 0 || w >= W) continue;
                term(n, o, row + w, ((o * channels + c) * K + k) * L + l, y);
              }
            }
          }
        }
      }
    }
  }
}

/** y = x ⋆ weight + bias. Sums in double, rounded once. */
export function conv2d(
  x: TypedArray,
  weight: TypedArray,
  bias: TypedArray | null,
  y: TypedArray,
  size: Conv2dSize,
): void {
  const sums = new Float64Array(size.N * size.O * size.P * size.Q);
  const plane = size.P * size.Q;
  if (bias) for (let i = 0; i < sums.length; i++) sums[i] = bias[Math.floor(i / plane) % size.O];
  eachProduct(size, (_n, _o, xi, wi, yi) => (sums[yi] += x[xi] * weight[wi]));
  y.set(sums);
}

/** The gradient of x: every product hands gy · weight back to its x. */
export function conv2dGradX(
  gy: TypedArray,
  weight: TypedArray,
  gx: TypedArray,
  size: Conv2dSize,
): void {
  const sums = new Float64Array(size.N * size.C * size.H * size.W);
  eachProduct(size, (_n, _o, xi, wi, yi) => (sums[xi] += gy[yi] * weight[wi]));
  gx.set(sums);
}

/** The gradient of weight: every product hands gy · x back to its weight. */
export function conv2dGradWeight(
  gy: TypedArray,
  x: TypedArray,
  gw: TypedArray,
  size: Conv2dSize,
): void {
  const sums = new Float64Array((size.O * size.C * size.K * size.L) / size.groups);
  eachProduct(size, (_n, _o, xi, wi, yi) => (sums[wi] += gy[yi] * x[xi]));
  gw.set(sums);
}

/** The gradient of bias: gy summed over images and places. */
export function conv2dGradBias(gy: TypedArray, gb: TypedArray, { N, O, P, Q }: Conv2dSize): void {
  const sums = new Float64Array(O);
  const plane = P * Q;
  for (let i = 0; i < N * O * plane; i++) sums[Math.floor(i / plane) % O] += gy[i];
  gb.set(sums);
}
