// Operations that change their tensor and return it. Each is its namesake without the underscore, written back.
// A leaf that requires grad may only be changed inside noGrad.

import { isGradEnabled, isListening } from "../autograd.js";
import { fill } from "../compute/convert.js";
import { settle } from "../compute/reclaim.js";
import { before, checkMayOverwrite, overwrite } from "../overwriting.js";
import { filled } from "../creation.js";
import { DTypeError, ShapeError } from "../errors.js";
import { broadcastShapes, sameShape, showShape } from "../shape.js";
import type { DType } from "../compute/dtypes.js";
import type { Tensor } from "../tensor.js";
import { relu } from "./activations.js";
import { add, div, mul, neg, sub } from "./arithmetic.js";
import { checkFits } from "./checks.js";
import { clamp } from "./comparison.js";
import { to } from "./convert.js";
import { abs, ceil, exp, floor, log, reciprocal, round, sigmoid, sqrt, tanh } from "./functions.js";
import { maskedFill, scatter, scatterAdd, type ScatterOptions } from "./picks.js";
import { minus, over, plus, times } from "./formulas.js";
import { update, updateBy } from "./pointwise.js";
import { pow } from "./powers.js";
import { category } from "./promotion.js";
import { expand } from "./views.js";

/** Writes y = op(x, …) back into x, if shape and kind of number allow it. */
function back(op: string, x: Tensor, compute: (x: Tensor) => Tensor): Tensor {
  checkMayOverwrite(op, x);
  const y = compute(before(x));
  if (!sameShape(y.shape, x.shape)) {
    throw new ShapeError(
      `${op}: the result is ${showShape(y.shape)}, x is ${showShape(x.shape)}: in place the shape must stay`,
    );
  }
  if (category[y.dtype] > category[x.dtype]) {
    throw new DTypeError(
      `${op}: the result is ${y.dtype}, which does not go into x, which is ${x.dtype}`,
    );
  }
  return overwrite(op, x, to(y, x.dtype));
}

/** x = f(x, other), at once where no gradient is recorded and a kernel knows how. */
function updated(
  op: string,
  x: Tensor,
  other: Tensor | number,
  f: (a: number, b: number) => number,
  compute: (x: Tensor) => Tensor,
  alpha = 1,
): Tensor {
  if (!isFree(x, other) || typeof other === "boolean") return back(op, x, compute);
  const done =
    alpha === 1 ? update(x, other, f) : typeof other === "object" && update(x, other, f, alpha);
  return done ? changed(x) : back(op, x, compute);
}

/** Does nobody want to know how x came about? */
function isFree(x: Tensor, other: Tensor | number): boolean {
  if (isListening()) return false;
  return !(
    isGradEnabled() &&
    (x.requiresGrad || (typeof other === "object" && other.requiresGrad))
  );
}

/** x, after a kernel has changed it where it lies. */
function changed(x: Tensor): Tensor {
  x.storage.version++;
  settle();
  return x;
}

/**
 * x += alpha · other
 *
 * ```ts
 * const x = torch.tensor([1, 2])
 * x.add_(10)
 * x.tolist() // → [11, 12]
 * ```
 */
export const add_ = (x: Tensor, other: Tensor | number, options?: { alpha?: number }): Tensor =>
  updated("add_", x, other, plus, (x) => add(x, other, options), options?.alpha);
/**
 * x −= alpha · other
 *
 * ```ts
 * const x = torch.tensor([1, 2])
 * x.sub_(1)
 * x.tolist() // → [0, 1]
 * ```
 */
export const sub_ = (x: Tensor, other: Tensor | number, options?: { alpha?: number }): Tensor => {
  const { alpha = 1 } = options ?? {};
  return updated("sub_", x, other, minus, (x) => sub(x, other, options), alpha === 1 ? 1 : -alpha);
};
/**
 * x ·= other
 *
 * ```ts
 * const x = torch.tensor([1, 2])
 * x.mul_(3)
 * x.tolist() // → [3, 6]
 * ```
 */
export const mul_ = (x: Tensor, other: Tensor | number): Tensor =>
  updated("mul_", x, other, times, (x) => mul(x, other));
/**
 * x /= other
 *
 * ```ts
 * const x = torch.tensor([1.5, 3])
 * x.div_(3)
 * x.tolist() // → [0.5, 1]
 * ```
 */
export const div_ = (x: Tensor, other: Tensor | number): Tensor =>
  updated("div_", x, other, over, (x) => div(x, other));
/** x = x^exponent */
export const pow_ = (x: Tensor, exponent: Tensor | number): Tensor =>
  back("pow_", x, (x) => pow(x, exponent));
/** {@link neg}, in place. */
export const neg_ = (x: Tensor): Tensor => back("neg_", x, (x) => neg(x));
/** {@link abs}, in place. */
export const abs_ = (x: Tensor): Tensor => back("abs_", x, (x) => abs(x));
/** {@link exp}, in place. */
export const exp_ = (x: Tensor): Tensor => back("exp_", x, (x) => exp(x));
/** {@link log}, in place. */
export const log_ = (x: Tensor): Tensor => back("log_", x, (x) => log(x));
/** {@link sqrt}, in place. */
export const sqrt_ = (x: Tensor): Tensor => back("sqrt_", x, (x) => sqrt(x));
/** {@link reciprocal}, in place. */
export const reciprocal_ = (x: Tensor): Tensor => back("reciprocal_", x, (x) => reciprocal(x));
/** {@link floor}, in place. */
export const floor_ = (x: Tensor): Tensor => back("floor_", x, (x) => floor(x));
/** {@link ceil}, in place. */
export const ceil_ = (x: Tensor): Tensor => back("ceil_", x, (x) => ceil(x));
/** {@link round}, in place. */
export const round_ = (x: Tensor): Tensor => back("round_", x, (x) => round(x));
/**
 * {@link relu}, in place.
 *
 * ```ts
 * torch.tensor([-1.5, 2]).relu_().tolist() // → [0, 2]
 * ```
 */
