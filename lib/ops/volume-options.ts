// Loose at the door, for volumes: a number or three numbers become [depth, height, width], checked.

import { ShapeError } from "../errors.js";
import { showShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { called } from "./alias.js";
import { reshape } from "./views.js";
import type { Sizes } from "./window-options.js";

/** `value` as [depth, height, width]: a number stands for all three. */
export function tripleOf(
  op: string,
  name: string,
  value: Sizes,
  least: number,
): [number, number, number] {
  const list = typeof value === "number" ? [value, value, value] : [...value];
  if (list.length === 1) list.push(list[0], list[0]);
  if (list.length !== 3) {
    throw new ShapeError(
      `${op}: ${name} must be a number or [depth, height, width], not ${showShape(list)}`,
    );
  }
  for (const size of list) {
    if (Number.isInteger(size) && size >= least) continue;
    throw new RangeError(`${op}: ${name} must be a whole number ≥ ${least}, not ${String(size)}`);
  }
  return list as [number, number, number];
}

/** f(x) for x [N, C, D, H, W]; x [C, D, H, W] gets a batch axis of 1 before f, which the results lose again. */
export function withVolumes<T extends Tensor | [Tensor, Tensor]>(
  op: string,
  x: Tensor,
  name: string,
  f: (x: Tensor) => T,
): T {
  const named = (y: T, what: string) =>
    (Array.isArray(y) ? [called(what, y[0]), y[1]] : called(what, y as Tensor)) as T;
  if (x.ndim === 5) return named(f(x), name);
  if (x.ndim !== 4) {
    throw new ShapeError(
      `${op}: x needs 5 axes [N, C, D, H, W], or 4 without a batch, but has ${x.ndim}: ${showShape(x.shape)}`,
    );
  }
  const without = (y: Tensor) => reshape(y, y.shape.slice(1));
  const y = f(reshape(x, [1, ...x.shape]));
  const outside = name === "ConvolutionBackward0" ? "SqueezeBackward1" : name; // as PyTorch
  return named((Array.isArray(y) ? y.map(without) : without(y)) as T, outside);
}
