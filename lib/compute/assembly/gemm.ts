// Matrix product: out[M,N] (+)= a[M,K] · b[K,N], for any strides of a and b.
// Blocks of a and b are copied ("packed") so that the inner loop reads both from the front to the back
// (Goto & van de Geijn, Anatomy of high-performance matrix multiplication, 2008).

import { at, copyRow, storePart, zeroRow } from "./simd";
import { COLUMNS, multiplyTile, ROW } from "./micro";

// A packed block of a stays in the second-level cache, a panel of b in the first.
export const BLOCK_K: i32 = 256;
export const BLOCK_M: i32 = 128;
export const BLOCK_N: i32 = 1024;

/** Packs a[rows, k] in groups of 4 rows: [rows/4][k][4], rows beyond the end as zeros. */
export function packRows(
  a: usize,
  rowStep: i32,
  columnStep: i32,
  rows: i32,
  k: i32,
  to: usize,
): void {
  for (let row = 0; row < rows; row += 4) {
    const group = at(a, row * rowStep);
    if (row + 4 <= rows && columnStep == 1) to = packFourRows(group, rowStep, k, to);
    else to = packAnyRows(group, rowStep, columnStep, min(4, rows - row), k, to);
  }
}

/** Four rows with neighbouring columns: 4 × 4 blocks are transposed in registers. */
function packFourRows(a: usize, rowStep: i32, k: i32, to: usize): usize {
  const step = (<usize>rowStep) << 2;
  let p0 = a,
    p1 = p0 + step,
    p2 = p1 + step,
    p3 = p2 + step;
  for (; k >= 4; k -= 4) {
    const r0 = v128.load(p0),
      r1 = v128.load(p1),
      r2 = v128.load(p2),
      r3 = v128.load(p3);
    const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5),
      t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5),
      t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
    v128.store(to, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7), 16);
    v128.store(to, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5), 32);
    v128.store(to, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7), 48);
    p0 += 16;
    p1 += 16;
    p2 += 16;
    p3 += 16;
    to += 64;
  }
  for (; k > 0; k--) {
    store<f32>(to, load<f32>(p0));
    store<f32>(to, load<f32>(p1), 4);
    store<f32>(to, load<f32>(p2), 8);
    store<f32>(to, load<f32>(p3), 12);
    p0 += 4;
    p1 += 4;
    p2 += 4;
    p3 += 4;
    to += 16;
  }
  return to;
}

function packAnyRows(a: usize, rowStep: i32, columnStep: i32, rows: i32, k: i32, to: usize): usize {
  const step = (<usize>columnStep) << 2;
  if (rows == 4 && rowStep == 1) {
    for (; k > 0; k--, a += step, to += 16) v128.store(to, v128.load(a));
    return to;
  }
  for (; k > 0; k--, a += step, to += 16) {
    v128.store(to, f32x4.splat(0));
    for (let row = 0; row < rows; row++) store<f32>(at(to, row), load<f32>(at(a, row * rowStep)));
  }
  return to;
}

/** Packs b[k, columns] in groups of COLUMNS: [columns/COLUMNS][k][COLUMNS], columns beyond the end as zeros. */
export function packColumns(
  b: usize,
  rowStep: i32,
  columnStep: i32,
  k: i32,
  columns: i32,
  to: usize,
): void {
  const step = (<usize>rowStep) << 2;
  for (let column = 0; column < columns; column += COLUMNS) {
    let p = at(b, column * columnStep);
    const some = min(COLUMNS, columns - column);
    if (some == COLUMNS && columnStep == 1) {
      for (let i = 0; i < k; i++, p += step, to += ROW) copyTileRow(p, to);
    } else if (some == COLUMNS && rowStep == 1) {
      for (let j = 0; j < COLUMNS; j += 4) packFourColumns(at(p, j * columnStep), columnStep, k, at(to, j));
      to += <usize>k * ROW;
    } else {
      for (let i = 0; i < k; i++, p += step, to += ROW) {
        zeroRow(to, COLUMNS);
        for (let j = 0; j < some; j++) store<f32>(at(to, j), load<f32>(at(p, j * columnStep)));
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function copyTileRow(from: usize, to: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
  if (COLUMNS == 8) return;
  v128.store(to, v128.load(from, 32), 32);
  v128.store(to, v128.load(from, 48), 48);
}

/** Four columns whose numbers lie one after the other down the column: transposed 4 × 4. */
function packFourColumns(b: usize, columnStep: i32, k: i32, to: usize): void {
  const step = (<usize>columnStep) << 2;
  let p0 = b,
    p1 = p0 + step,
    p2 = p1 + step,
    p3 = p2 + step;
  for (; k >= 4; k -= 4) {
    const r0 = v128.load(p0),
      r1 = v128.load(p1),
      r2 = v128.load(p2),
      r3 = v128.load(p3);
    const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5),
      t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5),
      t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
    v128.store(to + ROW, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7));
    v128.store(to + 2 * ROW, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5));
    v128.store(to + 3 * ROW, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7));
    p0 += 16;
    p1 += 16;
    p2 += 16;
    p3 += 16;
    to += 4 * ROW;
  }
  for (; k > 0; k--) {
    store<f32>(to, load<f32>(p0));
    store<f32>(to, load<f32>(p1), 4);
    store<f32>(to, load<f32>(p2), 8);
    store<f32>(to, load<f32>(p3), 12);
    p0 += 4;
    p1 += 4;
    p2 += 4;
    p3 += 4;
    to += ROW;
  }
}

