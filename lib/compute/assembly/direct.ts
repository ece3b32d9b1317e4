// Direct convolution, as an implicit matrix product over zero-padded planes (copy.ts), for any kernel size, stride,
// dilation and group. A "tap" is one place of the kernel in one input channel: a table holds the byte offset of each from a
// pixel of the first.

import { at, multiplyAdd, storePart, sumOfLanes } from "./simd";
import { interleave } from "./copy";
import { COLUMNS, convolveHalf, convolveHalves, convolveTile, ROW } from "./micro";
import { poolRows } from "./pool";

// Groups lie one after the other, in the images as in the weights: [images][groups][channels]. "images" below counts both.

/**
 * Packs weights for `convolve`: [groups][outputs/4][inputs][taps][4], outputs beyond the end as zeros, for [from, to) of
 * groups · outputs/4. Steps in floats; tapPlaces: for each tap where it lies in the kernel's H·W numbers.
 */
export function packWeights(
  scratch: usize, from: i32, to: i32, weights: usize, groupStep: i32, outputStep: i32, inputStep: i32, outputs: i32, inputs: i32,
  tapPlaces: usize, tapCount: i32, packed: usize,
): void {
  const quads = (outputs + 3) >> 2;
  packed = at(packed, from * inputs * tapCount * 4);
  for (let i = from; i < to; i++) {
    const output = 4 * (i % quads), some = min(4, outputs - output);
    for (let input = 0; input < inputs; input++) {
      const kernel = at(weights, (i / quads) * groupStep + output * outputStep + input * inputStep);
      for (let tap = 0; tap < tapCount; tap++, packed += 16) {
        const p = at(kernel, load<i32>(at(tapPlaces, tap)));
        v128.store(packed, f32x4.splat(0));
        for (let i = 0; i < some; i++) store<f32>(at(packed, i), load<f32>(at(p, i * outputStep)));
      }
    }
  }
}

/** Places an output row of four channels into the result: `some` channels, `pixels` of them. */
function placeTile(tile: usize, out: usize, planeStep: usize, some: i32, pixels: i32): void {
  for (let channel = 0; channel < some; channel++, tile += ROW, out += planeStep) {
    let i = 0;
    for (; i + 4 < pixels; i += 4) v128.store(at(out, i), v128.load(at(tile, i)));
    storePart(at(out, i), v128.load(at(tile, i)), pixels - i);
  }
}

/**
 * Output rows [from, to), counted over all images: image · OH + row.
 * x: padded planes; steps in bytes. out: dense [images][outputs][OH][OW]. bias: of each group, padded to a multiple of 4.
 * scratch: one tile.
 */
export function convolve(
  scratch: usize, from: i32, to: i32, x: usize, imageStep: usize, rowStep: usize, taps: usize, count: i32,
  weights: usize, bias: usize, outputs: i32, groups: i32, out: usize, OH: i32, OW: i32, relu: bool,
): void {
  const outPlane = OH * OW, outStep = <usize>outPlane << 2, weightStep = <usize>count << 4, quads = (outputs + 3) >> 2;
  // where a row ends in half a tile, two rows end together
  const rest = OW & (COLUMNS - 1), half = rest > 0 && rest <= COLUMNS / 2;
  let ended = -1;
  for (let unit = from; unit < to; unit++) {
    const image = unit / OH, y = unit % OH, both = half && unit != ended && unit + 1 < to && y + 1 < OH;
    const source = x + <usize>image * imageStep + <usize>y * rowStep, firstQuad = image % groups * quads;
    for (let output = 0; output < outputs; output += 4) {
      const quad = firstQuad + (output >> 2), w = weights + <usize>quad * weightStep;
      const some = min(4, outputs - output), b = at(bias, 4 * quad);
      const row = at(out, (image * outputs + output) * outPlane + y * OW);
      for (let px = 0; px < OW; px += COLUMNS) {
        const place = at(row, px), p = at(source, px), left = OW - px;
        if (left >= COLUMNS && some == 4) {
          convolveTile(w, p, taps, count, b, place, outStep, relu);
          continue;
        }
        if (left <= COLUMNS / 2 && unit == ended) continue;
        if (left <= COLUMNS / 2 && both) {
          convolveHalves(w, p, rowStep, taps, count, b, scratch, ROW, relu);
          placeTile(scratch, place, outStep, some, left);
          placeTile(scratch + ROW / 2, at(place, OW), outStep, some, left);
          continue;
        }
        if (left > COLUMNS / 2) convolveTile(w, p, taps, count, b, scratch, ROW, relu);
        else convolveHalf(w, p, taps, count, b, scratch, ROW, relu);
        placeTile(scratch, place, outStep, some, min(COLUMNS, left));
      }
    }
    if (both) ended = unit + 1;
  }
}

