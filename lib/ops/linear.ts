// The fully connected layer as a function.

import { ShapeError } from "../errors.js";
import { numelOf, rowMajorStrides, showShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { alias } from "./alias.js";
import { checkFloating, isWhole } from "./checks.js";
import { matrixProduct, transposed } from "./mm.js";
import { reshape } from "./views.js";

/**
 * x · weightᵀ + bias along the last axis. Shapes: x […, I], weight [O, I], bias [O] → […, O].
 *
 * ```ts
 * const x = torch.tensor([1, 2, 3], { dtype: "float32" })
 * const w = torch.tensor([[1, 0, 1], [0, 2, 0]], { dtype: "float32" })
 * torch.nn.functional.linear(x, w).tolist() // → [4, 4]
 * ```
 *
 * @throws ShapeError if x does not end in I.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.linear.html
 */
export function linear(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  /** @internal Who is asking, for messages. */
  op = "linear",
): Tensor {
  const whole = weight.dtype === x.dtype && isWhole(x.dtype) && x.dtype !== "bool"; // PyTorch takes these too
  if (!whole || (bias && bias.dtype !== x.dtype)) checkFloating(op, { x, weight, bias });
  if (weight.ndim !== 2) {
    throw new ShapeError(
      `${op}: weight needs 2 axes [out, in] but has ${weight.ndim}: ${showShape(weight.shape)}`,
    );
  }
  const [O, I] = weight.shape;
  checkLast(op, x, I);
  if (bias && (bias.ndim > 1 || numelOf(bias.shape) !== O)) {
    throw new ShapeError(
      `${op}: bias ${showShape(bias.shape)} must be [${O}], as weight ${showShape(weight.shape)} has ${O} rows`,
    );
  }

  const rows = x.ndim === 2 ? x : reshape(x, [numelOf(x.shape.slice(0, -1)), I]);
  const y = matrixProduct(rows, transposed(weight), bias);
  if (x.ndim === 2) return y;
  const shape = [...x.shape.slice(0, -1), O];
  const name = bias ? "ViewBackward0" : "UnsafeViewBackward0"; // as PyTorch
  return alias(y, shape, rowMajorStrides(shape), 0, name, (gy) => reshape(gy, y.shape));
}

/** @throws ShapeError with a remedy unless x ends in `takes`. */
function checkLast(op: string, x: Tensor, takes: number): void {
  const ends = x.shape.at(-1);
  if (ends === takes) return;
  if (ends === undefined) throw new ShapeError(`${op}: x has no axes but must end in ${takes}`);
  throw new ShapeError(
    `${op}: x ends in ${ends} but the layer takes ${takes}: ${remedy(x, takes)}`,
  );
}

/** What would make x fit: flattening it, or not flattening its batch away. */
function remedy(x: Tensor, takes: number): string {
  for (let axis = x.ndim - 2; axis >= 0; axis--) {
    if (numelOf(x.shape.slice(axis)) === takes) return `did you forget flatten(${axis})?`;
  }
  const [count] = x.shape;
  if (x.ndim === 1 && takes > 0 && count > takes && count % takes === 0) {
    return `did you mean flatten(1)? flatten() also flattens the batch axis, here of ${count / takes}`;
  }
  return `x is ${showShape(x.shape)}: give the layer ${x.shape.at(-1)} inputs, or x ${takes} features`;
}
