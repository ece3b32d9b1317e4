// What tensors share: one block of the arena, seen as numbers of one dtype.
// A block lives as long as some Storage object (or a typed array handed out by `view`) can be reached:
// reclaim.ts gives it back after that. What the library can prove dead it frees at once.

import { memory } from "./arena.js";
import { fetchHome, now } from "./attic.js";
import { arrayTypes, bytesPerElement, type DType, type TypedArray } from "./dtypes.js";
import { makeListable } from "./nursery.js";
import { unwatch, watch } from "./reclaim.js";
import { shelfFor, SMALL, type Shelf } from "./shelf.js";
import { ticketFor, type Ticket } from "./ticket.js";

let nextNumber = 0;

/** How many storages were made so far: the number of the next one. */
export function storagesMade(): number {
  return nextNumber;
}

/** Where storages are written down as they are made, if somebody asked; see {@link withTemporaries}. */
let temporaries: Set<Storage> | null = null;

/**
 * Runs `fn`, and gives back every storage made meanwhile but those of its result: for functions that are known to keep
 * nothing. What must live on all the same says so by {@link outlives}.
 */
export function withTemporaries<T extends { readonly storage: Storage }>(fn: () => T): T {
  const outer = temporaries;
  const made = (temporaries = new Set<Storage>());
  try {
    const result = fn();
    made.delete(result.storage);
    for (const storage of made) storage.free();
    return result;
  } finally {
    temporaries = outer;
  }
}

/** Somebody keeps this storage after the function that makes it has returned. */
export function outlives(storage: Storage): void {
  temporaries?.delete(storage);
}

export class Storage {
  /** Storages made later have a larger number. */
  readonly number = nextNumber++;
  readonly bytes: number;
  /** Counts the in-place changes; autograd and packed-weight caches compare it. */
  version = 0;
  /** A user holds a typed array over it, and may change numbers without a new version. */
  exposed = false;
  private values: TypedArray | undefined;
  /** @internal Of its block, if that is the arena's. */
  readonly ticket: Ticket | null;
  /** What a small one lies on, and how far from its beginning. */
  private readonly shelf: Shelf | null;
  private readonly start: number;
  private freed = false;

  constructor(
    readonly dtype: DType,
    readonly length: number,
    outside?: TypedArray,
  ) {
    this.bytes = length * bytesPerElement[dtype];
    this.values = outside;
    this.shelf = outside || this.bytes > SMALL ? null : shelfFor(this.bytes);
    this.start = this.shelf ? this.shelf.take() : 0;
    this.ticket = outside ? null : this.shelf ? this.shelf.ticket : ticketFor(this.bytes);
    if (outside) return;
    if (!this.shelf) watch(this);
    temporaries?.add(this);
  }

  /** Address of the first element in the arena, in bytes; 0 if the numbers lie outside, in an array of the user's. */
  get pointer(): number {
    const { ticket } = this;
    if (!ticket) return 0;
    ticket.used = now;
    if (ticket.away) fetchHome(this.shelf ?? this);
    return ticket.pointer + this.start;
  }

  /** The numbers, as a typed array over the arena. It keeps the block alive; parts of it, by subarray, do not. */
  get array(): TypedArray {
    const { pointer, values } = this;
    if (values && (pointer === 0 || values.byteOffset === pointer)) return values;
    const fresh = new arrayTypes[this.dtype](
      memory.buffer as unknown as ArrayBuffer,
      pointer,
      this.length,
    );
    (fresh as unknown as { owner: Storage }).owner = this;
    return (this.values = fresh);
  }

  /** Gives the block back now. Only for who knows that nobody else can reach it. */
  free(): void {
    if (!this.ticket || this.freed) return;
    this.freed = true;
    if (this.shelf) this.shelf.giveBack();
    else unwatch(this.ticket);
    this.version++; // who still counts on the numbers is told that they have changed
    this.values = undefined;
  }
}

makeListable(Storage.prototype);

/** The storage behind each typed array handed out, kept alive for as long as the array can be reached. */
const owners = new WeakMap<TypedArray, Storage>();

/** A typed array over part of a storage, safe to hand to a user. */
export function view(storage: Storage, offset: number, length: number): TypedArray {
  if (offset === 0 && length === storage.length && storage.pointer === 0) return storage.array;
  storage.exposed = true;
  if (storage.ticket) storage.ticket.pinned = true;
  const array = storage.array.subarray(offset, offset + length) as TypedArray;
  owners.set(array, storage);
  return array;
}

/** The storage of numbers that a user holds: the arena's, if the array came from {@link view}, else one over it. */
export function storageOver(array: TypedArray, dtype: DType): { storage: Storage; offset: number } {
  const owner = owners.get(array);
  if (!owner || owner.dtype !== dtype) {
    return { storage: new Storage(dtype, array.length, array), offset: 0 };
  }
  const offset = (array.byteOffset - owner.pointer) / bytesPerElement[dtype];
  return { storage: owner, offset };
}
