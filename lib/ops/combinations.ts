// Three operands at once, and functions of two numbers besides arithmetic.

import { isWhole, refuse } from "./checks.js";
import { record } from "../autograd.js";
import type { Tensor } from "../tensor.js";
import { add, div, mul, sub } from "./arithmetic.js";
import { maximum, minimum } from "./comparison.js";
import { zip } from "./pointwise.js";
import { floatingOf, promote } from "./promotion.js";
import { sumTo } from "./stretch.js";
import { where } from "./where.js";

/** x + weight · (end − x): x for weight 0, end for 1. */
export function lerp(x: Tensor, end: Tensor, weight: number | Tensor): Tensor {
  if (typeof weight === "number") return add(x, sub(end, x), { alpha: weight });
  return add(x, mul(sub(end, x), weight));
}

/** x + value · a · b */
export function addcmul(
  x: Tensor,
  a: Tensor,
  b: Tensor,
  { value = 1 }: { value?: number } = {},
): Tensor {
  return add(x, mul(a, b), { alpha: value });
}

/** x + value · a / b */
export function addcdiv(
  x: Tensor,
  a: Tensor,
  b: Tensor,
  { value = 1 }: { value?: number } = {},
): Tensor {
  return add(x, div(a, b), { alpha: value });
}

/** √(a² + b²), without overflow. */
export function hypot(a: Tensor, b: Tensor): Tensor {
  refuse("hypot", { dtype: promote(a, b), shape: a.shape }, isWhole, "x.float()");
  const y = zip("hypot", a, b, Math.hypot, floatingOf(promote(a, b)));
  return record(
    "HypotBackward0",
    y,
    [
      [a, (gy) => sumTo(mul(gy, div(a, y)), a)],
      [b, (gy) => sumTo(mul(gy, div(b, y)), b)],
    ],
    { saves: [a, b, y] },
  );
}

/** The greater of the two; where one is NaN, the other. */
export function fmax(a: Tensor, b: Tensor): Tensor {
  return extremum("FmaxBackward0", a, b, (p, q) => p >= q || q !== q);
}

/** The smaller of the two; where one is NaN, the other. */
export function fmin(a: Tensor, b: Tensor): Tensor {
  return extremum("FminBackward0", a, b, (p, q) => p <= q || q !== q);
}

function extremum(
  name: string,
  a: Tensor,
  b: Tensor,
  first: (p: number, q: number) => boolean,
): Tensor {
  const mine = zip(name, a, b, (p, q) => (first(p, q) ? 1 : 0), "bool");
  const y = zip(name, a, b, (p, q) => (first(p, q) ? p : q), promote(a, b));
  return record(name, y, [
    [a, (gy) => sumTo(where(mine, gy, 0), a)],
    [b, (gy) => sumTo(where(mine, 0, gy), b)],
  ]);
}

/** Another name of clamp with a lower bound only. */
export function clampMin(x: Tensor, min: number | Tensor): Tensor {
  return typeof min === "number" ? x.clamp(min) : maximum(x, min);
}

/** Another name of clamp with an upper bound only. */
export function clampMax(x: Tensor, max: number | Tensor): Tensor {
  return typeof max === "number" ? x.clamp(null, max) : minimum(x, max);
}
