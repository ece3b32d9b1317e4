// The product of two matrices, which linear layers and products of all ranks are made of.

import { record } from "../autograd.js";
import * as compute from "../compute/index.js";
import { copyInto, empty, type Tensor } from "../tensor.js";
import { alias } from "./alias.js";
import { stretched } from "./pointwise.js";
import { sumTo } from "./stretch.js";

/** a [M, K] · b [K, N] + bias [N] → [M, N]. Shapes and dtypes are the caller's care. */
export function matrixProduct(a: Tensor, b: Tensor, bias: Tensor | null = null): Tensor {
  const y = empty([a.shape[0], b.shape[1]], a.dtype);
  if (bias) copyInto(y, stretched(bias, y.shape));
  compute.gemm(a, b, y, bias !== null);
  // each gradient lies in memory as its matrix does, by rows or by columns
  const rows = [
    [a, (gy: Tensor) => productLike(a, gy, transposed(b))],
    [b, (gy: Tensor) => productLike(b, transposed(a), gy)],
    [bias, (gy: Tensor) => sumTo(gy, bias!)],
  ] as const;
  return record(bias ? "AddmmBackward0" : "MmBackward0", y, rows, { saves: [a, b] });
}

/** a · b, by columns if `like` is: (bᵀ · aᵀ)ᵀ. */
function productLike(like: Tensor, a: Tensor, b: Tensor): Tensor {
  const [[rows, columns], [down, across]] = [like.shape, like.strides];
  const byColumns = down === 1 && across === rows && columns > 1 && rows > 1;
  if (!byColumns) return matrixProduct(a, b);
  return transposed(matrixProduct(transposed(b), transposed(a)));
}

/** A matrix with its rows as columns: a view. */
export function transposed(x: Tensor): Tensor {
  const [[rows, columns], [down, across]] = [x.shape, x.strides];
  return alias(x, [columns, rows], [across, down], x.offset, "TBackward0", transposed);
}
