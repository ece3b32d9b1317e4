// Operands of any dtype for the kernels' tests, with numbers around them that must stay.
import { expect } from "chai";
import type { DType } from "../../../lib/compute/dtypes.js";
import type { Operand } from "../../../lib/compute/operand.js";
import { Storage } from "../../../lib/compute/storage.js";
import { broadcastStrides, numelOf, rowMajorStrides } from "../../../lib/shape.js";
import { between } from "./guarded.js";

const MARGIN = 24;

/** Numbers of any dtype with a margin of 77 around them. */
export function margined(
  dtype: DType,
  shape: readonly number[],
  value: (i: number) => number,
): Operand {
  const storage = new Storage(dtype, numelOf(shape) + 2 * MARGIN);
  storage.array.fill(77);
  for (let i = 0; i < numelOf(shape); i++) storage.array[MARGIN + i] = value(i);
  return { storage, offset: MARGIN, shape, strides: rowMajorStrides(shape) };
}

export const valuesOf = ({ storage, shape }: Operand) => [
  ...storage.array.subarray(MARGIN, MARGIN + numelOf(shape)),
];

export function expectMargins({ storage }: Operand): void {
  const { array, length } = storage;
  const margins = [...array.subarray(0, MARGIN), ...array.subarray(length - MARGIN)];
  expect(
    margins.every((v) => v === 77),
    "memory around the result",
  ).to.equal(true);
}

/** An operand that broadcasts to `shape`. */
export function broadcasting(
  dtype: DType,
  shape: readonly number[],
  random: () => number,
): Operand {
  const own = shape.slice(random() < 0.3 ? between(random, 0, shape.length) : 0);
  const sizes = own.map((size) => (random() < 0.3 ? 1 : size));
  const nan = dtype === "float32" || dtype === "float64" ? 0.1 : 0;
  const low = dtype === "bool" || dtype === "uint8" ? 0 : -2;
  return margined(dtype, sizes, () => (random() < nan ? NaN : between(random, low, low + 3)));
}

export function stretchedValues(x: Operand, shape: readonly number[]): number[] {
  const strides = broadcastStrides(x.shape, x.strides, shape);
  return Array.from({ length: numelOf(shape) }, (_, index) => {
    let place = x.offset;
    for (let axis = shape.length - 1, rest = index; axis >= 0; axis--) {
      place += (rest % shape[axis]) * strides[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    return x.storage.array[place];
  });
}

export const shapeOf = (random: () => number) =>
  Array.from({ length: between(random, 0, 3) }, () => between(random, 1, 21));
