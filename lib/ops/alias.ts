// Making views: what the functions of views.ts share.

import { record } from "../autograd.js";
import { ShapeError } from "../errors.js";
import { numelOf, showShape, type Shape } from "../shape.js";
import { filled } from "../creation.js";
import { copyInto, Tensor } from "../tensor.js";

/** A view of x, recorded. */
export function alias(
  x: Tensor,
  shape: Shape,
  strides: Shape,
  offset: number,
  name: string,
  vjp: (gy: Tensor) => Tensor,
): Tensor {
  const y = new Tensor(x.storage, shape, strides, offset);
  y.base = x.base ?? x;
  y.generation = y.base.generation;
  return record(name, y, [[x, vjp]]);
}

/** The same numbers under the name that PyTorch has in its graph, where ours are composed of several operations. */
export function called(name: string, y: Tensor): Tensor {
  const z = new Tensor(y.storage, y.shape, y.strides, y.offset);
  return record(name, z, [[y, (gy) => gy]], { told: { op: "same" } });
}

/** Sizes given as several numbers or as one array. */
export function sizeList(sizes: readonly (number | Shape)[]): number[] {
  return (sizes.length === 1 && Array.isArray(sizes[0]) ? [...sizes[0]] : sizes) as number[];
}

/** Puts the right number for -1. */
export function resolveShape(op: string, x: Tensor, wanted: readonly number[]): number[] {
  const count = x.numel();
  const known = numelOf(wanted.filter((size) => size !== -1));
  const open = wanted.filter((size) => size === -1).length;
  const shape = wanted.map((size) => (size === -1 ? count / known : size));
  if (
    open > 1 ||
    !shape.every((size) => Number.isInteger(size) && size >= 0) ||
    numelOf(shape) !== count
  ) {
    throw new ShapeError(
      `${op}: ${showShape(x.shape)} has ${count} elements, which do not fill ${showShape(wanted)}${open === 1 ? ` (${count} / ${known})` : ` (${numelOf(wanted)})`}: one size may be -1, the others must divide ${count}`,
    );
  }
  return shape;
}

/** The gradient of a view that shows a part of x: zeros, with gy where `part` lies. */
export function placed(gy: Tensor, x: Tensor, part: (gx: Tensor) => Tensor): Tensor {
  const gx = filled(x.shape, 0, gy.dtype);
  copyInto(part(gx), gy);
  return record("PlacedBackward0", gx, [[gy, (ggx) => part(ggx)]]);
}
