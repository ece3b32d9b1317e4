// Questions about numbers and what is made of the answers: comparisons to bytes of 0 and 1, choosing by them, counting.
// Rows [from, to) of `n` results, the last one perhaps shorter (`total` in all); a step is 1, or 0 where one number is
// used throughout. kind: 0 for float32, 1 for doubles, 2 for bytes.

import { at, storeUpTo } from "./simd";

const DOUBLES: i32 = 1, BYTES: i32 = 2;
const EQUAL: i32 = 0, DIFFERENT: i32 = 1, LESS: i32 = 2, AT_MOST: i32 = 3, BOTH: i32 = 4, EITHER: i32 = 5;

/** All bits where the answer is yes. */
// @ts-ignore: decorator
@inline
function answer(operation: i32, kind: i32, a: v128, b: v128): v128 {
  const zero = i32x4.splat(0);
  if (kind == BYTES) {
    if (operation == EQUAL) return i8x16.eq(a, b);
    if (operation == DIFFERENT) return i8x16.ne(a, b);
    if (operation == LESS) return i8x16.lt_u(a, b);
    if (operation == AT_MOST) return i8x16.le_u(a, b);
    if (operation == BOTH) return v128.and(i8x16.ne(a, zero), i8x16.ne(b, zero));
    if (operation == EITHER) return i8x16.ne(v128.or(a, b), zero);
    return v128.xor(i8x16.ne(a, zero), i8x16.ne(b, zero));
  }
  if (kind == DOUBLES) {
    if (operation == EQUAL) return f64x2.eq(a, b);
    if (operation == DIFFERENT) return f64x2.ne(a, b);
    if (operation == LESS) return f64x2.lt(a, b);
    if (operation == AT_MOST) return f64x2.le(a, b);
    const p = f64x2.ne(a, zero), q = f64x2.ne(b, zero);
    return operation == BOTH ? v128.and(p, q) : operation == EITHER ? v128.or(p, q) : v128.xor(p, q);
  }
  if (operation == EQUAL) return f32x4.eq(a, b);
  if (operation == DIFFERENT) return f32x4.ne(a, b);
  if (operation == LESS) return f32x4.lt(a, b);
  if (operation == AT_MOST) return f32x4.le(a, b);
  const p = f32x4.ne(a, zero), q = f32x4.ne(b, zero);
  return operation == BOTH ? v128.and(p, q) : operation == EITHER ? v128.or(p, q) : v128.xor(p, q);
}

// @ts-ignore: decorator
@inline
function splatOf(kind: i32, p: usize): v128 {
  return kind == BYTES ? v128.load8_splat(p) : kind == DOUBLES ? v128.load64_splat(p) : v128.load32_splat(p);
}

/** Vector i of an operand: of neighbours, or of the one number. */
// @ts-ignore: decorator
@inline
function vectorAt(x: usize, one: bool, splat: v128, i: usize): v128 {
  return one ? splat : v128.load(x + (i << 4));
}

// @ts-ignore: decorator
@inline
function ask(operation: i32, kind: i32, a: usize, aStep: bool, b: usize, bStep: bool, i: usize, p: v128, q: v128): v128 {
  return answer(operation, kind, vectorAt(a, !aStep, p, i), vectorAt(b, !bStep, q, i));
}

// @ts-ignore: decorator
@inline
function compareRow(operation: i32, kind: i32, a: usize, aStep: bool, b: usize, bStep: bool, out: usize, n: i32): void {
  const width: usize = kind == BYTES ? 1 : kind == DOUBLES ? 8 : 4, one = i8x16.splat(1);
  const p = splatOf(kind, a), q = splatOf(kind, b);
  const aBytes = aStep ? width : 0, bBytes = bStep ? width : 0;
  for (; n >= 16; n -= 16, a += aBytes << 4, b += bBytes << 4, out += 16) {
    let yes: v128;
    if (kind == BYTES) yes = ask(operation, kind, a, aStep, b, bStep, 0, p, q);
    else {
      let m0 = ask(operation, kind, a, aStep, b, bStep, 0, p, q), m1 = ask(operation, kind, a, aStep, b, bStep, 1, p, q);
      let m2 = ask(operation, kind, a, aStep, b, bStep, 2, p, q), m3 = ask(operation, kind, a, aStep, b, bStep, 3, p, q);
      if (kind == DOUBLES) {
        m0 = v128.shuffle<i32>(m0, m1, 0, 2, 4, 6);
        m1 = v128.shuffle<i32>(m2, m3, 0, 2, 4, 6);
        m2 = v128.shuffle<i32>(
          ask(operation, kind, a, aStep, b, bStep, 4, p, q), ask(operation, kind, a, aStep, b, bStep, 5, p, q), 0, 2, 4, 6,
        );
        m3 = v128.shuffle<i32>(
          ask(operation, kind, a, aStep, b, bStep, 6, p, q), ask(operation, kind, a, aStep, b, bStep, 7, p, q), 0, 2, 4, 6,
        );
      }
      yes = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(m0, m1), i16x8.narrow_i32x4_s(m2, m3));
    }
    v128.store(out, v128.and(yes, one));
  }
  for (; n > 0; n--, a += aBytes, b += bBytes, out++) {
    store<u8>(out, <u8>(i32x4.extract_lane(answer(operation, kind, splatOf(kind, a), splatOf(kind, b)), 0) & 1));
  }
}

