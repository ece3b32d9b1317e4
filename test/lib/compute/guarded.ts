// Operands with poison around them: a kernel that writes beside its result is caught, and one that lets numbers from
// beside its inputs into its result gives NaN.

import { expect } from "chai";
import type { Operand } from "../../../lib/compute/operand.js";
import { Storage } from "../../../lib/compute/storage.js";
import { rowMajorStrides } from "../../../lib/shape.js";

const MARGIN = 48;

export interface Guarded extends Operand {
  /** The numbers, without the margins. */
  readonly values: Float32Array;
}

/** A seeded random function: numbers in [0, 1). (mulberry32) */
export function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from `low` to `high`. */
export function between(random: () => number, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

/** An operand of `shape`, filled by `value`, NaN around it. */
export function guarded(shape: readonly number[], value: (i: number) => number): Guarded {
  const count = shape.reduce((product, size) => product * size, 1);
  const storage = new Storage("float32", count + 2 * MARGIN);
  storage.array.fill(NaN);
  const values = storage.array.subarray(MARGIN, MARGIN + count) as Float32Array;
  for (let i = 0; i < count; i++) values[i] = value(i);
  return { storage, offset: MARGIN, shape, strides: rowMajorStrides(shape), values };
}

/** Nothing but NaN stands in the margins. */
export function expectUntouched(...operands: readonly Guarded[]): void {
  for (const { storage, values } of operands) {
    const margins = [
      ...storage.array.subarray(0, MARGIN),
      ...storage.array.subarray(MARGIN + values.length),
    ];
    expect(margins.every(Number.isNaN), "memory around the operand").to.equal(true);
  }
}

/** The largest difference, as part of the largest number wanted. NaN if anything is. */
export function relativeError(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  let [difference, largest] = [0, 1e-6];
  for (let i = 0; i < wanted.length; i++) {
    const d = Math.abs(got[i] - wanted[i]);
    if (!(d <= difference)) difference = d;
    largest = Math.max(largest, Math.abs(wanted[i]));
  }
  expect(got.length).to.equal(wanted.length);
  return difference / largest;
}
