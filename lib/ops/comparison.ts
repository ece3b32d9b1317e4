// Questions about elements: the answers are bool tensors and have no gradient.

import { checkFits, refuse } from "./checks.js";
import type { DType } from "../compute/dtypes.js";
import { isGradEnabled, record } from "../autograd.js";
import { isFloating } from "../compute/dtypes.js";
import type { Tensor } from "../tensor.js";
import { mul } from "./arithmetic.js";
import { to } from "./convert.js";
import {
  atLeast,
  atMost,
  bothTrue,
  different,
  eitherTrue,
  equal,
  larger,
  less,
  more,
  oneTrue,
  smaller,
} from "./formulas.js";
import { map, mapBy, operand, zip, zipBy } from "./pointwise.js";
import { promote } from "./promotion.js";
import { sumTo } from "./stretch.js";
import { where } from "./where.js";

/** 1 where the answer is yes, else 0; by Number(), for a branch on mixed data costs five times as much. */
type Test = (p: number, q: number) => number;

function compare(op: string, a: Tensor, b: Tensor | number, test: Test): Tensor {
  const dtype = promote(a, b);
  // one without axes is compared as a number of the other's dtype: uint8 44 is 300
  const asNumber = (x: Tensor) => (x.ndim === 0 ? to(x, dtype) : x);
  return zip(op, asNumber(a), asNumber(operand(b, dtype)), test, "bool");
}

/**
 * a = b?
 *
 * ```ts
 * torch.tensor([1, 2]).eq(2).tolist() // → [false, true]
 * ```
 */
export const eq = (a: Tensor, b: Tensor | number): Tensor => compare("eq", a, b, equal);
/**
 * a ≠ b?
 *
 * ```ts
 * torch.tensor([1, 2]).ne(2).tolist() // → [true, false]
 * ```
 */
export const ne = (a: Tensor, b: Tensor | number): Tensor => compare("ne", a, b, different);
/**
 * a < b?
 *
 * ```ts
 * torch.tensor([1, 2, 3]).lt(2).tolist() // → [true, false, false]
 * ```
 */
export const lt = (a: Tensor, b: Tensor | number): Tensor => compare("lt", a, b, less);
/**
 * a ≤ b?
 *
 * ```ts
 * torch.tensor([1, 2, 3]).le(2).tolist() // → [true, true, false]
 * ```
 */
export const le = (a: Tensor, b: Tensor | number): Tensor => compare("le", a, b, atMost);
/**
 * a > b?
 *
 * ```ts
 * torch.tensor([1, 2, 3]).gt(2).tolist() // → [false, false, true]
 * ```
 */
export const gt = (a: Tensor, b: Tensor | number): Tensor => compare("gt", a, b, more);
/**
 * a ≥ b?
 *
 * ```ts
 * torch.tensor([1, 2, 3]).ge(2).tolist() // → [false, true, true]
 * ```
 */
export const ge = (a: Tensor, b: Tensor | number): Tensor => compare("ge", a, b, atLeast);

/**
 * Both not zero?
 *
 * ```ts
 * torch.tensor([1, 0]).logicalAnd(torch.tensor([1, 1])).tolist() // → [true, false]
 * ```
 */
export const logicalAnd = (a: Tensor, b: Tensor): Tensor => compare("logicalAnd", a, b, bothTrue);
/**
 * One of the two not zero?
 *
 * ```ts
 * torch.tensor([1, 0]).logicalOr(torch.tensor([0, 0])).tolist() // → [true, false]
 * ```
 */
export const logicalOr = (a: Tensor, b: Tensor): Tensor => compare("logicalOr", a, b, eitherTrue);
/**
 * Exactly one of the two not zero?
 *
 * ```ts
 * torch.tensor([1, 0]).logicalXor(torch.tensor([1, 1])).tolist() // → [false, true]
 * ```
 */
export const logicalXor = (a: Tensor, b: Tensor): Tensor => compare("logicalXor", a, b, oneTrue);

const ask = (x: Tensor, test: (v: number) => number): Tensor => map(x, test, "bool");

/**
 * Zero?
 *
 * ```ts
 * torch.tensor([1, 0]).logicalNot().tolist() // → [false, true]
 * ```
 */
