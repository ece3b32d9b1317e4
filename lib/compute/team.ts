// Divides the work of a kernel over threads. (One thread so far.)

import { allocate, release } from "./arena.js";
import { kernels } from "./engine.js";
import type { KernelName } from "./kernels.js";

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

/** Does all units of `kernel`, on as many threads as pay. Returns when all is done. */
export function run(kernel: KernelName, { units, scratch = 0 }: Work, ...rest: number[]): void {
  const memory = scratch ? allocate(scratch) : 0;
  try {
    kernels[kernel](memory, 0, units, ...rest);
  } finally {
    if (scratch) release(memory, scratch);
  }
}
