// Depthwise convolution: every channel has its own kernel, and meets no other. A plane is padded into memory that
// stays in the first-level cache, and convolved there at once.

import { at, copyRow, loadPart, multiplyAdd, sumOfLanes, zeroRow } from "./simd";
import { interleave, padPlanes } from "./copy";
import {
  correlate16, correlate8, correlateBordered3, correlateRow3, correlateTwoRows12Wide, correlateTwoRows16Wide, correlateTwoRows3,
  correlateTwoRows4Wide, correlateTwoRows8Wide,
} from "./micro";

/**
 * Planes [from, to), counted image · channels + channel, of dense x [images, channels, H, W]; out is [.., P, Q].
 * padding as in padPlanes; kernels [K, L]; taps: byte offsets in the padded plane, tapPlaces: where each tap's weight lies in
 * the kernel. rowStep: bytes between the rows of two output rows. bias may be 0.
 * scratch: two rows of 16 floats, the tap weights, and a padded plane with 64 floats to spare.
 */
export function depthwise(
  scratch: usize, from: i32, to: i32, x: usize, H: i32, W: i32, top: i32, left: i32, rows: i32, pitch: i32, phases: i32,
  rowStep: i32, taps: usize, tapPlaces: usize, K: i32, L: i32, weights: usize, bias: usize, channels: i32,
  out: usize, P: i32, Q: i32,
): void {
  const tile = scratch, own = scratch + 128, count = K * L, plane = at(own, (count + 3) & ~3);
  const down = K > 1 ? load<i32>(at(taps, L)) : rowStep; // bytes from one row of the kernel to the next
  for (let i = from; i < to; i++) {
    const channel = i % channels, b = bias ? load<f32>(at(bias, channel)) : 0;
    for (let tap = 0; tap < count; tap++)
      store<f32>(at(own, tap), load<f32>(at(weights, channel * count + load<i32>(at(tapPlaces, tap)))));
    padPlanes(0, 0, 1, at(x, i * H * W), 0, W, H, W, top, left, rows, pitch, phases, plane, 0);
    if (K == 3 && L == 3 && Q >= 4) convolveSquare(own, plane, rowStep, taps, b, at(out, i * P * Q), P, Q);
    else {
      let p = 0;
      if (down == rowStep)
        for (; p + 2 <= P; p += 2) correlateTwoRows(own, plane + <usize>(p * rowStep), down, taps, K, L, b, at(out, (i * P + p) * Q), Q, tile);
      for (; p < P; p++) correlateRow(own, plane + <usize>(p * rowStep), taps, count, b, at(out, (i * P + p) * Q), Q, tile);
    }
  }
}

function correlateRow(weights: usize, x: usize, taps: usize, count: i32, bias: f32, out: usize, Q: i32, tile: usize): void {
  for (let q = 0; q < Q; q += 16) {
    if (q + 16 <= Q) correlate16(weights, at(x, q), taps, count, bias, at(out, q));
    else {
      // half a tile where that is enough
      if (q + 8 < Q) correlate16(weights, at(x, q), taps, count, bias, tile);
      else correlate8(weights, at(x, q), taps, count, bias, tile);
      copyRow(tile, at(out, q), Q - q);
    }
  }
}

function correlateTwoRows(weights: usize, x: usize, down: usize, taps: usize, K: i32, L: i32, bias: f32, out: usize, Q: i32, tile: usize): void {
  let q = 0;
  for (; q + 16 <= Q; q += 16) correlateTwoRows16Wide(weights, at(x, q), down, taps, K, L, bias, at(out, q), <usize>Q << 2);
  const left = Q - q, p = at(x, q);
  if (left == 0) return;
  if (left > 12) correlateTwoRows16Wide(weights, p, down, taps, K, L, bias, tile, 64);
  else if (left > 8) correlateTwoRows12Wide(weights, p, down, taps, K, L, bias, tile, 64);
  else if (left > 4) correlateTwoRows8Wide(weights, p, down, taps, K, L, bias, tile, 64);
  else correlateTwoRows4Wide(weights, p, down, taps, K, L, bias, tile, 64);
  copyRow(tile, at(out, q), left);
  copyRow(tile + 64, at(out, q + Q), left);
}

