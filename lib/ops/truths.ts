// Is any, are all, how many.

import type { DType } from "../compute/dtypes.js";
import { axesOf, type Shape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { finish, fold } from "./fold.js";
import type { ReduceOptions } from "./sum.js";

/** Is any element (along `dim`) not zero? */
export function any(
  x: Tensor,
  dim?: number | Shape | null,
  { keepdim = false }: ReduceOptions = {},
): Tensor {
  const axes = axesOf("any", dim, x.ndim);
  return finish(
    fold(x, axes, 0, (a, b) => (a !== 0 || b !== 0 ? 1 : 0), truth(x)),
    x,
    axes,
    keepdim,
  );
}

/** bool, but of uint8 uint8: as PyTorch. */
function truth(x: Tensor): DType {
  return x.dtype === "uint8" ? "uint8" : "bool";
}

/** Are all elements (along `dim`) not zero? */
export function all(
  x: Tensor,
  dim?: number | Shape | null,
  { keepdim = false }: ReduceOptions = {},
): Tensor {
  const axes = axesOf("all", dim, x.ndim);
  return finish(
    fold(x, axes, 1, (a, b) => (a !== 0 && b !== 0 ? 1 : 0), truth(x)),
    x,
    axes,
    keepdim,
  );
}

/** How many elements (along `dim`) are not zero. int64 */
export function countNonzero(x: Tensor, dim?: number | Shape | null): Tensor {
  const axes = axesOf("countNonzero", dim, x.ndim);
  return finish(
    fold(x, axes, 0, (n, v) => n + (v !== 0 ? 1 : 0), "int64"),
    x,
    axes,
  );
}
