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
  const windows = slidingWindows(rows, columns, W);
  withWorkspace((workspace) => {
    const scratch = windows ? 2 * windows.lineBytes : 0;
    const work = { units: planes, cost: (windows ? 2 : 10) * cost, scratch };
    const common = [addressOf(inArena(x)), H, W, ...tables(workspace, rows), rows.step];
    const across = [...tables(workspace, columns), columns.step];
    if (windows) {
      const { kernel, stride, padding } = windows;
      const last = [kernel, stride, padding, addressOf(y), places];
      run("maxPoolSliding", work, ...common, ...across, ...last);
    } else run("maxPool", work, ...common, ...across, addressOf(y), places);
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
    return true;
  }
  if (isWhole(rows, H) && isWhole(columns, W)) {
    const share = 1 / (divisor ?? rows.divisor[0] * columns.divisor[0]);
    const work = { units: planes, cost: H * W * 0.1 + 5 };
    run("sumRows", work, addressOf(inArena(x)), H * W, share, addressOf(y));
    return true;
  }
  const windows = slidingWindows(rows, columns, W);
  if (!windows) binwise("averagePool", addressOf(inArena(x)), addressOf(y), divisor, size);
  else {
    withWorkspace((workspace) => {
      const { kernel, stride, padding, lineBytes } = windows;
      const work = { units: planes, cost: H * W * 0.4, scratch: lineBytes };
      const [down, across] = divisors(workspace, divisor, size);
      run(
        ...(["averagePoolSliding", work, addressOf(inArena(x)), H, W] as const),
        ...[...tables(workspace, rows), down, columns.start.length, across],
        ...[kernel, stride, padding, addressOf(y)],
      );
    });
  }
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
  size: PoolSize,
): void {
  const { planes, H, W, rows, columns } = size;
  withWorkspace((workspace) => {
    const work = { units: planes, cost: H * W * 2 };
    const [down, across] = divisors(workspace, divisor, size);
    run(
      ...([kernel, work, from, H, W, ...tables(workspace, rows), down] as const),
      ...[...tables(workspace, columns), across, to],
    );
  });
}

/** Tables of what an average divides by, for rows and columns; `divisor` overrides what the bins count. */
function divisors(
  { floatTable }: Workspace,
  divisor: number | null,
  { rows, columns }: PoolSize,
): [number, number] {
  if (divisor === null) return [floatTable(rows.divisor), floatTable(columns.divisor)];
  return [floatTable(rows.divisor.map(() => divisor)), floatTable(columns.divisor.map(() => 1))];
}

/** Is this one bin that holds everything? */
function isWhole({ start, end, step }: Bins, length: number): boolean {
  return step === 1 && start.length === 1 && start[0] === 0 && end[0] === length;
}

interface SlidingWindows {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  /** What the kernels need to keep a line of the image: see assembly/sliding-pool.ts. */
  readonly lineBytes: number;
}

/** The window that slides over the columns, if it is one (and no bin is empty): what is outside the image is cut off. */
function slidingWindows(rows: Bins, columns: Bins, W: number): SlidingWindows | null {
  const { start, end, step } = columns;
  const last = start.length - 1;
  if (last < 0 || rows.start.some((from, i) => from >= rows.end[i])) return null;
  const stride = last > 0 ? start[last] - start[last - 1] : 1;
  const padding = stride * last - start[last];
  let reach = 1;
  start.forEach((from, i) => (reach = Math.max(reach, end[i] - from)));
  const kernel = Math.ceil(reach / step);
  const whole = (kernel - 1) * step + 1;
  const slides = start.every((from, i) => {
    const first = i * stride - padding;
    const cut = first < 0 ? Math.ceil(-first / step) * step : 0;
    return from === first + cut && from < end[i] && end[i] === Math.min(first + whole, W);
  });
  if (!slides || stride < 1) return null;
  const floats = (last + 9) * stride + (kernel - 1) * step + 8;
  return { kernel, stride, padding, lineBytes: 4 * floats };
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