/** One plane with a kernel of 3 × 3: two rows at a time share what they load, if they are kernel rows apart. */
function convolveSquare(weights: usize, plane: usize, rowStep: i32, taps: usize, bias: f32, out: usize, P: i32, Q: i32): void {
  const o1 = load<u32>(taps, 4), o2 = load<u32>(taps, 8), down = load<u32>(taps, 12), outStep = <usize>Q << 2;
  let p = 0;
  if (down == rowStep) {
    for (; p + 2 <= P; p += 2, plane += 2 * down, out += 2 * outStep)
      correlateTwoRows3(weights, plane, down, o1, o2, Q, bias, out, outStep);
  }
  for (; p < P; p++, plane += rowStep, out += outStep) correlateRow3(weights, plane, down, o1, o2, Q, bias, out);
}

/**
 * The same for kernels of 3 × 3 and one zero around the image (H at least 2, W at least 8), without a padded copy.
 * `flip` turns each kernel by 180°. scratch: 9 floats, and W + 16 more for a row of zeros.
 */
export function depthwiseBordered(
  scratch: usize, from: i32, to: i32, x: usize, H: i32, W: i32, weights: usize, flip: bool, bias: usize, channels: i32, out: usize,
): void {
  const step = <usize>W << 2, zeros = scratch + 64;
  zeroRow(zeros - 16, W + 8);
  for (let i = from; i < to; i++) {
    const channel = i % channels, b = bias ? load<f32>(at(bias, channel)) : 0, plane = at(x, i * H * W);
    for (let tap = 0; tap < 9; tap++) store<f32>(at(scratch, tap), load<f32>(at(weights, 9 * channel + (flip ? 8 - tap : tap))));
    for (let pair = 0; pair < H; pair += 2) {
      const y = min(pair, H - 2), row = plane + <usize>y * step; // the last pair may do a row a second time
      correlateBordered3(
        scratch, y > 0 ? row - step : zeros, row, row + step, y + 2 < H ? row + 2 * step : zeros,
        W, b, at(out, (i * H + y) * W), step,
      );
    }
  }
}

/**
 * The gradient of x with strides `down` and `across`: planes [from, to), gx is [.., H, W]. Pixel (h, w) sees the taps of
 * entry h % down · across + w % across of `pixels`, [first, count], in a padded plane of gy, from row h / down and column
 * w / across on. taps, tapPlaces: in that order. scratch: rows of 16 floats, one for each of `across`, the tap weights, and a
 * padded plane with 64 floats to spare.
 */
export function depthwiseSpread(
  scratch: usize, from: i32, to: i32, gy: usize, P: i32, Q: i32, top: i32, left: i32, rows: i32, pitch: i32,
  pixels: usize, down: i32, across: i32, taps: usize, tapPlaces: usize, count: i32, weights: usize, channels: i32,
  gx: usize, H: i32, W: i32,
): void {
  const own = scratch + (<usize>across << 6), plane = at(own, (count + 3) & ~3), rowStep = <usize>pitch << 2;
  for (let i = from; i < to; i++) {
    for (let tap = 0; tap < count; tap++)
      store<f32>(at(own, tap), load<f32>(at(weights, i % channels * count + load<i32>(at(tapPlaces, tap)))));
    padPlanes(0, 0, 1, at(gy, i * P * Q), 0, Q, P, Q, top, left, rows, pitch, 1, plane, 0);
    for (let h = 0; h < H; h++) {
      const source = plane + <usize>(h / down) * rowStep, row = at(gx, (i * H + h) * W), entries = at(pixels, 2 * (h % down) * across);
      for (let w = 0, column = 0; w < W; w += 16 * across, column += 16) {
        for (let phase = 0; phase < across; phase++) {
          const first = load<i32>(at(entries, 2 * phase)), some = load<i32>(at(entries, 2 * phase + 1));
          correlate16(at(own, first), at(source, column), at(taps, first), some, 0, scratch + (<usize>phase << 6));
        }
        interleave(scratch, 64, across, at(row, w), min(16 * across, W - w));
      }
    }
  }
}

