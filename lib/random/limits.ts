// What the arguments of random functions may be. Each check names the function, what it met and what would be right.

import { isFloating, type DType } from "../compute/dtypes.js";
import { DTypeError } from "../errors.js";

const limits: Readonly<Record<DType, readonly [low: number, high: number]>> = {
  float32: [-(2 ** 24), 2 ** 24],
  float64: [-(2 ** 53), 2 ** 53],
  int64: [-(2 ** 63), 2 ** 63],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  int8: [-128, 127],
  uint8: [0, 255],
  bool: [0, 1],
};

/** low < high, both whole and within the dtype. */
export function checkBounds(op: string, low: number, high: number, dtype: DType): void {
  for (const bound of [low, high]) {
    if (!Number.isInteger(bound)) {
      throw new TypeError(`${op}: the bounds must be whole numbers, not ${bound}`);
    }
  }
  if (low >= high) {
    throw new RangeError(`${op}: low ${low} must be below high ${high}`);
  }
  const [least, most] = limits[dtype];
  if (!isFloating(dtype) && (low < least || high - 1 > most)) {
    throw new RangeError(
      `${op}: ${low} … ${high - 1} does not fit ${dtype}, which goes from ${least} to ${most}`,
    );
  }
}

export function checkStd(op: string, std: number): void {
  if (!(std >= 0)) throw new RangeError(`${op}: std is ${std}, it must be ≥ 0`);
}

export function checkProbability(op: string, p: number): void {
  if (!(p >= 0 && p <= 1)) {
    throw new RangeError(`${op}: the probability is ${p}, it must be between 0 and 1`);
  }
}

export function checkPositive(op: string, name: string, value: number): void {
  if (!(value > 0)) throw new RangeError(`${op}: ${name} is ${value}, it must be > 0`);
}

export function checkFloating(op: string, dtype: DType): void {
  if (!isFloating(dtype)) {
    throw new DTypeError(
      `${op}: fills with floating-point numbers, the tensor is ${dtype}: use random_ for whole ones`,
    );
  }
}
