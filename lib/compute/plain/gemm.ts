// The product of two matrices as plain loops, for every dtype. Sums in double, rounded once.

import type { TypedArray } from "../dtypes.js";

/** a [M, K] and b [K, N] lie anyhow: a number is at row · aRow + column · aColumn. y [M, N] is dense. */
export interface GemmSize {
  readonly M: number;
  readonly N: number;
  readonly K: number;
  readonly aRow: number;
  readonly aColumn: number;
  readonly bRow: number;
  readonly bColumn: number;
}

/** y = a · b, or y += a · b. */
export function gemm(
  a: TypedArray,
  b: TypedArray,
  y: TypedArray,
  size: GemmSize,
  accumulate: boolean,
): void {
  const { M, N, K, aRow, aColumn, bRow, bColumn } = size;
  const sums = new Float64Array(N);
  for (let m = 0; m < M; m++) {
    if (bRow === 1 || N === 1) {
      for (let n = 0; n < N; n++) {
        let sum = 0;
        for (let k = 0, p = m * aRow, q = n * bColumn; k < K; k++, p += aColumn, q += bRow)
          sum += a[p] * b[q];
        sums[n] = sum;
      }
    } else {
      sums.fill(0);
      for (let k = 0; k < K; k++) {
        const factor = a[m * aRow + k * aColumn];
        for (let n = 0, q = k * bRow; n < N; n++, q += bColumn) sums[n] += factor * b[q];
      }
    }
    if (accumulate) for (let n = 0; n < N; n++) sums[n] += y[m * N + n];
    y.set(sums, m * N);
  }
}
