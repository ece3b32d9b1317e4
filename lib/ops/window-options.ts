// Loose at the door: what convolution and pooling accept as kernel, stride, padding and dilation becomes a pair, checked.
// One-dimensional windows are pairs as well: [1 or 0 for the height that is not there, the number].

import { ShapeError } from "../errors.js";
import { showShape, type Pair } from "../shape.js";

/** A number, or one number per axis. */
export type Sizes = number | readonly number[];
export type { Pair };

/**
 * `value` as [down, across]: a number stands for both. With rank 1 it is what is across, and `absent` stands for down.
 * @throws RangeError unless all are whole numbers ≥ least.
 */
export function sizesOf(
  op: string,
  name: string,
  value: Sizes,
  { rank, least, absent }: { rank: 1 | 2; least: number; absent: number },
): [number, number] {
  const list = typeof value === "number" ? new Array<number>(rank).fill(value) : [...value];
  if (list.length === 1 && rank === 2) list.push(list[0]);
  if (list.length !== rank) {
    throw new ShapeError(
      `${op}: ${name} must be a number${rank === 2 ? " or a pair [height, width]" : ""}, not ${showShape(list)}`,
    );
  }
  for (const size of list) {
    if (Number.isInteger(size) && size >= least) continue;
    throw new RangeError(`${op}: ${name} must be a whole number ≥ ${least}, not ${String(size)}`);
  }
  return rank === 1 ? [absent, list[0]] : [list[0], list[1]];
}
