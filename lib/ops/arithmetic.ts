// + − × ÷ and their kin, element by element, with broadcasting; numbers are accepted on the right.
// The ways back are written with operations, so that a gradient of a gradient follows (createGraph).

import { record } from "../autograd.js";
import type { Tensor } from "../tensor.js";
import { map, operand, zip } from "./pointwise.js";
import { floatingOf, promote } from "./promotion.js";
import { sumTo } from "./stretch.js";

/** `a + alpha · b`. Shapes broadcast; b may be a number. */
export function add(a: Tensor, b: Tensor | number, { alpha = 1 }: { alpha?: number } = {}): Tensor {
  const other = operand(b, promote(a, b));
  const y = zip(
    "add",
    a,
    other,
    alpha === 1 ? (p, q) => p + q : (p, q) => p + alpha * q,
    promote(a, b),
  );
  return record("AddBackward0", y, [
    [a, (gy) => sumTo(gy, a)],
    [other, (gy) => sumTo(alpha === 1 ? gy : mul(gy, alpha), other)],
  ]);
}

/** `a − alpha · b`. Shapes broadcast; b may be a number. */
export function sub(a: Tensor, b: Tensor | number, { alpha = 1 }: { alpha?: number } = {}): Tensor {
  const other = operand(b, promote(a, b));
  const y = zip(
    "sub",
    a,
    other,
    alpha === 1 ? (p, q) => p - q : (p, q) => p - alpha * q,
    promote(a, b),
  );
  return record("SubBackward0", y, [
    [a, (gy) => sumTo(gy, a)],
    [other, (gy) => sumTo(mul(gy, -alpha), other)],
  ]);
}

/** `a · b`, element by element. Shapes broadcast; b may be a number. */
export function mul(a: Tensor, b: Tensor | number): Tensor {
  const other = operand(b, promote(a, b));
  const y = zip("mul", a, other, (p, q) => p * q, promote(a, b));
  const rows = [
    [a, (gy: Tensor) => sumTo(mul(gy, other), a)],
    [other, (gy: Tensor) => sumTo(mul(gy, a), other)],
  ] as const;
  return record("MulBackward0", y, rows, { saves: [a, other] });
}

/** `a / b` in floating point, element by element. Shapes broadcast; b may be a number. */
export function div(a: Tensor, b: Tensor | number): Tensor {
  const dtype = floatingOf(promote(a, b));
  const other = operand(b, dtype);
  const y = zip("div", a, other, (p, q) => p / q, dtype);
  const rows = [
    [a, (gy: Tensor) => sumTo(div(gy, other), a)],
    [other, (gy: Tensor) => sumTo(neg(div(mul(gy, a), mul(other, other))), other)],
  ] as const;
  return record("DivBackward0", y, rows, { saves: [a, other] });
}

/** `−x`. Any shape → the same shape. */
export function neg(x: Tensor): Tensor {
  const y = map(x, (v) => -v);
  return record("NegBackward0", y, [[x, (gy) => neg(gy)]]);
}
