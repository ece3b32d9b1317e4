// Sums, maxima, softmax and normalisation over rows and columns.
// Sums are taken in short runs that are added up in double: as exact as one rounding per run, and the same bits
// wherever the work is cut.

import { at, loadPart, multiplyAdd, storePart, sumOfLanes } from "./simd";
import { exp, expOfNegative, log } from "./math";

const RUN: i32 = 1024;

/** The sum of `n` neighbouring floats. */
export function sumRow(x: usize, n: i32): f64 {
  let total: f64 = 0;
  for (; n > 0; n -= RUN) {
    let left = min(n, RUN), a = f32x4.splat(0), b = a, c = a, d = a;
    for (; left >= 16; left -= 16, x += 64) {
      a = f32x4.add(a, v128.load(x));
      b = f32x4.add(b, v128.load(x, 16));
      c = f32x4.add(c, v128.load(x, 32));
      d = f32x4.add(d, v128.load(x, 48));
    }
    for (; left >= 4; left -= 4, x += 16) a = f32x4.add(a, v128.load(x));
    if (left) a = f32x4.add(a, loadPart(x, left));
    x = at(x, left);
    total += <f64>sumOfLanes(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
  }
  return total;
}

/** Σ (x - center)², for variances. */
function squaresRow(x: usize, n: i32, center: f32): f64 {
  const middle = f32x4.splat(center);
  let total: f64 = 0;
  for (; n > 0; n -= RUN) {
    let left = min(n, RUN), a = f32x4.splat(0), b = a;
    for (; left >= 8; left -= 8, x += 32) {
      const u = f32x4.sub(v128.load(x), middle), v = f32x4.sub(v128.load(x, 16), middle);
      a = multiplyAdd(u, u, a);
      b = multiplyAdd(v, v, b);
    }
    let tail: f32 = 0;
    for (; left > 0; left--, x += 4) {
      const u = load<f32>(x) - center;
      tail += u * u;
    }
    total += <f64>(sumOfLanes(f32x4.add(a, b)) + tail);
  }
  return total;
}

/** Σ x · (y - center) of neighbouring floats. */
function dotRow(x: usize, y: usize, n: i32, center: f32): f64 {
  const middle = f32x4.splat(center);
  let total: f64 = 0;
  for (; n > 0; n -= RUN) {
    let left = min(n, RUN), a = f32x4.splat(0), b = a;
    for (; left >= 8; left -= 8, x += 32, y += 32) {
      a = multiplyAdd(v128.load(x), f32x4.sub(v128.load(y), middle), a);
      b = multiplyAdd(v128.load(x, 16), f32x4.sub(v128.load(y, 16), middle), b);
    }
    let tail: f32 = 0;
    for (; left > 0; left--, x += 4, y += 4) tail += load<f32>(x) * (load<f32>(y) - center);
    total += <f64>(sumOfLanes(f32x4.add(a, b)) + tail);
  }
  return total;
}

/** out[row] = scale · Σ x[row, :] for rows [from, to) of `n` floats. */
export function sumRows(scratch: usize, from: i32, to: i32, x: usize, n: i32, scale: f64, out: usize): void {
  for (let row = from; row < to; row++) store<f32>(at(out, row), <f32>(scale * sumRow(at(x, row * n), n)));
}

/**
 * out[outer, inner] = scale · Σ over the middle axis of x[outer, n, inner]; outer units [from, to).
 * Sums of `n` rows in double; scratch: `inner` doubles.
 */
export function sumColumns(scratch: usize, from: i32, to: i32, x: usize, n: i32, inner: i32, scale: f64, out: usize): void {
  for (let outer = from; outer < to; outer++) {
    memory.fill(scratch, 0, <usize>inner << 3);
    let row = at(x, outer * n * inner), i = 0;
    for (; i + 8 <= n; i += 8, row = at(row, 8 * inner)) addEightRows(row, <usize>inner << 2, inner, scratch);
    for (; i < n; i++, row = at(row, inner)) {
      let j = 0;
      for (; j + 2 <= inner; j += 2) {
        const place = scratch + (<usize>j << 3);
        v128.store(place, f64x2.add(v128.load(place), pairAt(at(row, j))));
      }
      for (; j < inner; j++) addOne(at(row, j), scratch + (<usize>j << 3));
    }
    const to = at(out, outer * inner);
    for (let j = 0; j < inner; j++) store<f32>(at(to, j), <f32>(scale * load<f64>(scratch + (<usize>j << 3))));
  }
}

/** Two floats as doubles. */
// @ts-ignore: decorator
@inline
function pairAt(p: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(p));
}

