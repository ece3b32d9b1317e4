// Sums and means of float32 over some axes. Says whether it did the work; if not, the plain loops do.

import { isRowMajor, numelOf } from "../shape.js";
import { addressOf, isFast, type Operand } from "./operand.js";
import { run } from "./team.js";

/** y = scale · Σ of x over `axes`, for a dense x whose reduced axes stand side by side (or are of size 1). */
export function sum(x: Operand, axes: readonly number[], y: Operand, scale = 1): boolean {
  if (!isFast(x) || !isFast(y)) return false;
  if (!isRowMajor(x.shape, x.strides) || numelOf(x.shape) === 0) return false;
  const reduced = x.shape.flatMap((size, axis) => (size !== 1 && axes.includes(axis) ? axis : []));
  const [first, last] = [reduced[0] ?? x.shape.length, reduced.at(-1) ?? x.shape.length - 1];
  const gap = x.shape.some(
    (size, axis) => axis > first && axis < last && size !== 1 && !axes.includes(axis),
  );
  if (gap) return scale === 1 && sumAround(x, axes, first, last, y);

  const outer = numelOf(x.shape.slice(0, first));
  const n = numelOf(x.shape.slice(first, last + 1));
  const inner = numelOf(x.shape.slice(last + 1));
  const [from, to] = [addressOf(x), addressOf(y)];
  if (inner === 1) run("sumRows", { units: outer, cost: n * 0.1 + 5 }, from, n, scale, to);
  else {
    const work = { units: outer, cost: n * inner * 0.3, scratch: 8 * inner };
    run("sumColumns", work, from, n, inner, scale, to);
  }
  return true;
}

/** The sum over leading and trailing axes around some that stay: over 0, 2, 3 of [N, C, H, W]. */
function sumAround(
  x: Operand,
  axes: readonly number[],
  first: number,
  last: number,
  y: Operand,
): boolean {
  const stays = x.shape.map((size, axis) => size !== 1 && !axes.includes(axis));
  const [from, to] = [stays.indexOf(true), stays.lastIndexOf(true)];
  const whole = x.shape.every(
    (size, axis) => size === 1 || stays[axis] === (axis >= from && axis <= to),
  );
  if (!whole || first > from || last < to) return false;

  const images = numelOf(x.shape.slice(0, from));
  const channels = numelOf(x.shape.slice(from, to + 1));
  const pixels = numelOf(x.shape.slice(to + 1));
  const work = { units: channels, cost: images * pixels * 0.1 };
  run("sumChannels", work, addressOf(x), images, channels, pixels, addressOf(y));
  return true;
}

/** y = softmax of x along its last axis, or its logarithm. Both dense. */
export function softmax(x: Operand, y: Operand, logarithm: boolean): boolean {
  if (!isFast(x) || !isFast(y) || !isRowMajor(x.shape, x.strides)) return false;
  const n = x.shape.at(-1) ?? 1;
  const work = { units: numelOf(x.shape) / Math.max(n, 1), cost: 2 * n };
  run("softmaxRows", work, addressOf(x), n, logarithm ? 1 : 0, addressOf(y));
  return true;
}

/** The way back of {@link softmax}: gx from gy and y, along the last axis. All dense. */
export function softmaxBackward(gy: Operand, y: Operand, gx: Operand, logarithm: boolean): boolean {
  if (!isFast(gy) || !isFast(y)) return false;
  if (!isRowMajor(gy.shape, gy.strides) || !isRowMajor(y.shape, y.strides)) return false;
  const n = y.shape.at(-1) ?? 1;
  const work = { units: numelOf(y.shape) / Math.max(n, 1), cost: 2 * n };
  const flag = logarithm ? 1 : 0;
  run("softmaxRowsBackward", work, addressOf(gy), addressOf(y), n, flag, addressOf(gx));
  return true;
}
