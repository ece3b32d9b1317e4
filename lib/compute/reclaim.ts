// Getting blocks back without `dispose`. (The issue on speed fills this file.)
//
// Allocation only counts; a collection, when one is due, runs at the end of an operation (`settle`), when every
// array that the operation still reads is held by an argument or a result. Never in the middle of one.

let allocatedSince = 0;

/** Told of every allocation. */
export function countAllocation(bytes: number): void {
  allocatedSince += bytes;
}

/** Called at the end of every operation: the one place where blocks may be taken back inside synchronous code. */
export function settle(): void {
  if (allocatedSince > 1 << 28) allocatedSince = 0;
}
