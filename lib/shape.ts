// Arithmetic of shapes and strides. Shapes are number[]; strides count elements, not bytes.

import { ShapeError } from "./errors.js";

export type Shape = readonly number[];

/** How many elements a shape has: the product of its sizes, 1 for the shape of a scalar. */
export function numelOf(shape: Shape): number {
  let count = 1;
  for (const size of shape) count *= size;
  return count;
}

/** The strides of a row-major array: the last axis is dense. */
export function rowMajorStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= Math.max(shape[axis], 1);
  }
  return strides;
}

/** Do these strides walk memory in row-major order without gaps? Axes of size 1 do not count. */
export function isRowMajor(shape: Shape, strides: Shape): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] === 0) return true;
    if (shape[axis] !== 1 && strides[axis] !== step) return false;
    step *= shape[axis];
  }
  return true;
}

/** Do these strides walk memory without gaps, in any order of the axes? */
export function isTurned(shape: Shape, strides: Shape): boolean {
  const order = shape.map((_, axis) => axis).sort((a, b) => strides[b] - strides[a]);
  return isRowMajor(
    order.map((axis) => shape[axis]),
    order.map((axis) => strides[axis]),
  );
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** `[2, 3]`, as messages write it. */
export function showShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** An axis counted from the front: -1 is the last. */
export function axisOf(op: string, dim: number, ndim: number): number {
  const range = Math.max(ndim, 1);
  if (!Number.isInteger(dim) || dim < -range || dim >= range) {
    throw new ShapeError(
      `${op}: dim ${dim} does not exist in a tensor with ${ndim} axes: it goes from ${-range} to ${range - 1}`,
    );
  }
  return dim < 0 ? dim + range : dim;
}

/** One axis or several (null or undefined: all), counted from the front, each once, in ascending order. */
export function axesOf(op: string, dim: number | Shape | null | undefined, ndim: number): number[] {
  if (dim === null || dim === undefined) return Array.from({ length: ndim }, (_, axis) => axis);
  const axes = (typeof dim === "number" ? [dim] : dim).map((d) => axisOf(op, d, ndim));
  const unique = [...new Set(axes)].sort((a, b) => a - b);
  if (unique.length !== axes.length) {
    throw new ShapeError(`${op}: dim ${showShape(dim as Shape)} names an axis twice`);
  }
  return ndim === 0 ? [] : unique;
}

/**
 * The shape two operands have together: axes are aligned at the end, a 1 stretches.
 * @see https://pytorch.org/docs/stable/notes/broadcasting.html
 */
export function broadcastShapes(op: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  const ndim = Math.max(a.length, b.length);
  const shape = new Array<number>(ndim);
  for (let axis = 0; axis < ndim; axis++) {
    const m = a[axis - ndim + a.length] ?? 1;
    const n = b[axis - ndim + b.length] ?? 1;
    if (m !== n && m !== 1 && n !== 1) {
      throw new ShapeError(
        `${op}: ${showShape(a)} and ${showShape(b)} do not broadcast: axis ${axis} is ${m} in one and ${n} in the other, it must be equal or 1`,
      );
    }
    shape[axis] = m === 1 ? n : m;
  }
  return shape;
}

/** The strides that make an array of `shape` look like one of `target`: stretched axes get stride 0. */
export function broadcastStrides(shape: Shape, strides: Shape, target: Shape): number[] {
  const lead = target.length - shape.length;
  return target.map((_, axis) =>
    axis < lead || shape[axis - lead] === 1 ? 0 : strides[axis - lead],
  );
}

/** A number stands for both, a pair is [height, width]. */
export type Pair = number | readonly [number, number];

/** Loose at the door: a number or a pair becomes a pair. */
export function pairOf(
  op: string,
  name: string,
  value: Pair | readonly number[],
): [number, number] {
  if (typeof value === "number") return [value, value];
  if (value.length === 1) return [value[0], value[0]];
  if (value.length === 2) return [value[0], value[1]];
  throw new ShapeError(
    `${op}: ${name} must be a number or a pair [height, width], not ${showShape(value)}`,
  );
}

/** The shape without these axes. */
export function dropped(shape: Shape, axes: readonly number[]): number[] {
  return shape.filter((_, axis) => !axes.includes(axis));
}
