// exp, log, sin, tanh … on four lanes.
// Polynomials: Cephes (expf.c, logf.c, tanhf.c, sinf.c, atanf.c by S. Moshier); erf: Eigen's rational function in x².
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
  return f32x4.add(expm1OfSmall(restOf(x, rounded)), splat(1));
}

/** x - n·ln 2, with ln 2 in two parts so that nothing is lost. */
// @ts-ignore: decorator
@inline
function restOf(x: v128, rounded: v128): v128 {
  const n = f32x4.sub(rounded, splat(ROUNDING));
  return multiplyAdd(n, splat(2.12194440e-4), multiplyAdd(n, splat(-0.693359375), x));
}

/** e^r - 1 = r + r²·p(r): least greatest relative error on |r| <= ln 2 / 2, 3e-9. */
// @ts-ignore: decorator
@inline
function expm1OfSmall(r: v128): v128 {
  let p = splat(0.0013814540579915047);
  p = multiplyAdd(p, r, splat(0.00836874544620514));
  p = multiplyAdd(p, r, splat(0.04166838899254799));
  p = multiplyAdd(p, r, splat(0.1666652113199234));
  p = multiplyAdd(p, r, splat(0.4999999403953552));
  return multiplyAdd(p, f32x4.mul(r, r), r);
}

/** e^x, to about one unit in the last place; 0 below -104, Infinity above 88.73, NaN for NaN. */
export function exp(x: v128): v128 {
  // in this order pmin and pmax keep NaN
  const clamped = f32x4.pmax(f32x4.pmin(x, splat(89)), splat(-105));
  const rounded = multiplyAdd(clamped, splat(1.44269504088896341), splat(ROUNDING));
  return scaled(expOfRest(clamped, rounded), rounded);
}

/** y · 2^n in two steps, so that the result may be a denormal or Infinity. */
// @ts-ignore: decorator
@inline
function scaled(y: v128, rounded: v128): v128 {
  const half = i32x4.shr_s(i32x4.sub(rounded, i32x4.splat(ROUNDING_BITS)), 1);
  const first = i32x4.shl(i32x4.add(half, i32x4.splat(127)), 23);
  return f32x4.mul(f32x4.mul(y, first), powerOfTwo(i32x4.sub(rounded, half)));
}

/** 2^x. */
export function exp2(x: v128): v128 {
  const clamped = f32x4.pmax(f32x4.pmin(x, splat(129)), splat(-152));
  const rounded = f32x4.add(clamped, splat(ROUNDING));
  const rest = f32x4.sub(clamped, f32x4.sub(rounded, splat(ROUNDING)));
  return scaled(f32x4.add(expm1OfSmall(f32x4.mul(rest, splat(0.69314718055994531))), splat(1)), rounded);
}

/** e^x - 1, exact near 0. */
export function expm1(x: v128): v128 {
  const clamped = f32x4.pmax(f32x4.pmin(x, splat(89)), splat(-40));
  const rounded = multiplyAdd(clamped, splat(1.44269504088896341), splat(ROUNDING));
  // s = 2^n / 2, for 2^128 is no float: 2·(s·(e^r - 1) + s - 1/2)
  const s = powerOfTwo(i32x4.sub(rounded, i32x4.splat(1)));
  const y = multiplyAdd(s, expm1OfSmall(restOf(clamped, rounded)), f32x4.sub(s, splat(0.5)));
  const small = f32x4.eq(f32x4.sub(rounded, splat(ROUNDING)), splat(0));
  return v128.bitselect(expm1OfSmall(clamped), f32x4.add(y, y), small);
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
  const e = exponentOf(x), y = f32x4.sub(mantissaOf(x), splat(1)), z = f32x4.mul(y, y);
  let p = multiplyAdd(e, splat(-2.12194440e-4), logTerms(y, z));
  p = multiplyAdd(z, splat(-0.5), p);
  return logLimits(x, multiplyAdd(e, splat(0.693359375), f32x4.add(y, p)));
}

