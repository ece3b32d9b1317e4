// Arithmetic of numbers that are no float32. Each function says whether it did the work; if not, the plain loops do.

import { isRowMajor, numelOf } from "../shape.js";
import { bytesPerElement, type DType } from "./dtypes.js";
import { addressOf, type Operand } from "./operand.js";
import { byRows } from "./rows.js";
import { run } from "./team.js";

/** Are these doubles (int64 is kept as such), dense and where kernels reach them? */
function isWide(x: Operand): boolean {
  const { dtype, pointer } = x.storage;
  return (
    (dtype === "float64" || dtype === "int64") && pointer !== 0 && isRowMajor(x.shape, x.strides)
  );
}

const arithmetic = { add: 0, subtract: 1, multiply: 2, divide: 3, maximum: 4, minimum: 5 } as const;
const ofWhole = { add: 6, subtract: 7, multiply: 8, maximum: 4, minimum: 5 } as const;

/** y = operation(a, b), all float64 or all int64; a and b broadcast to y's shape. y is dense. */
export function wide(name: string, a: Operand, b: Operand, y: Operand): boolean {
  const { dtype } = y.storage;
  if (dtype !== "float64" && dtype !== "int64") return false;
  if (a.storage.dtype !== dtype || b.storage.dtype !== dtype) return false;
  const table: Readonly<Record<string, number>> = dtype === "int64" ? ofWhole : arithmetic;
  const operation = table[name];
  return operation !== undefined && byRows("wideRows", [operation], [a, b], y, 0.6);
}

/** y = Σ over rows of `n` of x, both float64 or int64 and dense. */
export function sumWide(x: Operand, n: number, y: Operand): boolean {
  if (!isWide(x) || !isWide(y) || n === 0) return false;
  const work = { units: numelOf(x.shape) / n, cost: n * 0.2 + 5 };
  run("sumWideRows", work, addressOf(x), n, addressOf(y));
  return true;
}

/** y = the greatest over rows of `n` of x, or the `least`; both float64 or both int64, and dense. */
export function extremeWide(x: Operand, n: number, least: boolean, y: Operand): boolean {
  if (!isWide(x) || !isWide(y) || n === 0) return false;
  const work = { units: numelOf(x.shape) / n, cost: n * 0.2 + 5 };
  run("extremeWideRows", work, addressOf(x), n, least ? 1 : 0, addressOf(y));
  return true;
}

/** y = e^x, both float64 and dense. */
export function expWide(x: Operand, y: Operand): boolean {
  if (x.storage.dtype !== "float64" || y.storage.dtype !== "float64") return false;
  if (!isWide(x) || !isWide(y)) return false;
  const work = { units: numelOf(x.shape), cost: 3, atLeast: 4096 };
  run("expWide", work, addressOf(x), addressOf(y));
  return true;
}

const wrapping: Readonly<Record<string, number>> = { add: 0, subtract: 1, multiply: 2 };

/** Whole numbers of at most 32 bits. */
export const wraps = (dtype: DType): boolean =>
  bytesPerElement[dtype] <= 4 && dtype !== "float32" && dtype !== "bool";

/** y = operation(a, b), all of one dtype of at most 32 bits, which wraps around; a and b broadcast to y's shape. y is dense. */
export function whole(name: string, a: Operand, b: Operand, y: Operand): boolean {
  const { dtype } = y.storage;
  if (!wraps(dtype) || a.storage.dtype !== dtype || b.storage.dtype !== dtype) return false;
  const operation = wrapping[name];
  const bytes = bytesPerElement[dtype];
  return operation !== undefined && byRows("wholeRows", [operation, bytes], [a, b], y, bytes / 10);
}
