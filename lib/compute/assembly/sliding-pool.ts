// Pooling by windows that slide over evenly spaced columns. Rows first: what a row of windows takes from its rows of the
// image goes, vector by vector, to one line in the first-level cache; then windows along the line.

import { at, storePart, zeroRow } from "./simd";
import { allFinite, maxOfBins, watch } from "./pool";

/** Floats of a line that windows of `Q` places read, and what whole vectors read beyond. */
// @ts-ignore: decorator
@inline
function lineFloats(Q: i32, stride: i32, dilation: i32, kernel: i32): i32 {
  return (Q + 8) * stride + (kernel - 1) * dilation + 8;
}

/** Four numbers of a line, `stride` apart. */
// @ts-ignore: decorator
@inline
function fourOf(p: usize, stride: i32): v128 {
  if (stride == 1) return v128.load(p);
  if (stride == 2) return v128.shuffle<f32>(v128.load(p), v128.load(p, 16), 0, 2, 4, 6);
  const step = <usize>stride << 2;
  let v = v128.load32_zero(p);
  v = v128.load32_lane(p + step, v, 1);
  v = v128.load32_lane(p + 2 * step, v, 2);
  return v128.load32_lane(p + 3 * step, v, 3);
}

/**
 * Max pooling of dense planes [from, to). Rows are bins, as in `maxPool`; column bin q has the columns
 * q · stride - padding + (0 to kernel - 1) · dilation that lie in the image (the tables say the same once more).
 * scratch: two lines.
 */
export function maxPoolSliding(
  scratch: usize, from: i32, to: i32, x: usize, H: i32, W: i32, P: i32, rowStart: usize, rowEnd: usize, rowStep: i32,
  Q: i32, columnStart: usize, columnEnd: usize, dilation: i32, kernel: i32, stride: i32, padding: i32, out: usize, places: usize,
): void {
  const size = lineFloats(Q, stride, dilation, kernel), line = scratch, rows = at(scratch, size);
  const lowest = f32x4.splat(-Infinity), tap = <usize>dilation << 2;
  for (let i = 0; i + 4 <= size; i += 4) v128.store(at(line, i), lowest);
  const begin = at(line, max(0, padding)), skip = max(0, -padding), width = min(W - skip, size - max(0, padding) - 8);
  for (let plane = from; plane < to; plane++) {
    const source = at(x, plane * H * W);
    for (let p = 0; p < P; p++) {
      const top = load<i32>(at(rowStart, p)), bottom = load<i32>(at(rowEnd, p)), place = at(out, (plane * P + p) * Q);
      const winners = places ? at(places, (plane * P + p) * Q) : 0;
      const finite = places
        ? greatestRows(at(source, skip), W, width, top, bottom, rowStep, begin, at(rows, max(0, padding)), skip)
        : greatestOfRows(at(source, skip), W, width, top, bottom, rowStep, begin);
      if (!finite) {
        maxOfBins(source, W, top, bottom, rowStep, Q, columnStart, columnEnd, dilation, place, winners);
        continue;
      }
      if (places) greatestAndPlaces(line, rows, Q, kernel, tap, stride, place, winners);
      else if (stride == 1) greatestAlong(line, Q, kernel, tap, 1, place);
      else if (stride == 2) greatestAlong(line, Q, kernel, tap, 2, place);
      else greatestAlong(line, Q, kernel, tap, stride, place);
    }
  }
}

/** The greatest number of each window along a line. Inlined, so that a stride of 1 or 2 is known in the loop. */
// @ts-ignore: decorator
@inline
function greatestAlong(line: usize, Q: i32, kernel: i32, tap: usize, stride: i32, out: usize): void {
  for (let q = 0; q < Q; q += 4) {
    let p = at(line, q * stride), best = fourOf(p, stride);
    for (let k = 1; k < kernel; k++) {
      p += tap;
      best = f32x4.pmax(best, fourOf(p, stride));
    }
    if (q + 4 <= Q) v128.store(at(out, q), best);
    else storePart(at(out, q), best, Q - q);
  }
}

function greatestAndPlaces(line: usize, rows: usize, Q: i32, kernel: i32, tap: usize, stride: i32, out: usize, places: usize): void {
  for (let q = 0; q < Q; q += 4) {
    let p = at(line, q * stride), from = at(rows, q * stride), best = fourOf(p, stride), winner = fourOf(from, stride);
    for (let k = 1; k < kernel; k++) {
      p += tap;
      from += tap;
      const v = fourOf(p, stride), origin = fourOf(from, stride);
      // of equals the first in reading order
      const better = v128.or(f32x4.gt(v, best), v128.and(f32x4.eq(v, best), i32x4.lt_s(origin, winner)));
      best = v128.bitselect(v, best, better);
      winner = v128.bitselect(origin, winner, better);
    }
    storePart(at(out, q), best, min(4, Q - q));
    storePart(at(places, q), winner, min(4, Q - q));
  }
}

