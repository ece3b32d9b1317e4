// Products over axes.

import { record } from "../autograd.js";
import { isFloating } from "../compute/dtypes.js";
import { axesOf, rowMajorStrides } from "../shape.js";
import { empty, type Tensor, walk } from "../tensor.js";
import { div, mul } from "./arithmetic.js";
import { eq } from "./comparison.js";
import { finish, fold, foldByKernel, withoutGraph } from "./fold.js";
import { sum, type ReduceOptions } from "./sum.js";
import { expand } from "./views.js";

/**
 * The product over `dim` (one axis, or all by default).
 *
 * ```ts
 * torch.tensor([1, 2, 3, 4]).prod().item() // → 24
 * ```
 */
export function prod(
  x: Tensor,
  dim?: number | null,
  { keepdim = false }: ReduceOptions = {},
): Tensor {
  const axes = axesOf("prod", dim, x.ndim);
  const y =
    foldByKernel("product", x, axes) ??
    fold(x, axes, 1, (a, b) => a * b, isFloating(x.dtype) ? x.dtype : "int64");
  const others = () =>
    withoutGraph(
      "prod",
      x,
      () => (hasZeros(x) ? productOfOthers(x, axes) : div(y, x)),
      () => div(expand(prod(x, dim, { keepdim: true }), x.shape), x),
    );
  const recorded = record("ProdBackward0", y, [[x, (gy) => mul(expand(gy, x.shape), others())]], {
    saves: [x],
  });
  return finish(recorded, x, axes, keepdim);
}

const hasZeros = (x: Tensor): boolean => sum(eq(x, 0)).item() > 0;

/** For every element the product of the others along the axes: exact with zeros, too. */
function productOfOthers(x: Tensor, axes: readonly number[]): Tensor {
  const zeros = fold(x, axes, 0, (n, v) => n + (v === 0 ? 1 : 0), "float64");
  const rest = fold(x, axes, 1, (p, v) => (v === 0 ? p : p * v), "float64");
  const y = empty(x.shape, x.dtype);
  const [ys, xs, zs, rs] = [y, x, zeros, rest].map((tensor) => tensor.storage.array);
  const broadcast = {
    strides: rowMajorStrides(zeros.shape).map((s, axis) => (axes.includes(axis) ? 0 : s)),
    offset: 0,
  };
  walk(x.shape, [y, x, broadcast], (count, [p0, q0, r0], [dp, dq, dr]) => {
    for (let i = 0, p = p0, q = q0, r = r0; i < count; i++, p += dp, q += dq, r += dr) {
      ys[p] = zs[r] === 0 ? rs[r] / xs[q] : zs[r] === 1 && xs[q] === 0 ? rs[r] : 0;
    }
  });
  return y;
}
