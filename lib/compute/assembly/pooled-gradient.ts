// The gradient of a convolution's weights and bias straight from the gradient behind its 2 × 2 max pooling. Three
// quarters of the gradient before the pooling are zeros: here they are neither written nor multiplied.

import { at, fenceValue, multiplyAdd, sumOfLanes } from "./simd";

/**
 * For output channels [from, to), sums over images and pooled places of gy · (what the winner's window saw of x).
 * gy, winners (a byte each, see pool.ts): dense [images, outputs, PH, PW]. x: padded planes; steps in bytes.
 * offsets: where each vector of four kernel columns begins, from a window's first pixel; `count` vectors, in tens.
 * sums: [outputs][count][4] and [outputs] for the bias; they go on from call to call, from the `first` batch of images.
 */
export function pooledWeightGradient(
  scratch: usize, from: i32, to: i32, gy: usize, winners: usize, PH: i32, PW: i32, outputs: i32, images: i32,
  x: usize, imageStep: usize, rowStep: usize, columnStep: usize, offsets: usize, count: i32, sums: usize, biasSums: usize, first: bool,
): void {
  const step = <usize>count << 4;
  if (first) {
    memory.fill(sums + <usize>from * step, 0, <usize>(to - from) * step);
    memory.fill(at(biasSums, from), 0, <usize>(to - from) << 2);
  }
  for (let image = 0; image < images; image++) {
    for (let p = 0; p < PH; p++) {
      const source = x + <usize>image * imageStep + <usize>(2 * p) * rowStep;
      for (let output = from; output < to; output++) {
        const place = ((image * outputs + output) * PH + p) * PW, mine = sums + <usize>output * step;
        for (let i = 0; i < count; i += 10)
          addWindows(at(gy, place), winners + place, PW, source, rowStep, columnStep, at(offsets, i), mine + (<usize>i << 4));
        const bias = at(biasSums, output);
        store<f32>(bias, load<f32>(bias) + sumOfKept(at(gy, place), winners + place, PW));
      }
    }
  }
}

/** The sum of the gradients that ReLU did not cut off. */
function sumOfKept(gy: usize, winners: usize, n: i32): f32 {
  let sums = f32x4.splat(0), i = 0;
  for (; i + 4 <= n; i += 4) {
    const winner = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(winners + i)));
    sums = f32x4.add(sums, v128.and(v128.load(at(gy, i)), i32x4.lt_s(winner, i32x4.splat(4))));
  }
  let sum = sumOfLanes(sums);
  for (; i < n; i++) sum += load<u8>(winners + i) < 4 ? load<f32>(at(gy, i)) : 0;
  return sum;
}

/** Ten running sums over a row of pooled places. */
function addWindows(gy: usize, winners: usize, n: i32, source: usize, rowStep: usize, columnStep: usize, offsets: usize, sums: usize): void {
  const fence = fenceValue();
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0, s8 = s0, s9 = s0;
  for (let i = 0; i < n; i++, source += 2 * columnStep) {
    const winner = <i32>load<u8>(winners + i);
    const g = i32x4.splat(load<i32>(at(gy, i)) & ((winner - 4) >> 31)); // 0 if cut off, without a branch
    const p = source + (winner & 1 ? columnStep : 0) + (winner & 2 ? rowStep : 0);
    s0 = multiplyAdd(g, v128.load(p + load<u32>(offsets)), s0);
    s1 = multiplyAdd(g, v128.load(p + load<u32>(offsets, 4)), s1);
    s2 = multiplyAdd(g, v128.load(p + load<u32>(offsets, 8)), s2);
    if (fence == 201) break;
    s3 = multiplyAdd(g, v128.load(p + load<u32>(offsets, 12)), s3);
    s4 = multiplyAdd(g, v128.load(p + load<u32>(offsets, 16)), s4);
    s5 = multiplyAdd(g, v128.load(p + load<u32>(offsets, 20)), s5);
    if (fence == 202) break;
    s6 = multiplyAdd(g, v128.load(p + load<u32>(offsets, 24)), s6);
    s7 = multiplyAdd(g, v128.load(p + load<u32>(offsets, 28)), s7);
    if (fence == 203) break;
    s8 = multiplyAdd(g, v128.load(p + load<u32>(offsets, 32)), s8);
    s9 = multiplyAdd(g, v128.load(p + load<u32>(offsets, 36)), s9);
  }
  addTo(sums, s0); addTo(sums + 16, s1); addTo(sums + 32, s2); addTo(sums + 48, s3); addTo(sums + 64, s4);
  addTo(sums + 80, s5); addTo(sums + 96, s6); addTo(sums + 112, s7); addTo(sums + 128, s8); addTo(sums + 144, s9);
}

// @ts-ignore: decorator
@inline
function addTo(place: usize, v: v128): void {
  v128.store(place, f32x4.add(v128.load(place), v));
}
