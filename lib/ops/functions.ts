// Functions of one number, applied to every element. A row: name, f, and its derivative as operations on x and y = f(x).

import { isGradEnabled, noGrad, record } from "../autograd.js";
import type { BinaryName } from "../compute/operations.js";
import { zerosLike } from "../creation.js";
import { erf as erfOf, erfc as erfcOf, erfinv as erfinvOf, roundHalfEven } from "../special.js";
import { inverse, inverseRoot, logistic, powerOfTwo, signOf } from "./formulas.js";
import { map, mapFloat, operand, zipBy } from "./pointwise.js";
import { promote } from "./promotion.js";
import type { Tensor } from "../tensor.js";
import { add, div, mul, neg, sub } from "./arithmetic.js";
import { isBool, isWhole, refuse } from "./checks.js";
import { to } from "./convert.js";
import { isFloating } from "../compute/dtypes.js";

type Slope = (x: Tensor, y: Tensor) => Tensor;

/**
 * f on every element in floating point, with gradient gy · slope(x, y); `kernel` computes that from gy and what the slope
 * reads, where no gradient of it is wanted.
 */
function smooth(
  name: string,
  x: Tensor,
  f: (v: number) => number,
  slope: Slope,
  kernel?: BinaryName,
): Tensor {
  const y = mapFloat(x, f);
  const read = slope.length === 1 ? x : y; // a slope reads x, or the result instead
  const back = (gy: Tensor) => {
    const quick = kernel && !isGradEnabled() ? zipBy(kernel, gy, read) : null;
    return quick ?? mul(gy, slope(x, y));
  };
  return record(`${name}Backward0`, y, [[x, back]], { saves: [read] });
}

/** A step function: whole numbers stay, the gradient is 0 everywhere. */
function steps(name: string, x: Tensor, f: (v: number) => number): Tensor {
  refuse(name.toLowerCase(), x, isBool, "x.long()");
  if (!isFloating(x.dtype)) return x;
  return record(`${name}Backward0`, map(x, f), [[x, flat]]);
}

/** The gradient of a step function: 0, also of an infinite one. */
const flat = (gy: Tensor): Tensor => zerosLike(gy);

/**
 * `e^x`
 *
 * ```ts
 * torch.tensor([0, 1]).exp().tolist() // → [1, 2.718282]
 * ```
 */
export const exp = (x: Tensor): Tensor => smooth("Exp", x, Math.exp, (_, y) => y);
/**
 * `e^x − 1`, exact near 0.
 *
 * ```ts
 * torch.tensor([0, 1]).expm1().tolist() // → [0, 1.718282]
 * ```
 */
export const expm1 = (x: Tensor): Tensor => smooth("Expm1", x, Math.expm1, (_, y) => add(y, 1));
/**
 * `2^x`
 *
 * ```ts
 * torch.tensor([0, 3]).exp2().tolist() // → [1, 8]
 * ```
 */
export const exp2 = (x: Tensor): Tensor =>
  smooth("Exp2", x, powerOfTwo, (_, y) => mul(y, Math.LN2));
/**
 * Natural logarithm.
 *
 * ```ts
 * torch.tensor([1, Math.E]).log().tolist() // → [0, 1]
 * ```
 */
export const log = (x: Tensor): Tensor =>
  smooth("Log", x, Math.log, (v) => reciprocal(v), "divide");
/**
 * Logarithm to the base 2.
 *
 * ```ts
 * torch.tensor([1, 8]).log2().tolist() // → [0, 3]
 * ```
 */
export const log2 = (x: Tensor): Tensor =>
  smooth("Log2", x, Math.log2, (v) => reciprocal(mul(v, Math.LN2)));
/**
 * Logarithm to the base 10.
 *
 * ```ts
 * torch.tensor([1, 1000]).log10().tolist() // → [0, 3]
 * ```
 */
export const log10 = (x: Tensor): Tensor =>
  smooth("Log10", x, Math.log10, (v) => reciprocal(mul(v, Math.LN10)));