/**
 * The gradient of x with a stride: its pixels lie in groups of `across`, and each pixel of such a group is a convolution of gy
 * with taps of its own. Rows [from, to), counted over all images: image · rows + row; row i is row top + i · down of out,
 * dense [images][outputs][H][W]. x: padded planes of gy; steps in bytes. phases: for each pixel of a group
 * [taps, count, weights], as in `convolve`. zeros: four of them. scratch: a tile for each pixel of a group.
 */
export function convolveSpread(
  scratch: usize, from: i32, to: i32, x: usize, imageStep: usize, rowStep: usize, phases: usize, across: i32,
  zeros: usize, outputs: i32, groups: i32, out: usize, rows: i32, top: i32, down: i32, H: i32, W: i32,
): void {
  const plane = H * W, quads = (outputs + 3) >> 2;
  for (let unit = from; unit < to; unit++) {
    const image = unit / rows, y = top + (unit % rows) * down, firstQuad = image % groups * quads;
    const source = x + <usize>image * imageStep + <usize>(unit % rows) * rowStep;
    for (let output = 0; output < outputs; output += 4) {
      const row = at(out, (image * outputs + output) * plane + y * W), quad = firstQuad + (output >> 2);
      for (let i = 0, w = 0; w < W; i += COLUMNS, w += COLUMNS * across) {
        const few = W - w <= across * (COLUMNS / 2), length = min(W - w, across * (few ? COLUMNS / 2 : COLUMNS));
        for (let phase = 0; phase < across; phase++) {
          const entry = at(phases, 3 * phase), taps = load<u32>(entry), count = load<i32>(entry, 4);
          const weights = load<u32>(entry, 8) + (<usize>(quad * count) << 4), tile = scratch + <usize>(4 * phase) * ROW;
          if (few) convolveHalf(weights, at(source, i), taps, count, zeros, tile, ROW, false);
          else convolveTile(weights, at(source, i), taps, count, zeros, tile, ROW, false);
        }
        for (let channel = 0; channel < min(4, outputs - output); channel++)
          interleave(scratch + <usize>channel * ROW, 4 * ROW, across, at(row, channel * plane + w), length);
      }
    }
  }
}

/**
 * Convolution, ReLU and 2 × 2 max pooling in one: pooled rows [from, to), counted over all images.
 * out: dense [images][outputs][PH][PW]; winners, if not 0, gets a byte for each (see pool.ts). scratch: two rows of four
 * channels.
 */
export function convolvePool(
  scratch: usize, from: i32, to: i32, x: usize, imageStep: usize, rowStep: usize, taps: usize, count: i32,
  weights: usize, bias: usize, outputs: i32, groups: i32, out: usize, winners: usize, PH: i32, PW: i32, relu: bool,
): void {
  const weightStep = <usize>count << 4, quads = (outputs + 3) >> 2;
  const width = (2 * PW + COLUMNS - 1) & -COLUMNS, lineStep = <usize>width << 2, second = scratch + 4 * lineStep;
  for (let unit = from; unit < to; unit++) {
    const image = unit / PH, y = unit % PH;
    const source = x + <usize>image * imageStep + <usize>(2 * y) * rowStep, firstQuad = image % groups * quads;
    for (let output = 0; output < outputs; output += 4) {
      const quad = firstQuad + (output >> 2), w = weights + <usize>quad * weightStep, b = at(bias, 4 * quad);
      for (let px = 0; px < width; px += COLUMNS) {
        convolveTile(w, at(source, px), taps, count, b, at(scratch, px), lineStep, relu);
        convolveTile(w, at(source, px) + rowStep, taps, count, b, at(second, px), lineStep, relu);
      }
      for (let i = 0; i < min(4, outputs - output); i++) {
        const place = ((image * outputs + output + i) * PH + y) * PW;
        poolRows(scratch + <usize>i * lineStep, second + <usize>i * lineStep, at(out, place), winners ? winners + place : 0, PW, relu);
      }
    }
  }
}

