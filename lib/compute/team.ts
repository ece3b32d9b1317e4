// Divides the work of a kernel over threads: the caller and a team of workers, started when first needed.
// Work of less than some 60 µs stays with the caller.

import { allocate, memory, release } from "./arena.js";
import { kernels, wasmModule } from "./engine.js";
import type { KernelName } from "./kernels.js";
import { boardOf, LOOKS_BEFORE_SLEEP, takeChunks, word, type TeamMember } from "./team-protocol.js";

export interface Work {
  /** How many units there are to divide. */
  readonly units: number;
  /** What one unit takes on one thread, in nanoseconds, roughly. */
  readonly cost: number;
  /** Fewer units than this are not worth a share of their own. Default 1. */
  readonly atLeast?: number;
  /** Bytes of memory that each thread needs to itself. Default 0. */
  readonly scratch?: number;
}

const WORTH_DIVIDING = 60_000; // nanoseconds
const SMALLEST_CHUNK = 20_000;
const CHUNKS_PER_THREAD = 4; // so that a thread that is held up leaves its share to the others

const board = boardOf(memory);
const { words } = board;
const names = Object.keys(kernels).filter(
  (name) => typeof kernels[name as KernelName] === "function",
) as KernelName[];
const numbers = new Map(names.map((name, number) => [name, number]));

const inNode = globalThis.process?.getBuiltinModule !== undefined;
/** A page may share memory with workers only where it is isolated from other origins. */
const canShare = inNode || globalThis.crossOriginIsolated === true;
/** A page's main thread may not sleep. */
const maySleep = inNode || typeof document === "undefined";

let wanted = canShare ? coreCount() : 1;
let started = 0;

/** How many threads compute, the calling one included. */
export function getNumThreads(): number {
  return wanted;
}

/**
 * Compute with `count` threads, the calling one included. Default: as many as the machine has cores; 1 in a page that
 * is not cross-origin isolated. Results do not depend on it.
 *
 * ```ts
 * const before = torch.getNumThreads()
 * torch.setNumThreads(1)
 * torch.getNumThreads() // → 1
 * torch.setNumThreads(before)
 * ```
 */
export function setNumThreads(count: number): void {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`setNumThreads: a whole number from 1 wanted, met ${count}`);
  }
  wanted = canShare ? count : 1;
  Atomics.store(words, word.members, wanted - 1);
}

/** Does all units of `kernel`, on as many threads as pay. Returns when all is done. */
export function run(kernel: KernelName, work: Work, ...rest: number[]): void {
  const { units, cost, scratch = 0 } = work;
  if (units <= 0) return;
  if (wanted === 1 || units === 1 || units * cost < WORTH_DIVIDING) {
    const own = scratch ? allocate(scratch) : 0;
    try {
      kernels[kernel](own, 0, units, ...rest);
    } finally {
      if (scratch) release(own, scratch);
    }
    return;
  }
  if (started < wanted - 1) startWorkers();
  divide(kernel, work, rest);
}

function divide(kernel: KernelName, work: Work, rest: readonly number[]): void {
  const { units, cost, atLeast = 1, scratch = 0 } = work;
  const even = Math.floor(units / (wanted * CHUNKS_PER_THREAD));
  const grain = Math.max(atLeast, Math.ceil(SMALLEST_CHUNK / cost), even);
  const step = Math.ceil(scratch / 64) * 64;
  const own = scratch ? allocate(step * wanted) : 0;

  waitUntilNobodyIsInside(); // a worker that came late to the job before
  words[word.kernel] = numbers.get(kernel)!;
  words[word.units] = units;
  words[word.grain] = grain;
  words[word.scratch] = own;
  words[word.scratchStep] = step;
  words[word.argumentCount] = rest.length;
  board.arguments.set(rest);
  Atomics.store(words, word.remaining, Math.ceil(units / grain));
  Atomics.add(words, word.generation, 1);
  if (Atomics.load(words, word.sleeping) > 0) Atomics.notify(words, word.generation);

  try {
    takeChunks(board, kernels, names, 0);
  } finally {
    Atomics.store(words, word.remaining, 0); // it is, unless a kernel failed
    waitUntilNobodyIsInside();
    if (scratch) release(own, step * wanted);
  }
  if (Atomics.exchange(words, word.failed, 0)) throw new Error(`${kernel}: failed in a worker`);
}

function waitUntilNobodyIsInside(): void {
  for (let look = 0; ; look++) {
    const inside = Atomics.load(words, word.inside);
    if (inside === 0) return;
    if (look > LOOKS_BEFORE_SLEEP && maySleep) Atomics.wait(words, word.inside, inside, 1);
  }
}

/** Workers join when they are ready; until then the caller does the work alone. */
function startWorkers(): void {
  Atomics.store(words, word.members, wanted - 1);
  const url = new URL("./team-worker.js", import.meta.url);
  const node = inNode ? process.getBuiltinModule("worker_threads") : undefined;
  for (; started < wanted - 1; started++) {
    const member: TeamMember = { memory, module: wasmModule, index: started, names };
    if (node) new node.Worker(url, { workerData: member, execArgv: [] }).unref();
    else {
      const PageWorker = (
        globalThis as unknown as {
          Worker: new (url: URL, options: object) => { postMessage(message: unknown): void };
        }
      ).Worker;
      new PageWorker(url, { type: "module" }).postMessage(member);
    }
  }
}

function coreCount(): number {
  const os = globalThis.process?.getBuiltinModule?.("os");
  return os?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;
}
