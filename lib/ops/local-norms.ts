// Norms over windows and along axes: lpPool, localResponseNorm, normalize, and distances.

import { ShapeError } from "../errors.js";
import { axisOf, showShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { relu } from "./activations.js";
import { add, div, mul, sub } from "./arithmetic.js";
import { avgPool1d, avgPool2d } from "./avg-pool.js";
import { checkFloating } from "./checks.js";
import { clampMin } from "./combinations.js";
import { abs, sign } from "./functions.js";
import { pad } from "./padding.js";
import { avgPool3d } from "./pool3d.js";
import { pow } from "./powers.js";
import { norm } from "./spread.js";
import { sum } from "./sum.js";
import { reshape } from "./views.js";
import type { Sizes } from "./window-options.js";

export interface LpPoolOptions {
  /** Pixels from one window to the next. Default: the kernel's size. */
  stride?: Sizes | null;
  /** Round the number of windows up instead of down. Default false. */
  ceilMode?: boolean;
}

/**
 * (Σ x^p)^(1/p) over each window: p = 1 is the sum, large p comes near the greatest number.
 * Shapes: x [N, C, H, W] or [C, H, W], as in {@link avgPool2d}.
 *
 * ```ts
 * const x = torch.tensor([[[3, 4]]], { dtype: "float32" })
 * torch.nn.functional.lpPool2d(x, 2, [1, 2]).item() // → 5
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.LPPool2d.html
 */
export function lpPool2d(
  x: Tensor,
  normType: number,
  kernelSize: Sizes,
  options: LpPoolOptions = {},
): Tensor {
  return lpPool(2, x, normType, kernelSize, (powers) => avgPool2d(powers, kernelSize, options));
}

/** As {@link lpPool2d}, over one axis. Shapes: [N, C, W] or [C, W]. */
export function lpPool1d(
  x: Tensor,
  normType: number,
  kernelSize: Sizes,
  options: LpPoolOptions = {},
): Tensor {
  return lpPool(1, x, normType, kernelSize, (powers) => avgPool1d(powers, kernelSize, options));
}

/** As {@link lpPool2d}, over volumes. Shapes: [N, C, D, H, W] or [C, D, H, W]. */
export function lpPool3d(
  x: Tensor,
  normType: number,
  kernelSize: Sizes,
  options: LpPoolOptions = {},
): Tensor {
  return lpPool(3, x, normType, kernelSize, (powers) => avgPool3d(powers, kernelSize, options));
}

function lpPool(
  rank: number,
  x: Tensor,
  p: number,
  kernelSize: Sizes,
  means: (powers: Tensor) => Tensor,
): Tensor {
  const kernel = typeof kernelSize === "number" ? Array(rank).fill(kernelSize) : kernelSize;
  const count = [...kernel].reduce((a: number, b: number) => a * b, 1);
  const mean = means(pow(x, p));
  // as PyTorch: what is negative counts as 0
  return pow(mul(mul(sign(mean), relu(abs(mean))), count), 1 / p);
}

/**
 * x / (k + alpha · mean of x² over `size` neighbouring channels)^beta, from AlexNet. Shapes: x [N, C, …] → as x.
 *
 * ```ts
 * torch.nn.functional.localResponseNorm(torch.ones(1, 1, 1), 1, { alpha: 3, beta: 0.5 }).item() // → 0.5
 * ```
 *
 * @see Krizhevsky, Sutskever, Hinton (2012), section 3.3
 */
export function localResponseNorm(
  x: Tensor,
  size: number,
  { alpha = 1e-4, beta = 0.75, k = 1 }: { alpha?: number; beta?: number; k?: number } = {},
): Tensor {
  const op = "localResponseNorm";
  if (x.ndim < 3) {
    throw new ShapeError(
      `${op}: x needs at least 3 axes [N, C, …] but has ${x.ndim}: ${showShape(x.shape)}`,
    );
  }
  checkFloating(op, { x });
  if (x.numel() === 0) return x;
  const [N, C] = x.shape;
  const squares = reshape(mul(x, x), [N, 1, C, -1]);
  const wide = pad(squares, [0, 0, Math.floor(size / 2), Math.floor((size - 1) / 2)]);
  const means = reshape(avgPool2d(wide, [size, 1], { stride: 1 }), x.shape);
  return div(x, pow(add(mul(means, alpha), k), beta));
}

/**
 * x divided by its p-norm along `dim`: vectors of length 1.
 *
 * ```ts
 * torch.nn.functional.normalize(torch.tensor([[3, 4]], { dtype: "float32" }), { p: Infinity }).tolist() // → [[0.75, 1]]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.normalize.html
 */
export function normalize(
  x: Tensor,
  { p = 2, dim = 1, eps = 1e-12 }: { p?: number; dim?: number; eps?: number } = {},
): Tensor {
  checkFloating("normalize", { x });
  return div(x, clampMin(norm(x, p, dim, { keepdim: true }), eps));
}

/**
 * The cosine of the angle between two vectors along `dim`.
 *
 * ```ts
 * const a = torch.tensor([1, 0], { dtype: "float32" })
 * torch.nn.functional.cosineSimilarity(a, a.mul(5), { dim: 0 }).item() // → 1
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.cosine_similarity.html
 */
export function cosineSimilarity(
  a: Tensor,
  b: Tensor,
  { dim = 1, eps = 1e-8 }: { dim?: number; eps?: number } = {},
): Tensor {
  checkFloating("cosineSimilarity", { a, b });
  const axis = axisOf("cosineSimilarity", dim, Math.max(a.ndim, b.ndim)) - Math.max(a.ndim, b.ndim);
  const unit = (x: Tensor) => div(x, clampMin(norm(x, 2, axis, { keepdim: true }), eps));
  return sum(mul(unit(a), unit(b)), axis);
}

/**
 * The p-norm of a − b + eps along the last axis.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.pairwise_distance.html
 */
export function pairwiseDistance(
  a: Tensor,
  b: Tensor,
  { p = 2, eps = 1e-6, keepdim = false }: { p?: number; eps?: number; keepdim?: boolean } = {},
): Tensor {
  checkFloating("pairwiseDistance", { a, b });
  return norm(add(sub(a, b), eps), p, -1, { keepdim });
}