export const logicalNot = (x: Tensor): Tensor =>
  zip("logicalNot", x, operand(0, x.dtype), equal, "bool");
/**
 * Not a number?
 *
 * ```ts
 * torch.tensor([NaN, 1]).isnan().tolist() // → [true, false]
 * ```
 */
export const isnan = (x: Tensor): Tensor => zip("isnan", x, x, different, "bool");
/**
 * Plus or minus infinity?
 *
 * ```ts
 * torch.tensor([-Infinity, 1]).isinf().tolist() // → [true, false]
 * ```
 */
export const isinf = (x: Tensor): Tensor => ask(x, (v) => Number(Math.abs(v) === Infinity));
/**
 * Neither infinite nor NaN?
 *
 * ```ts
 * torch.tensor([-Infinity, NaN, 1]).isfinite().tolist() // → [false, false, true]
 * ```
 */
export function isfinite(x: Tensor): Tensor {
  if (x.dtype !== "float32") return ask(x, (v) => Number(Number.isFinite(v)));
  return zip("isfinite", map(x, Math.abs), operand(Infinity, x.dtype), less, "bool");
}

/**
 * Is |a − b| ≤ atol + rtol · |b|? Element by element.
 *
 * ```ts
 * torch.tensor([1, 2.5]).isclose(torch.tensor([1, 2.6])).tolist() // → [true, false]
 * ```
 */
export function isclose(
  a: Tensor,
  b: Tensor,
  { rtol = 1e-5, atol = 1e-8, equalNan = false } = {},
): Tensor {
  return compare("isclose", a, b, (p, q) =>
    p === q ||
    (equalNan && p !== p && q !== q) ||
    (Number.isFinite(q) && Math.abs(p - q) <= atol + rtol * Math.abs(q))
      ? 1
      : 0,
  );
}

/**
 * Bits inverted; of bools: not.
 *
 * ```ts
 * torch.tensor([0, 5]).bitwiseNot().tolist() // → [-1, -6]
 * ```
 */
export function bitwiseNot(x: Tensor): Tensor {
  refuse("bitwiseNot", x, isFloating, "convert it to whole numbers: x.long()");
  return x.dtype === "bool"
    ? logicalNot(x)
    : map(x, (v) => (x.dtype === "uint8" ? 255 - v : -v - 1));
}

function bits(
  op: string,
  a: Tensor,
  b: Tensor | number,
  f: (p: number, q: number) => number,
): Tensor {
  const dtype: DType = promote(a, b);
  refuse(op, { dtype, shape: a.shape }, isFloating, "convert both to whole numbers: x.long()");
  return zip(op, a, operand(b, dtype), f, dtype);
}
/** A function of 32 bits, or of 64 where a number needs them. */
function wide(
  f: (p: number, q: number) => number,
  g: (p: bigint, q: bigint) => bigint,
): (p: number, q: number) => number {
  return (p, q) =>
    (p | 0) === p && (q | 0) === q ? f(p, q) : Number(BigInt.asIntN(64, g(BigInt(p), BigInt(q))));
}

const and = wide(
  (p, q) => p & q,
  (p, q) => p & q,
);
const or = wide(
  (p, q) => p | q,
  (p, q) => p | q,
);
const xor = wide(
  (p, q) => p ^ q,
  (p, q) => p ^ q,
);

/**
 * Bits that are set in both.
 *
 * ```ts
 * torch.tensor([6]).bitwiseAnd(3).tolist() // → [2]
 * ```
 */
export const bitwiseAnd = (a: Tensor, b: Tensor | number): Tensor => bits("bitwiseAnd", a, b, and);
/**
 * Bits that are set in one of the two.
 *
 * ```ts
 * torch.tensor([6]).bitwiseOr(3).tolist() // → [7]
 * ```
 */
export const bitwiseOr = (a: Tensor, b: Tensor | number): Tensor => bits("bitwiseOr", a, b, or);
/**
 * Bits that are set in exactly one.
 *
 * ```ts
 * torch.tensor([6]).bitwiseXor(3).tolist() // → [5]
 * ```
 */
export const bitwiseXor = (a: Tensor, b: Tensor | number): Tensor => bits("bitwiseXor", a, b, xor);

