// Winograd's tiles add and subtract numbers that cancel, so that a gradient leaves some 1e-9 in places which no window
// joins to it. A receptive field measured by gradients asks just there: beyond its reach a gradient is exactly zero.

import type { TypedArray } from "../dtypes.js";
import { valuesOf, type Operand } from "../operand.js";
import type { Conv2dSize } from "../plain/conv2d.js";

/** First and last, both included; none if the last is before the first. */
type Range = readonly [first: number, last: number];

/** Set gx to zero where no window reaches a number of gy that is not zero, image by image. */
export function clearBeyondReach(gy: Operand, gx: Operand, size: Conv2dSize): void {
  const { N, C, H, W, O, P, Q, groups } = size;
  const [inputs, outputs] = [C / groups, O / groups];
  const [from, to] = [valuesOf(gy), valuesOf(gx)];
  for (let image = 0; image < N * groups; image++) {
    const planes = { values: from, start: image * outputs * P * Q, count: outputs, P, Q };
    const rows = seenFrom(nonzeroRows(planes), size, 0);
    const columns = seenFrom(nonzeroColumns(planes), size, 1);
    if (rows[0] === 0 && rows[1] === H - 1 && columns[0] === 0 && columns[1] === W - 1) continue;
    for (let c = 0; c < inputs; c++)
      clearAround(to, (image * inputs + c) * H * W, H, W, rows, columns);
  }
}

/** What the windows over a range of places see of the pixels along an axis. */
function seenFrom([first, last]: Range, size: Conv2dSize, axis: 0 | 1): Range {
  const [length, taps] = axis === 0 ? [size.H, size.K] : [size.W, size.L];
  const [stride, padding, dilation] = [size.stride[axis], size.padding[axis], size.dilation[axis]];
  if (last < first) return [length, -1];
  const end = last * stride - padding + dilation * (taps - 1);
  return [Math.max(0, first * stride - padding), Math.min(length - 1, end)];
}

interface Planes {
  readonly values: TypedArray;
  readonly start: number;
  readonly count: number;
  readonly P: number;
  readonly Q: number;
}

// Dense gradients end each search at its first look.

function nonzeroRows(planes: Planes): Range {
  const used = (row: number) => hasNonzero(planes, row * planes.Q, planes.Q, 1);
  return rangeOf(planes.P, used);
}

function nonzeroColumns(planes: Planes): Range {
  const used = (column: number) => hasNonzero(planes, column, planes.P, planes.Q);
  return rangeOf(planes.Q, used);
}

function rangeOf(length: number, used: (place: number) => boolean): Range {
  let [first, last] = [0, length - 1];
  while (first <= last && !used(first)) first++;
  while (last > first && !used(last)) last--;
  return [first, last];
}

/** Is one of `length` numbers, `step` apart, not zero (or not a number) in any plane? */
function hasNonzero(planes: Planes, first: number, length: number, step: number): boolean {
  const { values, start, count, P, Q } = planes;
  for (let plane = 0; plane < count; plane++) {
    let at = start + plane * P * Q + first;
    for (let k = 0; k < length; k++, at += step) if (values[at] !== 0) return true;
  }
  return false;
}

function clearAround(
  values: TypedArray,
  start: number,
  H: number,
  W: number,
  rows: Range,
  columns: Range,
): void {
  const end = start + H * W;
  if (rows[1] < rows[0] || columns[1] < columns[0]) {
    values.fill(0, start, end);
    return;
  }
  values.fill(0, start, start + rows[0] * W);
  values.fill(0, start + (rows[1] + 1) * W, end);
  for (let row = rows[0]; row <= rows[1]; row++) {
    values.fill(0, start + row * W, start + row * W + columns[0]);
    values.fill(0, start + row * W + columns[1] + 1, start + (row + 1) * W);
  }
}
