// Checks that many operations share.

import { isFloating, type DType } from "../compute/dtypes.js";
import { DTypeError } from "../errors.js";
import { showShape } from "../shape.js";
import type { Tensor } from "../tensor.js";

/**
 * Refuses operands that are not floating point, or not of one dtype. The first one sets it.
 * @throws DTypeError
 */
export function checkFloating(op: string, named: Record<string, Tensor | null | undefined>): void {
  let first: { name: string; dtype: string } | null = null;
  for (const [name, x] of Object.entries(named)) {
    if (!x) continue;
    if (typeof x !== "object" || !("storage" in x)) {
      throw new TypeError(`${op}: ${name} must be a tensor: torch.tensor(${name})`);
    }
    if (!isFloating(x.dtype)) {
      throw new DTypeError(
        `${op}: ${name} ${showShape(x.shape)} is ${x.dtype} but must be floating point: ${name}.to("float32")`,
      );
    }
    first ??= { name, dtype: x.dtype };
    if (x.dtype !== first.dtype) {
      throw new DTypeError(
        `${op}: ${first.name} is ${first.dtype} but ${name} is ${x.dtype}, they must be equal: ${first.name}.to("${x.dtype}")`,
      );
    }
  }
}

/** Refuses dtypes that an operation makes no sense for, saying what to do instead. @throws DTypeError */
export function refuse(
  op: string,
  x: { readonly dtype: DType; readonly shape: readonly number[] },
  isRefused: (dtype: DType) => boolean,
  remedy: string,
): void {
  if (!isRefused(x.dtype)) return;
  throw new DTypeError(
    `${op}: x ${showShape(x.shape)} is ${x.dtype}, which has no ${op}: ${remedy}`,
  );
}

/** The least and the greatest number of a dtype of whole numbers. */
const bounds: Partial<Record<DType, readonly [least: number, greatest: number]>> = {
  uint8: [-255, 255], // as in C++, a negative number wraps around
  int8: [-(2 ** 7), 2 ** 7 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2 ** 63), 2 ** 63],
};

/** Refuses a number that is to be written into whole numbers which cannot hold it. @throws RangeError */
export function checkFits(op: string, name: string, value: number, dtype: DType): void {
  const range = bounds[dtype];
  if (!range || (value >= range[0] && value <= range[1])) return;
  throw new RangeError(
    `${op}: ${name} ${value} does not fit in ${dtype}, whose numbers go from ${dtype === "uint8" ? 0 : range[0]} to ${range[1]}: x.float() holds it`,
  );
}

export const isBool = (dtype: DType): boolean => dtype === "bool";
export const isWhole = (dtype: DType): boolean => !isFloating(dtype);
