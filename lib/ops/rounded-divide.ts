// Division with rounding: whole numbers stay whole, and the gradient is 0.

import { isBool, refuse } from "./checks.js";
import { record } from "../autograd.js";
import { isFloating } from "../compute/dtypes.js";
import { filled } from "../creation.js";
import type { Tensor } from "../tensor.js";
import { operand, zip } from "./pointwise.js";
import { promote } from "./promotion.js";

const cut = (p: number, q: number) => Math.trunc(p / q);

/** As Python's //: what the remainder with q's sign leaves, so −3 // ∞ is −1; what is left of ±∞ is not a number. */
function floored(p: number, q: number): number {
  if (q === 0) return p / q;
  const rest = p % q;
  const times = Math.round((p - rest) / q);
  if (rest !== 0 && q < 0 !== rest < 0) return times - 1;
  return times === 0 ? 0 * (p / q) : times;
}

/** floor(a / b), or a / b cut towards 0. @throws RangeError if whole numbers are divided by 0. */
export function roundedDivide(
  op: string,
  a: Tensor,
  b: Tensor | number,
  mode: "floor" | "trunc",
): Tensor {
  const dtype = promote(a, b);
  const other = operand(b, dtype);
  refuse(op, { dtype, shape: a.shape }, isBool, "x.long()");
  if (!isFloating(dtype) && a.numel() > 0 && other.data.includes(0 as never)) {
    throw new RangeError(`${op}: whole numbers cannot be divided by 0: use floating point`);
  }
  const y = zip(op, a, other, mode === "floor" ? floored : cut, dtype);
  const none = (x: Tensor) => () => filled(x.shape, 0, x.dtype);
  return record("DivBackward1", y, [
    [a, none(a)],
    [other, none(other)],
  ]);
}
