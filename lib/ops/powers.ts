// Powers, remainders and the other functions of two numbers.

import { isGradEnabled, record } from "../autograd.js";
import { DTypeError } from "../errors.js";
import { isFloating, type DType } from "../compute/dtypes.js";
import type { Tensor } from "../tensor.js";
import { isBool, isWhole, refuse } from "./checks.js";
import { add, div, mul, neg, sub } from "./arithmetic.js";
import { logicalAnd } from "./comparison.js";
import { exp, log, trunc } from "./functions.js";
import { map, mapBy, operand, zip, zipBy } from "./pointwise.js";
import { floatingOf, promote } from "./promotion.js";
import { roundedDivide } from "./rounded-divide.js";
import { sumTo } from "./stretch.js";
import { where } from "./where.js";

/**
 * `x` to the power of `exponent`, a number or a tensor.
 *
 * ```ts
 * torch.tensor([1, 2, 3]).pow(2).tolist() // → [1, 4, 9]
 * ```
 */
export function pow(x: Tensor, exponent: Tensor | number): Tensor {
  const dtype = promote(x, exponent);
  if (typeof exponent === "number") {
    if (!isFloating(dtype) && exponent < 0) {
      throw new DTypeError(
        `pow: whole numbers to the power ${exponent} are not whole: use x.float()`,
      );
    }
    const y = toNumber(x, exponent, dtype);
    const slope = () => mul(pow(x, exponent - 1), exponent);
    const back = (gy: Tensor) => {
      if (exponent === 0) return mul(gy, 0);
      const quick = exponent === 3 && !isGradEnabled() ? zipBy("cubeBackward", gy, x) : null;
      return quick ?? mul(gy, slope());
    };
    return record("PowBackward0", y, [[x, back]], { saves: [x], told: { op: "pow", exponent } });
  }
  const y = zip("pow", x, exponent, powerIn(dtype), dtype);
  // 0^q has the slope 0 in q for q ≥ 0
  const inExponent = () => mul(y, where(x.eq(0), 0, log(x)));
  return record(
    "PowBackward1",
    y,
    [
      // x^0 has no slope, not even where x is 0
      [
        x,
        (gy) =>
          sumTo(where(exponent.eq(0), 0, mul(gy, mul(exponent, pow(x, sub(exponent, 1))))), x),
      ],
      [exponent, (gy) => sumTo(mul(gy, inExponent()), exponent)],
    ],
    { saves: [x, exponent] },
  );
}

function toNumber(x: Tensor, exponent: number, dtype: DType): Tensor {
  if (exponent === 1) return mapBy("copy", x, (v) => v, dtype);
  if (exponent === 2) return mapBy("square", x, (v) => v * v, dtype);
  if (exponent === 0.5) return map(x, Math.sqrt, dtype);
  const power = powerIn(dtype);
  const f = (v: number) => power(v, exponent);
  if (exponent === 3) return mapBy("cube", x, f, dtype);
  if (exponent === -1) return mapBy("reciprocal", x, f, dtype);
  if (exponent === -0.5) return mapBy("inverseSquareRoot", x, (v) => 1 / Math.sqrt(v), dtype);
  // a whole power of a negative number is none of the kernel's
  return Number.isInteger(exponent) ? map(x, f, dtype) : mapBy("power", x, f, dtype, exponent);
}

/** p^q; of whole numbers what is left in their bits, and 0 for a fraction, as in C++. */
function powerIn(dtype: DType): (p: number, q: number) => number {
  if (isFloating(dtype)) return (p, q) => p ** q;
  const bits = dtype === "int64" ? 64 : 32;
  return (p, q) => {
    const y = p ** q;
    if (Number.isSafeInteger(y)) return y;
    return q < 0 ? 0 : wrappedPower(BigInt(p), BigInt(q), bits);
  };
}

/** By squaring, the upper bits dropped at each step. */
function wrappedPower(base: bigint, exponent: bigint, bits: number): number {
  let y = 1n;
  for (let q = exponent; q > 0n; q >>= 1n) {
    if (q & 1n) y = BigInt.asIntN(bits, y * base);
    base = BigInt.asIntN(bits, base * base);
  }
  return Number(y);
}

/**
 * `a − b · floor(a / b)`: the remainder with the sign of b, as Python's %.
 *
 * ```ts
 * torch.tensor([7, -7]).remainder(3).tolist() // → [1, 2]
 * ```
 */
