// Matrix products of float32 arrays with any strides, by the kernel that suits their shape.

import { floats } from "./arena.js";
import { tileColumns } from "./engine.js";
import { addressOf, inArena, isFast, type Operand } from "./operand.js";
import { run } from "./team.js";

/** A matrix by the address of its first number; strides in floats. */
export interface Matrix {
  readonly pointer: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

const NANOSECONDS_PER_PRODUCT = 0.05;
/** A tile of four rows. */
const TILE_BYTES = 4 * 4 * tileColumns;
/** What assembly/dots.ts and assembly/thin.ts keep of sums. */
const DOTS_BYTES = 16 * 18;
const STRIP_BYTES = 4 * 4096;

const roundUp = (value: number, step: number) => Math.ceil(value / step) * step;

/**
 * out[M, N] = a[M, K] · b[K, N], or added to what out holds. out has neighbouring columns.
 * Which kernel runs depends on shapes and strides only, so that the same call gives the same bits.
 */
export function matmul(
  M: number,
  N: number,
  K: number,
  a: Matrix,
  b: Matrix,
  out: number,
  outRow: number,
  accumulate = false,
): void {
  const add = accumulate ? 1 : 0;
  const product = NANOSECONDS_PER_PRODUCT * K;
  if (K === 0) {
    for (let i = 0; i < M && !accumulate; i++) floats(out + 4 * i * outRow, N).fill(0);
    return;
  }

  // a matrix times a vector is a vector times the matrix's transpose, which needs no tiles
  if (N === 1 && M > 1 && outRow === 1) {
    return matmul(1, M, K, transposed(b), transposed(a), out, M, accumulate);
  }

  // few rows: packing b would cost as much as the product
  if (M <= 8 && b.rowStep === 1 && a.columnStep === 1) {
    const work = { units: N, cost: M * product * 2, atLeast: 4, scratch: DOTS_BYTES };
    run("gemmDots", work, M, K, a.pointer, a.rowStep, b.pointer, b.columnStep, out, outRow, add);
    return;
  }
  const depth = Math.min(K, 256);
  if (M <= 16 && b.columnStep === 1) {
    const units = Math.ceil(N / tileColumns);
    const cost = M * product * 2 * tileColumns;
    const scratch = Math.max(STRIP_BYTES, TILE_BYTES + 4 * depth * (tileColumns + roundUp(M, 4)));
    const work = { units, cost, scratch };
    run(
      ...(["gemmThin", work, M, N, K, a.pointer, a.rowStep, a.columnStep] as const),
      ...[b.pointer, b.rowStep, out, outRow, add],
    );
    return;
  }

  // divided along the longer side, in whole tiles
  const byRows = M > N;
  const tile = byRows ? 4 : tileColumns;
  const units = Math.ceil((byRows ? M : N) / tile);
  const cost = tile * (byRows ? N : M) * product;
  const [rows, columns] = [roundUp(Math.min(M, 128), 4), roundUp(Math.min(N, 1024), tileColumns)];
  const scratch = TILE_BYTES + 4 * depth * (rows + columns);
  run(
    ...(["gemm", { units, cost, scratch, atLeast: 16 }, byRows ? 1 : 0, M, N, K] as const),
    ...[a.pointer, a.rowStep, a.columnStep, b.pointer, b.rowStep, b.columnStep, out, outRow, add],
  );
}

const transposed = ({ pointer, rowStep, columnStep }: Matrix): Matrix => ({
  pointer,
  rowStep: columnStep,
  columnStep: rowStep,
});

/**
 * y = a · b (or y += a · b), for matrices a [M, K] and b [K, N] of any strides; y [M, N] is dense.
 * Says whether it did: float32 only.
 */
export function gemm(a: Operand, b: Operand, y: Operand, accumulate = false): boolean {
  if ([a, b, y].some(({ storage }) => storage.dtype !== "float32")) return false;
  if (!isFast(y)) return false;
  const [M, K] = a.shape;
  const N = b.shape[1];
  matmul(M, N, K, matrixOf(inArena(a)), matrixOf(inArena(b)), addressOf(y), N, accumulate);
  return true;
}

/** An axis of one place may have any stride: what suits a kernel is chosen. */
function matrixOf(x: Operand): Matrix {
  const [[rows, columns], [rowStep, columnStep]] = [x.shape, x.strides];
  return {
    pointer: addressOf(x),
    rowStep: rows === 1 ? columns * columnStep : rowStep,
    columnStep: columns === 1 && rowStep !== 1 ? 1 : columnStep,
  };
}
