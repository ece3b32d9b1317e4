// The two shapes of an element-wise function: `map` for one operand, `zip` for two that broadcast.
// They compute; autograd is each operation's own business. float32 goes to the engine where it has the function.

import { scalar } from "../creation.js";
import type { DType } from "../compute/dtypes.js";
import * as elementwise from "../compute/elementwise.js";
import type { BinaryName, UnaryName } from "../compute/operations.js";
import * as masks from "../compute/masks.js";
import * as numbers from "../compute/numbers.js";
import { loopFor } from "../compute/plain/loops.js";
import { times, binaryKernels, numberKernels, questionKernels, unaryKernels } from "./formulas.js";
import { broadcastShapes, broadcastStrides, isTurned, sameShape, type Shape } from "../shape.js";
import { converters, empty, Tensor, walk } from "../tensor.js";
import { floatingOf } from "./promotion.js";

/**
 * If memory holds x without gaps in another order of axes (a transpose), computes flat over that memory and gives the
 * result the same strides, as PyTorch; else null. The others must lie as x does.
 */
function inOrderOfMemory(
  operands: readonly Tensor[],
  compute: (flat: readonly Tensor[]) => Tensor,
): Tensor | null {
  const [x] = operands;
  if (x.ndim < 2 || x.isContiguous() || !isTurned(x.shape, x.strides)) return null;
  for (const other of operands) {
    if (!sameShape(other.shape, x.shape) || !sameShape(other.strides, x.strides)) return null;
  }
  const y = compute(
    operands.map(({ storage, offset }) => new Tensor(storage, [x.numel()], [1], offset)),
  );
  return new Tensor(y.storage, x.shape, x.strides);
}

/** y[…] = f(x[…]), in x's dtype or another. */
export function map(x: Tensor, f: (v: number) => number, dtype: DType = x.dtype): Tensor {
  const turned = inOrderOfMemory([x], ([flat]) => map(flat, f, dtype));
  if (turned) return turned;
  const y = empty(x.shape, dtype);
  const kernel = unaryKernels.get(f);
  if (kernel && elementwise.unary(kernel, x, y)) return y;
  if (kernel === "relu" && WIDE.has(dtype) && numbers.wide("maximum", x, scalar(0, dtype), y))
    return y;
  if (kernel === "exp" && numbers.expWide(x, y)) return y;

  const to = y.storage.array;
  const from = x.storage.array;
  const loop = loopFor("map", f, to.length);
  if (x.isContiguous()) loop(f, to.length, to, 0, from, x.offset, 1);
  else {
    walk(x.shape, [y, x], (count, [start, xStart], [, xStep]) =>
      loop(f, count, to, start, from, xStart, xStep),
    );
  }
  return y;
}

/** y[…] = f(x[…]) by the kernel of that name, with its numbers p and q, where x is float32; else by calling f. */
export function mapBy(
  kernel: UnaryName,
  x: Tensor,
  f: (v: number) => number,
  dtype: DType = x.dtype,
  p = 0,
  q = 0,
): Tensor {
  const turned = inOrderOfMemory([x], ([flat]) => mapBy(kernel, flat, f, dtype, p, q));
  if (turned) return turned;
  if (x.dtype === "float32" && dtype === "float32") {
    const y = empty(x.shape, dtype);
    if (elementwise.unary(kernel, x, y, p, q)) return y;
  }
  return map(x, f, dtype);
}

/** y[…] = kernel(a[…], b[…]), with its numbers p and q, where both are float32; else null. */
export function zipBy(
  kernel: BinaryName,
  a: Tensor,
  b: Tensor,
  p = 0,
  q = 0,
  op: string = kernel,
): Tensor | null {
  if (a.dtype !== "float32" || b.dtype !== "float32") return null;
  const turned = inOrderOfMemory([a, b], ([u, v]) => zipBy(kernel, u, v, p, q, op)!);
  if (turned) return turned;
  const y = empty(broadcastShapes(op, a.shape, b.shape));
  return elementwise.binary(kernel, a, b, y, p, q) ? y : null;
}

