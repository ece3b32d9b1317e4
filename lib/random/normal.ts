// Normal numbers by Box and Muller's method: pairs (radius·cos θ, radius·sin θ) with radius = √(−2 ln u) and θ = 2π·v.
// PyTorch has two ways: small or strided tensors one by one in double precision, with the spare of a pair kept for later;
// 16 contiguous elements or more in blocks of 16, for float32 with the polynomials of cephes.ts (the same bits). In float64
// the last bits are those of JavaScript's ln, sin and cos, which in 6 of 100 numbers are not those of the C library (whose own
// last bit is not always the nearest, so that even exactly rounded functions would leave 1 or 2 of 1000).

import * as draws from "../compute/draws.js";
import { valuesOf } from "../compute/operand.js";
import type { TypedArray } from "../compute/dtypes.js";
import type { Tensor } from "../tensor.js";
import { cosOf, logOf, sinOf } from "./cephes.js";
import { fillWith, isLong } from "./fill.js";
import { fma, fma64 } from "./fma.js";
import { defaultGenerator, type Generator } from "./generator.js";

const { fround } = Math;

/** Normal numbers with this mean and standard deviation. */
export function normal(
  x: Tensor,
  mean = 0,
  std = 1,
  generator: Generator = defaultGenerator,
): Tensor {
  const count = x.numel();
  if (count < 16 || !x.isContiguous()) {
    return fillWith(x, () => fma64(normal64(generator), std, mean));
  }

  if (x.dtype === "float32" && isLong(x)) {
    draws.normal(generator.engine, x, mean, std);
    return x;
  }
  const values = valuesOf(x);
  const isFloat32 = x.dtype === "float32";
  const draw = isFloat32 ? () => generator.uniform32() : () => generator.uniform64();
  const transform = isFloat32 ? block32 : block64;
  for (let i = 0; i < count; i++) values[i] = draw();
  for (let i = 0; i + 16 <= count; i += 16) transform(values, i, mean, std);
  if (count % 16 !== 0) {
    // the last 16 places once more, from new numbers, over finished ones
    for (let i = count - 16; i < count; i++) values[i] = draw();
    transform(values, count - 16, mean, std);
  }
  return x;
}

/** One standard normal number in double precision; the other of the pair is kept in the generator. */
export function normal64(generator: Generator): number {
  const { spare } = generator;
  if (spare !== null) {
    generator.spare = null;
    return spare;
  }
  const angle = 2 * Math.PI * generator.uniform64();
  const radius = Math.sqrt(-2 * Math.log1p(-generator.uniform64()));
  generator.spare = radius * Math.sin(angle);
  return radius * Math.cos(angle);
}

/** 16 uniform numbers become 16 normal ones: place j and place j + 8 make a pair. */
function block32(d: TypedArray, at: number, mean: number, std: number): void {
  const mean32 = fround(mean);
  const std32 = fround(std);
  const twoPi = fround(2 * Math.PI);
  for (let j = at; j < at + 8; j++) {
    const radius = fround(Math.sqrt(fround(-2 * logOf(fround(1 - d[j])))));
    const angle = fround(twoPi * d[j + 8]);
    d[j] = fma(fround(radius * cosOf(angle)), std32, mean32);
    d[j + 8] = fma(fround(radius * sinOf(angle)), std32, mean32);
  }
}

function block64(d: TypedArray, at: number, mean: number, std: number): void {
  for (let j = at; j < at + 8; j++) {
    const radius = Math.sqrt(-2 * Math.log(1 - d[j]));
    const angle = 2 * Math.PI * d[j + 8];
    d[j] = fma64(radius * Math.cos(angle), std, mean);
    d[j + 8] = fma64(radius * Math.sin(angle), std, mean);
  }
}
