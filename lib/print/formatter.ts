// How the numbers of one tensor are written: all in the same notation and width, chosen from all that will be shown.
// After _Formatter in PyTorch's torch/_tensor_str.py.

import { isFloating, type DType } from "../compute/dtypes.js";
import { fixed, scientific } from "./numbers.js";
import { printOptions } from "./options.js";

export interface Formatter {
  /** The characters that every number takes, at least. */
  readonly width: number;
  format(value: number): string;
}

export function formatterFor(dtype: DType, shown: readonly number[]): Formatter {
  const write = isFloating(dtype) ? floatWriter(shown) : dtype === "bool" ? writeBool : writeWhole;
  const measured = isFloating(dtype) ? shown.filter(isFiniteNonzero) : shown;
  const width = measured.reduce((widest, value) => Math.max(widest, write(value).length), 1);
  return { width, format: (value) => write(value).padStart(width) };
}

function floatWriter(shown: readonly number[]): (value: number) => string {
  const { precision, sciMode } = printOptions;
  const sizes = shown.filter(isFiniteNonzero).map(Math.abs);
  const least = sizes.reduce((a, b) => Math.min(a, b), Infinity);
  const most = sizes.reduce((a, b) => Math.max(a, b), 0);
  const wide = most / least > 1000 || most > 1e8 || least < 1e-4;

  if (sizes.length > 0 && (sciMode ?? wide)) return (value) => scientific(value, precision);
  if (sizes.every(Number.isInteger)) {
    return (value) => fixed(value, 0) + (Number.isFinite(value) ? "." : "");
  }
  return (value) => fixed(value, precision);
}

function isFiniteNonzero(value: number): boolean {
  return Number.isFinite(value) && value !== 0;
}

function writeWhole(value: number): string {
  return Math.abs(value) < 1e21 ? String(value + 0) : String(BigInt(value));
}

function writeBool(value: number): string {
  return value ? "True" : "False";
}
