// Pooling of float32. Each function says whether it did the work; if not (another dtype), the plain loops do.

import { addressOf, inArena, isFast, type Operand } from "./operand.js";
import { run } from "./team.js";
import { withWorkspace, type Workspace } from "./workspace.js";

/** The bins along one axis: bin i holds start[i], start[i] + step, … below end[i]; an average divides by divisor[i]. */
interface Bins {
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly step: number;
  readonly divisor: Float64Array;
}

/** x is [planes, H, W], y [planes, rows of bins, columns of bins], both dense. */
interface PoolSize {
  readonly planes: number;
  readonly H: number;
  readonly W: number;
  readonly rows: Bins;
  readonly columns: Bins;
}

/** The greatest of each bin, and, if wanted, its place in its plane (int32). */
export function maxPool(x: Operand, y: Operand, winners: Operand | null, size: PoolSize): boolean {
  if (!isFast(y)) return false;
  const places = winners ? addressOf(winners) : 0;
  const { planes, H, W, rows, columns } = size;
  const cost = H * W * 0.2;
  if (areHalves(rows, H) && areHalves(columns, W)) {
    const work = { units: planes, cost };
    run("maxPool2", work, addressOf(inArena(x)), H, W, addressOf(y), places);
    return true;
  }
  withWorkspace((workspace) => {
    const work = { units: planes, cost: 10 * cost };
    run(
      ...([
        "maxPool",
        work,
        addressOf(inArena(x)),
        H,
        W,
        ...tables(workspace, rows),
        rows.step,
      ] as const),
      ...[...tables(workspace, columns), columns.step, addressOf(y), places],
    );
  });
  return true;
}

/** gx: each gy goes to its winner. */
export function toWinners(gy: Operand, winners: Operand, gx: Operand, size: PoolSize): boolean {
  if (!isFast(gx)) return false;
  const { planes, H, W, rows, columns } = size;
  const places = rows.start.length * columns.start.length;
  const work = { units: planes, cost: H * W * 0.2 + places };
  run(
    "maxPoolBackward",
    work,
    addressOf(inArena(gy)),
    addressOf(winners),
    places,
    H * W,
    addressOf(gx),
  );
  return true;
}

/** The mean of each bin; `divisor` overrides what the bins count. */
export function avgPool(x: Operand, y: Operand, divisor: number | null, size: PoolSize): boolean {
  if (!isFast(y)) return false;
  const { planes, H, W, rows, columns } = size;
  if (areHalves(rows, H) && areHalves(columns, W)) {
    const work = { units: planes, cost: H * W * 0.2 };
    run("averagePool2", work, addressOf(inArena(x)), H, W, 1 / (divisor ?? 4), addressOf(y));
  } else binwise("averagePool", addressOf(inArena(x)), addressOf(y), divisor, size);
  return true;
}

/** gx: each gy is shared out evenly over its bin. */
export function avgPoolGrad(
  gy: Operand,
  gx: Operand,
  divisor: number | null,
  size: PoolSize,
): boolean {
  if (!isFast(gx)) return false;
  binwise("averagePoolBackward", addressOf(inArena(gy)), addressOf(gx), divisor, size);
  return true;
}

function binwise(
  kernel: "averagePool" | "averagePoolBackward",
  from: number,
  to: number,
  divisor: number | null,
  { planes, H, W, rows, columns }: PoolSize,
): void {
  withWorkspace((workspace) => {
    const work = { units: planes, cost: H * W * 2 };
    const ones = columns.divisor.map(() => 1);
    const down = workspace.floatTable(
      divisor === null ? rows.divisor : rows.divisor.map(() => divisor),
    );
    const across = workspace.floatTable(divisor === null ? columns.divisor : ones);
    run(
      ...([kernel, work, from, H, W, ...tables(workspace, rows), down] as const),
      ...[...tables(workspace, columns), across, to],
    );
  });
}

/** Are these the bins of a window of 2 with stride 2? */
function areHalves({ start, end, step, divisor }: Bins, length: number): boolean {
  if (step !== 1 || start.length !== length >> 1) return false;
  return start.every((from, i) => from === 2 * i && end[i] === from + 2 && divisor[i] === 2);
}

/** How many bins, and the addresses of their starts and ends. */
function tables({ table }: Workspace, bins: Bins): [number, number, number] {
  return [bins.start.length, table(bins.start), table(bins.end)];
}
