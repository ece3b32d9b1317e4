// How the calling thread and the workers of the team agree on work: a few words at the start of the arena.
//
// The caller writes a job, sets how many chunks remain, and raises the generation, which wakes the workers. Whoever
// takes the remaining count down from n does chunk n - 1, until none is left; so a worker that the system keeps away
// holds up nobody. A worker counts itself in before it looks for a chunk and out when it found none; the caller
// writes the next job only when nobody is in. (A worker that comes late finds no chunk, or one of the next job.)

import type { Kernels, KernelName } from "./kernels.js";

/** Byte address of the words, below the first block of the arena. (Address 0 stays 0: see assembly/simd.ts.) */
const WORDS = 64;
const ARGUMENTS = 512;
const MOST_ARGUMENTS = 32;

export const word = {
  generation: 0,
  remaining: 1,
  inside: 2,
  sleeping: 3,
  ready: 4,
  /** Workers with an index below this take part. */
  members: 5,
  failed: 6,
  kernel: 7,
  units: 8,
  grain: 9,
  scratch: 10,
  scratchStep: 11,
  argumentCount: 12,
} as const;

export interface Board {
  readonly words: Int32Array;
  readonly arguments: Float64Array;
}

export function boardOf(memory: WebAssembly.Memory): Board {
  return {
    words: new Int32Array(memory.buffer, WORDS, 16),
    arguments: new Float64Array(memory.buffer, ARGUMENTS, MOST_ARGUMENTS),
  };
}

/** What a worker is started with. */
export interface TeamMember {
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  readonly index: number;
  /** The kernels in the order of their numbers. */
  readonly names: readonly KernelName[];
}

/** Takes chunks of the present job until none remains. `thread` 0 is the caller, who knows the job already. */
export function takeChunks(
  { words, arguments: values }: Board,
  kernels: Kernels,
  names: readonly KernelName[],
  thread: number,
): void {
  for (;;) {
    const chunk = Atomics.sub(words, word.remaining, 1) - 1;
    if (chunk < 0) return;
    const scratch = words[word.scratch] + thread * words[word.scratchStep];
    const from = chunk * words[word.grain];
    const to = Math.min(from + words[word.grain], words[word.units]);
    const rest = values.subarray(0, words[word.argumentCount]);
    kernels[names[words[word.kernel]]](scratch, from, to, ...rest);
  }
}

/** About 30 µs of looking before a thread lies down to sleep: waking it takes 10 to 50 µs. */
export const LOOKS_BEFORE_SLEEP = 3000;
