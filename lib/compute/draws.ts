// Many random numbers at once, by the engine's Mersenne Twister: the same numbers that lib/random draws one by one.

import { numelOf } from "../shape.js";
import { allocate, memory, release } from "./arena.js";
import { bytesPerElement } from "./dtypes.js";
import { kernels } from "./engine.js";
import type { KernelName } from "./kernels.js";
import { addressOf, type Operand } from "./operand.js";
import { run } from "./team.js";

/** The state of a generator: 624 words, and which comes next. */
export interface Twister {
  readonly state: Int32Array;
  next: number;
  fresh: boolean;
}

const STATE = 624;
const PIECE = 16384; // words: they stay in the second-level cache

/** Calls `use` with pieces of the next `count` words: where they lie, the first's number, and how many. */
function eachPiece(
  engine: Twister,
  count: number,
  use: (words: number, first: number, n: number) => void,
): void {
  const bytes = 4 * (STATE + Math.min(PIECE, count));
  const state = allocate(bytes);
  try {
    const words = state + 4 * STATE;
    const inArena = new Int32Array(memory.buffer, state, STATE);
    inArena.set(engine.state);
    for (let first = 0; first < count; first += PIECE) {
      const n = Math.min(PIECE, count - first);
      engine.next = kernels.twister(state, engine.next, words, n);
      use(words, first, n);
    }
    engine.state.set(inArena);
    if (count > 0) engine.fresh = false;
  } finally {
    release(state, bytes);
  }
}

/** y = kernel(`perNumber` words for each number, …parameters). y is dense. */
function drawn(
  kernel: KernelName,
  engine: Twister,
  y: Operand,
  perNumber: number,
  parameters: readonly number[],
  nanoseconds: number,
): void {
  const width = bytesPerElement[y.storage.dtype];
  eachPiece(engine, numelOf(y.shape) * perNumber, (words, first, n) => {
    const to = addressOf(y) + (first / perNumber) * width;
    const work = { units: n / perNumber, cost: nanoseconds, atLeast: 4096 };
    run(kernel, work, words, ...parameters, to);
  });
}

/** float32 in [low, high), 24 random bits each. */
export function uniform(
  engine: Twister,
  y: Operand,
  low: number,
  range: number,
  high: number,
): void {
  drawn("uniformFloats", engine, y, 1, [low, range, high], 1);
}

/** float32: `scale` with probability `keep`, else 0. */
export function chance(engine: Twister, y: Operand, keep: number, scale: number): void {
  drawn("chanceFloats", engine, y, 2, [keep, scale], 2);
}

/** int64 or float64: low + word mod range, for a range below 2^32. */
export function integers(engine: Twister, y: Operand, low: number, range: number): void {
  drawn("remainders", engine, y, 1, [range, low], 2);
}

/** float32 normal numbers, at least 16, in blocks of 16. */
export function normal(engine: Twister, y: Operand, mean: number, std: number): void {
  const count = numelOf(y.shape);
  const block = (words: number, n: number, to: number) =>
    run("normalBlocks", { units: Math.floor(n / 16), cost: 40 }, words, mean, std, to);
  const to = addressOf(y);
  eachPiece(engine, count, (words, first, n) => block(words, n, to + 4 * first));
  // the last 16 places once more, from new numbers, over finished ones
  if (count % 16 !== 0)
    eachPiece(engine, 16, (words, _, n) => block(words, n, to + 4 * (count - 16)));
}

/** The next `count` words. */
export function words(engine: Twister, count: number): Uint32Array {
  const all = new Uint32Array(count);
  eachPiece(engine, count, (from, first, n) => {
    all.set(new Uint32Array(memory.buffer, from, n), first);
  });
  return all;
}