/**
 * The gradient of the weights of channels [from, to): for each tap, the products of gy [images, channels, P, Q] with the
 * padded plane of x, summed. As above; taps: `count` of them, in threes, the last repeated; `size` are wanted.
 * scratch: `count` doubles, and a padded plane with 64 floats to spare.
 */
export function depthwiseWeightGradient(
  scratch: usize, from: i32, to: i32, x: usize, H: i32, W: i32, top: i32, left: i32, rows: i32, pitch: i32, phases: i32,
  rowStep: i32, taps: usize, count: i32, size: i32, gy: usize, images: i32, channels: i32, P: i32, Q: i32, gradient: usize,
): void {
  const sums = scratch, plane = scratch + ((<usize>count << 3) + 63 & ~63), strip = max(1, 1024 / Q);
  for (let channel = from; channel < to; channel++) {
    memory.fill(sums, 0, <usize>count << 3);
    for (let image = 0; image < images; image++) {
      const i = image * channels + channel;
      padPlanes(0, 0, 1, at(x, i * H * W), 0, W, H, W, top, left, rows, pitch, phases, plane, 0);
      for (let p = 0; p < P; p += strip) {
        const g = at(gy, (i * P + p) * Q), some = min(strip, P - p), source = plane + <usize>(p * rowStep);
        for (let tap = 0; tap < count; tap += 3) {
          const table = at(taps, tap);
          addDots(g, Q, some, source + load<u32>(table), source + load<u32>(table, 4), source + load<u32>(table, 8), rowStep, sums + (<usize>tap << 3));
        }
      }
    }
    for (let tap = 0; tap < size; tap++) store<f32>(at(gradient, channel * size + tap), <f32>load<f64>(sums + (<usize>tap << 3)));
  }
}

/** Adds to three sums: `rows` rows of Q numbers at g with three other places. */
function addDots(g: usize, Q: i32, rows: i32, x0: usize, x1: usize, x2: usize, rowStep: usize, sums: usize): void {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, t0 = s0, t1 = s0, t2 = s0;
  for (; rows > 0; rows--) {
    let i: usize = 0, left = Q;
    for (; left >= 8; left -= 8, i += 32) {
      let v = v128.load(g + i);
      s0 = multiplyAdd(v, v128.load(x0 + i), s0);
      s1 = multiplyAdd(v, v128.load(x1 + i), s1);
      s2 = multiplyAdd(v, v128.load(x2 + i), s2);
      v = v128.load(g + i, 16);
      t0 = multiplyAdd(v, v128.load(x0 + i, 16), t0);
      t1 = multiplyAdd(v, v128.load(x1 + i, 16), t1);
      t2 = multiplyAdd(v, v128.load(x2 + i, 16), t2);
    }
    for (; left > 0; left -= 4, i += 16) {
      const some = min(4, left), v = some == 4 ? v128.load(g + i) : loadPart(g + i, some);
      s0 = multiplyAdd(v, some == 4 ? v128.load(x0 + i) : loadPart(x0 + i, some), s0);
      s1 = multiplyAdd(v, some == 4 ? v128.load(x1 + i) : loadPart(x1 + i, some), s1);
      s2 = multiplyAdd(v, some == 4 ? v128.load(x2 + i) : loadPart(x2 + i, some), s2);
    }
    g += <usize>Q << 2;
    x0 += rowStep; x1 += rowStep; x2 += rowStep;
  }
  store<f64>(sums, load<f64>(sums) + sumOfLanes(f32x4.add(s0, t0)));
  store<f64>(sums, load<f64>(sums, 8) + sumOfLanes(f32x4.add(s1, t1)), 8);
  store<f64>(sums, load<f64>(sums, 16) + sumOfLanes(f32x4.add(s2, t2)), 16);
}
