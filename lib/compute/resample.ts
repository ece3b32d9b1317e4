// Resampling along one axis, float32. Each function says whether it did the work; if not, the plain loops do.

import { numelOf } from "../shape.js";
import { addressOf, isFast, type Operand } from "./operand.js";
import { run } from "./team.js";
import { withWorkspace } from "./workspace.js";

/** For each place of the result its two neighbours in x, and how much the right one counts. */
export interface Taps {
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly weight: Float64Array;
}

type Name = "resampleAxis" | "resampleAxisBackward";

/** y[…, i, …] = (1 − w) · x[…, left, …] + w · x[…, right, …] along `axis`. Both dense. */
export function resample(x: Operand, axis: number, taps: Taps, y: Operand): boolean {
  return along("resampleAxis", x, x.shape, axis, taps, y);
}

/** The way back: gx, which is zeros, gets each gy at its two neighbours. Both dense. */
export function resampleBackward(gy: Operand, axis: number, taps: Taps, gx: Operand): boolean {
  return along("resampleAxisBackward", gy, gx.shape, axis, taps, gx);
}

function along(
  kernel: Name,
  from: Operand,
  shape: readonly number[],
  axis: number,
  { left, right, weight }: Taps,
  to: Operand,
): boolean {
  if (!isFast(from) || !isFast(to)) return false;
  const [outer, inner] = [numelOf(shape.slice(0, axis)), numelOf(shape.slice(axis + 1))];
  withWorkspace(({ table, floatTable }) => {
    const tables = [table(left), table(right), floatTable(weight)];
    const work = { units: outer, cost: left.length * (inner * 0.3 + 1) };
    run(kernel, work, addressOf(from), shape[axis], inner, ...tables, left.length, addressOf(to));
  });
  return true;
}