/**
 * `log(1 + x)`, exact near 0.
 *
 * ```ts
 * torch.tensor([0, 1]).log1p().tolist() // → [0, 0.6931472]
 * ```
 */
export const log1p = (x: Tensor): Tensor =>
  smooth("Log1P", x, Math.log1p, (v) => reciprocal(add(v, 1)));
/**
 * Square root.
 *
 * ```ts
 * torch.tensor([4, 9]).sqrt().tolist() // → [2, 3]
 * ```
 */
export const sqrt = (x: Tensor): Tensor =>
  smooth("Sqrt", x, Math.sqrt, (_, y) => reciprocal(mul(y, 2)), "squareRootBackward");
/**
 * `1 / √x`
 *
 * ```ts
 * torch.tensor([4, 16]).rsqrt().tolist() // → [0.5, 0.25]
 * ```
 */
export const rsqrt = (x: Tensor): Tensor =>
  smooth("Rsqrt", x, inverseRoot, (_, y) => mul(mul(mul(y, y), y), -0.5));
/**
 * `1 / x`
 *
 * ```ts
 * torch.tensor([2, 4]).reciprocal().tolist() // → [0.5, 0.25]
 * ```
 */
export function reciprocal(x: Tensor): Tensor {
  return smooth("Reciprocal", x, inverse, (_, y) => neg(mul(y, y)), "reciprocalBackward");
}
/**
 * The sine of each element, an angle in radians.
 *
 * ```ts
 * torch.sin(torch.tensor([0, Math.PI / 2])).tolist() // → [0, 1]
 * ```
 */
export const sin = (x: Tensor): Tensor => smooth("Sin", x, Math.sin, (v) => cos(v));
/**
 * The cosine of each element, an angle in radians.
 *
 * ```ts
 * torch.tensor([0, Math.PI]).cos().tolist() // → [1, -1]
 * ```
 */
export function cos(x: Tensor): Tensor {
  return smooth("Cos", x, Math.cos, (v) => neg(sin(v)));
}
/**
 * The tangent of each element, an angle in radians.
 *
 * ```ts
 * torch.tensor([0, 0.5]).tan().tolist() // → [0, 0.5463025]
 * ```
 */
export const tan = (x: Tensor): Tensor => smooth("Tan", x, Math.tan, (_, y) => add(mul(y, y), 1));
/** The angle in radians whose sine it is; NaN outside of −1 to 1. */
export const asin = (x: Tensor): Tensor =>
  smooth("Asin", x, Math.asin, (v) => rsqrt(oneMinus(mul(v, v))));
/**
 * The angle in radians whose cosine it is; NaN outside of −1 to 1.
 *
 * ```ts
 * torch.tensor([1, 0]).acos().tolist() // → [0, 1.570796]
 * ```
 */
export const acos = (x: Tensor): Tensor =>
  smooth("Acos", x, Math.acos, (v) => neg(rsqrt(oneMinus(mul(v, v)))));
/**
 * The angle in radians whose tangent it is.
 *
 * ```ts
 * torch.tensor([0, 1]).atan().tolist() // → [0, 0.7853982]
 * ```
 */
export const atan = (x: Tensor): Tensor =>
  smooth("Atan", x, Math.atan, (v) => reciprocal(add(mul(v, v), 1)));
/** The hyperbolic sine, (eˣ − e⁻ˣ) / 2. */
export const sinh = (x: Tensor): Tensor => smooth("Sinh", x, Math.sinh, (v) => cosh(v));
/** The hyperbolic cosine, (eˣ + e⁻ˣ) / 2. */
export function cosh(x: Tensor): Tensor {
  return smooth("Cosh", x, Math.cosh, (v) => sinh(v));
}
/**
 * The hyperbolic tangent: from −1 to 1, steepest at 0.
 *
 * ```ts
 * torch.tanh(torch.tensor([0, 1])).tolist() // → [0, 0.7615942]
 * ```
 */