// @ts-ignore: decorator
@inline
function addOne(x: usize, sum: usize): void {
  store<f64>(sum, load<f64>(sum) + <f64>load<f32>(x));
}

/** Eight rows one after the other to sums in double: each sum is read and written once. */
function addEightRows(row: usize, step: usize, inner: i32, sums: usize): void {
  const far = row + (step << 2);
  let j = 0;
  for (; j + 2 <= inner; j += 2) {
    const p = at(row, j), q = at(far, j), place = sums + (<usize>j << 3);
    let sum = f64x2.add(v128.load(place), pairAt(p));
    sum = f64x2.add(sum, pairAt(p + step));
    sum = f64x2.add(sum, pairAt(p + 2 * step));
    sum = f64x2.add(sum, pairAt(p + 3 * step));
    sum = f64x2.add(sum, pairAt(q));
    sum = f64x2.add(sum, pairAt(q + step));
    sum = f64x2.add(sum, pairAt(q + 2 * step));
    v128.store(place, f64x2.add(sum, pairAt(q + 3 * step)));
  }
  if (j < inner) for (let k: usize = 0; k < 8; k++) addOne(at(row, j) + k * step, sums + (<usize>j << 3));
}

/** out[channel] = Σ over images and pixels of x[images, channels, pixels], for channels [from, to): a bias's gradient. */
export function sumChannels(scratch: usize, from: i32, to: i32, x: usize, images: i32, channels: i32, pixels: i32, out: usize): void {
  for (let channel = from; channel < to; channel++) {
    let total: f64 = 0;
    for (let image = 0; image < images; image++) total += sumRow(at(x, (image * channels + channel) * pixels), pixels);
    store<f32>(at(out, channel), <f32>total);
  }
}

/** The largest of `n` neighbouring floats; NaN if there is one. */
function largest(x: usize, n: i32): f32 {
  let best: f32 = -Infinity;
  if (n >= 16) {
    let a = v128.load(x), b = v128.load(x, 16), c = v128.load(x, 32), d = v128.load(x, 48);
    // where a sum is NaN, so is one of its terms (or they are infinities, and the slow way finds out)
    let sum = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
    for (n -= 16, x += 64; n >= 16; n -= 16, x += 64) {
      const e = v128.load(x), f = v128.load(x, 16), g = v128.load(x, 32), h = v128.load(x, 48);
      a = f32x4.pmax(a, e);
      b = f32x4.pmax(b, f);
      c = f32x4.pmax(c, g);
      d = f32x4.pmax(d, h);
      sum = f32x4.add(sum, f32x4.add(f32x4.add(e, f), f32x4.add(g, h)));
    }
    a = f32x4.max(f32x4.max(a, b), f32x4.max(c, d));
    best = max(max(f32x4.extract_lane(a, 0), f32x4.extract_lane(a, 1)), max(f32x4.extract_lane(a, 2), f32x4.extract_lane(a, 3)));
    if (v128.any_true(f32x4.ne(sum, sum))) best = NaN;
  }
  for (; n > 0; n--, x += 4) best = max(best, load<f32>(x));
  return best;
}

