// Second names, as PyTorch has them.

import type { Tensor } from "../tensor.js";
import { div, mul, neg, sub, type DivOptions } from "./arithmetic.js";
import { ge, gt, le, lt, ne } from "./comparison.js";
import { abs, sign, trunc } from "./functions.js";

/** Another name of {@link sub}. */
export const subtract = sub;
/** Another name of {@link mul}. */
export const multiply = mul;
/** Another name of {@link neg}. */
export const negative = neg;
/** Another name of {@link abs}. */
export const absolute = abs;
/** Another name of {@link sign}. */
export const sgn = sign;
/** Another name of {@link trunc}. */
export const fix = trunc;
/** Another name of {@link gt}. */
export const greater = gt;
/** Another name of {@link ge}. */
export const greaterEqual = ge;
/** Another name of {@link lt}. */
export const less = lt;
/** Another name of {@link le}. */
export const lessEqual = le;
/** Another name of {@link ne}. */
export const notEqual = ne;

/** {@link div} */
export function divide(a: Tensor, b: Tensor | number, options?: DivOptions): Tensor {
  return div(a, b, options);
}

/** {@link div} without rounding. */
export function trueDivide(a: Tensor, b: Tensor | number): Tensor {
  return div(a, b);
}
