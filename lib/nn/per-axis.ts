// A size, or one for each axis.

import { tripleOf } from "../ops/volume-options.js";
import { sizesOf, type Sizes } from "../ops/window-options.js";

/** One number per axis that the layer really has. */
export function perAxis(
  op: string,
  name: string,
  value: Sizes,
  rank: 1 | 2 | 3,
  least: number,
): number[] {
  if (rank === 3) return tripleOf(op, name, value, least);
  return sizesOf(op, name, value, { rank, least, absent: 1 }).slice(2 - rank);
}

/** The size of an image as one number per axis. */
export function listed(size: number | readonly number[], rank: number): number[] {
  return typeof size === "number" ? new Array<number>(rank).fill(size) : size.slice(-rank);
}
