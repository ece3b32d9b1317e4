// Sums, extremes, products and running sums of float32 over some axes, and softmax. Each function says whether it did
// the work; if not, the plain loops do.

import { isRowMajor, numelOf, rowMajorStrides } from "../shape.js";
import { Storage } from "./storage.js";
import { copy } from "./elementwise.js";
import { addressOf, isFast, type Operand } from "./operand.js";
import { run } from "./team.js";
import { withWorkspace } from "./workspace.js";

/** y = scale · Σ of x over `axes`, of any view. */
export function sum(x: Operand, axes: readonly number[], y: Operand, scale = 1): boolean {
  if (!isFast(x) || !isFast(y) || numelOf(x.shape) === 0) return false;
  return inOrder(x, axes, (dense, places) => sumDense(dense, places, y, scale));
}

/**
 * Calls `fn` with x in row-major order: x itself; or, if x is only turned (a transpose), x seen the way it lies; or a
 * copy of x, given back afterwards.
 */
function inOrder(
  x: Operand,
  axes: readonly number[],
  fn: (dense: Operand, axes: readonly number[]) => boolean,
): boolean {
  if (isRowMajor(x.shape, x.strides)) return fn(x, axes);
  const order = x.shape.map((_, axis) => axis).sort((a, b) => x.strides[b] - x.strides[a] || a - b);
  const shape = order.map((axis) => x.shape[axis]);
  const kept = order.filter((axis) => !axes.includes(axis) && x.shape[axis] !== 1);
  const inTurn = kept.every((axis, i) => i === 0 || axis > kept[i - 1]);
  if (
    inTurn &&
    isRowMajor(
      shape,
      order.map((axis) => x.strides[axis]),
    )
  ) {
    const strides = rowMajorStrides(shape);
    const turned = axes.map((axis) => order.indexOf(axis));
    return fn({ storage: x.storage, offset: x.offset, shape, strides }, turned);
  }
  return copied(x, axes, fn);
}

/** Calls `fn` with a dense copy of x, given back afterwards. */
function copied(
  x: Operand,
  axes: readonly number[],
  fn: (dense: Operand, axes: readonly number[]) => boolean,
): boolean {
  const storage = new Storage("float32", numelOf(x.shape));
  try {
    const dense = { storage, offset: 0, shape: x.shape, strides: rowMajorStrides(x.shape) };
    return copy(x, dense) && fn(dense, axes);
  } finally {
    storage.free();
  }
}

interface Block {
  readonly outer: number;
  readonly n: number;
  readonly inner: number;
}

/** A dense x as [outer, n, inner], where n are the reduced axes; null where they do not stand side by side. */
function blockOf({ shape }: Operand, axes: readonly number[]): Block | null {
  const reduced = shape.flatMap((size, axis) => (size !== 1 && axes.includes(axis) ? axis : []));
  const [first, last] = [reduced[0] ?? shape.length, reduced.at(-1) ?? shape.length - 1];
  for (let axis = first; axis <= last; axis++) {
    if (shape[axis] !== 1 && !axes.includes(axis)) return null;
  }
  return {
    outer: numelOf(shape.slice(0, first)),
    n: numelOf(shape.slice(first, last + 1)),
    inner: numelOf(shape.slice(last + 1)),
  };
}

function sumDense(x: Operand, axes: readonly number[], y: Operand, scale: number): boolean {
  const block = blockOf(x, axes);
  if (!block) {
    if (scale === 1 && sumAround(x, axes, y)) return true;
    return copied(...keptFirst(x, axes), (dense, last) => sumDense(dense, last, y, scale));
  }
  const { outer, n, inner } = block;
  const [from, to] = [addressOf(x), addressOf(y)];
  if (inner === 1) run("sumRows", { units: outer, cost: n * 0.1 + 5 }, from, n, scale, to);
  else {
    const work = { units: outer, cost: n * inner * 0.3, scratch: 8 * inner };
    run("sumColumns", work, from, n, inner, scale, to);
  }
  return true;
}

/** x with the axes that are reduced behind those that stay. */
function keptFirst(x: Operand, axes: readonly number[]): [Operand, number[]] {
  const all = x.shape.map((_, axis) => axis);
  const order = [...all.filter((axis) => !axes.includes(axis)), ...axes];
  const [shape, strides] = [x.shape, x.strides].map((numbers) =>
    order.map((axis) => numbers[axis]),
  );
  const view = { storage: x.storage, offset: x.offset, shape, strides };
  return [view, all.slice(order.length - axes.length)];
}

/** The sum over leading and trailing axes around some that stay: over 0, 2, 3 of [N, C, H, W]. */
function sumAround(x: Operand, axes: readonly number[], y: Operand): boolean {
  const stays = x.shape.map((size, axis) => size !== 1 && !axes.includes(axis));
  const [from, to] = [stays.indexOf(true), stays.lastIndexOf(true)];
  const whole = x.shape.every(
    (size, axis) => size === 1 || stays[axis] === (axis >= from && axis <= to),
  );
  if (!whole) return false;

  const images = numelOf(x.shape.slice(0, from));
  const channels = numelOf(x.shape.slice(from, to + 1));
  const pixels = numelOf(x.shape.slice(to + 1));
  const work = { units: channels, cost: images * pixels * 0.1 };
  run("sumChannels", work, addressOf(x), images, channels, pixels, addressOf(y));
  return true;
}

/** What {@link fold} computes; the numbers are the kernel's. */
const folds = { greatest: 0, least: 1, greatestSize: 2, length: 3, sizes: 4, product: 5 } as const;
/** Greatest, least, greatest |x|, √Σx², Σ|x|, Πx. */
export type FoldName = keyof typeof folds;

