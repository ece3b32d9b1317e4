// The Mersenne Twister's words, four at a time, and numbers made of them: the same bits as lib/random computes one by one.

import { at } from "./simd";

const N: i32 = 624;
const M: i32 = 397;

// @ts-ignore: decorator
@inline
function twist(own: v128, next: v128, far: v128): v128 {
  const y = v128.or(v128.and(own, i32x4.splat(0x80000000)), v128.and(next, i32x4.splat(0x7fffffff)));
  const odd = i32x4.neg(v128.and(y, i32x4.splat(1)));
  return v128.xor(v128.xor(far, i32x4.shr_u(y, 1)), v128.and(odd, i32x4.splat(0x9908b0df)));
}

/** The next 624 words of the state. */
function regenerate(state: usize): void {
  let k = 0;
  // four at a time: what is read ahead is at least 227 words away from what is written
  for (; k + 4 <= N - M; k += 4) {
    v128.store(at(state, k), twist(v128.load(at(state, k)), v128.load(at(state, k + 1)), v128.load(at(state, k + M))));
  }
  for (; k < N - M; k++) twistOne(state, k, k + 1, k + M);
  for (; k + 4 <= N - 1; k += 4) {
    v128.store(at(state, k), twist(v128.load(at(state, k)), v128.load(at(state, k + 1)), v128.load(at(state, k + M - N))));
  }
  for (; k < N - 1; k++) twistOne(state, k, k + 1, k + M - N);
  const last = twist(v128.load32_zero(at(state, N - 1)), v128.load32_zero(state), v128.load32_zero(at(state, M - 1)));
  v128.store32_lane(at(state, N - 1), last, 0);
}

function twistOne(state: usize, k: i32, next: i32, far: i32): void {
  const y = twist(v128.load32_zero(at(state, k)), v128.load32_zero(at(state, next)), v128.load32_zero(at(state, far)));
  v128.store32_lane(at(state, k), y, 0);
}

/** `count` words to `out`, from word `next` of the state on; gives the next word. */
export function twister(state: usize, next: i32, out: usize, count: i32): i32 {
  while (count > 0) {
    if (next >= N) {
      regenerate(state);
      next = 0;
    }
    const n = min(count, N - next);
    let i = 0;
    for (; i + 4 <= n; i += 4) v128.store(at(out, i), tempered(v128.load(at(state, next + i))));
    for (; i < n; i++) v128.store32_lane(at(out, i), tempered(v128.load32_zero(at(state, next + i))), 0);
    next += n;
    count -= n;
    out = at(out, n);
  }
  return next;
}

// @ts-ignore: decorator
@inline
function tempered(y: v128): v128 {
  y = v128.xor(y, i32x4.shr_u(y, 11));
  y = v128.xor(y, v128.and(i32x4.shl(y, 7), i32x4.splat(0x9d2c5680)));
  y = v128.xor(y, v128.and(i32x4.shl(y, 15), i32x4.splat(0xefc60000)));
  return v128.xor(y, i32x4.shr_u(y, 18));
}

/** 24 random bits as a number in [0, 1), two at a time. */
// @ts-ignore: decorator
@inline
function unit(words: v128): v128 {
  return f64x2.mul(f64x2.convert_low_i32x4_u(v128.and(words, i32x4.splat(0xffffff))), f64x2.splat(5.9604644775390625e-8));
}

/** out[i] = low + range · u, rounded once; `high` itself becomes `low`. Floats of float32 words [from, to). */
export function uniformFloats(scratch: usize, from: i32, to: i32, words: usize, low: f64, range: f64, high: f32, out: usize): void {
  const L = f64x2.splat(low), R = f64x2.splat(range), H = f32x4.splat(high), lowest = f32x4.splat(<f32>low);
  let i = from;
  for (; i + 2 <= to; i += 2) {
    const y = f32x4.demote_f64x2_zero(f64x2.add(f64x2.mul(unit(v128.load64_zero(at(words, i))), R), L));
    v128.store64_lane(at(out, i), v128.bitselect(lowest, y, f32x4.eq(y, H)), 0);
  }
  for (; i < to; i++) {
    const y = <f32>(<f64>(load<u32>(at(words, i)) & 0xffffff) * 5.9604644775390625e-8 * range + low);
    store<f32>(at(out, i), y == high ? <f32>low : y);
  }
}

/** out[i] = `scale` with probability `keep`, else 0: two words each, 53 bits of them. */
export function chanceFloats(scratch: usize, from: i32, to: i32, words: usize, keep: f64, scale: f32, out: usize): void {
  for (let i = from; i < to; i++) {
    const high = <f64>(load<u32>(at(words, 2 * i)) & 0x1fffff), low = <f64>load<u32>(at(words, 2 * i + 1));
    const u = (high * 4294967296 + low) * 1.1102230246251565e-16;
    store<f32>(at(out, i), u < keep ? scale : 0);
  }
}

/** out[i], a double: low + word mod range. */
export function remainders(scratch: usize, from: i32, to: i32, words: usize, range: f64, low: f64, out: usize): void {
  const by = <u32>range;
  for (let i = from; i < to; i++) store<f64>(out + (<usize>i << 3), <f64>(load<u32>(at(words, i)) % by) + low);
}