/**
 * The gradient of the weights: for output channels [3·from, 3·to), sums over images and pixels of
 * gy[channel] · x[tap], three channels and three taps at a time, four pixels to a vector.
 *
 * gy: planes with rows of whole vectors, zeros beyond OW. offsets: the byte offset of each of `count` taps from
 * x's first pixel, input channels included, rounded up to three with repetitions. sums: [channels + 2][count + 2][4];
 * they go on from call to call, from the `first` batch of images to the `last`.
 */
export function convolveWeightGradient(
  scratch: usize, from: i32, to: i32, gy: usize, gyImage: usize, gyPlane: usize, gyRow: usize, channels: i32,
  x: usize, xImage: usize, xRow: usize, offsets: usize, count: i32,
  images: i32, OH: i32, vectors: i32, strip: i32, sums: usize, gradient: usize, first: bool, last: bool,
): void {
  const sumStep = <usize>(count + 2) << 4;
  for (let triple = from; triple < to; triple++) {
    const channel = 3 * triple, mine = sums + <usize>channel * sumStep;
    if (first) memory.fill(mine, 0, 3 * sumStep);
    for (let image = 0; image < images; image++) {
      const g0 = gy + <usize>image * gyImage + <usize>channel * gyPlane;
      const g1 = channel + 1 < channels ? g0 + gyPlane : g0, g2 = channel + 2 < channels ? g1 + gyPlane : g1;
      const source = x + <usize>image * xImage;
      for (let y = 0; y < OH; y += strip) {
        const rows = min(strip, OH - y), down = <usize>y * gyRow;
        for (let tap = 0; tap < count; tap += 3) {
          const table = at(offsets, tap), start = source + <usize>y * xRow;
          addProducts(
            g0 + down, g1 + down, g2 + down, gyRow,
            start + load<u32>(table), start + load<u32>(table, 4), start + load<u32>(table, 8), xRow,
            rows, vectors, mine + (<usize>tap << 4), sumStep,
          );
        }
      }
    }
    for (let i = 0; last && i < 3 && channel + i < channels; i++) {
      for (let tap = 0; tap < count; tap++)
        store<f32>(at(gradient, (channel + i) * count + tap), sumOfLanes(v128.load(mine + <usize>i * sumStep + (<usize>tap << 4))));
    }
  }
}

/** Nine running sums over a strip: three rows of gy with three shifted rows of x. */
function addProducts(
  g0: usize, g1: usize, g2: usize, gRow: usize, x0: usize, x1: usize, x2: usize, xRow: usize,
  rows: i32, vectors: i32, sums: usize, sumStep: usize,
): void {
  let s00 = f32x4.splat(0), s01 = s00, s02 = s00, s10 = s00, s11 = s00, s12 = s00, s20 = s00, s21 = s00, s22 = s00;
  const width = <usize>vectors << 4;
  for (; rows > 0; rows--) {
    for (let i: usize = 0; i < width; i += 16) {
      const x0_ = v128.load(x0 + i), x1_ = v128.load(x1 + i), x2_ = v128.load(x2 + i);
      let g = v128.load(g0 + i);
      s00 = multiplyAdd(g, x0_, s00); s01 = multiplyAdd(g, x1_, s01); s02 = multiplyAdd(g, x2_, s02);
      g = v128.load(g1 + i);
      s10 = multiplyAdd(g, x0_, s10); s11 = multiplyAdd(g, x1_, s11); s12 = multiplyAdd(g, x2_, s12);
      g = v128.load(g2 + i);
      s20 = multiplyAdd(g, x0_, s20); s21 = multiplyAdd(g, x1_, s21); s22 = multiplyAdd(g, x2_, s22);
    }
    g0 += gRow; g1 += gRow; g2 += gRow;
    x0 += xRow; x1 += xRow; x2 += xRow;
  }
  addThree(sums, s00, s01, s02);
  addThree(sums + sumStep, s10, s11, s12);
  addThree(sums + 2 * sumStep, s20, s21, s22);
}

// @ts-ignore: decorator
@inline
function addThree(place: usize, a: v128, b: v128, c: v128): void {
  v128.store(place, f32x4.add(v128.load(place), a));
  v128.store(place, f32x4.add(v128.load(place, 16), b), 16);
  v128.store(place, f32x4.add(v128.load(place, 32), c), 32);
}
