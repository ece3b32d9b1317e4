// The kinds of number that files hold, and the dtype that each becomes here. Ours are six; files have fourteen:
// half floats become float32 (exactly), unsigned integers the next larger signed kind.

import { bytesPerElement, type DType } from "../compute/dtypes.js";
import { numelOf, showShape, type Shape } from "../shape.js";
import { empty, type Tensor } from "../tensor.js";
import type { Refuse } from "./file-error.js";

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
  bytes: number;
  dtype: DType;
  read(view: DataView, at: number, little: boolean): number;
}

export const elements: Readonly<Record<ElementKind, Element>> = {
  float16: { bytes: 2, dtype: "float32", read: (v, at, le) => fromHalf(v.getUint16(at, le)) },
  bfloat16: {
    bytes: 2,
    dtype: "float32",
    read: (v, at, le) => fromBits(v.getUint16(at, le) << 16),
  },
  float32: { bytes: 4, dtype: "float32", read: (v, at, le) => v.getFloat32(at, le) },
  float64: { bytes: 8, dtype: "float64", read: (v, at, le) => v.getFloat64(at, le) },
  int8: { bytes: 1, dtype: "int8", read: (v, at) => v.getInt8(at) },
  int16: { bytes: 2, dtype: "int16", read: (v, at, le) => v.getInt16(at, le) },
  int32: { bytes: 4, dtype: "int32", read: (v, at, le) => v.getInt32(at, le) },
  int64: {
    bytes: 8,
    dtype: "int64",
    read: (v, at, le) =>
      wide(v.getInt32(at + (le ? 4 : 0), le), v.getUint32(at + (le ? 0 : 4), le)),
  },
  uint8: { bytes: 1, dtype: "uint8", read: (v, at) => v.getUint8(at) },
  uint16: { bytes: 2, dtype: "int32", read: (v, at, le) => v.getUint16(at, le) },
  uint32: { bytes: 4, dtype: "int64", read: (v, at, le) => v.getUint32(at, le) },
  uint64: {
    bytes: 8,
    dtype: "int64",
    read: (v, at, le) =>
      wide(v.getUint32(at + (le ? 4 : 0), le), v.getUint32(at + (le ? 0 : 4), le)),
  },
  bool: { bytes: 1, dtype: "bool", read: (v, at) => (v.getUint8(at) ? 1 : 0) },
};

const wide = (high: number, low: number): number => high * 2 ** 32 + low;

const bits = new DataView(new ArrayBuffer(4));

function fromBits(word: number): number {
  bits.setInt32(0, word);
  return bits.getFloat32(0);
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
export const isPlain = (kind: ElementKind): boolean =>
  kind === elements[kind].dtype && kind !== "int64" && kind !== "bool";

/** The bytes of a dense tensor's numbers, in place. */
export function bytesOf(x: Tensor): Uint8Array {
  const { array } = x.storage;
  const size = bytesPerElement[x.dtype];
  return new Uint8Array(array.buffer, array.byteOffset + x.offset * size, x.numel() * size);
}

export const MAX_ELEMENTS = 2 ** 31;

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
  const { bytes: size, dtype, read } = elements[kind];
  const y = empty([...shape], dtype);
  if (isPlain(kind) && (little || size === 1)) {
    bytesOf(y).set(bytes.subarray(0, count * size));
    return y;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const to = y.storage.array;
  for (let i = 0; i < count; i++) {
    const value = read(view, i * size, little);
    if (dtype === "int64" && !Number.isSafeInteger(value)) {
      refuse(`the ${kind} at element ${i} is about ${value}: whole numbers are exact to 2^53 here`);
    }
    to[i] = value;
  }
  return y;
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
