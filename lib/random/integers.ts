// Whole random numbers: by remainder (PyTorch accepts the slight bias), and permutations.

import type { DType } from "../compute/dtypes.js";
import type { Tensor } from "../tensor.js";
import * as draws from "../compute/draws.js";
import { fillWith, isLong } from "./fill.js";
import { defaultGenerator, type Generator } from "./generator.js";

/** The largest whole number of each dtype up to which all are there: what random_() without bounds draws from. */
const ranges: Readonly<Record<DType, bigint>> = {
  float32: (1n << 24n) + 1n,
  float64: (1n << 53n) + 1n,
  int64: 1n << 63n,
  int32: 1n << 31n,
  int16: 1n << 15n,
  int8: 1n << 7n,
  uint8: 1n << 8n,
  bool: 2n,
};

/** From this many possible values on, 64 random bits are taken for one instead of 32. (2^32 before PyTorch 2.) */
const WIDE = 2 ** 28;

/** Whole numbers from `low` to `high` − 1. */
export function integers(
  x: Tensor,
  low: number,
  high: number,
  generator: Generator = defaultGenerator,
): Tensor {
  const range = high - low;
  const doubles = x.dtype === "int64" || x.dtype === "float64";
  if (range < WIDE && doubles && isLong(x)) {
    draws.integers(generator.engine, x, low, range);
    return x;
  }
  if (range < WIDE) return fillWith(x, () => (generator.u32() % range) + low);
  const wide = BigInt(range);
  return fillWith(x, () => Number(generator.u64() % wide) + low);
}

/** Whole numbers from 0 to the largest of the dtype. (int64 values past 2^53 are rounded.) */
export function anyIntegers(x: Tensor, generator: Generator = defaultGenerator): Tensor {
  const range = ranges[x.dtype];
  if (x.dtype === "int64" || x.dtype === "float64") {
    return fillWith(x, () => Number(generator.u64() % range));
  }
  return fillWith(x, () => generator.u32() % Number(range));
}

/** 0 … n − 1 in random order. */
export function permutation(n: number, generator: Generator = defaultGenerator): Float64Array {
  const order = new Float64Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  const words = n > 1 ? draws.words(generator.engine, n - 1) : [];
  for (let i = 0; i < n - 1; i++) {
    const other = i + (words[i] % (n - i));
    const number = order[i];
    order[i] = order[other];
    order[other] = number;
  }
  return order;
}
