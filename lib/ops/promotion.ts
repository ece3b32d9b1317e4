// Which dtype two operands have together, by PyTorch's rules: the higher category wins (bool < whole < floating), within
// it the wider type; a plain number only brings its category.
// @see https://pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc

import type { DType } from "../compute/dtypes.js";
import { isFloating } from "../compute/dtypes.js";
import type { Tensor } from "../tensor.js";

/** bool, whole numbers, floating numbers: what may be written into what. */
export const category: Readonly<Record<DType, number>> = {
  bool: 0,
  int16: 1,
  int8: 1,
  uint8: 1,
  int32: 1,
  int64: 1,
  float32: 2,
  float64: 2,
};
const rank: Readonly<Record<DType, number>> = {
  bool: 0,
  uint8: 1,
  int8: 2,
  int16: 3,
  int32: 4,
  int64: 5,
  float32: 6,
  float64: 7,
};

/** A tensor without axes counts like a number unless its category is higher; sizes only compete within a category. */
export function promote(a: Tensor | number, b: Tensor | number): DType {
  if (typeof a === "number") return typeof b === "number" ? "float32" : promote(b, a);
  if (typeof b === "boolean") return a.dtype; // of the lowest category
  if (typeof b === "number") {
    if (isFloating(a.dtype)) return a.dtype;
    if (!Number.isInteger(b)) return "float32";
    return a.dtype === "bool" ? "int64" : a.dtype;
  }
  if (a.dtype === b.dtype) return a.dtype;
  const ranked = rank[a.dtype] > rank[b.dtype] ? a : b;
  if ((a.ndim === 0) === (b.ndim === 0)) return bothSigns(a, b) ? "int16" : ranked.dtype;
  const [array, scalar] = a.ndim === 0 ? [b, a] : [a, b];
  if (category[scalar.dtype] <= category[array.dtype]) return array.dtype;
  return isFloating(scalar.dtype) && !isFloating(array.dtype) ? scalar.dtype : ranked.dtype;
}

/** int8 and uint8 fit together into int16 only. */
function bothSigns(a: Tensor, b: Tensor): boolean {
  return (a.dtype === "int8" && b.dtype === "uint8") || (a.dtype === "uint8" && b.dtype === "int8");
}

/** What functions such as exp or division compute in: whole numbers become float32. */
export function floatingOf(dtype: DType): DType {
  return isFloating(dtype) ? dtype : "float32";
}
