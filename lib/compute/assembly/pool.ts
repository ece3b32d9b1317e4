// Max and average pooling, and their ways back.
// The 2 × 2 case remembers the winner of each window in one byte: 0 to 3 in reading order, or 4 where ReLU cut
// the gradient off; the general case its place in the plane (PyTorch's indices).

import { at, multiplyAdd, zeroRow } from "./simd";

/**
 * 0 · x added to `sum`: stays 0 as long as all numbers are finite, also those of which x is the sum. The quick maxima (one instruction, where one that
 * minds NaN takes eight) are right for finite numbers only; a row that meets another is done again, one by one.
 */
// @ts-ignore: decorator
@inline
export function watch(x: v128, sum: v128): v128 {
  return multiplyAdd(x, f32x4.splat(0), sum);
}

// @ts-ignore: decorator
@inline
export function allFinite(sum: v128): bool {
  return i32x4.all_true(f32x4.eq(sum, sum));
}

/** Two rows → one row of 2 × 2 maxima (NaN wins). winners may be 0. With `relu`, a maximum of 0 passes no gradient. */
export function poolRows(top: usize, bottom: usize, out: usize, winners: usize, PW: i32, relu: bool): void {
  const whole = PW & ~3;
  if (!winners && whole && maxima(top, <i32>((bottom - top) >> 2), out, 1, PW)) return;
  const finite = winners != 0 && maximaAndWinners(top, bottom, out, winners, whole, relu);
  for (let px = finite ? whole : 0; px < PW; px++) {
    const p = at(top, 2 * px), q = at(bottom, 2 * px);
    let best = load<f32>(p), winner = 0;
    for (let i = 1; i < 4; i++) {
      const v = load<f32>((i & 2 ? q : p) + ((i & 1) << 2));
      if (v > best || isNaN(v)) {
        best = v;
        winner = i;
      }
    }
    store<f32>(at(out, px), best);
    if (winners) store<u8>(winners + px, relu && best <= 0 ? 4 : winner);
  }
}

/** Maxima of `rows` pairs of rows, PW (at least four) of each. Were all numbers finite? Here and below, results are wrong otherwise. */
function maxima(top: usize, W: i32, out: usize, rows: i32, PW: i32): bool {
  let sum = f32x4.splat(0);
  const step = <usize>W << 2, length = <usize>PW << 2;
  for (; rows > 0; rows--, top += 2 * step, out += length) {
    let p = top, q = top + step, to = out;
    for (const end = out + (length & ~63); to < end; p += 128, q += 128, to += 64) { // four: addresses cost as much as maxima
      sum = fourMaxima(to, v128.load(p), v128.load(p, 16), v128.load(q), v128.load(q, 16), sum);
      sum = fourMaxima(to + 16, v128.load(p, 32), v128.load(p, 48), v128.load(q, 32), v128.load(q, 48), sum);
      sum = fourMaxima(to + 32, v128.load(p, 64), v128.load(p, 80), v128.load(q, 64), v128.load(q, 80), sum);
      sum = fourMaxima(to + 48, v128.load(p, 96), v128.load(p, 112), v128.load(q, 96), v128.load(q, 112), sum);
    }
    for (const end = out + (length & ~15); to < end; p += 32, q += 32, to += 16) {
      sum = fourMaxima(to, v128.load(p), v128.load(p, 16), v128.load(q), v128.load(q, 16), sum);
    }
    if (to == out + length) continue;
    const back = 16 - (out + length - to); // the last four, some for the second time
    p -= 2 * back; q -= 2 * back; to -= back;
    sum = fourMaxima(to, v128.load(p), v128.load(p, 16), v128.load(q), v128.load(q, 16), sum);
  }
  return allFinite(sum);
}

/**
 * Stores the maxima of four windows. Of a pair, pmax keeps a NaN that stands first and loses one that stands second: the
 * seconds are added to `sum`.
 */
// @ts-ignore: decorator
@inline
function fourMaxima(out: usize, r0: v128, r1: v128, s0: v128, s1: v128, sum: v128): v128 {
  const left = f32x4.pmax(r0, s0), right = f32x4.pmax(r1, s1), odd = v128.shuffle<f32>(left, right, 1, 3, 5, 7);
  v128.store(out, f32x4.pmax(v128.shuffle<f32>(left, right, 0, 2, 4, 6), odd));
  return f32x4.add(sum, f32x4.add(f32x4.add(s0, s1), odd));
}

