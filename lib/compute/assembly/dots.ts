// Products with few rows, of numbers that are neighbours along k in both: one dot product for each place.
// A dot product is a sum of parts of 512: even and odd vectors of a part are summed apart, then what is left, one by one.

import { at, fenceValue, loadUpTo, multiplyAdd, storeUpTo, sumOfLanes } from "./simd";

const PART: i32 = 512;

/**
 * out[i, j] (+)= Σ_k a[i, k] · b[j, k]: a classifier on few images. Rows [from, to) of b. scratch: 18 vectors.
 */
export function gemmDots(
  scratch: usize, from: i32, to: i32, M: i32, K: i32, a: usize, aRow: i32, b: usize, bRow: i32, out: usize, outRow: i32, accumulate: bool,
): void {
  if (M == 1) {
    for (let j = from; j < to; j += 4) {
      const b0 = at(b, j * bRow), last = to - 1 - j; // rows beyond the end: the last one again
      const b1 = at(b0, min(1, last) * bRow), b2 = at(b0, min(2, last) * bRow), b3 = at(b0, min(3, last) * bRow);
      const sums = dotsOfOne(a, b0, b1, b2, b3, K), place = at(out, j), count = min(4, last + 1);
      storeUpTo(place, accumulate ? f32x4.add(loadUpTo(place, count), sums) : sums, count);
    }
    return;
  }
  for (let j = from; j < to; j += 2) {
    const b0 = at(b, j * bRow), two = j + 1 < to, b1 = two ? at(b0, bRow) : b0;
    for (let i = 0; i < M; i += 4) {
      const rows = min(4, M - i), a0 = at(a, i * aRow);
      dotsOfFour(scratch, a0, at(a0, min(1, rows - 1) * aRow), at(a0, min(2, rows - 1) * aRow), at(a0, min(3, rows - 1) * aRow), b0, b1, K, rows);
      for (let r = 0; r < rows; r++) {
        const place = at(out, (i + r) * outRow + j);
        put(place, load<f32>(at(scratch, 2 * r)), accumulate);
        if (two) put(place + 4, load<f32>(at(scratch, 2 * r + 1)), accumulate);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function put(place: usize, sum: f32, accumulate: bool): void {
  store<f32>(place, accumulate ? load<f32>(place) + sum : sum);
}

/** The dot products of one row with four. */
function dotsOfOne(a: usize, b0: usize, b1: usize, b2: usize, b3: usize, K: i32): v128 {
  const fence = fenceValue();
  let total = f32x4.splat(0);
  for (; K > 0; K -= PART) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
    let n = min(K, PART);
    for (; n >= 8; n -= 8, a += 32, b0 += 32, b1 += 32, b2 += 32, b3 += 32) {
      let p = v128.load(a);
      s0 = multiplyAdd(p, v128.load(b0), s0);
      s1 = multiplyAdd(p, v128.load(b1), s1);
      s2 = multiplyAdd(p, v128.load(b2), s2);
      s3 = multiplyAdd(p, v128.load(b3), s3);
      if (fence == 1) break;
      p = v128.load(a, 16);
      t0 = multiplyAdd(p, v128.load(b0, 16), t0);
      t1 = multiplyAdd(p, v128.load(b1, 16), t1);
      t2 = multiplyAdd(p, v128.load(b2, 16), t2);
      t3 = multiplyAdd(p, v128.load(b3, 16), t3);
    }
    let tail = f32x4.splat(0);
    for (; n > 0; n--, a += 4, b0 += 4, b1 += 4, b2 += 4, b3 += 4) {
      let b = v128.load32_zero(b0);
      b = v128.load32_lane(b1, b, 1);
      b = v128.load32_lane(b2, b, 2);
      b = v128.load32_lane(b3, b, 3);
      tail = f32x4.add(tail, f32x4.mul(v128.load32_splat(a), b));
    }
    let sums = f32x4.splat(sumOfLanes(f32x4.add(s0, t0)));
    sums = f32x4.replace_lane(sums, 1, sumOfLanes(f32x4.add(s1, t1)));
    sums = f32x4.replace_lane(sums, 2, sumOfLanes(f32x4.add(s2, t2)));
    sums = f32x4.replace_lane(sums, 3, sumOfLanes(f32x4.add(s3, t3)));
    total = f32x4.add(total, f32x4.add(sums, tail));
  }
  return total;
}

/** The dot products of four rows with two: eight floats at `work`, row by row. Even vectors first, then odd ones: eight sums fit in registers. */
function dotsOfFour(work: usize, a0: usize, a1: usize, a2: usize, a3: usize, b0: usize, b1: usize, K: i32, rows: i32): void {
  v128.store(work, f32x4.splat(0));
  v128.store(work, f32x4.splat(0), 16);
  const even = work + 32, odd = even + 128;
  for (; K > 0; K -= PART) {
    const n = min(K, PART), bytes = <usize>(n & ~7) << 2, whole = <usize>n << 2;
    if (rows > 2) {
      everyOther4x2(a0, a1, a2, a3, b0, b1, bytes, even);
      everyOther4x2(a0 + 16, a1 + 16, a2 + 16, a3 + 16, b0 + 16, b1 + 16, bytes, odd);
    } else bothOf2x2(a0, a1, b0, b1, bytes, even, odd);
    for (let r = 0; r < rows; r++) {
      const p = r == 0 ? a0 : r == 1 ? a1 : r == 2 ? a2 : a3;
      endOfPart(at(work, 2 * r), even + (<usize>r << 5), odd + (<usize>r << 5), p, b0, bytes, whole);
      endOfPart(at(work, 2 * r + 1), even + (<usize>r << 5) + 16, odd + (<usize>r << 5) + 16, p, b1, bytes, whole);
    }
    a0 += whole; a1 += whole; a2 += whole; a3 += whole; b0 += whole; b1 += whole;
  }
}

/** total += the sum of eight lanes and of the products [from, to), in bytes. */
function endOfPart(total: usize, even: usize, odd: usize, a: usize, b: usize, from: usize, to: usize): void {
  let tail: f32 = 0;
  for (let i = from; i < to; i += 4) tail += load<f32>(a + i) * load<f32>(b + i);
  store<f32>(total, load<f32>(total) + (sumOfLanes(f32x4.add(v128.load(even), v128.load(odd))) + tail));
}

/** Every second vector of [0, bytes): the sums of four rows with two, eight vectors at `out`. */
function everyOther4x2(a0: usize, a1: usize, a2: usize, a3: usize, b0: usize, b1: usize, bytes: usize, out: usize): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
  for (const end = a0 + bytes; a0 < end; a0 += 32, a1 += 32, a2 += 32, a3 += 32, b0 += 32, b1 += 32) {
    const u = v128.load(b0), v = v128.load(b1);
    let p = v128.load(a0);
    s0 = multiplyAdd(p, u, s0);
    s1 = multiplyAdd(p, v, s1);
    p = v128.load(a1);
    s2 = multiplyAdd(p, u, s2);
    s3 = multiplyAdd(p, v, s3);
    p = v128.load(a2);
    s4 = multiplyAdd(p, u, s4);
    s5 = multiplyAdd(p, v, s5);
    p = v128.load(a3);
    s6 = multiplyAdd(p, u, s6);
    s7 = multiplyAdd(p, v, s7);
  }
  v128.store(out, s0);
  v128.store(out, s1, 16);
  v128.store(out, s2, 32);
  v128.store(out, s3, 48);
  v128.store(out, s4, 64);
  v128.store(out, s5, 80);
  v128.store(out, s6, 96);
  v128.store(out, s7, 112);
}

/** The same for two rows, both halves at once. */
function bothOf2x2(a0: usize, a1: usize, b0: usize, b1: usize, bytes: usize, even: usize, odd: usize): void {
  const fence = fenceValue();
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, t0 = s0, t1 = s0, t2 = s0, t3 = s0;
  for (const end = a0 + bytes; a0 < end; a0 += 32, a1 += 32, b0 += 32, b1 += 32) {
    let u = v128.load(b0), v = v128.load(b1), p = v128.load(a0), q = v128.load(a1);
    s0 = multiplyAdd(p, u, s0);
    s1 = multiplyAdd(p, v, s1);
    s2 = multiplyAdd(q, u, s2);
    s3 = multiplyAdd(q, v, s3);
    if (fence == 1) break;
    u = v128.load(b0, 16);
    v = v128.load(b1, 16);
    p = v128.load(a0, 16);
    q = v128.load(a1, 16);
    t0 = multiplyAdd(p, u, t0);
    t1 = multiplyAdd(p, v, t1);
    t2 = multiplyAdd(q, u, t2);
    t3 = multiplyAdd(q, v, t3);
  }
  v128.store(even, s0);
  v128.store(even, s1, 16);
  v128.store(even, s2, 32);
  v128.store(even, s3, 48);
  v128.store(odd, t0);
  v128.store(odd, t1, 16);
  v128.store(odd, t2, 32);
  v128.store(odd, t3, 48);
}