/** The logarithm to the base 2: exact for powers of 2. */
export function log2(x: v128): v128 {
  const e = exponentOf(x), y = f32x4.sub(mantissaOf(x), splat(1)), z = f32x4.mul(y, y);
  const rest = multiplyAdd(z, splat(-0.5), logTerms(y, z)); // log(1 + y) - y
  // 1.44269504 = 1 + 0.44269504, so that y itself is added without loss
  const low = multiplyAdd(y, splat(0.44269504088896341), f32x4.mul(rest, splat(1.44269504088896341)));
  return logLimits(x, f32x4.add(e, f32x4.add(y, low)));
}

/** log(1 + x), exact near 0: what 1 + x loses is made up for by the ratio of x and (1 + x) - 1. */
export function log1p(x: v128): v128 {
  const u = f32x4.add(x, splat(1));
  const y = f32x4.div(f32x4.mul(log(u), x), f32x4.sub(u, splat(1)));
  const itself = v128.or(f32x4.eq(u, splat(1)), f32x4.eq(x, splat(Infinity)));
  return v128.bitselect(x, y, itself);
}

const SMALLEST_NORMAL: f32 = 1.17549435e-38;

/** Denormals are lifted before they are taken apart. */
// @ts-ignore: decorator
@inline
function lifted(x: v128): v128 {
  return v128.bitselect(f32x4.mul(x, splat(8388608)), x, f32x4.lt(x, splat(SMALLEST_NORMAL)));
}

/** Where the mantissa, first in [0.5, 1), is moved to [sqrt ½, sqrt 2). */
// @ts-ignore: decorator
@inline
function halfMantissa(x: v128): v128 {
  return v128.or(v128.and(lifted(x), i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
}

// @ts-ignore: decorator
@inline
function mantissaOf(x: v128): v128 {
  const m = halfMantissa(x);
  return f32x4.add(m, v128.and(f32x4.lt(m, splat(0.707106781186547524)), m));
}

// @ts-ignore: decorator
@inline
function exponentOf(x: v128): v128 {
  const small = f32x4.lt(x, splat(SMALLEST_NORMAL));
  const bias = v128.bitselect(i32x4.splat(126 + 23), i32x4.splat(126), small);
  const e = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(lifted(x), 23), bias));
  return f32x4.sub(e, v128.and(f32x4.lt(halfMantissa(x), splat(0.707106781186547524)), splat(1)));
}

/** log(1 + y) - y + y²/2; z = y². */
// @ts-ignore: decorator
@inline
function logTerms(y: v128, z: v128): v128 {
  let p = splat(7.0376836292e-2);
  p = multiplyAdd(p, y, splat(-1.1514610310e-1));
  p = multiplyAdd(p, y, splat(1.1676998740e-1));
  p = multiplyAdd(p, y, splat(-1.2420140846e-1));
  p = multiplyAdd(p, y, splat(1.4249322787e-1));
  p = multiplyAdd(p, y, splat(-1.6668057665e-1));
  p = multiplyAdd(p, y, splat(2.0000714765e-1));
  p = multiplyAdd(p, y, splat(-2.4999993993e-1));
  p = multiplyAdd(p, y, splat(3.3333331174e-1));
  return f32x4.mul(f32x4.mul(p, y), z);
}

/** log(1 + y) for 1 + y from sqrt ½ to sqrt 2. */
// @ts-ignore: decorator
@inline
export function logOfNext(y: v128): v128 {
  const z = f32x4.mul(y, y);
  return f32x4.add(y, multiplyAdd(z, splat(-0.5), logTerms(y, z)));
}