/** Adds or writes the part of a tile that lies inside the result. */
export function storeTile(
  tile: usize,
  out: usize,
  outStep: usize,
  rows: i32,
  columns: i32,
  accumulate: bool,
): void {
  for (let row = 0; row < rows; row++, tile += ROW, out += outStep) {
    if (accumulate) {
      for (let j = 0; j < columns; j++)
        store<f32>(at(out, j), load<f32>(at(out, j)) + load<f32>(at(tile, j)));
    } else copyRow(tile, out, columns);
  }
}

/**
 * out[M, N] (+)= a · b, for groups [from, to) of COLUMNS columns of the result, or of 4 rows if `byRows`.
 * Strides in floats; out has neighbouring columns. `scratch` holds a packed block of each and one tile.
 */
export function gemm(
  scratch: usize,
  from: i32,
  to: i32,
  byRows: bool,
  M: i32,
  N: i32,
  K: i32,
  a: usize,
  aRow: i32,
  aColumn: i32,
  b: usize,
  bRow: i32,
  bColumn: i32,
  out: usize,
  outRow: i32,
  accumulate: bool,
): void {
  if (byRows) {
    a = at(a, 4 * from * aRow);
    out = at(out, 4 * from * outRow);
    M = min(4 * to, M) - 4 * from;
  } else {
    b = at(b, COLUMNS * from * bColumn);
    out = at(out, COLUMNS * from);
    N = min(COLUMNS * to, N) - COLUMNS * from;
  }

  const tile = scratch,
    packedA = tile + 4 * ROW;
  const packedB = packedA + ((<usize>(((min(M, BLOCK_M) + 3) & ~3) * min(K, BLOCK_K))) << 2);
  const outStep = (<usize>outRow) << 2;

  for (let column = 0; column < N; column += BLOCK_N) {
    const columns = min(BLOCK_N, N - column);
    for (let k = 0; k < K; k += BLOCK_K) {
      const depth = min(BLOCK_K, K - k);
      packColumns(at(b, k * bRow + column * bColumn), bRow, bColumn, depth, columns, packedB);
      for (let row = 0; row < M; row += BLOCK_M) {
        const rows = min(BLOCK_M, M - row);
        packRows(at(a, row * aRow + k * aColumn), aRow, aColumn, rows, depth, packedA);
        multiplyBlock(
          packedA,
          packedB,
          at(out, row * outRow + column),
          outStep,
          rows,
          columns,
          depth,
          tile,
          accumulate || k > 0,
        );
      }
    }
  }
}

/** A panel of b that is as small as this stays in the first-level cache as a whole. */
const SMALL_PANEL: i32 = 4096;

function multiplyBlock(
  packedA: usize,
  packedB: usize,
  out: usize,
  outStep: usize,
  rows: i32,
  columns: i32,
  depth: i32,
  tile: usize,
  accumulate: bool,
): void {
  if (columns * depth <= SMALL_PANEL) {
    // short sums: writing the result is most of the work, so row by row
    for (let i = 0; i < rows; i += 4) {
      for (let j = 0; j < columns; j += COLUMNS) {
        multiplyPart(packedA, packedB, out, outStep, i, rows, j, columns, depth, tile, accumulate);
      }
    }
    return;
  }
  for (let j = 0; j < columns; j += COLUMNS) {
    for (let i = 0; i < rows; i += 4) {
      multiplyPart(packedA, packedB, out, outStep, i, rows, j, columns, depth, tile, accumulate);
    }
  }
}

/** The tile at row i and column j of a block. */
// @ts-ignore: decorator
@inline
function multiplyPart(
  packedA: usize,
  packedB: usize,
  out: usize,
  outStep: usize,
  i: i32,
  rows: i32,
  j: i32,
  columns: i32,
  depth: i32,
  tile: usize,
  accumulate: bool,
): void {
  const group = at(packedA, i * depth),
    panel = at(packedB, j * depth),
    place = out + <usize>i * outStep + ((<usize>j) << 2);
  if (i + 4 <= rows && j + COLUMNS <= columns)
    multiplyTile(group, panel, place, outStep, depth, accumulate);
  else {
    multiplyTile(group, panel, tile, ROW, depth, false);
    storeTile(tile, place, outStep, min(4, rows - i), min(COLUMNS, columns - j), accumulate);
  }
}

/** out[row, :] (=) bias for every row, or out[row, :] = bias[row]; what a product is then added to. */
export function fillBias(
  out: usize,
  rows: i32,
  columns: i32,
  outRow: i32,
  bias: usize,
  perRow: bool,
): void {
  for (let row = 0; row < rows; row++) {
    const to = at(out, row * outRow);
    if (perRow) {
      const b = v128.load32_splat(at(bias, row));
      let j = 0;
      for (; j + 4 <= columns; j += 4) v128.store(at(to, j), b);
      if (j < columns) storePart(at(to, j), b, columns - j);
    } else copyRow(bias, to, columns);
  }
}