export const tanh = (x: Tensor): Tensor =>
  smooth("Tanh", x, Math.tanh, (_, y) => oneMinus(mul(y, y)), "tanhBackward");
/** The inverse of {@link sinh}. */
export const asinh = (x: Tensor): Tensor =>
  smooth("Asinh", x, Math.asinh, (v) => rsqrt(add(mul(v, v), 1)));
/** The inverse of {@link cosh}; NaN below 1. */
export const acosh = (x: Tensor): Tensor =>
  smooth("Acosh", x, Math.acosh, (v) => rsqrt(sub(mul(v, v), 1)));
/** The inverse of {@link tanh}; NaN outside of −1 to 1. */
export const atanh = (x: Tensor): Tensor =>
  smooth("Atanh", x, Math.atanh, (v) => reciprocal(oneMinus(mul(v, v))));
/**
 * The logistic function `1 / (1 + e^−x)`.
 *
 * ```ts
 * torch.tensor([0, 2]).sigmoid().tolist() // → [0.5, 0.8807971]
 * ```
 */
export const sigmoid = (x: Tensor): Tensor =>
  smooth("Sigmoid", x, logistic, (_, y) => mul(y, oneMinus(y)), "sigmoidBackward");
/**
 * The error function.
 *
 * ```ts
 * torch.tensor([0, 1]).erf().tolist() // → [0, 0.8427008]
 * ```
 */
export const erf = (x: Tensor): Tensor =>
  smooth("Erf", x, erfOf, (v) => mul(exp(neg(mul(v, v))), 2 / Math.sqrt(Math.PI)));

/** `1 − erf(x)`, exact where erf is nearly 1. */
export const erfc = (x: Tensor): Tensor =>
  smooth("Erfc", x, erfcOf, (v) => mul(exp(neg(mul(v, v))), -2 / Math.sqrt(Math.PI)));
/** The inverse of the error function, between −1 and 1. */
export const erfinv = (x: Tensor): Tensor =>
  smooth("Erfinv", x, erfinvOf, (_, y) => mul(exp(mul(y, y)), Math.sqrt(Math.PI) / 2));

/**
 * The inverse of sigmoid, log(x / (1 − x)); x is first kept within eps and 1 − eps, if eps is given.
 *
 * ```ts
 * torch.tensor([0.5, 0.75]).logit().tolist() // → [0, 1.098612]
 * ```
 */
export function logit(x: Tensor, eps?: number): Tensor {
  const low = eps ?? -Infinity;
  const inside = (v: number) => Math.min(Math.max(v, low), 1 - low);
  const y = mapFloat(x, (v) => {
    const kept = inside(v);
    return Math.log(kept / (1 - kept));
  });
  const slope = () => reciprocal(mul(x, oneMinus(x)));
  const open = (gy: Tensor) =>
    mul(
      gy,
      map(x, (v) => (inside(v) === v ? 1 : 0), gy.dtype),
    );
  const toX = (gy: Tensor) => (eps === undefined ? mul(gy, slope()) : mul(open(gy), slope()));
  return record("LogitBackward0", y, [[x, toX]], { saves: [x] });
}

/**
 * `|x|`; the gradient at 0 is 0.
 *
 * ```ts
 * torch.tensor([-1.5, 2]).abs().tolist() // → [1.5, 2]
 * ```
 */
export function abs(x: Tensor): Tensor {
  refuse("abs", x, isBool, "x.long()");
  const back = (gy: Tensor) => {
    const quick = isGradEnabled() ? null : zipBy("absoluteBackward", gy, x);
    return quick ?? mul(gy, sign(x));
  };
  return record("AbsBackward0", map(x, Math.abs), [[x, back]], { saves: [x] });
}

/**
 * −1, 0 or 1.
 *
 * ```ts
 * torch.tensor([-3, 0, 5]).sign().tolist() // → [-1, 0, 1]
 * ```
 */