function extremum(name: string, a: Tensor, b: Tensor | number, greater: boolean): Tensor {
  const dtype = promote(a, b);
  const other = operand(b, dtype);
  const wins = greater ? (p: number, q: number) => p >= q : (p: number, q: number) => p <= q;
  const pick = greater ? larger : smaller;
  const y = zip(name.toLowerCase(), a, other, pick, dtype);
  // at a tie each gets half, as PyTorch
  const share = (mine: Tensor, its: Tensor) =>
    zip(
      name,
      mine,
      its,
      (p, q) => (p === q ? 0.5 : wins(q, p) ? 0 : 1), // both, where one is NaN
      isFloating(dtype) ? dtype : "float32",
    );
  return record(
    `${name}Backward0`,
    y,
    [
      [a, (gy) => sumTo(mul(gy, share(a, other)), a)],
      [typeof b === "number" ? b : other, (gy) => sumTo(mul(gy, share(other, a)), other)],
    ],
    { saves: [a, other] },
  );
}

/**
 * The greater of the two, NaN if one is.
 *
 * ```ts
 * torch.tensor([1, 5]).maximum(torch.tensor([3, 2])).tolist() // → [3, 5]
 * ```
 */
export const maximum = (a: Tensor, b: Tensor | number): Tensor => extremum("Maximum", a, b, true);
/**
 * The smaller of the two, NaN if one is.
 *
 * ```ts
 * torch.tensor([1, 5]).minimum(torch.tensor([3, 2])).tolist() // → [1, 2]
 * ```
 */
export const minimum = (a: Tensor, b: Tensor | number): Tensor => extremum("Minimum", a, b, false);

/**
 * Every element brought into [min, max]; either may be missing, a number or a tensor.
 *
 * ```ts
 * torch.tensor([-1, 0.5, 3]).clamp(0, 1).tolist() // → [0, 0.5, 1]
 * ```
 */
export function clamp(
  x: Tensor,
  min?: number | Tensor | null | { min?: number | null; max?: number | null },
  max?: number | Tensor | null,
): Tensor {
  if (min && typeof min === "object" && !("storage" in min)) return clamp(x, min.min, min.max);
  const low = (min as number | Tensor | null | undefined) ?? undefined;
  const high = max ?? undefined;
  if (low === undefined && high === undefined) {
    throw new TypeError("clamp: give min, max or both");
  }
  if (typeof low === "object" || typeof high === "object") {
    let y = x;
    // where x lies on a limit, it is x that the gradient goes to
    if (low !== undefined) y = outside(y, low, lt);
    if (high !== undefined) y = outside(y, high, gt);
    return y;
  }
  let dtype = x.dtype;
  for (const limit of [low, high]) {
    if (typeof limit === "number" && Number.isFinite(limit)) dtype = promote(to(x, dtype), limit);
  }
  for (const [name, limit] of [
    ["min", low],
    ["max", high],
  ] as const) {
    if (typeof limit === "number" && Number.isFinite(limit)) checkFits("clamp", name, limit, dtype);
  }
  // −1 is 255 in a uint8
  const wrapped = (v: number) => (dtype === "uint8" && v < 0 && v > -Infinity ? v & 255 : v);
  const [from, upTo] = [wrapped(low ?? -Infinity), wrapped(high ?? Infinity)];
  const f = (v: number) => (v !== v ? v : Math.min(Math.max(v, from), upTo));
  const y = mapBy("clamp", x, f, dtype, from, upTo);
  const inside = () => map(x, (v) => Number(v >= from && v <= upTo), dtype);
  const back = (gy: Tensor) => {
    const quick = isGradEnabled() ? null : zipBy("clampBackward", gy, x, from, upTo);
    return quick ?? mul(gy, inside());
  };
  return record("ClampBackward1", y, [[x, back]], {
    saves: [x],
    told: { op: "clamp", min: from, max: upTo },
  });
}

/** `limit` where x lies beyond it. */
function outside(x: Tensor, limit: Tensor | number, beyond: typeof lt): Tensor {
  const replaced = beyond(x, limit);
  return where(typeof limit === "number" ? replaced : logicalOr(replaced, isnan(limit)), limit, x);
}

/** {@link clamp} under its other name. */
export const clip = clamp;
