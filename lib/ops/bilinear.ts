// A form that is linear in each of two inputs.

import { ShapeError } from "../errors.js";
import { showShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { add } from "./arithmetic.js";
import { checkFloating } from "./checks.js";
import { einsum } from "./einsum.js";

/**
 * aᵀ · weight[o] · b + bias[o] for each o. Shapes: a […, I], b […, J], weight [O, I, J], bias [O] → […, O].
 *
 * ```ts
 * const [a, b] = [torch.tensor([1.5, 2]), torch.tensor([3, 0.5])]
 * F.bilinear(a, b, torch.ones(1, 2, 2)).tolist() // → [12.25]
 * ```
 *
 * @throws ShapeError if a or b does not end in what weight takes.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.bilinear.html
 */
export function bilinear(a: Tensor, b: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor {
  checkFloating("bilinear", { a, b, weight, bias });
  if (
    weight.ndim !== 3 ||
    a.shape.at(-1) !== weight.shape[1] ||
    b.shape.at(-1) !== weight.shape[2]
  ) {
    throw new ShapeError(
      `bilinear: a ${showShape(a.shape)} and b ${showShape(b.shape)} must end in the last two sizes of weight [O, I, J], which is ${showShape(weight.shape)}`,
    );
  }
  const y = einsum("...i,oij,...j->...o", a, weight, b);
  return bias ? add(y, bias) : y;
}
