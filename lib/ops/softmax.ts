// Scores to probabilities.

import { isGradEnabled, noGrad, record } from "../autograd.js";
import { isFloating, type DType } from "../compute/dtypes.js";
import * as reduction from "../compute/reduction.js";
import { DTypeError } from "../errors.js";
import { axisOf, showShape } from "../shape.js";
import { empty, type Tensor } from "../tensor.js";
import { div, mul, neg, sub } from "./arithmetic.js";
import { to } from "./convert.js";
import { amax } from "./extremes.js";
import { exp, log } from "./functions.js";
import { sum } from "./sum.js";
import { contiguous } from "./views.js";

function prepared(op: string, x: Tensor, dtype?: DType): Tensor {
  const y = dtype ? to(x, dtype) : x;
  // of nothing there is nothing to compute, in any dtype
  if (!isFloating(y.dtype) && y.numel() > 0) {
    throw new DTypeError(
      `${op}: x ${showShape(x.shape)} is ${x.dtype}, it needs floating point: x.float()`,
    );
  }
  return contiguous(y);
}

/** By the engine's kernel; null where it has none. */
function byKernel(x: Tensor, axis: number, logarithm: boolean): Tensor | null {
  if (x.dtype !== "float32") return null;
  const y = empty(x.shape, x.dtype);
  return reduction.softmax(x, axis, y, logarithm) ? y : null;
}

/** Of float64. The greatest is subtracted first, so that nothing overflows. */
function byOps(x: Tensor, axis: number, logarithm: boolean): Tensor {
  if (x.numel() === 0) return empty(x.shape, x.dtype);
  const below = sub(x, amax(x, axis, { keepdim: true }));
  const powers = exp(below);
  const total = sum(powers, axis, { keepdim: true });
  return logarithm ? sub(below, log(total)) : div(powers, total);
}

/** The way back by the engine's kernel, where no gradient of it is wanted. */
function backByKernel(gy: Tensor, y: Tensor, axis: number, logarithm: boolean): Tensor | null {
  if (y.dtype !== "float32" || isGradEnabled()) return null;
  const gx = empty(y.shape, y.dtype);
  return reduction.softmaxBackward(contiguous(gy), y, axis, gx, logarithm) ? gx : null;
}

/**
 * e^x / Σ e^x along `dim`: positive numbers that add up to 1.
 *
 * ```ts
 * torch.tensor([0.5, 0.5]).softmax(0).tolist() // → [0.5, 0.5]
 * ```
 */
export function softmax(x: Tensor, dim: number, { dtype }: { dtype?: DType } = {}): Tensor {
  const axis = axisOf("softmax", dim, x.ndim);
  const input = prepared("softmax", x, dtype);
  const y = byKernel(input, axis, false) ?? noGrad(() => byOps(input, axis, false));
  const back = (gy: Tensor) => {
    const gx = backByKernel(gy, y, axis, false);
    if (gx) return gx;
    const weighted = mul(gy, y);
    return sub(weighted, mul(y, sum(weighted, axis, { keepdim: true })));
  };
  return record("SoftmaxBackward0", y, [[input, back]], {
    saves: [y],
    told: { op: "softmax", axis },
  });
}

/**
 * log of {@link softmax}, without overflow.
 *
 * ```ts
 * F.logSoftmax(torch.tensor([0.5, 1.5]), 0).tolist() // → [-1.313262, -0.3132617]
 * ```
 */
export function logSoftmax(x: Tensor, dim: number, { dtype }: { dtype?: DType } = {}): Tensor {
  const axis = axisOf("logSoftmax", dim, x.ndim);
  const input = prepared("logSoftmax", x, dtype);
  const y = byKernel(input, axis, true) ?? noGrad(() => byOps(input, axis, true));
  const back = (gy: Tensor) =>
    backByKernel(gy, y, axis, true) ?? sub(gy, mul(exp(y), sum(gy, axis, { keepdim: true })));
  return record("LogSoftmaxBackward0", y, [[input, back]], {
    saves: [y],
    told: { op: "logSoftmax", axis },
  });
}

/**
 * {@link softmax} of −x.
 *
 * ```ts
 * F.softmin(torch.tensor([0.5, 1.5]), 0).tolist() // → [0.7310586, 0.2689414]
 * ```
 */
export function softmin(x: Tensor, dim: number): Tensor {
  return softmax(neg(x), dim);
}
