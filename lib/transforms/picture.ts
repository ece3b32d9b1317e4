// What the transforms share: a picture is [..., C, H, W], uint8 (0 to 255) or floating (0 to 1).

import { DTypeError, ShapeError } from "../errors.js";
import { numelOf, showShape } from "../shape.js";
import { empty, gather, Tensor } from "../tensor.js";

export interface Planes {
  /** All planes, one after the other. */
  readonly values: Tensor["data"];
  /** How many planes: all axes before the last two. */
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

/** A picture's values, plane by plane. */
export function planesOf(op: string, picture: Tensor): Planes {
  if (!(picture instanceof Tensor))
    throw new TypeError(`${op}: a picture is a tensor, this is ${typeof picture}`);
  if (picture.ndim < 2 || numelOf(picture.shape) === 0) {
    throw new ShapeError(`${op}: a picture is [..., C, H, W], this is ${showShape(picture.shape)}`);
  }
  const dense = picture.isContiguous() ? picture : gather(picture);
  const [height, width] = picture.shape.slice(-2);
  return { values: dense.data, count: picture.numel() / (height * width), height, width };
}

/** The same kind of picture with another height and width, its values yet unset. */
export function likePicture(picture: Tensor, height: number, width: number): Tensor {
  return empty([...picture.shape.slice(0, -2), height, width], picture.dtype);
}

/** The largest value that a picture of this dtype has. */
export function topOf(op: string, picture: Tensor): number {
  if (picture.dtype === "uint8") return 255;
  if (picture.dtype === "float32" || picture.dtype === "float64") return 1;
  throw new DTypeError(`${op}: a picture is uint8 or floating, this one is ${picture.dtype}`);
}

/** The channels of a picture, which stand third from the end. */
export function channelsOf(op: string, picture: Tensor, allowed: readonly number[]): number {
  const C = picture.ndim < 3 ? 1 : picture.shape[picture.ndim - 3];
  if (!allowed.includes(C)) {
    throw new ShapeError(
      `${op}: the picture ${showShape(picture.shape)} has ${C} channels, ${allowed.join(" or ")} would be right`,
    );
  }
  return C;
}

/** A height and a width: one number stands for both. */
export function sizeOf(op: string, size: number | readonly number[]): [number, number] {
  const [height, width = height] = typeof size === "number" ? [size] : size;
  for (const side of [height, width]) {
    if (!Number.isInteger(side) || side < 1) {
      throw new ShapeError(
        `${op}: the size is ${String(size)}, it must be one or two whole numbers ≥ 1`,
      );
    }
  }
  return [height, width];
}

/** left, top, right, bottom; one number stands for all, two for left and right, top and bottom. */
export function sidesOf(
  op: string,
  padding: number | readonly number[],
): [number, number, number, number] {
  const list = typeof padding === "number" ? [padding] : padding;
  const [left, top = left, right = left, bottom = top] = list;
  if (![1, 2, 4].includes(list.length) || ![left, top, right, bottom].every(Number.isInteger)) {
    throw new ShapeError(
      `${op}: padding is ${showShape(list)}, it must be 1, 2 or 4 whole numbers: left, top, right, bottom`,
    );
  }
  return [left, top, right, bottom];
}

/** The nearest whole number, of two the even one: Python's round, and the processor's. */
export function roundEven(v: number): number {
  const r = Math.round(v);
  return r - v === 0.5 && r % 2 !== 0 ? r - 1 : r;
}
