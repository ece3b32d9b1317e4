// Arithmetic of numbers that are no float32: doubles (int64 is kept as such), and whole numbers of 8, 16 and 32 bits,
// which wrap around.

/** Two doubles to one: + (0), - (1), · (2), / (3), greater (4), lesser (5); + (6), - (7), · (8) of whole numbers. */
export function wideRows(
  scratch: usize, from: i32, to: i32, operation: i32, a: usize, aRow: i32, aStep: i32, b: usize, bRow: i32, bStep: i32,
  out: usize, n: i32, total: i32,
): void {
  for (let row = from; row < to; row++) {
    const p = a + (<usize>(row * aRow) << 3), q = b + (<usize>(row * bRow) << 3), target = out + (<usize>(row * n) << 3);
    const count = min(n, total - row * n);
    if (operation == 0) wideRow(0, p, aStep, q, bStep, target, count);
    else if (operation == 1) wideRow(1, p, aStep, q, bStep, target, count);
    else if (operation == 2) wideRow(2, p, aStep, q, bStep, target, count);
    else if (operation == 3) wideRow(3, p, aStep, q, bStep, target, count);
    else if (operation == 4) wideRow(4, p, aStep, q, bStep, target, count);
    else if (operation == 5) wideRow(5, p, aStep, q, bStep, target, count);
    else if (operation == 6) wideRow(6, p, aStep, q, bStep, target, count);
    else if (operation == 7) wideRow(7, p, aStep, q, bStep, target, count);
    else wideRow(8, p, aStep, q, bStep, target, count);
  }
}

// @ts-ignore: decorator
@inline
function wideRow(operation: i32, a: usize, aStep: i32, b: usize, bStep: i32, out: usize, n: i32): void {
  const P = v128.load64_splat(a), Q = v128.load64_splat(b), aBytes = <usize>aStep << 4, bBytes = <usize>bStep << 4;
  for (; n >= 2; n -= 2, a += aBytes, b += bBytes, out += 16) {
    v128.store(out, wide(operation, aStep ? v128.load(a) : P, bStep ? v128.load(b) : Q));
  }
  if (n) v128.store64_lane(out, wide(operation, v128.load64_splat(a), v128.load64_splat(b)), 0);
}

// @ts-ignore: decorator
@inline
function wide(operation: i32, a: v128, b: v128): v128 {
  if (operation == 0) return f64x2.add(a, b);
  if (operation == 1) return f64x2.sub(a, b);
  if (operation == 2) return f64x2.mul(a, b);
  if (operation == 3) return f64x2.div(a, b);
  if (operation == 4) return f64x2.max(a, b);
  if (operation == 5) return f64x2.min(a, b);
  return asWhole(operation == 6 ? f64x2.add(a, b) : operation == 7 ? f64x2.sub(a, b) : f64x2.mul(a, b));
}

/** 0 for -0, and -2^63 for what no int64 holds. */
// @ts-ignore: decorator
@inline
function asWhole(v: v128): v128 {
  const fits = f64x2.lt(f64x2.abs(v), f64x2.splat(9223372036854775808.0));
  return v128.bitselect(f64x2.add(v, f64x2.splat(0)), f64x2.splat(-9223372036854775808.0), fits);
}

/** out[row] = Σ of `n` doubles, four side by side. */
export function sumWideRows(scratch: usize, from: i32, to: i32, x: usize, n: i32, out: usize): void {
  for (let row = from; row < to; row++) {
    let p = x + (<usize>(row * n) << 3), left = n, a = f64x2.splat(0), b = a, c = a, d = a;
    for (; left >= 8; left -= 8, p += 64) {
      a = f64x2.add(a, v128.load(p));
      b = f64x2.add(b, v128.load(p, 16));
      c = f64x2.add(c, v128.load(p, 32));
      d = f64x2.add(d, v128.load(p, 48));
    }
    a = f64x2.add(f64x2.add(a, b), f64x2.add(c, d));
    let sum = f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
    for (; left > 0; left--, p += 8) sum += load<f64>(p);
    store<f64>(out + (<usize>row << 3), sum);
  }
}

