// exp, log, tanh, sigmoid and erf on four lanes.
// Polynomials: Cephes (expf.c, logf.c, tanhf.c by S. Moshier); erf: Eigen's rational function in x².
// Their errors against float64 are bounded in test/lib/compute/elementwise.test.ts.

import { multiplyAdd } from "./simd";

// @ts-ignore: decorator
@inline
function splat(x: f32): v128 {
  return f32x4.splat(x);
}

/** Added to a float below 2^22, it leaves the nearest whole number in the last bits. */
const ROUNDING: f32 = 12582912; // 1.5 · 2^23
const ROUNDING_BITS: i32 = 0x4b400000;

/** 2^n for n in [-127, 127], from the bits of n + ROUNDING; 0 for -127. */
// @ts-ignore: decorator
@inline
function powerOfTwo(bits: v128): v128 {
  return i32x4.shl(i32x4.add(bits, i32x4.splat(127 - ROUNDING_BITS)), 23);
}

/** e^(x - n·ln 2), where n, the whole number nearest to x / ln 2, comes with {@link ROUNDING} added. */
// @ts-ignore: decorator
@inline
function expOfRest(x: v128, rounded: v128): v128 {
  const n = f32x4.sub(rounded, splat(ROUNDING));
  // ln 2 in two parts so that nothing is lost
  let r = multiplyAdd(n, splat(-0.693359375), x);
  r = multiplyAdd(n, splat(2.12194440e-4), r);

  // 1 + r + r²·p(r): least greatest relative error on |r| <= ln 2 / 2, 3e-9
  let p = splat(0.0013814540579915047);
  p = multiplyAdd(p, r, splat(0.00836874544620514));
  p = multiplyAdd(p, r, splat(0.04166838899254799));
  p = multiplyAdd(p, r, splat(0.1666652113199234));
  p = multiplyAdd(p, r, splat(0.4999999403953552));
  return f32x4.add(multiplyAdd(p, f32x4.mul(r, r), r), splat(1));
}

/** e^x, to about one unit in the last place; 0 below -104, Infinity above 88.73, NaN for NaN. */
export function exp(x: v128): v128 {
  // in this order pmin and pmax keep NaN
  const clamped = f32x4.pmax(f32x4.pmin(x, splat(89)), splat(-105));
  const rounded = multiplyAdd(clamped, splat(1.44269504088896341), splat(ROUNDING));
  const y = expOfRest(clamped, rounded);

  // 2^n in two steps, so that the result may be a denormal or Infinity
  const half = i32x4.shr_s(i32x4.sub(rounded, i32x4.splat(ROUNDING_BITS)), 1);
  const first = i32x4.shl(i32x4.add(half, i32x4.splat(127)), 23);
  return f32x4.mul(f32x4.mul(y, first), powerOfTwo(i32x4.sub(rounded, half)));
}

/** The same for x <= 0, half as dear; 0 where the result would be smaller than every normal number. */
// @ts-ignore: decorator
@inline
export function expOfNegative(x: v128): v128 {
  const clamped = f32x4.pmax(x, splat(-88));
  const rounded = multiplyAdd(clamped, splat(1.44269504088896341), splat(ROUNDING));
  return f32x4.mul(expOfRest(clamped, rounded), powerOfTwo(rounded));
}

/** The natural logarithm; -Infinity at 0, NaN below. */
export function log(x: v128): v128 {
  // denormals are lifted first
  const small = f32x4.lt(x, splat(1.17549435e-38));
  let y = v128.bitselect(f32x4.mul(x, splat(8388608)), x, small);
  let e = f32x4.convert_i32x4_s(
    i32x4.sub(i32x4.shr_u(y, 23), v128.bitselect(i32x4.splat(126 + 23), i32x4.splat(126), small)),
  );
  // mantissa in [0.5, 1), then moved to [sqrt ½, sqrt 2)
  y = v128.or(v128.and(y, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  const low = f32x4.lt(y, splat(0.707106781186547524));
  e = f32x4.sub(e, v128.and(low, splat(1)));
  y = f32x4.sub(f32x4.add(y, v128.and(low, y)), splat(1));

  const z = f32x4.mul(y, y);
  let p = splat(7.0376836292e-2);
  p = multiplyAdd(p, y, splat(-1.1514610310e-1));
  p = multiplyAdd(p, y, splat(1.1676998740e-1));
  p = multiplyAdd(p, y, splat(-1.2420140846e-1));
  p = multiplyAdd(p, y, splat(1.4249322787e-1));
  p = multiplyAdd(p, y, splat(-1.6668057665e-1));
  p = multiplyAdd(p, y, splat(2.0000714765e-1));
  p = multiplyAdd(p, y, splat(-2.4999993993e-1));
  p = multiplyAdd(p, y, splat(3.3333331174e-1));
  p = f32x4.mul(f32x4.mul(p, y), z);
  p = multiplyAdd(e, splat(-2.12194440e-4), p);
  p = multiplyAdd(z, splat(-0.5), p);
  let result = multiplyAdd(e, splat(0.693359375), f32x4.add(y, p));

  result = v128.bitselect(x, result, f32x4.eq(x, splat(Infinity)));
  result = v128.bitselect(splat(-Infinity), result, f32x4.eq(x, splat(0)));
  return v128.bitselect(result, splat(NaN), f32x4.ge(x, splat(0)));
}

/** 1 / (1 + e^-x). */
export function sigmoid(x: v128): v128 {
  const one = splat(1);
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))));
}

/** Hyperbolic tangent: a polynomial near 0, by exp beyond 0.625. */
export function tanh(x: v128): v128 {
  const size = f32x4.abs(x);
  const z = f32x4.mul(x, x);
  let p = splat(-5.70498872745e-3);
  p = multiplyAdd(p, z, splat(2.06390887954e-2));
  p = multiplyAdd(p, z, splat(-5.37397155531e-2));
  p = multiplyAdd(p, z, splat(1.33314422036e-1));
  p = multiplyAdd(p, z, splat(-3.33332819422e-1));
  const near = multiplyAdd(f32x4.mul(p, z), x, x);

  const one = splat(1);
  const e = exp(f32x4.add(size, size));
  const far = f32x4.sub(one, f32x4.div(splat(2), f32x4.add(e, one)));
  const sign = v128.and(x, i32x4.splat(0x80000000));
  return v128.bitselect(near, v128.or(far, sign), f32x4.lt(size, splat(0.625)));
}

/** The error function, as x · P(x²) / Q(x²). */
export function erf(x: v128): v128 {
  const size = f32x4.min(f32x4.abs(x), splat(3.925));
  const z = f32x4.mul(size, size);
  let p = splat(-2.72614225801306e-10);
  p = multiplyAdd(p, z, splat(2.77068142495902e-8));
  p = multiplyAdd(p, z, splat(-2.10102402082508e-6));
  p = multiplyAdd(p, z, splat(-5.69250639462346e-5));
  p = multiplyAdd(p, z, splat(-7.34990630326855e-4));
  p = multiplyAdd(p, z, splat(-2.95459980854025e-3));
  p = multiplyAdd(p, z, splat(-1.60960333262415e-2));
  let q = splat(-1.45660718464996e-5);
  q = multiplyAdd(q, z, splat(-2.13374055278905e-4));
  q = multiplyAdd(q, z, splat(-1.68282697438203e-3));
  q = multiplyAdd(q, z, splat(-7.37332916720468e-3));
  q = multiplyAdd(q, z, splat(-1.42647390514189e-2));
  const y = f32x4.div(f32x4.mul(p, size), q);
  return v128.or(y, v128.and(x, i32x4.splat(0x80000000)));
}
