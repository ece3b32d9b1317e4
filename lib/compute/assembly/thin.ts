// Products with few rows of a, where packing b would cost as much as the product: b is read once, where it lies.
// Every number is the same sum in the same order as in gemm.ts: parts of BLOCK_K products, one after the other.

import { at, multiplyAdd, storeUpTo, loadUpTo, zeroRow } from "./simd";
import { COLUMNS, multiplyTileStrided, ROW } from "./micro";
import { BLOCK_K, packColumns, packRows, storeTile } from "./gemm";

/** From so many columns on, b is read row by row; below, down its columns in tiles. */
const WIDE_ENOUGH: i32 = 64;
/** Sums of a strip of columns, all rows of them: they stay in the first-level cache. */
const STRIP: i32 = 4096;

/**
 * out[M, N] (+)= a · b for M of 1 to 16, b with neighbouring columns. Groups [from, to) of COLUMNS columns. `scratch` holds a
 * tile, a panel of b and a packed a, or a strip of sums.
 */
export function gemmThin(
  scratch: usize, from: i32, to: i32, M: i32, N: i32, K: i32, a: usize, aRow: i32, aColumn: i32,
  b: usize, bRow: i32, out: usize, outRow: i32, accumulate: bool,
): void {
  const first = COLUMNS * from, columns = min(COLUMNS * to, N) - first;
  if (N < WIDE_ENOUGH) return tiles(scratch, M, columns, K, a, aRow, aColumn, at(b, first), bRow, at(out, first), outRow, accumulate);

  const strip = (STRIP / M) & ~15;
  for (let j = 0; j < columns; j += strip) {
    const width = min(strip, columns - j);
    for (let k = 0; k < K; k += BLOCK_K) {
      const depth = min(BLOCK_K, K - k), target = at(out, first + j);
      const direct = !accumulate && k == 0; // into the result itself
      const sums = direct ? target : scratch, sumsRow = direct ? outRow : strip;
      for (let i = 0; i < M; i++) zeroRow(at(sums, i * sumsRow), width);
      addProducts(M, width, depth, at(a, k * aColumn), aRow, aColumn, at(b, k * bRow + first + j), bRow, sums, sumsRow);
      if (!direct) for (let i = 0; i < M; i++) addRow(at(sums, i * sumsRow), at(target, i * outRow), width);
    }
  }
}

/** sums[M, width] += a · b, four rows of b at a time. */
function addProducts(M: i32, width: i32, K: i32, a: usize, aRow: i32, aColumn: i32, b: usize, bRow: i32, sums: usize, sumsRow: i32): void {
  let k = 0;
  const bStep = <usize>bRow << 2, aStep = <usize>aColumn << 2;
  for (; k + 4 <= K; k += 4, b += 4 * bStep, a += 4 * aStep) {
    let i = 0;
    for (; i + 2 <= M; i += 2) addFourToTwo(at(a, i * aRow), at(a, (i + 1) * aRow), aStep, b, bStep, at(sums, i * sumsRow), at(sums, (i + 1) * sumsRow), width);
    if (i < M) addFour(at(a, i * aRow), aStep, b, bStep, at(sums, i * sumsRow), width);
  }
  for (; k < K; k++, b += bStep, a += aStep) {
    for (let i = 0; i < M; i++) addOne(load<f32>(at(a, i * aRow)), b, at(sums, i * sumsRow), width);
  }
}

/** Four products more for each of two rows of sums. */
function addFourToTwo(p: usize, q: usize, aStep: usize, b: usize, bStep: usize, s: usize, t: usize, width: i32): void {
  const p0 = v128.load32_splat(p), p1 = v128.load32_splat(p + aStep), p2 = v128.load32_splat(p + 2 * aStep), p3 = v128.load32_splat(p + 3 * aStep);
  const q0 = v128.load32_splat(q), q1 = v128.load32_splat(q + aStep), q2 = v128.load32_splat(q + 2 * aStep), q3 = v128.load32_splat(q + 3 * aStep);
  const b1 = b + bStep, b2 = b1 + bStep, b3 = b2 + bStep, whole = <usize>(width & ~3) << 2;
  for (let j: usize = 0; j < whole; j += 16) {
    let v = v128.load(b + j), sum = v128.load(s + j), other = v128.load(t + j);
    sum = multiplyAdd(p0, v, sum);
    other = multiplyAdd(q0, v, other);
    v = v128.load(b1 + j);
    sum = multiplyAdd(p1, v, sum);
    other = multiplyAdd(q1, v, other);
    v = v128.load(b2 + j);
    sum = multiplyAdd(p2, v, sum);
    other = multiplyAdd(q2, v, other);
    v = v128.load(b3 + j);
    v128.store(s + j, multiplyAdd(p3, v, sum));
    v128.store(t + j, multiplyAdd(q3, v, other));
  }
  const left = width & 3;
  if (left) {
    addRest(p0, p1, p2, p3, b + whole, bStep, s + whole, left);
    addRest(q0, q1, q2, q3, b + whole, bStep, t + whole, left);
  }
}

