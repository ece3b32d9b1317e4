// What explorables are given, made strict.

import { ShapeError, type Tensor } from "../../lib/index.js";
import { requireTensor } from "../views/tensor-maps.js";

export type Pair = readonly [number, number];

export function pairOf(value: number | readonly number[]): Pair {
  if (typeof value === "number") return [value, value];
  return [value[0], value[1] ?? value[0]];
}

/** float32 numbers as the bytes that go to the page. A copy: the tensor may change. */
export function bytesOf(values: ArrayLike<number>): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

/** Larger images cannot be looked at cell by cell. */
const mostSide = 64;

/**
 * [H, W], [C, H, W] or [1, C, H, W] as values and [C, H, W].
 * @throws ShapeError for other axes, RangeError if it is empty or too large to be looked at.
 */
export function planes(
  name: string,
  x: Tensor,
  most = mostSide,
): { values: ArrayLike<number>; shape: [number, number, number] } {
  requireTensor(name, x);
  const { shape } = x;
  if (shape.length < 2 || shape.length > 4 || (shape.length === 4 && shape[0] !== 1)) {
    throw new ShapeError(
      `${name}: takes one image [C, H, W] or [H, W], got [${shape.join(", ")}]${shape.length === 4 ? `: pick one of the ${shape[0]} with x.select(0, i)` : ""}`,
    );
  }
  const [C, H, W] = [1, ...shape].slice(-3);
  if (C * H * W === 0) throw new RangeError(`${name}: [${shape.join(", ")}] has no values`);
  if (Math.max(H, W) > most) {
    throw new RangeError(
      `${name}: ${H}×${W} is too large to look at cell by cell, at most ${most}×${most}: cut a piece out of it`,
    );
  }
  return { values: x.data, shape: [C, H, W] };
}
