// Comparisons, choosing and counting. Each function says whether it did the work; if not, the plain loops do.

import { isRowMajor, numelOf } from "../shape.js";
import type { DType } from "./dtypes.js";
import { addressOf, isFast, type Operand } from "./operand.js";
import { byRows } from "./rows.js";
import { run } from "./team.js";

const questions = {
  equal: 0,
  different: 1,
  less: 2,
  atMost: 3,
  both: 4,
  either: 5,
  exactlyOne: 6,
} as const;
export type Question = keyof typeof questions;

/** How the kernels see a dtype: 0 float32, 1 doubles (int64 is kept as such), 2 bytes. */
const kinds: Partial<Record<DType, number>> = {
  float32: 0,
  float64: 1,
  int64: 1,
  uint8: 2,
  bool: 2,
};

/** y = question(a, b), as bytes of 0 and 1; a and b broadcast to y's shape. y is dense. */
export function compare(question: Question, a: Operand, b: Operand, y: Operand): boolean {
  const kind = kinds[a.storage.dtype];
  if (kind === undefined || kind !== kinds[b.storage.dtype]) return false;
  return byRows("compareRows", [questions[question], kind], [a, b], y);
}

/** y = a where `condition` (bytes) is not 0, else b; float32, all broadcast to y's shape. y is dense. */
export function choose(condition: Operand, a: Operand, b: Operand, y: Operand): boolean {
  if (!isFast(a) || !isFast(b) || !isFast(y) || kinds[condition.storage.dtype] !== 2) return false;
  return byRows("chooseRows", [], [condition, a, b], y);
}

/** y (int64) = how many of x, seen as rows of `n`, are not 0, or the sum of their values; x is dense bytes. */
export function count(x: Operand, n: number, values: boolean, y: Operand): boolean {
  if (kinds[x.storage.dtype] !== 2 || x.storage.pointer === 0) return false;
  if (!isRowMajor(x.shape, x.strides) || n === 0) return false;
  const work = { units: numelOf(x.shape) / n, cost: n * 0.05 + 5 };
  run("countRows", work, addressOf(x), n, values ? 1 : 0, addressOf(y));
  return true;
}
