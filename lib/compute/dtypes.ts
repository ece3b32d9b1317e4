// The kinds of number an array may hold, and the typed array behind each.
// int64 values are JavaScript numbers, exact to 2^53, so they are kept as doubles; bool is one byte, 0 or 1.

export type DType = "float32" | "float64" | "int64" | "int32" | "int16" | "int8" | "uint8" | "bool";
export type TypedArray =
  Float32Array | Float64Array | Int32Array | Int16Array | Int8Array | Uint8Array;

export const arrayTypes = {
  float32: Float32Array,
  float64: Float64Array,
  int64: Float64Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const;

export const bytesPerElement: Readonly<Record<DType, number>> = {
  float32: 4,
  float64: 8,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
};

export const dtypes = Object.keys(arrayTypes) as readonly DType[];

export function isFloating(dtype: DType): boolean {
  return dtype === "float32" || dtype === "float64";
}