export function sign(x: Tensor): Tensor {
  return record("SignBackward0", map(x, signOf), [[x, flat]]);
}

/**
 * `x · x`
 *
 * ```ts
 * torch.tensor([-3, 4]).square().tolist() // → [9, 16]
 * ```
 */
export function square(x: Tensor): Tensor {
  return x.dtype === "bool" ? to(x, "int64") : mul(x, x);
}

/**
 * The next whole number below.
 *
 * ```ts
 * torch.tensor([1.8, -1.2]).floor().tolist() // → [1, -2]
 * ```
 */
export const floor = (x: Tensor): Tensor => steps("Floor", x, Math.floor);
/**
 * The next whole number above.
 *
 * ```ts
 * torch.tensor([1.2, -1.2]).ceil().tolist() // → [2, -1]
 * ```
 */
export const ceil = (x: Tensor): Tensor => steps("Ceil", x, Math.ceil);
/**
 * Towards 0.
 *
 * ```ts
 * torch.tensor([1.8, -1.8]).trunc().tolist() // → [1, -1]
 * ```
 */
export const trunc = (x: Tensor): Tensor => steps("Trunc", x, Math.trunc);
/**
 * What {@link trunc} cuts off.
 *
 * ```ts
 * torch.tensor([1.5, -2.25]).frac().tolist() // → [0.5, -0.25]
 * ```
 */
export function frac(x: Tensor): Tensor {
  refuse("frac", x, isWhole, "x.float()");
  return sub(x, trunc(x));
}

/**
 * The nearest whole number, halves to the even one; with `decimals` the nearest multiple of 10^−decimals.
 *
 * ```ts
 * torch.tensor([0.5, 1.5, 2.6]).round().tolist() // → [0, 2, 3]
 * torch.tensor([3.14159]).round({ decimals: 2 }).tolist() // → [3.14]
 * ```
 */
export function round(x: Tensor, { decimals = 0 }: { decimals?: number } = {}): Tensor {
  const scale = 10 ** decimals;
  return steps(
    "Round",
    x,
    decimals === 0 ? roundHalfEven : (v) => roundHalfEven(v * scale) / scale,
  );
}

/** `1 − x` */
function oneMinus(x: Tensor): Tensor {
  return add(neg(x), 1);
}

/**
 * `1 / x`, of a number that stands on the left: `rdiv(x, 2)` is 2 / x.
 *
 * ```ts
 * torch.tensor([1, 4]).rdiv(2).tolist() // → [2, 0.5]
 * ```
 */
export function rdiv(x: Tensor, numerator: number): Tensor {
  return div(mul(reciprocal(x), numerator), 1);
}

/**
 * `other − x`, of a number that stands on the left.
 *
 * ```ts
 * torch.tensor([1, 4]).rsub(10).tolist() // → [9, 6]
 * ```
 */
export function rsub(x: Tensor, other: Tensor | number): Tensor {
  return sub(operand(other, promote(x, other)), x);
}

/**
 * NaN -> nan (0), ±Infinity -> the largest numbers, unless said otherwise.
 *
 * ```ts
 * torch.tensor([NaN, 1.5]).nanToNum().tolist() // → [0, 1.5]
 * ```
 */
export function nanToNum(x: Tensor, nan = 0, posinf?: number, neginf?: number): Tensor {
  const largest = x.dtype === "float64" ? Number.MAX_VALUE : 3.4028234663852886e38;
  const f = (v: number) =>
    v !== v
      ? nan
      : v === Infinity
        ? (posinf ?? largest)
        : v === -Infinity
          ? (neginf ?? -largest)
          : v;
  const y = map(x, f);
  return record("NanToNumBackward0", y, [
    [
      x,
      (gy) =>
        mul(
          gy,
          noGrad(() => map(x, (v) => (Number.isFinite(v) ? 1 : 0))),
        ),
    ],
  ]);
}
