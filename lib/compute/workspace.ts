// Memory for the length of one call: everything taken in `fn` is given back when it ends, also by an exception.

import { allocate, memory, release } from "./arena.js";

export interface Workspace {
  /** Address of room for `count` floats (or 32-bit integers); what it holds is left over from before. */
  floats(count: number): number;
  /** The floats at an address. */
  view(pointer: number, count: number): Float32Array;
  /** Address of a table of 32-bit integers. */
  table(values: ArrayLike<number>): number;
  /** Address of a table of float32. */
  floatTable(values: ArrayLike<number>): number;
}

export function withWorkspace<T>(fn: (workspace: Workspace) => T): T {
  const taken: [pointer: number, bytes: number][] = [];
  const floats = (count: number) => {
    const bytes = 4 * count;
    const pointer = allocate(bytes);
    taken.push([pointer, bytes]);
    return pointer;
  };
  const view = (pointer: number, count: number) => new Float32Array(memory.buffer, pointer, count);
  const table = (values: ArrayLike<number>) => {
    const pointer = floats(values.length);
    new Int32Array(memory.buffer, pointer, values.length).set(values);
    return pointer;
  };
  const floatTable = (values: ArrayLike<number>) => {
    const pointer = floats(values.length);
    new Float32Array(memory.buffer, pointer, values.length).set(values);
    return pointer;
  };
  try {
    return fn({ floats, view, table, floatTable });
  } finally {
    for (const [pointer, bytes] of taken) release(pointer, bytes);
  }
}
