// Is any, are all, how many.

import type { DType } from "../compute/dtypes.js";
import * as masks from "../compute/masks.js";
import { axesOf, type Shape } from "../shape.js";
import { empty, type Tensor } from "../tensor.js";
import { ne } from "./comparison.js";
import { to } from "./convert.js";
import { finish, fold, rowLength } from "./fold.js";
import type { ReduceOptions } from "./sum.js";

/** How many elements of each row are not zero, by the engine's kernel; null where it has none. */
function counted(x: Tensor, axes: readonly number[]): Tensor | null {
  const n = rowLength(x, axes);
  if (n === 0) return null;
  const bytes = x.dtype === "bool" || x.dtype === "uint8" ? x : ne(x, 0);
  const y = empty(
    x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size)),
    "int64",
  );
  return masks.count(bytes, n, false, y) ? y : null;
}

/**
 * Is any element (along `dim`) not zero?
 *
 * ```ts
 * torch.tensor([[0, 1], [0, 0]]).any(1).tolist() // → [true, false]
 * ```
 */
export function any(
  x: Tensor,
  dim?: number | Shape | null,
  { keepdim = false }: ReduceOptions = {},
): Tensor {
  const axes = axesOf("any", dim, x.ndim);
  const counts = counted(x, axes);
  const y = counts
    ? to(counts.gt(0), truth(x))
    : fold(x, axes, 0, (a, b) => Number(a !== 0 || b !== 0), truth(x));
  return finish(y, x, axes, keepdim);
}

/** bool, but of uint8 uint8: as PyTorch. */
function truth(x: Tensor): DType {
  return x.dtype === "uint8" ? "uint8" : "bool";
}

/**
 * Are all elements (along `dim`) not zero?
 *
 * ```ts
 * torch.tensor([[1, 1], [1, 0]]).all(1).tolist() // → [true, false]
 * ```
 */
export function all(
  x: Tensor,
  dim?: number | Shape | null,
  { keepdim = false }: ReduceOptions = {},
): Tensor {
  const axes = axesOf("all", dim, x.ndim);
  const counts = counted(x, axes);
  const y = counts
    ? to(counts.eq(rowLength(x, axes)), truth(x))
    : fold(x, axes, 1, (a, b) => Number(a !== 0 && b !== 0), truth(x));
  return finish(y, x, axes, keepdim);
}

/**
 * How many elements (along `dim`) are not zero. int64
 *
 * ```ts
 * torch.tensor([0, 3, 0, 5]).countNonzero().item() // → 2
 * ```
 */
export function countNonzero(x: Tensor, dim?: number | Shape | null): Tensor {
  const axes = axesOf("countNonzero", dim, x.ndim);
  const y = counted(x, axes) ?? fold(x, axes, 0, (n, v) => n + Number(v !== 0), "int64");
  return finish(y, x, axes);
}