/** The greatest number of each column. Were all finite? */
function greatestOfRows(source: usize, W: i32, width: i32, top: i32, bottom: i32, rowStep: i32, line: usize): bool {
  const step = <usize>(rowStep * W) << 2, first = at(source, top * W), end = at(source, bottom * W);
  let sum = f32x4.splat(0), i = 0;
  for (; i + 4 <= width; i += 4) {
    let p = at(first, i), best = v128.load(p), total = best;
    for (p += step; p < end; p += step) {
      const v = v128.load(p);
      total = f32x4.add(total, v);
      best = f32x4.pmax(best, v);
    }
    sum = watch(total, sum);
    v128.store(at(line, i), best);
  }
  let rest: f32 = 0;
  for (; i < width; i++) {
    let p = at(first, i), best = load<f32>(p);
    rest += best * 0;
    for (p += step; p < end; p += step) {
      const v = load<f32>(p);
      rest += v * 0;
      if (v > best) best = v;
    }
    store<f32>(at(line, i), best);
  }
  return allFinite(sum) && rest == 0;
}

/** The same with the place in the plane of the first such number; `column` is that of the first. */
function greatestRows(source: usize, W: i32, width: i32, top: i32, bottom: i32, rowStep: i32, line: usize, places: usize, column: i32): bool {
  const step = <usize>(rowStep * W) << 2, first = at(source, top * W), end = at(source, bottom * W);
  const down = i32x4.splat(rowStep * W);
  let sum = f32x4.splat(0), origin = i32x4.add(i32x4.splat(top * W + column), i32x4(0, 1, 2, 3)), i = 0;
  for (; i + 4 <= width; i += 4) {
    let p = at(first, i), best = v128.load(p), total = best, winner = origin, place = origin;
    for (p += step; p < end; p += step) {
      const v = v128.load(p), better = f32x4.gt(v, best);
      total = f32x4.add(total, v);
      place = i32x4.add(place, down);
      best = v128.bitselect(v, best, better);
      winner = v128.bitselect(place, winner, better);
    }
    sum = watch(total, sum);
    v128.store(at(line, i), best);
    v128.store(at(places, i), winner);
    origin = i32x4.add(origin, i32x4.splat(4));
  }
  let rest: f32 = 0;
  for (; i < width; i++) {
    let p = at(first, i), best = load<f32>(p), winner = top * W + column + i, place = winner;
    rest += best * 0;
    for (p += step; p < end; p += step) {
      const v = load<f32>(p);
      rest += v * 0;
      place += rowStep * W;
      if (v > best) {
        best = v;
        winner = place;
      }
    }
    store<f32>(at(line, i), best);
    store<i32>(at(places, i), winner);
  }
  return allFinite(sum) && rest == 0;
}

/** Average pooling, as above: sums over rowDivisor[p] · columnDivisor[q], as float32. No bin is empty. scratch: a line. */
export function averagePoolSliding(
  scratch: usize, from: i32, to: i32, x: usize, H: i32, W: i32, P: i32, rowStart: usize, rowEnd: usize, rowDivisor: usize,
  Q: i32, columnDivisor: usize, kernel: i32, stride: i32, padding: i32, out: usize,
): void {
  const size = lineFloats(Q, stride, 1, kernel), line = scratch;
  zeroRow(line, size);
  const begin = at(line, max(0, padding)), skip = max(0, -padding), width = min(W - skip, size - max(0, padding) - 8);
  for (let plane = from; plane < to; plane++) {
    const source = at(x, plane * H * W + skip);
    for (let p = 0; p < P; p++) {
      sumOfRows(source, W, width, load<i32>(at(rowStart, p)), load<i32>(at(rowEnd, p)), begin);
      const place = at(out, (plane * P + p) * Q), divisor = v128.load32_splat(at(rowDivisor, p));
      if (stride == 1) averageAlong(line, Q, kernel, 1, divisor, columnDivisor, place);
      else if (stride == 2) averageAlong(line, Q, kernel, 2, divisor, columnDivisor, place);
      else averageAlong(line, Q, kernel, stride, divisor, columnDivisor, place);
    }
  }
}

// @ts-ignore: decorator
@inline
function averageAlong(line: usize, Q: i32, kernel: i32, stride: i32, divisor: v128, divisors: usize, out: usize): void {
  for (let q = 0; q < Q; q += 4) {
    let p = at(line, q * stride), sum = fourOf(p, stride);
    for (let k = 1; k < kernel; k++) {
      p += 4;
      sum = f32x4.add(sum, fourOf(p, stride));
    }
    const average = f32x4.div(sum, f32x4.mul(divisor, v128.load(at(divisors, q))));
    if (q + 4 <= Q) v128.store(at(out, q), average);
    else storePart(at(out, q), average, Q - q);
  }
}

function sumOfRows(source: usize, W: i32, width: i32, top: i32, bottom: i32, line: usize): void {
  const step = <usize>W << 2, first = at(source, top * W), end = at(source, bottom * W);
  let i = 0;
  for (; i + 4 <= width; i += 4) {
    let p = at(first, i), sum = v128.load(p);
    for (p += step; p < end; p += step) sum = f32x4.add(sum, v128.load(p));
    v128.store(at(line, i), sum);
  }
  for (; i < width; i++) {
    let p = at(first, i), sum = load<f32>(p);
    for (p += step; p < end; p += step) sum += load<f32>(p);
    store<f32>(at(line, i), sum);
  }
}
