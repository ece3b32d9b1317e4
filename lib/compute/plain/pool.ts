// Pooling as plain loops, for every dtype: each place of y looks at one bin of rows and one of columns of its plane.
// Ordinary, dilated and adaptive pooling differ only in their bins.

import type { TypedArray } from "../dtypes.js";

/** The bins along one axis: bin i holds start[i], start[i] + step, … below end[i]. */
export interface Bins {
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly step: number;
  /** By how much an average divides, along this axis: what the bin counts, which may include padding. */
  readonly divisor: Float64Array;
}

/** x is [planes, H, W], y [planes, rows of bins, columns of bins], both dense. */
export interface PoolSize {
  readonly planes: number;
  readonly H: number;
  readonly W: number;
  readonly rows: Bins;
  readonly columns: Bins;
}

/**
 * The greatest of each bin, and where it stood in its plane (row · W + column). The first one wins; NaN wins over all.
 */
export function maxPool(x: TypedArray, y: TypedArray, winners: Int32Array, size: PoolSize): void {
  const { planes, H, W, rows, columns } = size;
  const [P, Q] = [rows.start.length, columns.start.length];
  for (let plane = 0, i = 0; plane < planes; plane++) {
    const base = plane * H * W;
    for (let p = 0; p < P; p++) {
      const [top, bottom] = [rows.start[p], rows.end[p]];
      for (let q = 0; q < Q; q++, i++) {
        const [left, right] = [columns.start[q], columns.end[q]];
        let best = -Infinity;
        let at = top * W + left;
        for (let h = top; h < bottom; h += rows.step) {
          for (let w = left; w < right; w += columns.step) {
            const value = x[base + h * W + w];
            if (value > best || value !== value) {
              best = value;
              at = h * W + w;
            }
          }
        }
        y[i] = best;
        winners[i] = at;
      }
    }
  }
}

/** gx: each gy goes to its winner. */
export function toWinners(
  gy: TypedArray,
  winners: Int32Array,
  gx: TypedArray,
  { planes, H, W }: PoolSize,
): void {
  const sums = new Float64Array(planes * H * W);
  const places = winners.length / planes;
  for (let i = 0; i < winners.length; i++)
    sums[Math.floor(i / places) * H * W + winners[i]] += gy[i];
  gx.set(sums);
}

/** y: the numbers of x at the winners. */
export function fromWinners(
  x: TypedArray,
  winners: Int32Array,
  y: TypedArray,
  { planes, H, W }: PoolSize,
): void {
  const places = winners.length / planes;
  for (let i = 0; i < winners.length; i++) y[i] = x[Math.floor(i / places) * H * W + winners[i]];
}

/** The sum of each bin over its divisor; `divisor` overrides the bins' own. */
export function avgPool(
  x: TypedArray,
  y: TypedArray,
  divisor: number | null,
  size: PoolSize,
): void {
  const { planes, H, W, rows, columns } = size;
  const [P, Q] = [rows.start.length, columns.start.length];
  for (let plane = 0, i = 0; plane < planes; plane++) {
    const base = plane * H * W;
    for (let p = 0; p < P; p++) {
      const [top, bottom] = [rows.start[p], rows.end[p]];
      for (let q = 0; q < Q; q++, i++) {
        const [left, right] = [columns.start[q], columns.end[q]];
        let sum = 0;
        for (let h = top; h < bottom; h++) {
          for (let w = left; w < right; w++) sum += x[base + h * W + w];
        }
        const count = divisor ?? rows.divisor[p] * columns.divisor[q];
        y[i] = top < bottom && left < right ? sum / count : 0;
      }
    }
  }
}

/** gx: each gy is shared out evenly over its bin. */
export function avgPoolGrad(
  gy: TypedArray,
  gx: TypedArray,
  divisor: number | null,
  size: PoolSize,
): void {
  const { planes, H, W, rows, columns } = size;
  const [P, Q] = [rows.start.length, columns.start.length];
  const sums = new Float64Array(H * W);
  for (let plane = 0, i = 0; plane < planes; plane++) {
    sums.fill(0);
    for (let p = 0; p < P; p++) {
      const [top, bottom] = [rows.start[p], rows.end[p]];
      for (let q = 0; q < Q; q++, i++) {
        const [left, right] = [columns.start[q], columns.end[q]];
        const share = gy[i] / (divisor ?? rows.divisor[p] * columns.divisor[q]);
        for (let h = top; h < bottom; h++) {
          for (let w = left; w < right; w++) sums[h * W + w] += share;
        }
      }
    }
    gx.set(sums, plane * H * W);
  }
}