/** Infinity for Infinity, -Infinity for 0, NaN below. */
// @ts-ignore: decorator
@inline
function logLimits(x: v128, y: v128): v128 {
  y = v128.bitselect(x, y, f32x4.eq(x, splat(Infinity)));
  y = v128.bitselect(splat(-Infinity), y, f32x4.eq(x, splat(0)));
  return v128.bitselect(y, splat(NaN), f32x4.ge(x, splat(0)));
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

/** Sine and cosine, for |x| up to 2^27: x - n·π/2 is taken in double precision. */
export function sin(x: v128): v128 {
  return ofQuarter(x, 0);
}

export function cos(x: v128): v128 {
  return ofQuarter(x, 1);
}

// @ts-ignore: decorator
@inline
function ofQuarter(x: v128, turn: i32): v128 {
  const lowX = f64x2.promote_low_f32x4(x), highX = f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3));
  const lowN = quarters(lowX), highN = quarters(highX);
  const r = v128.shuffle<f32>(rest(lowX, lowN), rest(highX, highN), 0, 1, 4, 5);
  const n = v128.shuffle<i32>(i32x4.trunc_sat_f64x2_s_zero(lowN), i32x4.trunc_sat_f64x2_s_zero(highN), 0, 1, 4, 5);

  const z = f32x4.mul(r, r);
  let s = multiplyAdd(splat(-1.9515295891e-4), z, splat(8.3321608736e-3));
  s = multiplyAdd(s, z, splat(-1.6666654611e-1));
  s = multiplyAdd(f32x4.mul(s, z), r, r);
  let c = multiplyAdd(splat(2.443315711809948e-5), z, splat(-1.388731625493765e-3));
  c = multiplyAdd(c, z, splat(4.166664568298827e-2));
  c = multiplyAdd(f32x4.mul(c, z), z, multiplyAdd(z, splat(-0.5), splat(1)));

  const turns = i32x4.add(n, i32x4.splat(turn));
  const even = i32x4.eq(v128.and(turns, i32x4.splat(1)), i32x4.splat(0));
  const sign = i32x4.shl(v128.and(turns, i32x4.splat(2)), 30);
  return v128.xor(v128.bitselect(s, c, even), sign);
}

// @ts-ignore: decorator
@inline
function quarters(x: v128): v128 {
  return f64x2.nearest(f64x2.mul(x, f64x2.splat(0.63661977236758134)));
}

/** x - n·π/2, with π/2 in two parts. */
// @ts-ignore: decorator
@inline
function rest(x: v128, n: v128): v128 {
  const r = f64x2.sub(x, f64x2.mul(n, f64x2.splat(1.57079631090164184570)));
  return f32x4.demote_f64x2_zero(f64x2.sub(r, f64x2.mul(n, f64x2.splat(1.58932547735281966916e-8))));
}

/** The arc tangent: the argument is brought below tan(π/8), then a polynomial. */
export function atan(x: v128): v128 {
  const size = f32x4.abs(x);
  const far = f32x4.gt(size, splat(2.414213562373095)), middle = f32x4.gt(size, splat(0.4142135623730950));
  const top = v128.bitselect(splat(-1), f32x4.sub(size, splat(1)), far);
  const bottom = v128.bitselect(size, f32x4.add(size, splat(1)), far);
  const r = v128.bitselect(f32x4.div(top, bottom), size, middle);
  const start = v128.bitselect(splat(1.5707963267948966), v128.and(middle, splat(0.7853981633974483)), far);

  const z = f32x4.mul(r, r);
  let p = multiplyAdd(splat(8.05374449538e-2), z, splat(-1.38776856032e-1));
  p = multiplyAdd(p, z, splat(1.99777106478e-1));
  p = multiplyAdd(p, z, splat(-3.33329491539e-1));
  const y = f32x4.add(start, multiplyAdd(f32x4.mul(p, z), r, r));
  return v128.or(y, v128.and(x, i32x4.splat(0x80000000)));
}

/** The angle of the point (x, y): of the lesser side over the greater, then turned into its eighth of the circle. */
export function atan2(y: v128, x: v128): v128 {
  const a = f32x4.abs(x), b = f32x4.abs(y), steep = f32x4.gt(b, a), zero = splat(0);
  const quotient = f32x4.div(f32x4.pmin(a, b), f32x4.pmax(a, b));
  const even = v128.bitselect(splat(1), zero, f32x4.gt(a, zero)); // infinite both, or both 0
  const angle = atan(v128.bitselect(even, quotient, f32x4.eq(a, b)));
  const left = i32x4.lt_s(x, zero); // -0 too
  // from the nearest axis: 0, π/2 or π, in two parts
  const axis = v128.bitselect(splat(1.5707963267948966), v128.and(left, splat(3.1415926535897932)), steep);
  const less = v128.bitselect(splat(-4.3711388286738e-8), v128.and(left, splat(-8.7422776573476e-8)), steep);
  const away = v128.and(v128.xor(left, steep), i32x4.splat(0x80000000));
  const turned = f32x4.add(axis, f32x4.add(v128.xor(angle, away), less));
  const known = v128.or(turned, v128.and(y, i32x4.splat(0x80000000)));
  return v128.bitselect(known, f32x4.add(x, y), v128.and(f32x4.eq(x, x), f32x4.eq(y, y)));
}

