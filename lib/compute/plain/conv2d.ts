// 2-D convolution as plain loops over typed arrays, for every dtype: what the formula says, and the reference that the
// fast kernels are tested against. Padding is skipped, not multiplied by zero. Sums are kept in double, rounded once.

import type { TypedArray } from "../dtypes.js";

/**
 * All arrays are dense: x [N, C, H, W], weight [O, C/groups, K, L], y [N, O, P, Q]. `padding` is what stands before the
 * image; how much stands after it follows from P and Q.
 */
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

/** y = x ⋆ weight + bias, a plane of y at a time: each weight adds its shifted image. */
export function conv2d(
  x: TypedArray,
  weight: TypedArray,
  bias: TypedArray | null,
  y: TypedArray,
  size: Conv2dSize,
): void {
  const { N, C, H, W, O, K, L, P, Q, stride, padding, dilation, groups } = size;
  const [channels, filters] = [C / groups, O / groups];
  const plane = new Float64Array(P * Q);
  for (let n = 0; n < N; n++) {
    for (let o = 0; o < O; o++) {
      plane.fill(bias ? bias[o] : 0);
      const first = n * C + Math.floor(o / filters) * channels;
      for (let c = 0; c < channels; c++) {
        for (let k = 0; k < K; k++) {
          for (let l = 0; l < L; l++) {
            const w = weight[((o * channels + c) * K + k) * L + l];
            const left = l * dilation[1] - padding[1];
            const from = firstInside(left, stride[1]);
            const to = lastInside(left, stride[1], W, Q);
            for (let p = 0; p < P; p++) {
              const h = p * stride[0] - padding[0] + k * dilation[0];
              if (h < 0 || h >= H) continue;
              const row = ((first + c) * H + h) * W + left;
              for (let q = from; q < to; q++) plane[p * Q + q] += x[row + q * stride[1]] * w;
            }
          }
        }
      }
      y.set(plane, (n * O + o) * P * Q);
    }
  }
}

/** The gradient of x, a plane at a time: every product hands gy · weight back to its x. */
export function conv2dGradX(
  gy: TypedArray,
  weight: TypedArray,
  gx: TypedArray,
  size: Conv2dSize,
): void {
  const { N, C, H, W, O, K, L, P, Q, stride, padding, dilation, groups } = size;
  const [channels, filters] = [C / groups, O / groups];
  const plane = new Float64Array(H * W);
  for (let n = 0; n < N; n++) {
    for (let c = 0; c < C; c++) {
      plane.fill(0);
      const first = Math.floor(c / channels) * filters;
      for (let o = first; o < first + filters; o++) {
        for (let k = 0; k < K; k++) {
          for (let l = 0; l < L; l++) {
            const w = weight[((o * channels + (c % channels)) * K + k) * L + l];
            const left = l * dilation[1] - padding[1];
            const from = firstInside(left, stride[1]);
            const to = lastInside(left, stride[1], W, Q);
            for (let p = 0; p < P; p++) {
              const h = p * stride[0] - padding[0] + k * dilation[0];
              if (h < 0 || h >= H) continue;
              const row = h * W + left;
              const gRow = ((n * O + o) * P + p) * Q;
              for (let q = from; q < to; q++) plane[row + q * stride[1]] += gy[gRow + q] * w;
            }
          }
        }
      }
      gx.set(plane, (n * C + c) * H * W);
    }
  }
}

/** The gradient of weight: every product hands gy · x back to its weight. */
export function conv2dGradWeight(
  gy: TypedArray,
  x: TypedArray,
  gw: TypedArray,
  size: Conv2dSize,
): void {
  const { N, C, H, W, O, K, L, P, Q, stride, padding, dilation, groups } = size;
  const [channels, filters] = [C / groups, O / groups];
  for (let o = 0; o < O; o++) {
    const first = Math.floor(o / filters) * channels;
    for (let c = 0; c < channels; c++) {
      for (let k = 0; k < K; k++) {
        for (let l = 0; l < L; l++) {
          const left = l * dilation[1] - padding[1];
          const from = firstInside(left, stride[1]);
          const to = lastInside(left, stride[1], W, Q);
          let sum = 0;
          for (let n = 0; n < N; n++) {
            for (let p = 0; p < P; p++) {
              const h = p * stride[0] - padding[0] + k * dilation[0];
              if (h < 0 || h >= H) continue;
              const row = ((n * C + first + c) * H + h) * W + left;
              const gRow = ((n * O + o) * P + p) * Q;
              for (let q = from; q < to; q++) sum += gy[gRow + q] * x[row + q * stride[1]];
            }
          }
          gw[((o * channels + c) * K + k) * L + l] = sum;
        }
      }
    }
  }
}

/** The gradient of bias: gy summed over images and places. */
export function conv2dGradBias(gy: TypedArray, gb: TypedArray, { N, O, P, Q }: Conv2dSize): void {
  const plane = P * Q;
  for (let o = 0; o < O; o++) {
    let sum = 0;
    for (let n = 0; n < N; n++) {
      const start = (n * O + o) * plane;
      for (let i = start; i < start + plane; i++) sum += gy[i];
    }
    gb[o] = sum;
  }
}

/** Adds bias[c] to every pixel of channel c, in place. */
export function addToChannels(
  x: TypedArray,
  bias: TypedArray,
  images: number,
  channels: number,
  pixels: number,
): void {
  for (let plane = 0; plane < images * channels; plane++) {
    const b = bias[plane % channels];
    for (let i = plane * pixels; i < (plane + 1) * pixels; i++) x[i] += b;
  }
}

/** The first q with left + q·stride ≥ 0. */
function firstInside(left: number, stride: number): number {
  return left >= 0 ? 0 : Math.ceil(-left / stride);
}

/** One past the last q < count with left + q·stride < width. */
function lastInside(left: number, stride: number, width: number, count: number): number {
  return Math.min(count, Math.floor((width - 1 - left) / stride) + 1);
}
