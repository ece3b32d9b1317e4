// One WebAssembly memory for all tensors, handed out in blocks from a pool of size classes.
// A fresh 4 MB array costs some 300 µs (zeroing, page faults), one from the pool 8 µs (bench of 2026-08).
// Knows no tensors; who owns a block is said in ticket.ts, when it dies in reclaim.ts.

import { way } from "./hidden.js";

const PAGE = 65536;
const ALIGN = 64; // a cache line, and every vector width

/**
 * The memory itself: shared, so that worker threads see it and old views survive its growth.
 * (A page without cross-origin isolation may still make a shared memory; it only cannot post it.)
 */
export const memory: WebAssembly.Memory = makeMemory();

function makeMemory(): WebAssembly.Memory {
  const sizes = [65536, 32768, 16384]; // 4, 2 and 1 GiB
  for (const maximum of way === "page" ? sizes.slice(1) : sizes) {
    try {
      return new WebAssembly.Memory({ initial: 64, maximum, shared: true });
    } catch {
      // Some systems limit the address space: ask for half.
    }
  }
  throw new RangeError("kernelbook: no 1 GiB of address space for tensors could be reserved");
}

let end = 1024; // the first bytes stay unused, so that no block has the address 0
const free = new Map<number, number[]>(); // class size -> addresses of free blocks

export const arenaStats = { usedBytes: 0, peakBytes: 0 };

/** The bytes that a block for `bytes` really takes: the next of 1, 1.25, 1.5, 1.75 times a power of two. */
export function classSize(bytes: number): number {
  if (bytes <= ALIGN) return ALIGN;
  const power = 2 ** (31 - Math.clz32(bytes));
  const step = Math.max(power / 4, ALIGN);
  return Math.ceil(bytes / step) * step;
}

/** Address of a block of at least `bytes` bytes. What it holds is left over from before: not zeroed. */
export function allocate(bytes: number): number {
  const size = classSize(bytes);
  arenaStats.usedBytes += size;
  if (arenaStats.usedBytes > arenaStats.peakBytes) arenaStats.peakBytes = arenaStats.usedBytes;

  const pointer = free.get(size)?.pop();
  if (pointer !== undefined) return pointer;

  const next = end;
  growTo(next + size);
  end = next + size;
  return next;
}

/** Gives a block back. `bytes` as it was asked for. */
export function release(pointer: number, bytes: number): void {
  const size = classSize(bytes);
  arenaStats.usedBytes -= size;
  const list = free.get(size);
  if (list) list.push(pointer);
  else free.set(size, [pointer]);
}

/** Bytes that the arena has taken from the system so far. */
export function arenaBytes(): number {
  return end;
}

/** A passing look at `count` float32 numbers at an address. Keeps nothing alive. */
export function floats(pointer: number, count: number): Float32Array {
  return new Float32Array(memory.buffer, pointer, count);
}

function growTo(bytes: number): void {
  const have = memory.buffer.byteLength;
  if (bytes <= have) return;
  // by an eighth at least, so that growth stays rare
  const pages = Math.ceil(Math.max(bytes - have, have / 8) / PAGE);
  try {
    memory.grow(pages);
  } catch {
    const remedy =
      way === "page"
        ? ": in a page the memory of dropped tensors comes back, at the latest, when the event loop turns: await new Promise((done) => setTimeout(done)) every few steps, and read numbers by item() or tolist() rather than data"
        : "";
    throw new RangeError(
      `kernelbook: out of memory: ${bytes} bytes of tensors needed, ${have} there, no more to be had${remedy}`,
    );
  }
}
