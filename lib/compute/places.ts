// Reading and writing along an axis at places that an int64 index names. Each function says whether it did the work; if
// not, the plain loops do.

import { isRowMajor, numelOf } from "../shape.js";
import { kernels } from "./engine.js";
import { addressOf, isFast, type Operand } from "./operand.js";
import { run } from "./team.js";

/** The first of these places (dense int64) that is not in an axis of that size, or -1 if all are. */
export function firstBad(index: Operand, size: number): number {
  const n = numelOf(index.shape);
  if (index.storage.pointer === 0) {
    return index.storage.array
      .subarray(index.offset, index.offset + n)
      .findIndex((place) => !(place >= 0 && place < size));
  }
  const found = kernels.firstBadPlace(addressOf(index), n, size);
  return found < n ? found : -1;
}

const isDense = (x: Operand) => x.storage.pointer !== 0 && isRowMajor(x.shape, x.strides);

/** [outer, size, inner] around an axis of `shape`. */
function around(shape: readonly number[], axis: number): [number, number, number] {
  return [numelOf(shape.slice(0, axis)), shape[axis] ?? 1, numelOf(shape.slice(axis + 1))];
}

/** Do x and index agree on every other axis? */
function agree(x: Operand, index: Operand, axis: number): boolean {
  return x.shape.every((size, a) => a === axis || size === index.shape[a]);
}

/** y[…, i, …] = x[…, index[…, i, …], …], in index's shape. */
export function gather(x: Operand, axis: number, index: Operand, y: Operand): boolean {
  if (!isFast(x) || !isFast(y) || !isDense(x) || !isDense(index)) return false;
  if (!agree(x, index, axis)) return false;
  const [outer, size, inner] = around(x.shape, axis);
  const k = index.shape[axis] ?? 1;
  const work = { units: outer, cost: k * inner };
  run("gatherAxis", work, addressOf(x), size, addressOf(index), k, inner, addressOf(y));
  return true;
}

/** y[…, index[…, i, …], …] = values[…, i, …], or += with `adds`. */
export function scatter(
  values: Operand,
  axis: number,
  index: Operand,
  adds: boolean,
  y: Operand,
): boolean {
  if (!isFast(values) || !isFast(y) || ![values, index, y].every(isDense)) return false;
  if (!agree(y, index, axis)) return false;
  const [outer, size, inner] = around(y.shape, axis);
  const k = index.shape[axis] ?? 1;
  const [from, to] = [addressOf(values), addressOf(y)];
  run(
    "scatterAxis",
    { units: outer, cost: k * inner },
    from,
    addressOf(index),
    k,
    inner,
    adds ? 1 : 0,
    to,
    size,
  );
  return true;
}

/** y[…, i, …] = x[…, index[i], …] */
export function gatherSlices(x: Operand, axis: number, index: Operand, y: Operand): boolean {
  if (!isFast(x) || !isFast(y) || !isDense(x) || !isDense(index)) return false;
  const [outer, size, inner] = around(x.shape, axis);
  const k = numelOf(index.shape);
  const work = { units: outer, cost: k * (inner * 0.3 + 2) };
  run("gatherSlices", work, addressOf(x), size, addressOf(index), k, inner, addressOf(y));
  return true;
}

/** y[…, index[i], …] += values[…, i, …] */
export function addSlices(values: Operand, axis: number, index: Operand, y: Operand): boolean {
  if (!isFast(values) || !isFast(y) || ![values, index, y].every(isDense)) return false;
  const [outer, size, inner] = around(y.shape, axis);
  const k = numelOf(index.shape);
  const work = { units: outer, cost: k * (inner * 0.3 + 2) };
  run("addSlices", work, addressOf(values), addressOf(index), k, inner, addressOf(y), size);
  return true;
}
