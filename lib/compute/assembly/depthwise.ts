// Depthwise convolution: every channel has its own kernel, and meets no other. A plane is padded into memory that
// stays in the first-level cache, and convolved there at once.

import { at, copyRow } from "./simd";
import { padPlanes } from "./copy";
import { correlate16, correlate8 } from "./micro";

/**
 * Planes [from, to), counted image · channels + channel, of dense x [images, channels, H, W]; out is [.., P, Q].
 * padding as in padPlanes; taps: byte offsets in the padded plane, tapPlaces: where each tap's weight lies in the
 * kernel's `size` numbers. rowStep: bytes between the rows of two output rows. bias may be 0.
 * scratch: 64 bytes, the tap weights, and a padded plane with 64 floats to spare.
 */
export function depthwise(
  scratch: usize, from: i32, to: i32, x: usize, H: i32, W: i32, top: i32, left: i32, rows: i32, pitch: i32, phases: i32,
  rowStep: i32, taps: usize, tapPlaces: usize, tapCount: i32, weights: usize, size: i32, bias: usize, channels: i32,
  out: usize, P: i32, Q: i32,
): void {
  const tile = scratch, own = scratch + 64, plane = at(own, (tapCount + 3) & ~3);
  for (let i = from; i < to; i++) {
    const channel = i % channels, b = bias ? load<f32>(at(bias, channel)) : 0;
    for (let tap = 0; tap < tapCount; tap++)
      store<f32>(at(own, tap), load<f32>(at(weights, channel * size + load<i32>(at(tapPlaces, tap)))));
    padPlanes(0, 0, 1, at(x, i * H * W), 0, W, H, W, top, left, rows, pitch, phases, plane);
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