/** y = x folded over `axes`. */
export function fold(name: FoldName, x: Operand, axes: readonly number[], y: Operand): boolean {
  if (!isFast(x) || !isFast(y) || numelOf(x.shape) === 0) return false;
  return inOrder(x, axes, (dense, places) => foldDense(folds[name], dense, places, y));
}

function foldDense(operation: number, x: Operand, axes: readonly number[], y: Operand): boolean {
  const block = blockOf(x, axes);
  if (!block) {
    return copied(...keptFirst(x, axes), (dense, last) => foldDense(operation, dense, last, y));
  }
  const { outer, n, inner } = block;
  const [from, to] = [addressOf(x), addressOf(y)];
  if (inner === 1) foldRows(operation, from, outer, n, to);
  else {
    const work = { units: outer, cost: n * inner * 0.3, scratch: 8 * inner };
    run("foldColumns", work, operation, from, n, inner, to);
  }
  return true;
}

const PIECE = 16384; // floats: one long row of extremes is cut into such, so that threads can share it

function foldRows(operation: number, x: number, rows: number, n: number, y: number): void {
  const pieces = Math.floor(n / PIECE);
  if (rows > 1 || operation > folds.greatestSize || pieces < 8) {
    return run("foldRows", { units: rows, cost: n * 0.15 + 5 }, operation, x, n, y);
  }
  withWorkspace(({ floats }) => {
    const rest = n - pieces * PIECE;
    const bests = floats(pieces + 1);
    run("foldRows", { units: pieces, cost: PIECE * 0.15 }, operation, x, PIECE, bests);
    const whole = x + 4 * pieces * PIECE;
    if (rest > 0)
      run("foldRows", { units: 1, cost: rest }, operation, whole, rest, bests + 4 * pieces);
    run("foldRows", { units: 1, cost: pieces }, operation, bests, pieces + (rest > 0 ? 1 : 0), y);
  });
}

/** Where the first greatest (or `least`) of x lies along `axis` (or in all, if null), or the first NaN. places: int64. */
export function best(x: Operand, axis: number | null, least: boolean, places: Operand): boolean {
  if (!isFast(x) || places.storage.pointer === 0 || numelOf(x.shape) === 0) return false;
  const axes = axis === null ? x.shape.map((_, k) => k) : [axis];
  if (axis === null && !isRowMajor(x.shape, x.strides)) return false; // places count in row-major order
  return inOrder(x, axes, (dense, turned) => {
    const { outer, n, inner } = blockOf(dense, turned)!;
    withWorkspace(({ floats }) => {
      const [from, to, flag, values] = [
        addressOf(dense),
        addressOf(places),
        least ? 1 : 0,
        floats(outer * inner),
      ];
      if (inner === 1)
        run("bestRows", { units: outer, cost: n * 0.2 + 5 }, from, n, flag, to, values);
      else {
        const work = { units: outer, cost: n * inner * 0.5, scratch: 4 * inner };
        run("bestColumns", work, from, n, inner, flag, to, values);
      }
    });
    return true;
  });
}

/** y = running sums of x along `axis`, from its end with `backwards`. Both dense. */
export function runningSums(x: Operand, axis: number, y: Operand, backwards: boolean): boolean {
  if (!isFast(x) || !isFast(y) || numelOf(x.shape) === 0) return false;
  if (!isRowMajor(x.shape, x.strides)) {
    return copy(x, y) && runningSums(y, axis, y, backwards);
  }
  const { outer, n, inner } = along(x, axis);
  const work = { units: outer, cost: n * inner, scratch: inner === 1 ? 0 : 8 * inner };
  run("runningSums", work, addressOf(x), n, inner, backwards ? 1 : 0, addressOf(y));
  return true;
}

/** A dense x as [outer, n, inner] around one axis. */
function along({ shape }: Operand, axis: number): Block {
  return {
    outer: numelOf(shape.slice(0, axis)),
    n: shape[axis] ?? 1,
    inner: numelOf(shape.slice(axis + 1)),
  };
}

/** y = softmax of x along `axis`, or its logarithm. Both dense. */
export function softmax(x: Operand, axis: number, y: Operand, logarithm: boolean): boolean {
  if (!isFast(x) || !isFast(y) || !isRowMajor(x.shape, x.strides)) return false;
  const { outer, n, inner } = along(x, axis);
  const [from, flag, to] = [addressOf(x), logarithm ? 1 : 0, addressOf(y)];
  if (numelOf(x.shape) === 0) return true;
  if (inner === 1) run("softmaxRows", { units: outer, cost: 2 * n }, from, n, flag, to);
  else {
    const work = { units: outer, cost: 2 * n * inner, scratch: 512 };
    run("softmaxColumns", work, from, n, inner, flag, to);
  }
  return true;
}

/** The way back of {@link softmax}: gx from gy and y. All dense. */
export function softmaxBackward(
  gy: Operand,
  y: Operand,
  axis: number,
  gx: Operand,
  logarithm: boolean,
): boolean {
  if (!isFast(gy) || !isFast(y)) return false;
  if (!isRowMajor(gy.shape, gy.strides) || !isRowMajor(y.shape, y.strides)) return false;
  const { outer, n, inner } = along(y, axis);
  const [g, from, flag, to] = [addressOf(gy), addressOf(y), logarithm ? 1 : 0, addressOf(gx)];
  if (numelOf(y.shape) === 0) return true;
  if (inner === 1) run("softmaxRowsBackward", { units: outer, cost: 2 * n }, g, from, n, flag, to);
  else {
    const work = { units: outer, cost: 2 * n * inner, scratch: 768 };
    run("softmaxColumnsBackward", work, g, from, n, inner, flag, to);
  }
  return true;
}