/** out[row] = the greatest of `n` doubles, or the least with `least`; NaN if there is one. */
export function extremeWideRows(scratch: usize, from: i32, to: i32, x: usize, n: i32, least: bool, out: usize): void {
  for (let row = from; row < to; row++) {
    let p = x + (<usize>(row * n) << 3), left = n, a = v128.load64_splat(p), b = a, c = a, d = a;
    for (; left >= 8; left -= 8, p += 64) {
      a = better(least, a, v128.load(p));
      b = better(least, b, v128.load(p, 16));
      c = better(least, c, v128.load(p, 32));
      d = better(least, d, v128.load(p, 48));
    }
    for (; left > 0; left--, p += 8) a = better(least, a, v128.load64_splat(p));
    a = better(least, better(least, a, b), better(least, c, d));
    v128.store64_lane(out + (<usize>row << 3), better(least, a, v128.shuffle<f64>(a, a, 1, 0)), 0);
  }
}

// @ts-ignore: decorator
@inline
function better(least: bool, a: v128, b: v128): v128 {
  return least ? f64x2.min(a, b) : f64x2.max(a, b);
}

/** Numbers [from, to): e^x of doubles. */
export function expWide(scratch: usize, from: i32, to: i32, x: usize, out: usize): void {
  let i = from;
  for (; i + 2 <= to; i += 2) v128.store(out + (<usize>i << 3), expOf(v128.load(x + (<usize>i << 3))));
  if (i < to) v128.store64_lane(out + (<usize>i << 3), expOf(v128.load64_splat(x + (<usize>i << 3))), 0);
}

/**
 * FreeBSD's e_exp.c, as V8's Math.exp, to the bit: x = k·ln 2 + r, and of r a polynomial within a fraction.
 * 2^k is multiplied in two steps, so that the least numbers are rounded once.
 */
// @ts-ignore: decorator
@inline
function expOf(x: v128): v128 {
  const one = f64x2.splat(1), size = f64x2.abs(x);
  const near = f64x2.min(f64x2.max(x, f64x2.splat(-746)), f64x2.splat(710));
  const half = v128.or(f64x2.splat(0.5), v128.and(x, i64x2.splat(0x8000000000000000)));
  const turns = f64x2.trunc(f64x2.add(f64x2.mul(near, f64x2.splat(1.44269504088896338700)), half));
  // 0 up to ½ ln 2 and a little
  const n = v128.andnot(turns, f64x2.lt(size, i64x2.splat(0x3fd62e4300000000)));
  const high = f64x2.sub(near, f64x2.mul(n, f64x2.splat(6.93147180369123816490e-1)));
  const low = f64x2.mul(n, f64x2.splat(1.90821492927058770002e-10));
  const r = f64x2.sub(high, low), t = f64x2.mul(r, r);

  let p = f64x2.add(f64x2.splat(-1.65339022054652515390e-6), f64x2.mul(t, f64x2.splat(4.13813679705723846039e-8)));
  p = f64x2.add(f64x2.splat(6.61375632143793436117e-5), f64x2.mul(t, p));
  p = f64x2.add(f64x2.splat(-2.77777777770155933842e-3), f64x2.mul(t, p));
  p = f64x2.add(f64x2.splat(1.66666666666666019037e-1), f64x2.mul(t, p));
  const c = f64x2.sub(r, f64x2.mul(t, p));
  const part = f64x2.div(f64x2.mul(r, c), f64x2.sub(f64x2.splat(2), c));
  const y = f64x2.sub(one, f64x2.sub(f64x2.sub(low, part), high));

  const k = i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(n)), k1 = i64x2.shr_s(k, 1);
  const scaled = f64x2.mul(f64x2.mul(y, powerOfTwo(k1)), powerOfTwo(i64x2.sub(k, k1)));
  const tiny = f64x2.lt(size, f64x2.splat(3.725290298461914e-9)); // 2^-28
  const known = v128.bitselect(f64x2.splat(2.718281828459045), scaled, f64x2.eq(x, one));
  return v128.bitselect(f64x2.add(one, x), known, tiny);
}

