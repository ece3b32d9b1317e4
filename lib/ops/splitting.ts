// One tensor into several, as views.

import { axisOf, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { ShapeError } from "../errors.js";
import { narrow } from "./views.js";
import { partsOf, partSizes, slicesOf } from "./joining.js";

/**
 * Parts of `size` places along `dim` (the last may be shorter), or parts of the given sizes. Views.
 *
 * ```ts
 * torch.tensor([1, 2, 3, 4, 5]).split(2).map((part) => part.tolist()) // → [[1, 2], [3, 4], [5]]
 * ```
 */
export function split(x: Tensor, size: number | Shape, dim = 0): Tensor[] {
  if (x.ndim === 0) throw new ShapeError("split: a tensor without axes has no parts");
  const axis = axisOf("split", dim, x.ndim);
  return partsOf(x, axis, partSizes("split", x.shape[axis], size));
}

/**
 * At most `chunks` parts of equal size along `dim` (the last may be shorter). Views.
 *
 * ```ts
 * torch.tensor([1, 2, 3, 4, 5]).chunk(2).map((part) => part.tolist()) // → [[1, 2, 3], [4, 5]]
 * ```
 */
export function chunk(x: Tensor, chunks: number, dim = 0): Tensor[] {
  if (!(chunks > 0))
    throw new RangeError(`chunk: the number of chunks must be at least 1, not ${chunks}`);
  const axis = axisOf("chunk", dim, x.ndim);
  if (x.shape[axis] === 0) return Array.from({ length: chunks }, () => narrow(x, axis, 0, 0));
  return split(x, Math.max(Math.ceil(x.shape[axis] / chunks), 1), axis);
}

/**
 * The slices along `dim`, without that axis. Views.
 *
 * ```ts
 * torch.tensor([[1, 2], [3, 4]]).unbind().map((row) => row.tolist()) // → [[1, 2], [3, 4]]
 * ```
 */
export function unbind(x: Tensor, dim = 0): Tensor[] {
  if (x.ndim === 0) throw new ShapeError("unbind: a tensor without axes has no slices");
  return slicesOf(x, axisOf("unbind", dim, x.ndim));
}