// @ts-ignore: decorator
@inline
function compareKind(operation: i32, kind: i32, a: usize, aStep: bool, b: usize, bStep: bool, out: usize, n: i32): void {
  if (operation == EQUAL) compareRow(EQUAL, kind, a, aStep, b, bStep, out, n);
  else if (operation == DIFFERENT) compareRow(DIFFERENT, kind, a, aStep, b, bStep, out, n);
  else if (operation == LESS) compareRow(LESS, kind, a, aStep, b, bStep, out, n);
  else if (operation == AT_MOST) compareRow(AT_MOST, kind, a, aStep, b, bStep, out, n);
  else if (operation == BOTH) compareRow(BOTH, kind, a, aStep, b, bStep, out, n);
  else if (operation == EITHER) compareRow(EITHER, kind, a, aStep, b, bStep, out, n);
  else compareRow(EITHER + 1, kind, a, aStep, b, bStep, out, n);
}

/** out = operation(a, b): equal (0), different, less, at most, both not zero, either, exactly one. */
export function compareRows(
  scratch: usize, from: i32, to: i32, operation: i32, kind: i32, a: usize, aRow: i32, aStep: i32, b: usize, bRow: i32,
  bStep: i32, out: usize, n: i32, total: i32,
): void {
  const shift: usize = kind == BYTES ? 0 : kind == DOUBLES ? 3 : 2;
  for (let row = from; row < to; row++) {
    const p = a + (<usize>(row * aRow) << shift), q = b + (<usize>(row * bRow) << shift);
    const target = out + <usize>(row * n), count = min(n, total - row * n);
    if (kind == BYTES) compareKind(operation, BYTES, p, aStep != 0, q, bStep != 0, target, count);
    else if (kind == DOUBLES) compareKind(operation, DOUBLES, p, aStep != 0, q, bStep != 0, target, count);
    else compareKind(operation, 0, p, aStep != 0, q, bStep != 0, target, count);
  }
}

/** Four answers as masks of four floats. */
// @ts-ignore: decorator
@inline
function masksOf(bytes: v128): v128 {
  return i32x4.ne(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)), i32x4.splat(0));
}

/** out = a where the byte is not 0, else b; float32. */
export function chooseRows(
  scratch: usize, from: i32, to: i32, condition: usize, cRow: i32, cStep: i32, a: usize, aRow: i32, aStep: i32, b: usize,
  bRow: i32, bStep: i32, out: usize, n: i32, total: i32,
): void {
  for (let row = from; row < to; row++) {
    let c = condition + <usize>(row * cRow), p = at(a, row * aRow), q = at(b, row * bRow), target = at(out, row * n);
    let count = min(n, total - row * n);
    const all = masksOf(v128.load8_splat(c)), P = v128.load32_splat(p), Q = v128.load32_splat(q);
    for (; count >= 4; count -= 4, c += cStep << 2, p += aStep << 4, q += bStep << 4, target += 16) {
      const mask = cStep ? masksOf(v128.load32_zero(c)) : all;
      v128.store(target, v128.bitselect(aStep ? v128.load(p) : P, bStep ? v128.load(q) : Q, mask));
    }
    for (; count > 0; count--, c += cStep, p += aStep << 2, q += bStep << 2, target += 4) {
      store<f32>(target, load<u8>(c) ? load<f32>(p) : load<f32>(q));
    }
  }
}

/** out[row], a double: how many of the `n` bytes of a row are not 0 (`values` false), or their sum. */
export function countRows(scratch: usize, from: i32, to: i32, x: usize, n: i32, values: bool, out: usize): void {
  const zero = i32x4.splat(0), one = i8x16.splat(1);
  for (let row = from; row < to; row++) {
    let p = x + <usize>row * n, left = n, sum: i64 = 0;
    while (left >= 16) {
      let counts = zero;
      for (let rounds = 0; left >= 16 && rounds < 65536; left -= 16, p += 16, rounds++) {
        const v = v128.load(p), u = values ? v : v128.and(i8x16.ne(v, zero), one);
        counts = i32x4.add(counts, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(u)));
      }
      sum += <i64>i32x4.extract_lane(counts, 0) + <i64>i32x4.extract_lane(counts, 1);
      sum += <i64>i32x4.extract_lane(counts, 2) + <i64>i32x4.extract_lane(counts, 3);
    }
    for (; left > 0; left--, p++) sum += values ? <i64>load<u8>(p) : <i64>(load<u8>(p) != 0);
    store<f64>(out + (<usize>row << 3), <f64>sum);
  }
}

