// What tensors share: one block of the arena, seen as numbers of one dtype.
// A block lives as long as some Storage object (or a typed array handed out by `view`) can be reached:
// the registry below gives it back after that. What the library can prove dead it frees at once.

import { allocate, arenaStats, memory, release } from "./arena.js";
import { arrayTypes, bytesPerElement, type DType, type TypedArray } from "./dtypes.js";
import { countAllocation } from "./reclaim.js";

interface Ticket {
  pointer: number;
  bytes: number;
}

const registry = new FinalizationRegistry<Ticket>(({ pointer, bytes }) => release(pointer, bytes));

export class Storage {
  /** Address of the first element in the arena, in bytes. */
  readonly pointer: number;
  readonly bytes: number;
  /** Counts the in-place changes; autograd and packed-weight caches compare it. */
  version = 0;
  private values: TypedArray | undefined;

  constructor(
    readonly dtype: DType,
    readonly length: number,
  ) {
    this.bytes = length * bytesPerElement[dtype];
    countAllocation(this.bytes);
    this.pointer = allocate(this.bytes);
    registry.register(this, { pointer: this.pointer, bytes: this.bytes }, this);
  }

  /** The numbers, as a typed array over the arena. For the library's own use: it does not keep the block alive. */
  get array(): TypedArray {
    return (this.values ??= new arrayTypes[this.dtype](
      memory.buffer as unknown as ArrayBuffer,
      this.pointer,
      this.length,
    ));
  }

  /** Gives the block back now. Only for who knows that nobody else can reach it. */
  free(): void {
    registry.unregister(this);
    release(this.pointer, this.bytes);
    this.values = undefined;
  }
}

/** Keeps each typed array's block alive for as long as the array itself can be reached. */
const owners = new WeakMap<TypedArray, Storage>();

/** A typed array over part of a storage, safe to hand to a user. */
export function view(storage: Storage, offset: number, length: number): TypedArray {
  const array = storage.array.subarray(offset, offset + length) as TypedArray;
  owners.set(array, storage);
  return array;
}

/** The storage behind a typed array made by {@link view}, if it is one. */
export function storageOf(array: TypedArray): Storage | undefined {
  return owners.get(array);
}

export { arenaStats };
