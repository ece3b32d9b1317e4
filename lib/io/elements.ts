// The kinds of number that files hold, and the dtype that each becomes here: half floats become float32 (exactly),
// unsigned integers the next larger signed kind. (Every machine that runs JavaScript keeps numbers little-endian.)

import { bytesPerElement, type DType, type TypedArray } from "../compute/dtypes.js";
import { Storage } from "../compute/storage.js";
import { numelOf, showShape, type Shape } from "../shape.js";
import { Tensor } from "../tensor.js";
import type { Refuse } from "./file-error.js";
import type { Source } from "./source.js";

export type ElementKind =
  | "float16"
  | "bfloat16"
  | "float32"
  | "float64"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "bool";

interface Element {
  readonly bytes: number;
  readonly dtype: DType;
  /**
   * Puts numbers (little-endian, and lying at a multiple of their size) into an array of `dtype`, from `at` on. Gives
   * the place of the first one that is not exact here, or −1.
   */
  put(bytes: Uint8Array, to: TypedArray, at: number): number;
}

type NumberArray = new (buffer: ArrayBufferLike, offset: number, length: number) => TypedArray;

/** `bytes` seen as another kind of array. */
function seen<T>(
  Type: new (buffer: ArrayBufferLike, offset: number, length: number) => T,
  bytes: Uint8Array,
  size: number,
): T {
  return new Type(bytes.buffer, bytes.byteOffset, bytes.length / size);
}

/** A kind whose numbers JavaScript's arrays read by themselves. */
const known = (bytes: number, dtype: DType, Type: unknown): Element => ({
  bytes,
  dtype,
  put(from, to, at) {
    to.set(seen(Type as NumberArray, from, bytes), at);
    return -1;
  },
});

/** 64-bit whole numbers, as pairs of 32-bit words. `High` says whether the upper word has a sign. */
const wide = (High: Int32ArrayConstructor | Uint32ArrayConstructor): Element => ({
  bytes: 8,
  dtype: "int64",
  put(from, to, at) {
    const low = seen(Uint32Array, from, 4);
    const high = seen(High as typeof Int32Array, from, 4);
    const count = from.length / 8;
    for (let i = 0; i < count; i++) {
      const value = high[2 * i + 1] * 2 ** 32 + low[2 * i];
      if (!Number.isSafeInteger(value)) return i;
      to[at + i] = value;
    }
    return -1;
  },
});

export const elements: Readonly<Record<ElementKind, Element>> = {
  float16: { bytes: 2, dtype: "float32", put: putHalves },
  bfloat16: { bytes: 2, dtype: "float32", put: putBrainFloats },
  float32: known(4, "float32", Float32Array),
  float64: known(8, "float64", Float64Array),
  int8: known(1, "int8", Int8Array),
  int16: known(2, "int16", Int16Array),
  int32: known(4, "int32", Int32Array),
  int64: wide(Int32Array),
  uint8: known(1, "uint8", Uint8Array),
  uint16: known(2, "int32", Uint16Array),
  uint32: known(4, "int64", Uint32Array),
  uint64: wide(Uint32Array),
  bool: {
    bytes: 1,
    dtype: "bool",
    put(from, to, at) {
      for (let i = 0; i < from.length; i++) to[at + i] = from[i] ? 1 : 0;
      return -1;
    },
  },
};

/** A bfloat16 is the upper half of a float32. */
function putBrainFloats(from: Uint8Array, to: TypedArray, at: number): number {
  const words = seen(Uint16Array, from, 2);
  const bits = new Uint32Array(to.buffer, to.byteOffset + 4 * at, words.length);
  for (let i = 0; i < words.length; i++) bits[i] = words[i] << 16;
  return -1;
}

let halves: Float32Array | undefined;

function putHalves(from: Uint8Array, to: TypedArray, at: number): number {
  const values = (halves ??= Float32Array.from({ length: 65536 }, (_, h) => fromHalf(h)));
  const words = seen(Uint16Array, from, 2);
  for (let i = 0; i < words.length; i++) to[at + i] = values[words[i]];
  return -1;
}

/** IEEE 754 binary16: 1 bit sign, 5 exponent, 10 fraction. */
function fromHalf(h: number): number {
  const sign = h & 0x8000 ? -1 : 1;
  const exponent = (h >> 10) & 31;
  const fraction = h & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return (
    sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : 2 ** -14 * (fraction / 1024))
  );
}

/** Are the file's bytes (little-endian) also memory's? */
const isPlain = (kind: ElementKind): boolean =>
  kind === elements[kind].dtype && kind !== "int64" && kind !== "bool";

