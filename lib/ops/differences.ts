// Differences of neighbours along an axis.

import { axisOf, showShape } from "../shape.js";
import { ShapeError } from "../errors.js";
import type { Tensor } from "../tensor.js";
import { sub } from "./arithmetic.js";
import { ne } from "./comparison.js";
import { cat } from "./joining.js";
import { narrow } from "./views.js";

export interface DiffOptions {
  /** What is put before x along `dim` first. */
  prepend?: Tensor | null;
  /** What is put behind it. */
  append?: Tensor | null;
}

/**
 * Each element along `dim` less the one before it, n times over; of bools, whether the two differ.
 *
 * ```ts
 * torch.tensor([1, 4, 9, 16]).diff().tolist() // → [3, 5, 7]
 * torch.tensor([1, 4, 9, 16]).diff(2).tolist() // → [2, 2]
 * ```
 *
 * @throws ShapeError if x has no axes.
 * @see https://pytorch.org/docs/stable/generated/torch.diff.html
 */
export function diff(
  x: Tensor,
  n = 1,
  dim = -1,
  { prepend = null, append = null }: DiffOptions = {},
): Tensor {
  if (x.ndim === 0) throw new ShapeError("diff: x needs at least 1 axis but has 0");
  if (!Number.isInteger(n) || n < 0) {
    throw new RangeError(`diff: n must be a whole number ≥ 0, not ${n}`);
  }
  const axis = axisOf("diff", dim, x.ndim);
  const parts = [prepend, x, append].filter((part) => part !== null);
  for (const part of parts) {
    if (part.ndim === x.ndim) continue;
    throw new ShapeError(
      `diff: what is put before or behind x ${showShape(x.shape)} must have ${x.ndim} axes, not ${part.ndim}`,
    );
  }
  let y = parts.length > 1 ? cat(parts, axis) : x;
  for (let i = 0; i < n && y.shape[axis] > 0; i++) {
    const length = y.shape[axis] - 1;
    const [later, earlier] = [narrow(y, axis, 1, length), narrow(y, axis, 0, length)];
    y = y.dtype === "bool" ? ne(later, earlier) : sub(later, earlier);
  }
  return y;
}
