// Depthwise convolution: every channel has its own kernel, and meets no other. A plane is padded into memory that
// stays in the first-level cache, and convolved there at once.

import { at, copyRow, loadPart, multiplyAdd, sumOfLanes } from "./simd";
import { padPlanes } from "./copy";
import { correlate16, correlate8, correlateRow3, correlateTwoRows3 } from "./micro";

/**
 * Planes [from, to), counted image · channels + channel, of dense x [images, channels, H, W]; out is [.., P, Q].
 * padding as in padPlanes; taps: byte offsets in the padded plane, tapPlaces: where each tap's weight lies in the
 * kernel's `size` numbers; square: it is 3 × 3. rowStep: bytes between the rows of two output rows. bias may be 0.
 * scratch: 64 bytes, the tap weights, and a padded plane with 64 floats to spare.
 */
export function depthwise(
  scratch: usize, from: i32, to: i32, x: usize, H: i32, W: i32, top: i32, left: i32, rows: i32, pitch: i32, phases: i32,
  rowStep: i32, taps: usize, tapPlaces: usize, tapCount: i32, weights: usize, size: i32, bias: usize, channels: i32,
  out: usize, P: i32, Q: i32, square: bool,
): void {
  const tile = scratch, own = scratch + 64, plane = at(own, (tapCount + 3) & ~3);
  for (let i = from; i < to; i++) {
    const channel = i % channels, b = bias ? load<f32>(at(bias, channel)) : 0;
    for (let tap = 0; tap < tapCount; tap++)
      store<f32>(at(own, tap), load<f32>(at(weights, channel * size + load<i32>(at(tapPlaces, tap)))));
    padPlanes(0, 0, 1, at(x, i * H * W), 0, W, H, W, top, left, rows, pitch, phases, plane, 0);
    if (square && Q >= 4) {
      convolveSquare(own, plane, rowStep, taps, b, at(out, i * P * Q), P, Q);
      continue;
    }
    for (let p = 0; p < P; p++) {
      const source = plane + <usize>(p * rowStep), target = at(out, (i * P + p) * Q);
      for (let q = 0; q < Q; q += 16) {
        if (q + 16 <= Q) correlate16(own, at(source, q), taps, tapCount, b, at(target, q));
        else {
          // half a tile where that is enough
          if (q + 8 < Q) correlate16(own, at(source, q), taps, tapCount, b, tile);
          else correlate8(own, at(source, q), taps, tapCount, b, tile);
          copyRow(tile, at(target, q), Q - q);
        }
      }
    }
  }
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
