// The two shapes of an element-wise function: `map` for one operand, `zip` for two that broadcast.
// They compute; autograd is each operation's own business. float32 goes to the engine where it has the function.

import { scalar } from "../creation.js";
import type { DType } from "../compute/dtypes.js";
import * as elementwise from "../compute/elementwise.js";
import { binaryKernels, numberKernels, unaryKernels } from "./formulas.js";
import { broadcastShapes, broadcastStrides, sameShape, type Shape } from "../shape.js";
import { converters, empty, Tensor, walk } from "../tensor.js";
import { floatingOf } from "./promotion.js";

/** y[…] = f(x[…]), in x's dtype or another. */
export function map(x: Tensor, f: (v: number) => number, dtype: DType = x.dtype): Tensor {
  const y = empty(x.shape, dtype);
  const kernel = unaryKernels.get(f);
  if (kernel && elementwise.unary(kernel, x, y)) return y;

  const to = y.storage.array;
  const from = x.storage.array;
  if (x.isContiguous()) {
    for (let i = 0, p = x.offset; i < to.length; i++, p++) to[i] = f(from[p]);
    return y;
  }
  walk(x.shape, [y, x], (count, [start, xStart], [, xStep]) => {
    for (let i = 0, p = xStart; i < count; i++, p += xStep) to[start + i] = f(from[p]);
  });
  return y;
}

/** As {@link map}, in floating point: whole numbers give float32. */
export function mapFloat(x: Tensor, f: (v: number) => number): Tensor {
  return map(x, f, floatingOf(x.dtype));
}

/** y[…] = f(a[…], b[…]) with broadcasting; the result is converted to `dtype`. */
export function zip(
  op: string,
  a: Tensor,
  b: Tensor | number,
  f: (a: number, b: number) => number,
  dtype: DType,
): Tensor {
  if (typeof b === "number") return withNumber(a, b, f, dtype);
  const shape = broadcastShapes(op, a.shape, b.shape);
  const y = empty(shape, dtype);
  const kernel = binaryKernels.get(f);
  if (kernel && elementwise.binary(kernel, a, b, y)) return y;

  const convert = converters[dtype];
  const g = convert ? (p: number, q: number) => convert(f(p, q)) : f;
  const to = y.storage.array;
  const as = a.storage.array;
  const bs = b.storage.array;
  const dense = sameShape(a.shape, b.shape) && a.isContiguous() && b.isContiguous();
  if (dense) {
    for (let i = 0, p = a.offset, q = b.offset; i < to.length; i++) to[i] = g(as[p++], bs[q++]);
    return y;
  }
  walk(
    shape,
    [y, stretched(a, shape), stretched(b, shape)],
    (count, [start, p0, q0], [, dp, dq]) => {
      for (let i = 0, p = p0, q = q0; i < count; i++, p += dp, q += dq)
        to[start + i] = g(as[p], bs[q]);
    },
  );
  return y;
}

function withNumber(
  a: Tensor,
  b: number,
  f: (a: number, b: number) => number,
  dtype: DType,
): Tensor {
  const kernel = numberKernels.get(f);
  if (kernel && dtype === "float32" && a.dtype === "float32") {
    const y = empty(a.shape, dtype);
    const [name, parameter] = kernel;
    if (elementwise.unary(name, a, y, parameter(b))) return y;
  }
  const convert = converters[dtype];
  const rounded = dtype === "float32" ? Math.fround(b) : b; // as if it were a tensor of that dtype
  return map(a, convert ? (v) => convert(f(v, rounded)) : (v) => f(v, rounded), dtype);
}

/** x as if it had `shape`: no copy, axes of size 1 repeat. */
export function stretched(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  return new Tensor(x.storage, shape, broadcastStrides(x.shape, x.strides, shape), x.offset);
}

/** A number as a tensor without axes; a tensor stays what it is. */
export function operand(value: Tensor | number, dtype: DType): Tensor {
  return typeof value === "number" ? scalar(value, dtype) : value;
}