/** x^p for x >= 0, in double precision between logarithm and exponential. */
export function power(x: v128, p: v128): v128 {
  const by = f64x2.promote_low_f32x4(p);
  const low = powerOfDouble(f64x2.promote_low_f32x4(x), by);
  const high = powerOfDouble(f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3)), by);
  const y = v128.shuffle<f32>(low, high, 0, 1, 4, 5);
  const unknown = v128.bitselect(y, splat(NaN), f32x4.ge(x, splat(0)));
  return v128.bitselect(splat(1), unknown, f32x4.eq(p, splat(0)));
}

/** x^p of two doubles, as floats. */
function powerOfDouble(x: v128, p: v128): v128 {
  // log2 x = e + 2/ln 2 · artanh((m - 1) / (m + 1)), the mantissa m in [sqrt ½, sqrt 2)
  const half = v128.or(v128.and(x, i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3fe0000000000000));
  const small = f64x2.lt(half, f64x2.splat(0.70710678118654752));
  const m = f64x2.add(half, v128.and(small, half));
  const exponent = i64x2.sub(i64x2.shr_u(x, 52), i64x2.splat(1022));
  const e = f64x2.sub(
    f64x2.convert_low_i32x4_s(v128.shuffle<i32>(exponent, exponent, 0, 2, 0, 2)),
    v128.and(small, f64x2.splat(1)),
  );
  const s = f64x2.div(f64x2.sub(m, f64x2.splat(1)), f64x2.add(m, f64x2.splat(1))), z = f64x2.mul(s, s);
  let q = f64x2.splat(2.8853900817779268 / 13);
  q = f64x2.add(f64x2.mul(q, z), f64x2.splat(2.8853900817779268 / 11));
  q = f64x2.add(f64x2.mul(q, z), f64x2.splat(2.8853900817779268 / 9));
  q = f64x2.add(f64x2.mul(q, z), f64x2.splat(2.8853900817779268 / 7));
  q = f64x2.add(f64x2.mul(q, z), f64x2.splat(2.8853900817779268 / 5));
  q = f64x2.add(f64x2.mul(q, z), f64x2.splat(2.8853900817779268 / 3));
  q = f64x2.add(f64x2.mul(q, z), f64x2.splat(2.8853900817779268));
  const log = f64x2.add(e, f64x2.mul(q, s));

  // 2^t = 2^n · e^(rest · ln 2); beyond these limits a float is 0 or Infinity
  const t = f64x2.pmax(f64x2.pmin(f64x2.mul(log, p), f64x2.splat(200)), f64x2.splat(-200));
  const n = f64x2.nearest(t), r = f64x2.mul(f64x2.sub(t, n), f64x2.splat(0.69314718055994531));
  let w = f64x2.splat(1.0 / 5040);
  w = f64x2.add(f64x2.mul(w, r), f64x2.splat(1.0 / 720));
  w = f64x2.add(f64x2.mul(w, r), f64x2.splat(1.0 / 120));
  w = f64x2.add(f64x2.mul(w, r), f64x2.splat(1.0 / 24));
  w = f64x2.add(f64x2.mul(w, r), f64x2.splat(1.0 / 6));
  w = f64x2.add(f64x2.mul(w, r), f64x2.splat(0.5));
  w = f64x2.add(f64x2.mul(w, r), f64x2.splat(1));
  w = f64x2.add(f64x2.mul(w, r), f64x2.splat(1));
  const power = i64x2.shl(i64x2.add(i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(n)), i64x2.splat(1023)), 52);
  let y = f64x2.mul(w, power);

  const least = f64x2.eq(x, f64x2.splat(0)), most = f64x2.eq(x, f64x2.splat(Infinity));
  const falls = f64x2.lt(p, f64x2.splat(0));
  y = v128.bitselect(v128.and(falls, f64x2.splat(Infinity)), y, least);
  y = v128.bitselect(v128.andnot(f64x2.splat(Infinity), falls), y, most);
  return f32x4.demote_f64x2_zero(y);
}