/** `bytes` bytes, repeating the eight of (low, high). */
export function fillBytes(scratch: usize, from: i32, to: i32, out: usize, unit: i32, bytes: f64, low: i32, high: i32): void {
  const pattern = i64x2.splat((<i64>high << 32) | <i64>(<u32>low));
  let p = out + <usize>from * unit;
  const end = out + min(<usize>to * unit, <usize>bytes);
  for (; p + 64 <= end; p += 64) {
    v128.store(p, pattern);
    v128.store(p, pattern, 16);
    v128.store(p, pattern, 32);
    v128.store(p, pattern, 48);
  }
  for (; p + 8 <= end; p += 8) v128.store64_lane(p, pattern, 0);
  if (p + 4 <= end) {
    store<i32>(p, low);
    p += 4;
  }
  for (let i = 0; p < end; p++, i++) store<u8>(p, <u8>(low >> (8 * i)));
}

/**
 * Numbers [from, to) in another dtype. 0: float32 to double; 1: double to float32; 2: bytes to float32; 3: bytes to
 * double; 4: float32 to whole doubles, cut off (what no int64 holds is -2^63); 5: float32 to int32 (else -2^31);
 * 6: int32 to float32.
 */
export function convert(scratch: usize, from: i32, to: i32, pair: i32, x: usize, out: usize): void {
  const most = f32x4.splat(9223372036854775808.0), least = f64x2.splat(-9223372036854775808.0);
  let i = from;
  if (pair == 0 || pair == 4) {
    for (; i + 4 <= to; i += 4) {
      let v = v128.load(at(x, i));
      if (pair == 4) {
        // + 0 makes -0 into 0
        v = f32x4.add(f32x4.trunc(v), f32x4.splat(0));
        const fits = f32x4.lt(f32x4.abs(v), most);
        const a = f64x2.promote_low_f32x4(v), b = f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3));
        v128.store(out + (<usize>i << 3), v128.bitselect(a, least, v128.shuffle<i32>(fits, fits, 0, 0, 1, 1)));
        v128.store(out + (<usize>i << 3), v128.bitselect(b, least, v128.shuffle<i32>(fits, fits, 2, 2, 3, 3)), 16);
      } else {
        v128.store(out + (<usize>i << 3), f64x2.promote_low_f32x4(v));
        v128.store(out + (<usize>i << 3), f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3)), 16);
      }
    }
    for (; i < to; i++) {
      const v = <f64>load<f32>(at(x, i));
      const whole = Math.abs(v) < 9223372036854775808.0 ? trunc(v) + 0 : -9223372036854775808.0;
      store<f64>(out + (<usize>i << 3), pair == 4 ? whole : v);
    }
  } else if (pair == 1) {
    for (; i + 2 <= to; i += 2) v128.store64_lane(at(out, i), f32x4.demote_f64x2_zero(v128.load(x + (<usize>i << 3))), 0);
    for (; i < to; i++) store<f32>(at(out, i), <f32>load<f64>(x + (<usize>i << 3)));
  } else if (pair == 2) {
    for (; i + 4 <= to; i += 4) {
      const v = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(x + i)));
      v128.store(at(out, i), f32x4.convert_i32x4_s(v));
    }
    for (; i < to; i++) store<f32>(at(out, i), <f32>load<u8>(x + i));
  } else if (pair == 3) {
    for (; i + 2 <= to; i += 2) {
      const v = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(i32x4.splat(<i32>load<u16>(x + i))));
      v128.store(out + (<usize>i << 3), f64x2.convert_low_i32x4_s(v));
    }
    for (; i < to; i++) store<f64>(out + (<usize>i << 3), <f64>load<u8>(x + i));
  } else if (pair == 5) {
    const limit = f32x4.splat(2147483648), smallest = i32x4.splat(-2147483648);
    for (; i < to; i += 4) {
      const v = i + 4 <= to ? v128.load(at(x, i)) : v128.load32_splat(at(x, i));
      const y = v128.bitselect(i32x4.trunc_sat_f32x4_s(v), smallest, f32x4.lt(f32x4.abs(v), limit));
      if (i + 4 <= to) v128.store(at(out, i), y);
      else {
        v128.store32_lane(at(out, i), y, 0);
        i -= 3; // the last ones singly
      }
    }
  } else {
    for (; i < to; i++) store<f32>(at(out, i), <f32>load<i32>(at(x, i)));
  }
}
