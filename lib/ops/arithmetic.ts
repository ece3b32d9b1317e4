// + − × ÷ and their kin, element by element, with broadcasting; numbers are accepted on the right.
// The ways back are written with operations, so that a gradient of a gradient follows (createGraph).

import { record } from "../autograd.js";
import type { Tensor } from "../tensor.js";
import { minus, opposite, over, plus, times } from "./formulas.js";
import { map, zip, zipBy } from "./pointwise.js";
import { roundedDivide } from "./rounded-divide.js";
import { floatingOf, promote } from "./promotion.js";
import { DTypeError } from "../errors.js";
import { isBool, isWhole, refuse } from "./checks.js";
import { sumTo } from "./stretch.js";

/**
 * `a + alpha · b`. Shapes broadcast; b may be a number.
 *
 * ```ts
 * const x = torch.tensor([1, 2])
 * x.add(10).tolist() // → [11, 12]
 * x.add(torch.tensor([[1], [2]])).tolist() // → [[2, 3], [3, 4]]
 * ```
 */
export function add(a: Tensor, b: Tensor | number, { alpha = 1 }: { alpha?: number } = {}): Tensor {
  checkAlpha("add", a, b, alpha);
  const y = scaledSum("add", a, b, alpha) ?? zip("add", a, b, plus, promote(a, b));
  return record(
    "AddBackward0",
    y,
    [
      [a, (gy) => sumTo(gy, a)],
      [b, (gy) => sumTo(alpha === 1 ? gy : mul(gy, alpha), b as Tensor)],
    ],
    alpha === 1 ? undefined : { told: { alpha } },
  );
}

/**
 * `a − alpha · b`. Shapes broadcast; b may be a number.
 *
 * ```ts
 * torch.tensor([5, 7]).sub(torch.tensor([1, 2])).tolist() // → [4, 5]
 * ```
 */
export function sub(a: Tensor, b: Tensor | number, { alpha = 1 }: { alpha?: number } = {}): Tensor {
  refuse("sub", a, isBool, "x.logicalXor(…) or x.long()");
  if (typeof b === "boolean")
    throw new DTypeError(`sub: cannot subtract ${String(b)}: use a number`);
  if (typeof b === "object") refuse("sub", b, isBool, "x.logicalXor(…) or x.long()");
  checkAlpha("sub", a, b, alpha);
  const y = scaledSum("sub", a, b, alpha) ?? zip("sub", a, b, minus, promote(a, b));
  return record(
    "SubBackward0",
    y,
    [
      [a, (gy) => sumTo(gy, a)],
      [b, (gy) => sumTo(mul(gy, -alpha), b as Tensor)],
    ],
    alpha === 1 ? undefined : { told: { alpha } },
  );
}

function checkAlpha(op: string, a: Tensor, b: Tensor | number, alpha: number): void {
  if (Number.isInteger(alpha) || !isWhole(promote(a, b))) return;
  throw new DTypeError(
    `${op}: alpha ${alpha} is no whole number, but both operands are whole: convert one with x.float()`,
  );
}

/** a + alpha · b or a − alpha · b; null where alpha is 1. */
function scaledSum(op: "add" | "sub", a: Tensor, b: Tensor | number, alpha: number): Tensor | null {
  if (alpha === 1) return null;
  const by = op === "add" ? alpha : -alpha;
  const quick = typeof b === "number" ? null : zipBy("addScaled", a, b, by, 0, op);
  return quick ?? zip(op, a, b, (p, q) => p + by * q, promote(a, b));
}

/**
 * `a · b`, element by element. Shapes broadcast; b may be a number.
 *
 * ```ts
 * torch.tensor([[1], [2]]).mul(torch.tensor([3, 4])).tolist() // → [[3, 4], [6, 8]]
 * ```
 */
export function mul(a: Tensor, b: Tensor | number): Tensor {
  const dtype = promote(a, b);
  // products of 32 bits wrap around exactly, which doubles cannot
  const y = zip("mul", a, b, dtype === "int32" ? Math.imul : times, dtype);
  const rows = [
    [a, (gy: Tensor) => sumTo(mul(gy, b), a)],
    [b, (gy: Tensor) => sumTo(mul(gy, a), b as Tensor)],
  ] as const;
  return record("MulBackward0", y, rows, { saves: tensorsOf(a, b) });
}

export interface DivOptions {
  /** "floor": the next whole number below; "trunc": towards 0; whole numbers then stay whole. Default null: no rounding. */
  roundingMode?: "floor" | "trunc" | null;
}

/**
 * `a / b`, element by element, in floating point unless it is rounded. Shapes broadcast; b may be a number.
 *
 * ```ts
 * const x = torch.tensor([7, -7])
 * x.div(2).tolist() // → [3.5, -3.5]
 * x.div(2, { roundingMode: "floor" }).tolist() // → [3, -4]
 * ```
 */
export function div(
  a: Tensor,
  b: Tensor | number,
  { roundingMode = null }: DivOptions = {},
): Tensor {
  if (roundingMode) return roundedDivide("div", a, b, roundingMode);
  const dtype = floatingOf(promote(a, b));
  const y = zip("div", a, b, over, dtype);
  const rows = [
    [a, (gy: Tensor) => sumTo(div(gy, b), a)],
    [b, (gy: Tensor) => sumTo(neg(div(mul(gy, a), mul(b as Tensor, b))), b as Tensor)],
  ] as const;
  return record("DivBackward0", y, rows, { saves: tensorsOf(a, b) });
}

/**
 * `−x`. Any shape → the same shape.
 *
 * ```ts
 * torch.tensor([1, -2]).neg().tolist() // → [-1, 2]
 * ```
 */
export function neg(x: Tensor): Tensor {
  refuse("neg", x, isBool, "x.logicalNot() turns it round");
  const y = map(x, opposite);
  return record("NegBackward0", y, [[x, (gy) => neg(gy)]]);
}

const tensorsOf = (a: Tensor, b: Tensor | number) => (typeof b === "number" ? [] : [a, b]);
