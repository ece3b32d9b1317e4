// Second names, as PyTorch has them.

import type { Tensor } from "../tensor.js";
import { div, mul, neg, sub, type DivOptions } from "./arithmetic.js";
import { ge, gt, le, lt, ne } from "./comparison.js";
import { abs, sign, trunc } from "./functions.js";

export const subtract = sub;
export const multiply = mul;
export const negative = neg;
export const absolute = abs;
export const sgn = sign;
export const fix = trunc;
export const greater = gt;
export const greaterEqual = ge;
export const less = lt;
export const lessEqual = le;
export const notEqual = ne;

/** {@link div} */
export function divide(a: Tensor, b: Tensor | number, options?: DivOptions): Tensor {
  return div(a, b, options);
}

/** {@link div} without rounding. */
export function trueDivide(a: Tensor, b: Tensor | number): Tensor {
  return div(a, b);
}