/** out = e^(x - shift), and its sum; shift is the largest x. */
function expRow(x: usize, out: usize, n: i32, shift: f32): f64 {
  const by = f32x4.splat(shift);
  let total: f64 = 0;
  for (; n > 0; n -= RUN) {
    let left = min(n, RUN), sum = f32x4.splat(0);
    // two at a time: the constants of the exponential do not fit in registers, and are loaded once for both
    for (; left >= 8; left -= 8, x += 32, out += 32) {
      const e = expOfNegative(f32x4.sub(v128.load(x), by)), f = expOfNegative(f32x4.sub(v128.load(x, 16), by));
      v128.store(out, e);
      v128.store(out, f, 16);
      sum = f32x4.add(f32x4.add(sum, e), f);
    }
    for (; left >= 4; left -= 4, x += 16, out += 16) {
      const e = expOfNegative(f32x4.sub(v128.load(x), by));
      v128.store(out, e);
      sum = f32x4.add(sum, e);
    }
    if (left) {
      const e = expOfNegative(f32x4.sub(loadPart(x, left), by));
      storePart(out, e, left);
      for (let i = 0; i < left; i++) total += <f64>load<f32>(at(out, i));
    }
    x = at(x, left);
    out = at(out, left);
    total += <f64>sumOfLanes(sum);
  }
  return total;
}

/** Σ e^(x - shift); shift is the largest x. */
function expSum(x: usize, n: i32, shift: f32): f64 {
  const by = f32x4.splat(shift);
  let total: f64 = 0;
  for (; n > 0; n -= RUN) {
    let left = min(n, RUN), sum = f32x4.splat(0);
    for (; left >= 8; left -= 8, x += 32) {
      const e = expOfNegative(f32x4.sub(v128.load(x), by)), f = expOfNegative(f32x4.sub(v128.load(x, 16), by));
      sum = f32x4.add(f32x4.add(sum, e), f);
    }
    for (; left >= 4; left -= 4, x += 16) sum = f32x4.add(sum, expOfNegative(f32x4.sub(v128.load(x), by)));
    for (; left > 0; left--, x += 4) total += <f64>f32x4.extract_lane(expOfNegative(f32x4.sub(v128.load32_zero(x), by)), 0);
    total += <f64>sumOfLanes(sum);
  }
  return total;
}

/** Softmax of rows [from, to) of `n` floats; with `logarithm`, its logarithm. */
export function softmaxRows(scratch: usize, from: i32, to: i32, x: usize, n: i32, logarithm: bool, out: usize): void {
  for (let row = from; row < to; row++) {
    const source = at(x, row * n), target = at(out, row * n), most = largest(source, n);
    if (logarithm) {
      const total = expSum(source, n, most);
      shiftRow(source, target, n, -most, f32x4.extract_lane(log(f32x4.splat(<f32>total)), 0));
    } else scaleRow(target, target, n, <f32>(1 / expRow(source, target, n, most)));
  }
}

function scaleRow(x: usize, out: usize, n: i32, factor: f32): void {
  const by = f32x4.splat(factor);
  for (; n >= 4; n -= 4, x += 16, out += 16) v128.store(out, f32x4.mul(v128.load(x), by));
  if (n) storePart(out, f32x4.mul(loadPart(x, n), by), n);
}

/** (x + first) - second */
function shiftRow(x: usize, out: usize, n: i32, first: f32, second: f32): void {
  const a = f32x4.splat(first), b = f32x4.splat(second);
  for (; n >= 4; n -= 4, x += 16, out += 16) v128.store(out, f32x4.sub(f32x4.add(v128.load(x), a), b));
  if (n) storePart(out, f32x4.sub(f32x4.add(loadPart(x, n), a), b), n);
}

