// How far numbers lie apart, and how large they are: variance, standard deviation, norm, logsumexp.

import { isGradEnabled, record } from "../autograd.js";
import { isFloating } from "../compute/dtypes.js";
import { DTypeError } from "../errors.js";
import { axesOf, dropped, showShape, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { div, mul, sub } from "./arithmetic.js";
import { eq, ne } from "./comparison.js";
import { to } from "./convert.js";
import { amax, amin } from "./extremes.js";
import { finish, fold, foldByKernel } from "./fold.js";
import { abs, exp, log, sign } from "./functions.js";
import { map } from "./pointwise.js";
import { pow } from "./powers.js";
import { mean, sum, type ReduceOptions } from "./sum.js";
import { expand, reshape } from "./views.js";
import { where } from "./where.js";

export interface VarianceOptions extends ReduceOptions {
  /** What is taken off the count: 1 for a sample (default), 0 for a whole population. */
  correction?: number;
  /** PyTorch's older word: false is correction 0. */
  unbiased?: boolean;
}

/** The variance over `dim` (all by default), with n − correction in the denominator; correction is 1 by default. */
function variance(x: Tensor, dim?: number | Shape | null, options: VarianceOptions = {}): Tensor {
  const { keepdim = false, unbiased = true, correction = unbiased ? 1 : 0 } = options;
  if (!isFloating(x.dtype)) {
    throw new DTypeError(
      `var: x ${showShape(x.shape)} is ${x.dtype}, the variance needs floating point: x.float()`,
    );
  }
  const axes = axesOf("var", dim, x.ndim);
  const count = axes.reduce((product, axis) => product * x.shape[axis], 1);
  const centred = sub(x, mean(x, axes, { keepdim: true }));
  return div(sum(mul(centred, centred), axes, { keepdim }), Math.max(count - correction, 0));
}

/**
 * The standard deviation over `dim` (all by default): the root of {@link var}.
 *
 * ```ts
 * torch.tensor([1, 2, 3.5]).std().item() // → 1.258306
 * ```
 */
export function std(x: Tensor, dim?: number | Shape | null, options: VarianceOptions = {}): Tensor {
  const square = variance(x, dim, options);
  const y: Tensor = record("StdBackward0", map(square, Math.sqrt), [
    // equal numbers: the root has no slope there, PyTorch gives 0
    [square, (gy) => where(eq(y, 0), 0, div(gy, mul(y, 2)))],
  ]);
  return y;
}

export { variance as var };

/**
 * The p-norm over `dim` (all by default): (Σ |x|^p)^(1/p); p = 2 by default, Infinity and 0 allowed.
 *
 * ```ts
 * torch.tensor([3, 4.5]).norm().item() // → 5.408327
 * ```
 */
export function norm(
  x: Tensor,
  p: number | "fro" = 2,
  dim?: number | Shape | null,
  { keepdim = false }: ReduceOptions = {},
): Tensor {
  if (!isFloating(x.dtype)) {
    throw new DTypeError(
      `norm: x ${showShape(x.shape)} is ${x.dtype}, the norm needs floating point: x.float()`,
    );
  }
  const axes = axesOf("norm", dim, x.ndim);
  const power = p === "fro" ? 2 : p;
  const kernel = ({ 1: "sizes", 2: "length", Infinity: "greatestSize" } as const)[power as 1];
  if (power !== 2 && isGradEnabled() && x.requiresGrad) {
    if (p === 1) return sum(abs(x), axes, { keepdim });
    if (p === Infinity) return amax(abs(x), axes, { keepdim });
  }
  if (p === 0) return sum(to(ne(x, 0), x.dtype), axes, { keepdim });
  if (p === -Infinity) return amin(abs(x), axes, { keepdim });

  const y = (kernel && foldByKernel(kernel, x, axes)) ?? normByHand(x, axes, power);
  // d/dx = sign(x) (|x| / norm)^(p − 1), 0 where the norm is 0
  const toX = (gy: Tensor) => {
    const share = where(eq(y, 0), 0, div(gy, y));
    if (power === 2) return mul(x, share);
    return nanToZero(mul(mul(sign(x), pow(div(abs(x), y), power - 1)), gy));
  };
  const recorded = record("LinalgVectorNormBackward0", y, [[x, toX]], { saves: [x] });
  return finish(recorded, x, axes, keepdim);
}

function normByHand(x: Tensor, axes: readonly number[], power: number): Tensor {
  if (power === Infinity) return amax(abs(x), axes, { keepdim: true });
  const term =
    power === 2
      ? (a: number, v: number) => a + v * v
      : (a: number, v: number) => a + Math.abs(v) ** power;
  const total = fold(x, axes, 0, term, "float64");
  const roots = total.storage.array;
  for (let i = 0; i < roots.length; i++) roots[i] **= 1 / power;
  return to(total, x.dtype);
}

function nanToZero(x: Tensor): Tensor {
  const values = x.storage.array;
  for (let i = 0; i < values.length; i++) if (values[i] !== values[i]) values[i] = 0;
  return x;
}

/**
 * log Σ e^x over `dim`, without overflow.
 *
 * ```ts
 * torch.tensor([0.5, 0.5]).logsumexp(0).item() // → 1.193147
 * ```
 */
export function logsumexp(
  x: Tensor,
  dim: number | Shape,
  { keepdim = false }: ReduceOptions = {},
): Tensor {
  const axes = axesOf("logsumexp", dim, x.ndim);
  if (!isFloating(x.dtype)) return logsumexp(to(x, "float32"), dim, { keepdim });
  if (axes.some((axis) => x.shape[axis] === 0)) return log(sum(x, dim, { keepdim }));
  const highest = amax(x.detach(), axes, { keepdim: true });
  const values = highest.storage.array;
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) values[i] = 0;
  const total = log(sum(exp(sub(x, highest)), axes, { keepdim: true }));
  const y = total.add(highest);
  return keepdim ? y : reshape(y, dropped(x.shape, axes));
}