function maximaAndWinners(p: usize, q: usize, out: usize, winners: usize, count: i32, relu: bool): bool {
  let sum = f32x4.splat(0);
  for (const end = at(out, count); out < end; out += 16, p += 32, q += 32, winners += 4) {
    const r0 = v128.load(p), r1 = v128.load(p, 16), s0 = v128.load(q), s1 = v128.load(q, 16);
    sum = watch(f32x4.add(f32x4.add(r0, r1), f32x4.add(s0, s1)), sum);
    const a = v128.shuffle<f32>(r0, r1, 0, 2, 4, 6), b = v128.shuffle<f32>(r0, r1, 1, 3, 5, 7);
    const c = v128.shuffle<f32>(s0, s1, 0, 2, 4, 6), d = v128.shuffle<f32>(s0, s1, 1, 3, 5, 7);
    const most = f32x4.pmax(f32x4.pmax(a, b), f32x4.pmax(c, d)), winner = winnerOf(a, b, c, most, relu);
    v128.store(out, most);
    // the low byte of each lane, side by side
    const bytes = v128.shuffle<u8>(winner, winner, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12);
    v128.store32_lane(winners, bytes, 0);
  }
  return allFinite(sum);
}

/** The number, 0 to 3, of the first of four that equals their maximum; NaN, which equals nothing, counts as the last. */
// @ts-ignore: decorator
@inline
export function winnerOf(a: v128, b: v128, c: v128, most: v128, relu: bool): v128 {
  let winner = v128.bitselect(i32x4.splat(2), i32x4.splat(3), f32x4.eq(c, most));
  winner = v128.bitselect(i32x4.splat(1), winner, f32x4.eq(b, most));
  winner = v128.andnot(winner, f32x4.eq(a, most));
  return relu ? v128.bitselect(i32x4.splat(4), winner, f32x4.le(most, f32x4.splat(0))) : winner;
}

/** The maximum of four, then ReLU if wanted; NaN wins. */
// @ts-ignore: decorator
@inline
export function greatestOfWindow(a: v128, b: v128, c: v128, d: v128, relu: bool): v128 {
  const most = f32x4.max(f32x4.max(a, b), f32x4.max(c, d));
  return relu ? f32x4.pmax(most, f32x4.splat(0)) : most;
}

/**
 * Max pooling 2 × 2 with stride 2 of dense planes [from, to). Rows and columns left over at the edges are dropped.
 * places, if not 0, gets the winner's place in its plane (int32).
 */
export function maxPool2(scratch: usize, from: i32, to: i32, x: usize, H: i32, W: i32, out: usize, places: usize): void {
  const PH = H >> 1, PW = W >> 1, rowStep = <usize>W << 2;
  for (let plane = from; plane < to; plane++) {
    if (!places && PW >= 4 && maxima(at(x, plane * H * W), W, at(out, plane * PH * PW), PH, PW)) continue;
    for (let y = 0; y < PH; y++) {
      const top = at(x, (plane * H + 2 * y) * W), place = (plane * PH + y) * PW;
      if (places) maximaAndPlaces(top, top + rowStep, at(out, place), at(places, place), PW, 2 * y * W, W);
      else poolRows(top, top + rowStep, at(out, place), 0, PW, false);
    }
  }
}

function maximaAndPlaces(top: usize, bottom: usize, out: usize, places: usize, PW: i32, first: i32, W: i32): void {
  const one = i32x4.splat(1), width = i32x4.splat(W), whole = PW & ~3;
  let corner = i32x4.add(i32x4.splat(first), i32x4(0, 2, 4, 6)), sum = f32x4.splat(0);
  for (let px = 0; px < whole; px += 4) {
    const p = at(top, 2 * px), q = at(bottom, 2 * px);
    const r0 = v128.load(p), r1 = v128.load(p, 16), s0 = v128.load(q), s1 = v128.load(q, 16);
    sum = watch(f32x4.add(f32x4.add(r0, r1), f32x4.add(s0, s1)), sum);
    const a = v128.shuffle<f32>(r0, r1, 0, 2, 4, 6), b = v128.shuffle<f32>(r0, r1, 1, 3, 5, 7);
    const c = v128.shuffle<f32>(s0, s1, 0, 2, 4, 6), d = v128.shuffle<f32>(s0, s1, 1, 3, 5, 7);
    const most = f32x4.pmax(f32x4.pmax(a, b), f32x4.pmax(c, d)), winner = winnerOf(a, b, c, most, false);
    v128.store(at(out, px), most);
    // corner + (winner & 1) + (winner >> 1) · W
    const down = v128.and(i32x4.gt_s(winner, one), width);
    v128.store(at(places, px), i32x4.add(i32x4.add(corner, v128.and(winner, one)), down));
    corner = i32x4.add(corner, i32x4.splat(8));
  }
  for (let px = allFinite(sum) ? whole : 0; px < PW; px++) {
    const p = at(top, 2 * px), q = at(bottom, 2 * px), place = first + 2 * px;
    let best = load<f32>(p), winner = place;
    for (let i = 1; i < 4; i++) {
      const v = load<f32>((i & 2 ? q : p) + ((i & 1) << 2));
      if (v > best || isNaN(v)) {
        best = v;
        winner = place + (i & 1) + (i >> 1) * W;
      }
    }
    store<f32>(at(out, px), best);
    store<i32>(at(places, px), winner);
  }
}