/** x = f(x, other) in place by a kernel; false, with nothing done, where there is none or memory overlaps otherwise. */
export function update(
  x: Tensor,
  other: Tensor | number,
  f: (a: number, b: number) => number,
  p = 0,
): boolean {
  if (x.dtype !== "float32" || !x.isContiguous()) return false;
  if (typeof other === "number") {
    const [name, parameter] = numberKernels.get(f) ?? [];
    return name ? elementwise.unary(name, x, x, parameter!(other)) : false;
  }
  if (other.dtype !== "float32" || other.storage === x.storage) return false;
  const lead = x.ndim - other.ndim;
  if (lead < 0 || other.shape.some((n, axis) => n !== 1 && n !== x.shape[axis + lead]))
    return false;
  const kernel = p === 0 ? binaryKernels.get(f) : "addScaled";
  return kernel ? elementwise.binary(kernel, x, other, x, p) : false;
}

/** x = kernel(x) in place; false, with nothing done, where x is not dense float32. */
export function updateBy(kernel: UnaryName, x: Tensor, p = 0, q = 0): boolean {
  return x.dtype === "float32" && x.isContiguous() && elementwise.unary(kernel, x, x, p, q);
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
  const operands = typeof b === "object" && b.ndim > 0 ? [a, b] : [a];
  const turned = inOrderOfMemory(operands, ([u, v]) => zip(op, u, v ?? b, f, dtype));
  if (turned) return turned;
  if (typeof b === "number" || typeof b === "boolean") return withNumber(a, Number(b), f, dtype);
  const shape = broadcastShapes(op, a.shape, b.shape);
  const y = empty(shape, dtype);
  if (f === times && a === b && elementwise.unary("square", a, y)) return y;
  if (zipByKernel(a, b, y, f)) return y;

  const convert = converterOf(dtype);
  const to = y.storage.array;
  const as = a.storage.array;
  const bs = b.storage.array;
  const dense = sameShape(a.shape, b.shape) && a.isContiguous() && b.isContiguous();
  const loop = loopFor("zip", f, to.length, convert);
  if (dense) {
    loop(f, to.length, to, 0, as, a.offset, 1, bs, b.offset, 1);
    return y;
  }
  walk(shape, [y, stretched(a, shape), stretched(b, shape)], (count, [start, p0, q0], [, dp, dq]) =>
    loop(f, count, to, start, as, p0, dp, bs, q0, dq),
  );
  return y;
}

function zipByKernel(
  a: Tensor,
  b: Tensor,
  y: Tensor,
  f: (a: number, b: number) => number,
): boolean {
  const kernel = binaryKernels.get(f);
  if (kernel) {
    return (
      elementwise.binary(kernel, a, b, y) ||
      numbers.wide(kernel, a, b, y) ||
      numbers.whole(kernel, a, b, y)
    );
  }
  if (y.dtype !== "bool") return false;
  const [question, swapped] = questionKernels.get(f) ?? [];
  return question ? masks.compare(question, swapped ? b : a, swapped ? a : b, y) : false;
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
  if (a.dtype === dtype && (WIDE.has(dtype) || (numbers.wraps(dtype) && Number.isInteger(b)))) {
    const y = empty(a.shape, dtype);
    if (zipByKernel(a, scalar(b, dtype), y, f)) return y;
  }
  const rounded = dtype === "float32" ? Math.fround(b) : b; // as if it were a tensor of that dtype
  const y = empty(a.shape, dtype);
  const [to, from] = [y.storage.array, a.storage.array];
  const number = Float64Array.of(rounded);
  const loop = loopFor("zip", f, to.length, converterOf(dtype));
  if (a.isContiguous()) loop(f, to.length, to, 0, from, a.offset, 1, number, 0, 0);
  else {
    walk(a.shape, [y, a], (count, [start, p0], [, dp]) =>
      loop(f, count, to, start, from, p0, dp, number, 0, 0),
    );
  }
  return y;
}

const WIDE: ReadonlySet<DType> = new Set<DType>(["float64", "int64"]);

/** As `converters`, for bool without a branch. */
const converterOf = (dtype: DType) => (dtype === "bool" ? truth : converters[dtype]);
const truth = (value: number) => Number(value !== 0);

/** x as if it had `shape`: no copy, axes of size 1 repeat. */
export function stretched(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  return new Tensor(x.storage, shape, broadcastStrides(x.shape, x.strides, shape), x.offset);
}

/** A number as a tensor without axes; a tensor stays what it is. */
export function operand(value: Tensor | number, dtype: DType): Tensor {
  return typeof value === "object" ? value : scalar(Number(value), dtype);
}