// @ts-ignore: decorator
@inline
function powerOfTwo(k: v128): v128 {
  return i64x2.shl(i64x2.add(k, i64x2.splat(1023)), 52);
}

/** Two whole numbers of `bytes` each to one, which wraps around: + (0), - (1), · (2). */
export function wholeRows(
  scratch: usize, from: i32, to: i32, operation: i32, bytes: i32, a: usize, aRow: i32, aStep: i32, b: usize, bRow: i32,
  bStep: i32, out: usize, n: i32, total: i32,
): void {
  for (let row = from; row < to; row++) {
    const p = a + <usize>(row * aRow * bytes), q = b + <usize>(row * bRow * bytes);
    const target = out + <usize>(row * n * bytes), length = min(n, total - row * n) * bytes;
    if (bytes == 1) wholeRow(operation, 1, p, aStep, q, bStep, target, length);
    else if (bytes == 2) wholeRow(operation, 2, p, aStep, q, bStep, target, length);
    else wholeRow(operation, 4, p, aStep, q, bStep, target, length);
  }
}

// @ts-ignore: decorator
@inline
function wholeRow(operation: i32, bytes: i32, a: usize, aStep: i32, b: usize, bStep: i32, out: usize, length: i32): void {
  if (operation == 0) wholeVectors(0, bytes, a, aStep, b, bStep, out, length);
  else if (operation == 1) wholeVectors(1, bytes, a, aStep, b, bStep, out, length);
  else wholeVectors(2, bytes, a, aStep, b, bStep, out, length);
}

// @ts-ignore: decorator
@inline
function wholeVectors(operation: i32, bytes: i32, a: usize, aStep: i32, b: usize, bStep: i32, out: usize, length: i32): void {
  const P = wholeSplat(bytes, a), Q = wholeSplat(bytes, b), p = <usize>aStep << 4, q = <usize>bStep << 4;
  for (; length >= 16; length -= 16, a += p, b += q, out += 16) {
    v128.store(out, whole(operation, bytes, aStep ? v128.load(a) : P, bStep ? v128.load(b) : Q));
  }
  const pOne = <usize>(aStep * bytes), qOne = <usize>(bStep * bytes);
  for (; length > 0; length -= bytes, a += pOne, b += qOne, out += bytes) {
    const y = whole(operation, bytes, wholeSplat(bytes, a), wholeSplat(bytes, b));
    if (bytes == 1) v128.store8_lane(out, y, 0);
    else if (bytes == 2) v128.store16_lane(out, y, 0);
    else v128.store32_lane(out, y, 0);
  }
}

// @ts-ignore: decorator
@inline
function wholeSplat(bytes: i32, p: usize): v128 {
  return bytes == 1 ? v128.load8_splat(p) : bytes == 2 ? v128.load16_splat(p) : v128.load32_splat(p);
}

// @ts-ignore: decorator
@inline
function whole(operation: i32, bytes: i32, a: v128, b: v128): v128 {
  if (operation == 0) return bytes == 1 ? i8x16.add(a, b) : bytes == 2 ? i16x8.add(a, b) : i32x4.add(a, b);
  if (operation == 1) return bytes == 1 ? i8x16.sub(a, b) : bytes == 2 ? i16x8.sub(a, b) : i32x4.sub(a, b);
  if (bytes == 4) return i32x4.mul(a, b);
  if (bytes == 2) return i16x8.mul(a, b);
  // the bytes of even places, then those of odd ones, as numbers of 16 bits
  const odd = i16x8.mul(i16x8.shr_u(a, 8), v128.and(b, i16x8.splat(<i16>0xff00)));
  return v128.or(v128.and(i16x8.mul(a, b), i16x8.splat(0x00ff)), odd);
}
