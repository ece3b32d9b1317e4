// Dropout: numbers set to 0 by chance in training, the others made larger to make up for it.

import { ShapeError } from "../errors.js";
import { dropoutMask } from "../random/dropout.js";
import { showShape, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { add, mul } from "./arithmetic.js";
import { gt } from "./comparison.js";
import { to } from "./convert.js";
import { checkFloating } from "./checks.js";

export interface DropoutOptions {
  /** Without it x is given back as it is. Default true. */
  training?: boolean;
}

/** `{ training: false }`, or `false` alone, which PyTorch's users write last. */
export type Training = boolean | DropoutOptions;

function isTraining(given: Training): boolean {
  return typeof given === "boolean" ? given : (given.training ?? true);
}

/**
 * In training every number becomes 0 with probability p; the others are multiplied by 1 / (1 − p). The draws are
 * PyTorch's.
 *
 * ```ts
 * torch.manualSeed(0)
 * torch.nn.functional.dropout(torch.ones(6), 0.5).tolist() // → [0, 0, 2, 0, 0, 0]
 * torch.nn.functional.dropout(torch.ones(6), 0.5, { training: false }).tolist() // → [1, 1, 1, 1, 1, 1]
 * ```
 *
 * @throws RangeError unless p is from 0 to 1.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html
 */
export function dropout(x: Tensor, p = 0.5, training: Training = true): Tensor {
  return dropped("dropout", x, p, training, x.shape);
}

/** As {@link dropout}, whole channels at once. Shapes: x [N, C, H, W] (of three axes: [N, C, L]). */
export function dropout2d(x: Tensor, p = 0.5, training: Training = true): Tensor {
  if (x.ndim < 3 || x.ndim > 4) {
    throw new ShapeError(
      `dropout2d: x needs 4 axes [N, C, H, W] but has ${x.ndim}: ${showShape(x.shape)}`,
    );
  }
  return dropped("dropout2d", x, p, training, channelsOf(x));
}

/** As {@link dropout}, whole channels at once. Shapes: x [N, C, L] or [C, L]. */
export function dropout1d(x: Tensor, p = 0.5, training: Training = true): Tensor {
  if (x.ndim !== 2 && x.ndim !== 3) {
    throw new ShapeError(
      `dropout1d: x needs 3 axes [N, C, L], or 2 without a batch, but has ${x.ndim}: ${showShape(x.shape)}`,
    );
  }
  return dropped("dropout1d", x, p, training, x.ndim === 2 ? [x.shape[0], 1] : channelsOf(x));
}

/** As {@link dropout}, whole channels at once. Shapes: x [N, C, D, H, W] or [C, D, H, W]. */
export function dropout3d(x: Tensor, p = 0.5, training: Training = true): Tensor {
  if (x.ndim !== 4 && x.ndim !== 5) {
    throw new ShapeError(
      `dropout3d: x needs 5 axes [N, C, D, H, W], or 4 without a batch, but has ${x.ndim}: ${showShape(x.shape)}`,
    );
  }
  return dropped("dropout3d", x, p, training, x.ndim === 4 ? [x.shape[0], 1, 1, 1] : channelsOf(x));
}

/** Dropout that keeps mean and variance of what {@link selu} gives. */
export function alphaDropout(x: Tensor, p = 0.5, training: Training = true): Tensor {
  const op = "alphaDropout";
  checkFloating(op, { x });
  if (!(p >= 0 && p <= 1)) {
    throw new RangeError(`${op}: the probability p must be from 0 to 1, not ${String(p)}`);
  }
  if (!isTraining(training) || p === 0 || x.numel() === 0) return x;
  if (p === 1) return mul(x, 0);
  const alpha = 1.7580993408473766;
  const a = 1 / Math.sqrt((alpha * alpha * p + 1) * (1 - p));
  // 1 where kept, 0 where dropped: as dropout's mask, but for its scale
  const kept = to(gt(dropoutMask(x.shape, p, x.dtype), 0), x.dtype);
  const moved = add(mul(add(kept, -1), alpha * a), alpha * a * p);
  return add(mul(x, mul(kept, a)), moved);
}

function channelsOf(x: Tensor): Shape {
  return x.shape.map((size, axis) => (axis < 2 ? size : 1));
}

function dropped(op: string, x: Tensor, p: number, training: Training, maskShape: Shape): Tensor {
  if (!(p >= 0 && p <= 1)) {
    throw new RangeError(`${op}: the probability p must be from 0 to 1, not ${String(p)}`);
  }
  if (!isTraining(training) || p === 0 || x.numel() === 0) return x;
  checkFloating(op, { x });
  return p === 1 ? mul(x, 0) : mul(x, dropoutMask(maskShape, p, x.dtype));
}