/** Rounded to float32. */
// @ts-ignore: decorator
@inline
function rounded(v: v128): v128 {
  return f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(v));
}

/** a · b + c of float32 numbers, rounded to one. */
// @ts-ignore: decorator
@inline
function fma(a: v128, b: v128, c: v128): v128 {
  return rounded(f64x2.add(f64x2.mul(a, b), c));
}

// @ts-ignore: decorator
@inline
function product(a: v128, b: v128): v128 {
  return rounded(f64x2.mul(a, b));
}

// @ts-ignore: decorator
@inline
function float(x: f32): v128 {
  return f64x2.splat(<f64>x);
}

/** ln x for x in (0, 1], as lib/random/cephes.ts. */
// @ts-ignore: decorator
@inline
function logOf(x: v128): v128 {
  const half = v128.or(v128.and(x, i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3fe0000000000000));
  const exponent = i64x2.sub(i64x2.shr_u(x, 52), i64x2.splat(1022));
  const small = f64x2.lt(half, float(0.707106781186547524));
  const e = f64x2.sub(
    f64x2.convert_low_i32x4_s(v128.shuffle<i32>(exponent, exponent, 0, 2, 0, 2)),
    v128.and(small, f64x2.splat(1)),
  );
  const less = rounded(f64x2.sub(half, f64x2.splat(1)));
  const m = v128.bitselect(rounded(f64x2.add(less, half)), less, small);

  const z = product(m, m);
  let y = float(7.0376836292e-2);
  y = fma(y, m, float(-1.151461031e-1));
  y = fma(y, m, float(1.167699874e-1));
  y = fma(y, m, float(-1.2420140846e-1));
  y = fma(y, m, float(1.4249322787e-1));
  y = fma(y, m, float(-1.6668057665e-1));
  y = fma(y, m, float(2.0000714765e-1));
  y = fma(y, m, float(-2.4999993993e-1));
  y = fma(y, m, float(3.3333331174e-1));
  y = product(y, m);
  y = fma(y, z, product(e, float(-2.1219444e-4)));
  y = fma(f64x2.neg(z), f64x2.splat(0.5), y);
  return fma(e, float(0.693359375), rounded(f64x2.add(m, y)));
}

/**
 * 16 uniform numbers (words) become 16 normal ones, blocks [from, to): place j and place j + 8 make a pair, as
 * lib/random/normal.ts.
 */
export function normalBlocks(scratch: usize, from: i32, to: i32, words: usize, mean: f32, std: f32, out: usize): void {
  const M = float(mean), S = float(std);
  for (let block = from; block < to; block++) {
    for (let j = 16 * block; j < 16 * block + 8; j += 2) {
      const u = unit(v128.load64_zero(at(words, j))), v = unit(v128.load64_zero(at(words, j + 8)));
      const log = logOf(rounded(f64x2.sub(f64x2.splat(1), u)));
      const radius = rounded(f64x2.sqrt(rounded(f64x2.mul(f64x2.splat(-2), log))));
      const angle = product(float(6.283185307179586), v);

      const octant = i32x4.trunc_sat_f64x2_s_zero(product(angle, float(1.27323954473516)));
      const quarter = v128.and(i32x4.add(octant, i32x4.splat(1)), i32x4.splat(~1));
      const n = f64x2.convert_low_i32x4_s(quarter);
      const t = fma(n, float(-3.77489497744594108e-8), fma(n, float(-2.4187564849853515625e-4), fma(n, float(-0.78515625), angle)));
      const z = product(t, t);
      const c = rounded(f64x2.add(
        fma(product(fma(fma(float(2.443315711809948e-5), z, float(-1.388731625493765e-3)), z, float(4.166664568298827e-2)), z), z,
          f64x2.neg(product(z, f64x2.splat(0.5)))),
        f64x2.splat(1),
      ));
      const s = fma(product(fma(fma(float(-1.9515295891e-4), z, float(8.3321608736e-3)), z, float(-1.6666654611e-1)), z), t, t);

      // which of the two, and its sign, by the octant: bits 2 and 4 of it, spread over both halves of a double
      const wide = v128.shuffle<i32>(quarter, quarter, 0, 0, 1, 1);
      const crossed = i32x4.ne(v128.and(wide, i32x4.splat(2)), i32x4.splat(0));
      const sineSign = v128.and(i64x2.shl(v128.and(wide, i32x4.splat(4)), 61), i64x2.splat(0x8000000000000000));
      const cosineBits = v128.andnot(i32x4.splat(4), i32x4.sub(wide, i32x4.splat(2)));
      const cosineSign = v128.and(i64x2.shl(cosineBits, 61), i64x2.splat(0x8000000000000000));
      const cosine = v128.xor(v128.bitselect(s, c, crossed), cosineSign);
      const sine = v128.xor(v128.bitselect(c, s, crossed), sineSign);

      v128.store64_lane(at(out, j), f32x4.demote_f64x2_zero(fma(product(radius, cosine), S, M)), 0);
      v128.store64_lane(at(out, j + 8), f32x4.demote_f64x2_zero(fma(product(radius, sine), S, M)), 0);
    }
  }
}
