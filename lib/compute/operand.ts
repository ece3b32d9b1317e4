// What the compute room takes from a tensor: where dense values begin. (A Tensor is one; compute knows no Tensor.)

import type { Storage } from "./storage.js";
import type { TypedArray } from "./dtypes.js";

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

/** The address of the first number, for kernels. */
export function addressOf({ storage, offset }: Operand): number {
  return storage.pointer + offset * storage.array.BYTES_PER_ELEMENT;
}
