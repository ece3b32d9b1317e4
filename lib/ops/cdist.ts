// Distances of all pairs of rows.

import { ShapeError } from "../errors.js";
import { showShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { sub } from "./arithmetic.js";
import { checkFloating } from "./checks.js";
import { norm } from "./spread.js";
import { unsqueeze } from "./views.js";

/**
 * The p-norm of the difference of every row of a and every row of b. Shapes: a […, P, M], b […, R, M] → […, P, R].
 *
 * ```ts
 * const a = torch.tensor([[0, 0], [3, 4.5]])
 * torch.cdist(a, a, { p: 1 }).tolist() // → [[0, 7.5], [7.5, 0]]
 * ```
 *
 * @throws ShapeError if the rows differ in length.
 * @see https://pytorch.org/docs/stable/generated/torch.cdist.html
 */
export function cdist(a: Tensor, b: Tensor, { p = 2 }: { p?: number } = {}): Tensor {
  checkFloating("cdist", { a, b });
  if (a.ndim < 2 || b.ndim < 2 || a.shape.at(-1) !== b.shape.at(-1)) {
    throw new ShapeError(
      `cdist: a ${showShape(a.shape)} and b ${showShape(b.shape)} must be matrices (or stacks of them) with rows of one length`,
    );
  }
  return norm(sub(unsqueeze(a, -2), unsqueeze(b, -3)), p, -1);
}