function addFour(p: usize, aStep: usize, b: usize, bStep: usize, s: usize, width: i32): void {
  const p0 = v128.load32_splat(p), p1 = v128.load32_splat(p + aStep), p2 = v128.load32_splat(p + 2 * aStep), p3 = v128.load32_splat(p + 3 * aStep);
  const b1 = b + bStep, b2 = b1 + bStep, b3 = b2 + bStep, whole = <usize>(width & ~3) << 2;
  for (let j: usize = 0; j < whole; j += 16) {
    let sum = multiplyAdd(p0, v128.load(b + j), v128.load(s + j));
    sum = multiplyAdd(p1, v128.load(b1 + j), sum);
    sum = multiplyAdd(p2, v128.load(b2 + j), sum);
    v128.store(s + j, multiplyAdd(p3, v128.load(b3 + j), sum));
  }
  if (width & 3) addRest(p0, p1, p2, p3, b + whole, bStep, s + whole, width & 3);
}

/** What is left of a row: 1 to 3 columns. */
function addRest(p0: v128, p1: v128, p2: v128, p3: v128, b: usize, bStep: usize, s: usize, columns: i32): void {
  let sum = multiplyAdd(p0, loadUpTo(b, columns), loadUpTo(s, columns));
  sum = multiplyAdd(p1, loadUpTo(b + bStep, columns), sum);
  sum = multiplyAdd(p2, loadUpTo(b + 2 * bStep, columns), sum);
  storeUpTo(s, multiplyAdd(p3, loadUpTo(b + 3 * bStep, columns), sum), columns);
}

function addOne(p: f32, b: usize, s: usize, width: i32): void {
  const factor = f32x4.splat(p), whole = <usize>(width & ~3) << 2;
  for (let j: usize = 0; j < whole; j += 16) v128.store(s + j, multiplyAdd(factor, v128.load(b + j), v128.load(s + j)));
  const left = width & 3;
  if (left) storeUpTo(s + whole, multiplyAdd(factor, loadUpTo(b + whole, left), loadUpTo(s + whole, left)), left);
}

/** y += x, neighbouring floats. */
function addRow(x: usize, y: usize, width: i32): void {
  let j = 0;
  for (; j + 4 <= width; j += 4) v128.store(at(y, j), f32x4.add(v128.load(at(y, j)), v128.load(at(x, j))));
  for (; j < width; j++) store<f32>(at(y, j), load<f32>(at(y, j)) + load<f32>(at(x, j)));
}

/** The same for few columns: sums stay in registers. */
function tiles(
  scratch: usize, M: i32, N: i32, K: i32, a: usize, aRow: i32, aColumn: i32, b: usize, bRow: i32, out: usize, outRow: i32, accumulate: bool,
): void {
  const tile = scratch, panel = tile + 4 * ROW, packedA = panel + <usize>min(K, BLOCK_K) * ROW;
  const bStep = (<usize>bRow) << 2, outStep = (<usize>outRow) << 2;
  for (let k = 0; k < K; k += BLOCK_K) {
    const depth = min(BLOCK_K, K - k), add = accumulate || k > 0;
    packRows(at(a, k * aColumn), aRow, aColumn, M, depth, packedA);
    for (let j = 0; j < N; j += COLUMNS) {
      const columns = min(COLUMNS, N - j);
      let source = at(b, k * bRow + j), step = bStep;
      if (columns < COLUMNS) {
        packColumns(source, bRow, 1, depth, columns, panel);
        source = panel;
        step = ROW;
      }
      for (let i = 0; i < M; i += 4) {
        const group = at(packedA, i * depth), place = at(out, i * outRow + j);
        if (i + 4 <= M && columns == COLUMNS) multiplyTileStrided(group, source, step, place, outStep, depth, add);
        else {
          multiplyTileStrided(group, source, step, tile, ROW, depth, false);
          storeTile(tile, place, outStep, min(4, M - i), columns, add);
        }
      }
    }
  }
}