export const relu_ = (x: Tensor): Tensor =>
  isFree(x, 0) && updateBy("relu", x) ? changed(x) : back("relu_", x, (x) => relu(x));
/** {@link sigmoid}, in place. */
export const sigmoid_ = (x: Tensor): Tensor => back("sigmoid_", x, (x) => sigmoid(x));
/** {@link tanh}, in place. */
export const tanh_ = (x: Tensor): Tensor => back("tanh_", x, (x) => tanh(x));
/**
 * {@link clamp}, in place.
 *
 * ```ts
 * torch.tensor([-1, 0.5, 3]).clamp_(0, 1).tolist() // → [0, 0.5, 1]
 * ```
 */
export const clamp_ = (
  x: Tensor,
  min?: number | Tensor | null,
  max?: number | Tensor | null,
): Tensor => {
  if (typeof min === "number" && typeof max === "number" && isFree(x, 0)) {
    if (updateBy("clamp", x, min, max)) return changed(x);
  }
  return back("clamp_", x, (x) => clamp(x, min, max));
};
/**
 * {@link maskedFill}, in place.
 *
 * ```ts
 * const x = torch.tensor([1, -2, 3])
 * x.maskedFill_(x.lt(0), 0).tolist() // → [1, 0, 3]
 * ```
 */
export const maskedFill_ = (x: Tensor, mask: Tensor, value: number | Tensor): Tensor =>
  back("maskedFill_", x, (x) => maskedFill(x, mask, value));
/**
 * {@link scatter}, in place.
 *
 * ```ts
 * torch.zeros(3).scatter_(0, torch.tensor([2, 0]), torch.tensor([5.5, 6.5])).tolist() // → [6.5, 0, 5.5]
 * ```
 */
export const scatter_ = (
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor | number,
  options?: ScatterOptions,
): Tensor => back("scatter_", x, (x) => scatter(x, dim, index, source, options));
/**
 * {@link scatterAdd}, in place.
 *
 * ```ts
 * torch.zeros(3).scatterAdd_(0, torch.tensor([2, 2]), torch.tensor([1.5, 2])).tolist() // → [0, 0, 3.5]
 * ```
 */
export const scatterAdd_ = (x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor =>
  back("scatterAdd_", x, (x) => scatterAdd(x, dim, index, source));

/**
 * All elements = value.
 *
 * ```ts
 * torch.zeros(2, 2).fill_(7).tolist() // → [[7, 7], [7, 7]]
 * ```
 */
export function fill_(x: Tensor, value: number | Tensor): Tensor {
  if (typeof value === "number") checkFits("fill_", "value", value, x.dtype);
  const plain = typeof value === "number" && x.isContiguous() && x.dtype === "float32";
  if (plain && isFree(x, value)) {
    fill(x.storage, x.offset, x.numel(), value);
    return changed(x);
  }
  const source = typeof value === "number" ? filled([], value, x.dtype) : to(value, x.dtype);
  return overwrite("fill_", x, expand(source, x.shape));
}

/**
 * All elements = 0.
 *
 * ```ts
 * torch.ones(3).zero_().tolist() // → [0, 0, 0]
 * ```
 */
export function zero_(x: Tensor): Tensor {
  return fill_(x, 0);
}

/**
 * The elements of `source`, which broadcasts and is converted.
 *
 * ```ts
 * torch.zeros(2, 2).copy_(torch.tensor([1, 2])).tolist() // → [[1, 2], [1, 2]]
 * ```
 */
export function copy_(x: Tensor, source: Tensor): Tensor {
  if (!sameShape(broadcastShapes("copy_", x.shape, source.shape), x.shape)) {
    throw new ShapeError(
      `copy_: source ${showShape(source.shape)} does not broadcast to x ${showShape(x.shape)}`,
    );
  }
  return overwrite("copy_", x, expand(to(source, x.dtype), x.shape));
}

/**
 * x += value · a · b
 *
 * ```ts
 * torch.zeros(2).addcmul_(torch.tensor([1.5, 2]), torch.tensor([4, 5.5]), { value: 0.5 }).tolist() // → [3, 5.5]
 * ```
 */
export function addcmul_(
  x: Tensor,
  a: Tensor,
  b: Tensor,
  { value = 1 }: { value?: number } = {},
): Tensor {
  return add_(x, mul(a, b), { alpha: value });
}

/**
 * x += value · a / b
 *
 * ```ts
 * torch.zeros(2).addcdiv_(torch.tensor([1.5, 2]), torch.tensor([3, 0.5])).tolist() // → [0.5, 4]
 * ```
 */
export function addcdiv_(
  x: Tensor,
  a: Tensor,
  b: Tensor,
  { value = 1 }: { value?: number } = {},
): Tensor {
  return add_(x, div(a, b), { alpha: value });
}

/**
 * x + weight · (end − x), in place.
 *
 * ```ts
 * torch.zeros(2).lerp_(torch.ones(2), 0.25).tolist() // → [0.25, 0.25]
 * ```
 */
export function lerp_(x: Tensor, end: Tensor, weight: number): Tensor {
  return back("lerp_", x, (x) => add(x, sub(end, x), { alpha: weight }));
}