/** The way back through 2 × 2 pooling: each gradient goes to its winner, zeros elsewhere. gx is [planes, H, W]. */
export function maxPool2Backward(scratch: usize, from: i32, to: i32, gy: usize, winners: usize, H: i32, W: i32, gx: usize): void {
  const PH = H >> 1, PW = W >> 1, rowStep = <usize>W << 2;
  for (let plane = from; plane < to; plane++) {
    for (let y = 0; y < PH; y++) {
      const top = at(gx, (plane * H + 2 * y) * W), place = (plane * PH + y) * PW;
      unpoolRow(at(gy, place), winners + place, top, top + rowStep, PW);
      if (W & 1) {
        store<f32>(at(top, W - 1), 0);
        store<f32>(at(top, W - 1) + rowStep, 0);
      }
    }
    if (H & 1) zeroRow(at(gx, (plane * H + H - 1) * W), W);
  }
}

function unpoolRow(gy: usize, winners: usize, top: usize, bottom: usize, PW: i32): void {
  let px = 0;
  for (; px + 4 <= PW; px += 4, gy += 16, winners += 4, top += 32, bottom += 32) {
    const g = v128.load(gy);
    const winner = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(winners)));
    const a = v128.and(g, i32x4.eq(winner, i32x4.splat(0))), b = v128.and(g, i32x4.eq(winner, i32x4.splat(1)));
    const c = v128.and(g, i32x4.eq(winner, i32x4.splat(2))), d = v128.and(g, i32x4.eq(winner, i32x4.splat(3)));
    v128.store(top, v128.shuffle<f32>(a, b, 0, 4, 1, 5));
    v128.store(top, v128.shuffle<f32>(a, b, 2, 6, 3, 7), 16);
    v128.store(bottom, v128.shuffle<f32>(c, d, 0, 4, 1, 5));
    v128.store(bottom, v128.shuffle<f32>(c, d, 2, 6, 3, 7), 16);
  }
  for (; px < PW; px++, gy += 4, winners++, top += 8, bottom += 8) {
    const g = load<f32>(gy), winner = load<u8>(winners);
    store<f32>(top, winner == 0 ? g : 0);
    store<f32>(top, winner == 1 ? g : 0, 4);
    store<f32>(bottom, winner == 2 ? g : 0);
    store<f32>(bottom, winner == 3 ? g : 0, 4);
  }
}

/**
 * Max pooling of any bins, dense planes [from, to): bin (p, q) has rows rowStart[p], + rowStep, … below rowEnd[p], and
 * columns alike. places, if not 0, gets the winner's place in its plane (int32): the first maximum, NaN over everything.
 */
export function maxPool(
  scratch: usize, from: i32, to: i32, x: usize, H: i32, W: i32, P: i32, rowStart: usize, rowEnd: usize, rowStep: i32,
  Q: i32, columnStart: usize, columnEnd: usize, columnStep: i32, out: usize, places: usize,
): void {
  for (let plane = from; plane < to; plane++) {
    const source = at(x, plane * H * W);
    for (let p = 0; p < P; p++) {
      const top = load<i32>(at(rowStart, p)), bottom = load<i32>(at(rowEnd, p)), place = (plane * P + p) * Q;
      maxOfBins(source, W, top, bottom, rowStep, Q, columnStart, columnEnd, columnStep, at(out, place), places ? at(places, place) : 0);
    }
  }
}

/** One row of bins. */
export function maxOfBins(
  source: usize, W: i32, top: i32, bottom: i32, rowStep: i32, Q: i32, columnStart: usize, columnEnd: usize, columnStep: i32, out: usize, places: usize,
): void {
  for (let q = 0; q < Q; q++) {
    const left = load<i32>(at(columnStart, q)), right = load<i32>(at(columnEnd, q));
    let best: f32 = -Infinity, winner = top * W + left;
    for (let h = top; h < bottom; h += rowStep) {
      for (let w = left; w < right; w += columnStep) {
        const v = load<f32>(at(source, h * W + w));
        if (v > best || isNaN(v)) {
          best = v;
          winner = h * W + w;
        }
      }
    }
    store<f32>(at(out, q), best);
    if (places) store<i32>(at(places, q), winner);
  }
}

/** The way back of `maxPool`: gradients are added up at their winners. gx is zeroed first. */
export function maxPoolBackward(scratch: usize, from: i32, to: i32, gy: usize, places: usize, outputs: i32, inputs: i32, gx: usize): void {
  for (let plane = from; plane < to; plane++) {
    const to = at(gx, plane * inputs);
    zeroRow(to, inputs);
    for (let i = plane * outputs; i < (plane + 1) * outputs; i++) {
      const winner = load<i32>(at(places, i));
      if (winner < 0) continue;
      const p = at(to, winner);
      store<f32>(p, load<f32>(p) + load<f32>(at(gy, i)));
    }
  }
}

