// ln, sin and cos in float32 by the polynomials of the Cephes library (Moshier), step by step as PyTorch's AVX2 build
// runs them (ATen/native/cpu/avx_mathfun.h): the same roundings at the same places, so the same bits.

import { fma } from "./fma.js";

const { fround } = Math;
const f32 = (values: readonly number[]): number[] => values.map(fround);

const logTerms = f32([
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1,
  -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
]);
const [sqrtHalf, ln2Low, ln2High] = f32([0.707106781186547524, -2.1219444e-4, 0.693359375]);

const bits = new DataView(new ArrayBuffer(4));

/** ln x for x in (0, 1]. */
export function logOf(x: number): number {
  bits.setFloat32(0, x);
  const word = bits.getInt32(0);
  let e = (word >>> 23) - 126;
  bits.setInt32(0, (word & 0x007fffff) | 0x3f000000); // the mantissa, in [0.5, 1)
  let m = bits.getFloat32(0);
  if (m < sqrtHalf) {
    e -= 1;
    m = fround(fround(m - 1) + m);
  } else {
    m = fround(m - 1);
  }

  const z = fround(m * m);
  let y = logTerms[0];
  for (let i = 1; i < logTerms.length; i++) y = fma(y, m, logTerms[i]);
  y = fround(y * m);
  y = fma(y, z, fround(e * ln2Low));
  y = fma(-z, 0.5, y);
  return fma(e, ln2High, fround(m + y));
}

const [fourOverPi, pi4High, pi4Middle, pi4Low] = f32([
  1.27323954473516, -0.78515625, -2.4187564849853515625e-4, -3.77489497744594108e-8,
]);
const [c0, c1, c2] = f32([2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2]);
const [s0, s1, s2] = f32([-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1]);

/** sin x for x ≥ 0. */
export function sinOf(x: number): number {
  const j = octant(x);
  const t = remainder(x, j);
  const value = (j & 2) === 0 ? sinNearZero(t) : cosNearZero(t);
  return j & 4 ? -value : value;
}

/** cos x for x ≥ 0. */
export function cosOf(x: number): number {
  const j = octant(x);
  const t = remainder(x, j);
  const value = (j & 2) === 0 ? cosNearZero(t) : sinNearZero(t);
  return ~(j - 2) & 4 ? -value : value;
}

function octant(x: number): number {
  return (Math.trunc(fround(x * fourOverPi)) + 1) & ~1;
}

/** x − j·π/4, with π/4 in three parts. */
function remainder(x: number, j: number): number {
  return fma(j, pi4Low, fma(j, pi4Middle, fma(j, pi4High, x)));
}

function cosNearZero(t: number): number {
  const z = fround(t * t);
  const y = fround(fma(fma(c0, z, c1), z, c2) * z);
  return fround(fma(y, z, -fround(z * 0.5)) + 1);
}

function sinNearZero(t: number): number {
  const z = fround(t * t);
  const y = fround(fma(fma(s0, z, s1), z, s2) * z);
  return fma(y, t, t);
}
