// What the compute room takes from a tensor: where dense values begin. (A Tensor is one; compute knows no Tensor.)

import { bytesPerElement, type TypedArray } from "./dtypes.js";
import { Storage } from "./storage.js";

export interface Operand {
  readonly storage: Storage;
  /** Where the first element lies in the storage, in elements. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** The numbers of a dense operand from its first on, for plain loops. */
export function valuesOf(x: Operand): TypedArray {
  const { array } = x.storage;
  return x.offset === 0 ? array : (array.subarray(x.offset) as TypedArray);
}

/** The address of the first number, for kernels. It must lie in the arena. */
export function addressOf({ storage, offset }: Operand): number {
  return storage.pointer + offset * bytesPerElement[storage.dtype];
}

/** Can a kernel read and write it where it lies? */
export function isFast({ storage }: Operand): boolean {
  return storage.dtype === "float32" && storage.pointer !== 0;
}

/** x itself, or, if it lies in an array of the user's, a copy in the arena. For reading. */
export function inArena(x: Operand): Operand {
  if (x.storage.pointer !== 0) return x;
  const storage = new Storage(x.storage.dtype, x.storage.length);
  storage.array.set(x.storage.array);
  return { storage, offset: x.offset, shape: x.shape, strides: x.strides };
}