/** The bytes of a dense tensor's numbers, in place. */
export function bytesOf(x: Tensor): Uint8Array {
  return bytesIn(x.storage, x.offset, x.numel());
}

function bytesIn({ array, dtype }: Storage, offset: number, count: number): Uint8Array {
  const size = bytesPerElement[dtype];
  return new Uint8Array(array.buffer, array.byteOffset + offset * size, count * size);
}

const MAX_ELEMENTS = 2 ** 31;

/** A shape from a file: whole numbers, and no more elements than `bytes` can hold. Gives the number of elements. */
export function checkedCount(
  shape: readonly unknown[],
  kind: ElementKind,
  bytes: number,
  refuse: Refuse,
): number {
  if (shape.length > 64) refuse(`a tensor with ${shape.length} axes; 64 are the most`);
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || (size as number) < 0)
      refuse(`a shape has the size ${String(size)}`);
  }
  const sizes = shape as Shape;
  const count = numelOf(sizes);
  const nonzero = numelOf(sizes.filter((size) => size > 0));
  if (nonzero > MAX_ELEMENTS)
    refuse(`the shape ${showShape(sizes)} is larger than any tensor here`);
  const need = count * elements[kind].bytes;
  if (need > bytes) {
    refuse(`the shape ${showShape(sizes)} of ${kind} needs ${need} bytes, there are ${bytes}`);
  }
  return count;
}

/** A new tensor with numbers as a file has them. */
export function fromBytes(
  bytes: Uint8Array,
  shape: Shape,
  kind: ElementKind,
  refuse: Refuse,
  little = true,
): Tensor {
  const count = checkedCount(shape, kind, bytes.length, refuse);
  const storage = new Storage(elements[kind].dtype, count);
  putNumbers(bytes.subarray(0, count * elements[kind].bytes), kind, little, storage, 0, refuse);
  return new Tensor(storage, [...shape]);
}

/** Numbers as a file has them, into a storage from `at` on. */
export function putNumbers(
  bytes: Uint8Array,
  kind: ElementKind,
  little: boolean,
  storage: Storage,
  at: number,
  refuse: Refuse,
): void {
  const { bytes: size, put } = elements[kind];
  if (!little) bytes = swapped(bytes, size);
  else if (bytes.byteOffset % size) bytes = bytes.slice();
  const bad = put(bytes, storage.array, at);
  if (bad >= 0) {
    refuse(`the ${kind} at element ${at + bad} is too large: whole numbers are exact to 2^53 here`);
  }
}

/** A copy with the bytes of each number in the other order. */
function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const copy = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; at += size) {
    for (let k = 0; k < size; k++) copy[at + k] = bytes[at + size - 1 - k];
  }
  return copy;
}

const CHUNK = 2 ** 18; // stays in the second-level cache

/**
 * Fills a storage with numbers from a file, whose sizes are checked already: piece by piece straight to where they are
 * to lie. `check` sees all bytes, in order.
 */
export function readNumbers(
  source: Source,
  from: number,
  storage: Storage,
  kind: ElementKind,
  refuse: Refuse,
  { little = true, check }: { little?: boolean; check?: (bytes: Uint8Array) => void } = {},
): void {
  const size = elements[kind].bytes;
  const straight = isPlain(kind) && (little || size === 1);
  const total = storage.length * size;
  const target = straight
    ? bytesIn(storage, 0, storage.length)
    : new Uint8Array(Math.min(CHUNK, total));
  for (let at = 0; at < total; at += CHUNK) {
    const length = Math.min(CHUNK, total - at);
    const piece = straight ? target.subarray(at, at + length) : target.subarray(0, length);
    source.readInto(piece, from + at);
    check?.(piece);
    if (!straight) putNumbers(piece, kind, little, storage, at / size, refuse);
  }
}

/** The numbers of a tensor as files have them: row-major, little-endian. A view of memory where that is the same. */
export function toBytes(x: Tensor): Uint8Array {
  const dense = x.isContiguous() ? x : x.contiguous();
  if (x.dtype !== "int64") return bytesOf(dense);
  const count = x.numel();
  const words = new Int32Array(2 * count);
  const values = dense.storage.array;
  for (let i = 0; i < count; i++) {
    const value = values[dense.offset + i];
    const high = Math.floor(value / 2 ** 32);
    words[2 * i] = (value - high * 2 ** 32) | 0;
    words[2 * i + 1] = high;
  }
  return new Uint8Array(words.buffer);
}