/** Average pooling of any bins (see maxPool), dense planes [from, to): sums over rowDivisor[p] · columnDivisor[q], as float32. */
export function averagePool(
  scratch: usize, from: i32, to: i32, x: usize, H: i32, W: i32, P: i32, rowStart: usize, rowEnd: usize, rowDivisor: usize,
  Q: i32, columnStart: usize, columnEnd: usize, columnDivisor: usize, out: usize,
): void {
  for (let plane = from; plane < to; plane++) {
    const source = at(x, plane * H * W);
    for (let p = 0; p < P; p++) {
      const top = load<i32>(at(rowStart, p)), bottom = load<i32>(at(rowEnd, p));
      for (let q = 0; q < Q; q++) {
        const left = load<i32>(at(columnStart, q)), right = load<i32>(at(columnEnd, q));
        let sum: f32 = 0;
        for (let h = top; h < bottom; h++) for (let w = left; w < right; w++) sum += load<f32>(at(source, h * W + w));
        if (top < bottom && left < right) sum /= load<f32>(at(rowDivisor, p)) * load<f32>(at(columnDivisor, q));
        store<f32>(at(out, (plane * P + p) * Q + q), sum);
      }
    }
  }
}

/** The way back of `averagePool`: each gradient is spread evenly over its bin. gx is zeroed first. */
export function averagePoolBackward(
  scratch: usize, from: i32, to: i32, gy: usize, H: i32, W: i32, P: i32, rowStart: usize, rowEnd: usize, rowDivisor: usize,
  Q: i32, columnStart: usize, columnEnd: usize, columnDivisor: usize, gx: usize,
): void {
  for (let plane = from; plane < to; plane++) {
    const target = at(gx, plane * H * W);
    zeroRow(target, H * W);
    for (let p = 0; p < P; p++) {
      const top = load<i32>(at(rowStart, p)), bottom = load<i32>(at(rowEnd, p));
      for (let q = 0; q < Q; q++) {
        const left = load<i32>(at(columnStart, q)), right = load<i32>(at(columnEnd, q));
        const share = load<f32>(at(gy, (plane * P + p) * Q + q)) / (load<f32>(at(rowDivisor, p)) * load<f32>(at(columnDivisor, q)));
        for (let h = top; h < bottom; h++) {
          for (let w = left; w < right; w++) {
            const place = at(target, h * W + w);
            store<f32>(place, load<f32>(place) + share);
          }
        }
      }
    }
  }
}

/** Average pooling 2 × 2 with stride 2, dense planes [from, to): sums times `share`. */
export function averagePool2(scratch: usize, from: i32, to: i32, x: usize, H: i32, W: i32, share: f32, out: usize): void {
  const PH = H >> 1, PW = W >> 1, shares = f32x4.splat(share), step = <usize>W << 2;
  const length = <usize>(PW & ~7) << 2, rest = <usize>(PW - 4) << 2;
  for (let plane = from; plane < to; plane++) {
    let top = at(x, plane * H * W), p = at(out, plane * PH * PW);
    for (let y = 0; y < PH; y++, top += 2 * step, p += <usize>PW << 2) {
      const bottom = top + step;
      for (let i: usize = 0; i < length; i += 32) {
        fourMeans(top + 2 * i, bottom + 2 * i, p + i, shares);
        fourMeans(top + 2 * i + 32, bottom + 2 * i + 32, p + i + 16, shares);
      }
      if (PW & 4) fourMeans(top + 2 * length, bottom + 2 * length, p + length, shares);
      if (PW & 3) {
        if (PW > 4) fourMeans(top + 2 * rest, bottom + 2 * rest, p + rest, shares); // some for the second time
        else for (let px = 0; px < PW; px++) store<f32>(at(p, px), meanOf(at(top, 2 * px), at(bottom, 2 * px), share));
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function meanOf(p: usize, q: usize, share: f32): f32 {
  return (load<f32>(p) + load<f32>(q) + (load<f32>(p, 4) + load<f32>(q, 4))) * share;
}

// @ts-ignore: decorator
@inline
function fourMeans(p: usize, q: usize, out: usize, shares: v128): void {
  const left = f32x4.add(v128.load(p), v128.load(q)), right = f32x4.add(v128.load(p, 16), v128.load(q, 16));
  const sum = f32x4.add(v128.shuffle<f32>(left, right, 0, 2, 4, 6), v128.shuffle<f32>(left, right, 1, 3, 5, 7));
  v128.store(out, f32x4.mul(sum, shares));
}
