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

/**
 * x + weight · (end − x): x for weight 0, end for 1.
 *
 * ```ts
 * torch.zeros(2).lerp(torch.tensor([4, 8.5]), 0.5).tolist() // → [2, 4.25]
 * ```
 */
export function lerp(x: Tensor, end: Tensor, weight: number | Tensor): Tensor {
  if (typeof weight === "number") return add(x, sub(end, x), { alpha: weight });
  return add(x, mul(sub(end, x), weight));
}

/**
 * x + value · a · b
 *
 * ```ts
 * torch.ones(2).addcmul(torch.tensor([1.5, 2]), torch.tensor([4, 5.5])).tolist() // → [7, 12]
 * ```
 */
export function addcmul(
  x: Tensor,
  a: Tensor,
  b: Tensor,
  { value = 1 }: { value?: number } = {},
): Tensor {
  return add(x, mul(a, b), { alpha: value });
}

/**
 * x + value · a / b
 *
 * ```ts
 * torch.ones(2).addcdiv(torch.tensor([1.5, 2]), torch.tensor([3, 0.5])).tolist() // → [1.5, 5]
 * ```
 */
export function addcdiv(
  x: Tensor,
  a: Tensor,
  b: Tensor,
  { value = 1 }: { value?: number } = {},
): Tensor {
  return add(x, div(a, b), { alpha: value });
}

/**
 * √(a² + b²), without overflow.
 *
 * ```ts
 * torch.tensor([3.5, 0]).hypot(torch.tensor([12, 1.5])).tolist() // → [12.5, 1.5]
 * ```
 */
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

/**
 * The greater of the two; where one is NaN, the other.
 *
 * ```ts
 * torch.tensor([NaN, 1.5]).fmax(torch.tensor([2, 1])).tolist() // → [2, 1.5]
 * ```
 */
export function fmax(a: Tensor, b: Tensor): Tensor {
  return extremum("FmaxBackward0", a, b, (p, q) => p >= q || q !== q);
}

/**
 * The smaller of the two; where one is NaN, the other.
 *
 * ```ts
 * torch.tensor([NaN, 1.5]).fmin(torch.tensor([2, 1])).tolist() // → [2, 1]
 * ```
 */
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

/**
 * Another name of clamp with a lower bound only.
 *
 * ```ts
 * torch.tensor([-1, 0.5]).clampMin(0).tolist() // → [0, 0.5]
 * ```
 */
export function clampMin(x: Tensor, min: number | Tensor): Tensor {
  return typeof min === "number" ? x.clamp(min) : maximum(x, min);
}

/**
 * Another name of clamp with an upper bound only.
 *
 * ```ts
 * torch.tensor([0.5, 3]).clampMax(1).tolist() // → [0.5, 1]
 * ```
 */
export function clampMax(x: Tensor, max: number | Tensor): Tensor {
  return typeof max === "number" ? x.clamp(null, max) : minimum(x, max);
}