/** The way back of softmax (gx = y·(gy - Σ gy·y)) or of its logarithm (gx = gy - e^y·Σ gy). */
export function softmaxRowsBackward(scratch: usize, from: i32, to: i32, gy: usize, y: usize, n: i32, logarithm: bool, gx: usize): void {
  for (let row = from; row < to; row++) {
    let g = at(gy, row * n), v = at(y, row * n), out = at(gx, row * n), left = n;
    const sum = f32x4.splat(<f32>(logarithm ? sumRow(g, n) : dotRow(g, v, n, 0)));
    for (; left > 0; left -= 4, g += 16, v += 16, out += 16) {
      const part = min(4, left);
      const a = part == 4 ? v128.load(g) : loadPart(g, part), b = part == 4 ? v128.load(v) : loadPart(v, part);
      const result = logarithm ? f32x4.sub(a, f32x4.mul(exp(b), sum)) : f32x4.mul(b, f32x4.sub(a, sum));
      storePart(out, result, part);
    }
  }
}

/** means[channel] and variances[channel] (divided by their count) of x[images, channels, pixels], for channels [from, to). */
export function channelMoments(
  scratch: usize, from: i32, to: i32, x: usize, images: i32, channels: i32, pixels: i32, means: usize, variances: usize,
): void {
  const count = <f64>images * <f64>pixels;
  for (let channel = from; channel < to; channel++) {
    let sum: f64 = 0, squares: f64 = 0;
    for (let image = 0; image < images; image++) sum += sumRow(at(x, (image * channels + channel) * pixels), pixels);
    const mean = <f32>(sum / count);
    for (let image = 0; image < images; image++) squares += squaresRow(at(x, (image * channels + channel) * pixels), pixels, mean);
    store<f32>(at(means, channel), mean);
    store<f32>(at(variances, channel), <f32>(squares / count));
  }
}

/** out = x · scales[channel] + shifts[channel], for planes [from, to) counted image · channels + channel. */
export function scaleChannels(scratch: usize, from: i32, to: i32, x: usize, channels: i32, pixels: i32, scales: usize, shifts: usize, out: usize): void {
  for (let plane = from; plane < to; plane++) {
    const scale = v128.load32_splat(at(scales, plane % channels)), shift = v128.load32_splat(at(shifts, plane % channels));
    let p = at(x, plane * pixels), q = at(out, plane * pixels), n = pixels;
    for (; n >= 4; n -= 4, p += 16, q += 16) v128.store(q, multiplyAdd(v128.load(p), scale, shift));
    if (n) storePart(q, multiplyAdd(loadPart(p, n), scale, shift), n);
  }
}

/** sums[channel] = Σ gy and dots[channel] = Σ gy·(x - means[channel]), over images and pixels: what batch norm's way back needs. */
export function channelGradients(
  scratch: usize, from: i32, to: i32, gy: usize, x: usize, images: i32, channels: i32, pixels: i32, means: usize, sums: usize, dots: usize,
): void {
  for (let channel = from; channel < to; channel++) {
    let sum: f64 = 0, dot: f64 = 0;
    for (let image = 0; image < images; image++) {
      const place = (image * channels + channel) * pixels;
      sum += sumRow(at(gy, place), pixels);
      dot += dotRow(at(gy, place), at(x, place), pixels, load<f32>(at(means, channel)));
    }
    store<f32>(at(sums, channel), <f32>sum);
    store<f32>(at(dots, channel), <f32>dot);
  }
}

/** gx = a[channel]·gy + b[channel]·x + c[channel], planes [from, to): batch norm's way back to x. */
export function combineChannels(
  scratch: usize, from: i32, to: i32, gy: usize, x: usize, channels: i32, pixels: i32, a: usize, b: usize, c: usize, gx: usize,
): void {
  for (let plane = from; plane < to; plane++) {
    const channel = plane % channels;
    const A = v128.load32_splat(at(a, channel)), B = v128.load32_splat(at(b, channel)), C = v128.load32_splat(at(c, channel));
    let p = at(gy, plane * pixels), q = at(x, plane * pixels), r = at(gx, plane * pixels), n = pixels;
    for (; n >= 4; n -= 4, p += 16, q += 16, r += 16) v128.store(r, multiplyAdd(A, v128.load(p), multiplyAdd(B, v128.load(q), C)));
    if (n) storePart(r, multiplyAdd(A, loadPart(p, n), multiplyAdd(B, loadPart(q, n), C)), n);
  }
}