export function remainder(a: Tensor, b: Tensor | number): Tensor {
  const dtype = promote(a, b);
  const other = operand(b, dtype);
  const f = (p: number, q: number) => {
    const r = p % q;
    return r !== 0 && r < 0 !== q < 0 ? r + q : r;
  };
  checkDivisor("remainder", a, other, dtype);
  const y = zip("remainder", a, other, f, dtype);
  return record("RemainderBackward0", y, [
    [a, (gy) => sumTo(gy, a)],
    [other, (gy) => sumTo(mul(gy, neg(floorDivide(a, other))), other)],
  ]);
}

/**
 * The remainder with the sign of a, as C's fmod.
 *
 * ```ts
 * torch.tensor([7, -7]).fmod(3).tolist() // → [1, -1]
 * ```
 */
export function fmod(a: Tensor, b: Tensor | number): Tensor {
  const dtype = promote(a, b);
  const other = operand(b, dtype);
  checkDivisor("fmod", a, other, dtype);
  const y = zip("fmod", a, other, (p, q) => p % q, dtype);
  return record("FmodBackward0", y, [
    [a, (gy) => sumTo(gy, a)],
    [other, (gy) => sumTo(mul(gy, neg(trunc(div(a, other)))), other)],
  ]);
}

function checkDivisor(op: string, x: Tensor, divisor: Tensor, dtype: DType): void {
  refuse(op, { dtype, shape: divisor.shape }, isBool, "x.long()");
  if (isFloating(dtype) || x.numel() === 0 || !divisor.data.includes(0 as never)) return;
  throw new RangeError(`${op}: whole numbers cannot be divided by 0: use floating point`);
}

/**
 * `floor(a / b)`. Whole numbers stay whole.
 *
 * ```ts
 * torch.tensor([7, -7]).floorDivide(2).tolist() // → [3, -4]
 * ```
 */
export function floorDivide(a: Tensor, b: Tensor | number): Tensor {
  return roundedDivide("floorDivide", a, b, "floor");
}

/**
 * `a / b` cut towards 0. Whole numbers stay whole.
 *
 * ```ts
 * torch.tensor([7, -7]).truncDivide(2).tolist() // → [3, -3]
 * ```
 */
export function truncDivide(a: Tensor, b: Tensor | number): Tensor {
  return roundedDivide("truncDivide", a, b, "trunc");
}

/**
 * The angle of the point (b, a): arc tangent of a / b in the right quadrant.
 *
 * ```ts
 * torch.tensor([1, 0.5]).atan2(torch.tensor([-1, 0.5])).tolist() // → [2.356194, 0.7853982]
 * ```
 */
export function atan2(a: Tensor, b: Tensor): Tensor {
  const y = zip("atan2", a, b, Math.atan2, floatingOf(promote(a, b)));
  const square = () => add(mul(a, a), mul(b, b));
  return record("Atan2Backward0", y, [
    [a, (gy) => sumTo(mul(gy, div(b, square())), a)],
    [b, (gy) => sumTo(mul(gy, neg(div(a, square()))), b)],
  ]);
}

/**
 * `log(e^a + e^b)` without overflow.
 *
 * ```ts
 * torch.tensor([0.5]).logaddexp(torch.tensor([0.5])).tolist() // → [1.193147]
 * ```
 */
export function logaddexp(a: Tensor, b: Tensor): Tensor {
  refuse("logaddexp", { dtype: promote(a, b), shape: a.shape }, isWhole, "x.float()");
  const f = (p: number, q: number) => {
    const m = Math.max(p, q);
    return m === -Infinity || m === Infinity ? m : m + Math.log1p(Math.exp(-Math.abs(p - q)));
  };
  const y = zip("logaddexp", a, b, f, floatingOf(promote(a, b)));
  const share = (mine: Tensor) => exp(sub(mine, y));
  return record("LogaddexpBackward0", y, [
    [a, (gy) => sumTo(mul(gy, share(a)), a)],
    [b, (gy) => sumTo(mul(gy, share(b)), b)],
  ]);
}

/**
 * `x · log(y)`, 0 where x is 0.
 *
 * ```ts
 * torch.tensor([0, 2]).xlogy(torch.tensor([0, 5])).tolist() // → [0, 3.218876]
 * ```
 */
export function xlogy(x: Tensor, y: Tensor): Tensor {
  const z = zip(
    "xlogy",
    x,
    y,
    (p, q) => (p === 0 && q === q ? 0 : p * Math.log(q)),
    floatingOf(promote(x, y)),
  );
  return record("XlogyBackward0", z, [
    // log(0) does not count where x is 0
    [x, (gz) => sumTo(where(logicalAnd(x.eq(0), y.le(0)), 0, mul(gz, log(y))), x)],
    [y, (gz) => sumTo(mul(gz, div(x, y)), y)],
  ]);
}
