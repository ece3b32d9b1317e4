// Other dtypes, and one number everywhere.

import { isRowMajor, numelOf } from "../shape.js";
import { arrayTypes, bytesPerElement, type DType } from "./dtypes.js";
import { compare } from "./masks.js";
import { addressOf, type Operand } from "./operand.js";
import { Storage } from "./storage.js";
import { run } from "./team.js";

/** The kernel's number for a conversion. */
const pairs: Readonly<Record<string, number>> = {
  "float32 float64": 0,
  "float64 float32": 1,
  "int64 float32": 1,
  "uint8 float32": 2,
  "bool float32": 2,
  "uint8 float64": 3,
  "bool float64": 3,
  "uint8 int64": 3,
  "bool int64": 3,
  "float32 int64": 4,
  "float32 int32": 5,
  "int32 float32": 6,
};

/** y = x in y's dtype, both dense; false where no kernel knows how. */
export function convert(x: Operand, y: Operand): boolean {
  if (x.storage.pointer === 0 || y.storage.pointer === 0) return false;
  if (!isRowMajor(x.shape, x.strides) || !isRowMajor(y.shape, y.strides)) return false;
  if (y.storage.dtype === "bool") return isNotZero(x, y);
  const pair = pairs[`${x.storage.dtype} ${y.storage.dtype}`];
  if (pair === undefined) return false;
  const work = { units: numelOf(y.shape), cost: 0.4, atLeast: 4096 };
  run("convert", work, pair, addressOf(x), addressOf(y));
  return true;
}

function isNotZero(x: Operand, y: Operand): boolean {
  const storage = new Storage(x.storage.dtype, 1);
  storage.array[0] = 0;
  const done = compare("different", x, { storage, offset: 0, shape: [], strides: [] }, y);
  storage.free();
  return done;
}

const UNIT = 4096; // bytes
const FEW = 512; // bytes: so few are filled in a loop
const pattern = new Int32Array(2);

/** The first `count` numbers from `offset` on become `value`, which the dtype can hold. */
export function fill(storage: Storage, offset: number, count: number, value: number): void {
  const { dtype, pointer } = storage;
  const bytes = count * bytesPerElement[dtype];
  if (pointer === 0 || bytes < FEW) {
    storage.array.fill(value, offset, offset + count);
    return;
  }
  new arrayTypes[dtype](pattern.buffer).fill(value);
  const work = { units: Math.ceil(bytes / UNIT), cost: UNIT * 0.03 };
  const to = pointer + offset * bytesPerElement[dtype as DType];
  run("fillBytes", work, to, UNIT, bytes, pattern[0], pattern[1]);
}
