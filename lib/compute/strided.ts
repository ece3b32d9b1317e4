// Views as few axes as they can be seen with, and dense copies of them.

import { broadcastStrides, numelOf, type Shape } from "../shape.js";
import { run } from "./team.js";

/** A float32 view by its address. */
export interface Place {
  readonly pointer: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** A shape, and for each of several arrays its strides, in elements. */
export interface Axes {
  readonly shape: readonly number[];
  readonly strides: readonly (readonly number[])[];
}

/** The arrays as if all had `shape`, without axes of size 1, and neighbouring axes joined where every array allows it. */
export function collapsed(shape: Shape, operands: readonly Omit<Place, "pointer">[]): Axes {
  const all = operands.map((x) => broadcastStrides(x.shape, x.strides, shape));
  const sizes: number[] = [];
  const strides: number[][] = all.map(() => []);
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const last = sizes.length - 1;
    const joins = last >= 0 && all.every((steps, k) => strides[k][last] === steps[axis] * size);
    if (joins) sizes[last] *= size;
    else sizes.push(size);
    all.forEach((steps, k) => (strides[k][joins ? last : last + 1] = steps[axis]));
  });
  return { shape: sizes, strides };
}

/** Calls `at(offsets)` for every place along the axes before the last `inner` ones; offsets in elements, one per array. */
export function eachOuter(
  { shape, strides }: Axes,
  inner: number,
  at: (offsets: readonly number[], index: number) => void,
): void {
  const outer = shape.slice(0, Math.max(0, shape.length - inner));
  const count = numelOf(outer);
  for (let index = 0; index < count; index++) {
    let rest = index;
    const offsets = strides.map(() => 0);
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      const place = rest % outer[axis];
      rest = (rest - place) / outer[axis];
      for (let k = 0; k < offsets.length; k++) offsets[k] += place * strides[k][axis];
    }
    at(offsets, index);
  }
}

/** Copies a float32 view, stretched to `shape`, to dense memory at `to`. */
export function copyDense(x: Place, shape: Shape, to: number): void {
  const axes = collapsed(shape, [x]);
  const rank = axes.shape.length;
  const n = rank > 0 ? axes.shape[rank - 1] : 1;
  const rows = rank > 1 ? axes.shape[rank - 2] : 1;
  const step = rank > 0 ? axes.strides[0][rank - 1] : 1;
  const row = rank > 1 ? axes.strides[0][rank - 2] : 0;
  if (numelOf(shape) === 0) return;
  eachOuter(axes, 2, ([offset], index) => {
    const [source, target] = [x.pointer + 4 * offset, to + 4 * index * rows * n];
    if (row === 1 && step > 1) {
      const work = { units: Math.ceil(rows / 4), cost: 4 * n };
      run("copyTransposed", work, source, step, rows, n, target);
    } else
      run(
        "copyRows",
        { units: rows, cost: n * (step === 1 ? 0.2 : 1) },
        source,
        row,
        step,
        n,
        target,
      );
  });
}

/** Copies a float32 view to another of the same shape, whatever their strides. */
export function copyPlaces(x: Place, y: Place): void {
  const axes = collapsed(y.shape, [x, y]);
  const rank = axes.shape.length;
  const n = rank > 0 ? axes.shape[rank - 1] : 1;
  const rows = rank > 1 ? axes.shape[rank - 2] : 1;
  if (numelOf(y.shape) === 0) return;
  const [from, to] = axes.strides.map((strides) => ({
    step: rank > 0 ? strides[rank - 1] : 1,
    row: rank > 1 ? strides[rank - 2] : 0,
  }));
  const work = { units: rows, cost: n * (from.step === 1 && to.step === 1 ? 0.2 : 1) };
  eachOuter(axes, 2, ([source, target]) => {
    const [a, b] = [x.pointer + 4 * source, y.pointer + 4 * target];
    run("placeRows", work, a, from.row, from.step, n, b, to.row, to.step);
  });
}
