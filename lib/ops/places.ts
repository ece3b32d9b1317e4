// Tensors of places for picking.ts.

import type { Shape } from "../shape.js";
import { empty, type Tensor } from "../tensor.js";

/** An int64 tensor of `shape` that holds `from(k)` wherever the place along `axis` is k. */
export function copyOfPlaces(shape: Shape, axis: number, from: (k: number) => number): Tensor {
  const y = empty(shape, "int64");
  const values = y.storage.array;
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  for (let i = 0; i < values.length; i++) values[i] = from(Math.floor(i / inner) % shape[axis]);
  return y;
}
