// CHANNELS channels of a piece of an image, side by side: [rows][columns][CHANNELS]. What lies outside the image is 0, so that
// nobody else has to think of edges. A strip is small and stays in the first-level cache.

import { CHANNELS } from "./micro";
import { at, zeroRow } from "./simd";

/** Bytes from a pixel to the next. */
const PIXEL: usize = 4 * CHANNELS;

/** Where rows of a strip come from: image rows y, y + down, … and columns x, x + across, …; both may lie outside. */
export function fillStrip(
  plane: usize, planeStep: usize, channels: i32, H: i32, W: i32,
  y: i32, down: i32, rows: i32, x: i32, across: i32, columns: i32, out: usize,
): void {
  // columns [first, last) lie inside
  const first = min(columns, x < 0 ? (across - 1 - x) / across : 0);
  const last = max(first, min(columns, x < W ? (W - x + across - 1) / across : 0));
  const step = <usize>columns * PIXEL;
  for (let row = 0; row < rows; row++, y += down, out += step) {
    if (y < 0 || y >= H) {
      zeroRow(out, CHANNELS * columns);
      continue;
    }
    zeroRow(out, CHANNELS * first);
    let source = at(plane, y * W + x + first * across), to = out + <usize>first * PIXEL;
    for (let left = channels, quad = 0; quad < CHANNELS; quad += 4, left -= 4, source += 4 * planeStep, to += 16) {
      if (left < 4) gatherSome(source, planeStep, left, across, last - first, to);
      else if (across == 1) interleave(source, planeStep, last - first, to);
      else gatherFour(source, planeStep, across, last - first, to);
    }
    zeroRow(out + <usize>last * PIXEL, CHANNELS * (columns - last));
  }
}

/** `n` neighbours of each of four planes. */
function interleave(p0: usize, planeStep: usize, n: i32, out: usize): void {
  let p1 = p0 + planeStep, p2 = p1 + planeStep, p3 = p2 + planeStep;
  for (; n >= 4; n -= 4, out += 4 * PIXEL) {
    const r0 = v128.load(p0), r1 = v128.load(p1), r2 = v128.load(p2), r3 = v128.load(p3);
    const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    v128.store(out, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
    v128.store(out + PIXEL, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7));
    v128.store(out + 2 * PIXEL, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5));
    v128.store(out + 3 * PIXEL, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7));
    p0 += 16; p1 += 16; p2 += 16; p3 += 16;
  }
  gatherFour(p0, planeStep, 1, n, out);
}

function gatherFour(p0: usize, planeStep: usize, across: i32, n: i32, out: usize): void {
  const p1 = p0 + planeStep, p2 = p1 + planeStep, p3 = p2 + planeStep, end = at(p0, n * across), step = <usize>across << 2;
  for (let i: usize = 0; p0 + i < end; i += step, out += PIXEL) {
    let v = v128.load32_zero(p0 + i);
    v = v128.load32_lane(p1 + i, v, 1);
    v = v128.load32_lane(p2 + i, v, 2);
    v128.store(out, v128.load32_lane(p3 + i, v, 3));
  }
}

/** Fewer than four planes, or none: the other lanes are 0. */
function gatherSome(plane: usize, planeStep: usize, channels: i32, across: i32, n: i32, out: usize): void {
  for (let i = 0; i < n; i++) v128.store(out + <usize>i * PIXEL, f32x4.splat(0));
  for (let channel = 0; channel < channels; channel++, plane += planeStep, out += 4) {
    for (let i = 0; i < n; i++) store<f32>(out + <usize>i * PIXEL, load<f32>(at(plane, i * across)));
  }
}
