// Convolution by Winograd's algorithms, and its two gradients. Which algorithms there are, and the size of their tiles:
// generate/winograd-algorithms.mjs; transforms: generate/winograd.mjs.
//
// A block of tiles is transformed, multiplied (small matrix products, one for each place of a transformed tile) and
// transformed back while it stays in the cache. CHANNELS channels, side by side, are transformed at once: a "pixel".
//
// Tiles are counted line by line, over all images. A dilated image is down × across images, of every down-th row and
// every across-th column, convolved each for itself: "sub-images" below.

import { at, copyRow, zeroRow } from "./simd";
import { fillStrip } from "./strips";
import { CHANNELS, COLUMNS, productOfTiles, ROW, sumOverTiles } from "./micro";
import {
  placesOf, reachColumns, reachRows, resultsColumns, resultsRows, stepColumns, stepRows, tapsColumns, tapsRows,
  transformGradient, transformInput, transformKernel, transformKernelGradient, transformOutput, transformOutputPooled,
} from "./winograd-transforms";

const PIXEL: usize = 4 * CHANNELS;
// Room for one tile, in bytes: halfway through a transform (at most 9 × 9 pixels), a kernel (5 × 5), results (8 × 8).
const HALFWAY: usize = 81 * PIXEL;
const KERNEL: usize = 25 * PIXEL;
const RESULTS: usize = 64 * PIXEL;

/** Bytes from one place to the next: an odd number of cache lines, or all would fall on the same ones. */
// @ts-ignore: decorator
@inline
function placeStep(bytes: usize): usize {
  return ((bytes + 63) & ~63) | 64;
}

/** How many panels of COLUMNS channels. */
// @ts-ignore: decorator
@inline
function panels(channels: i32): i32 {
  return (channels + COLUMNS - 1) / COLUMNS;
}

/** How many groups of CHANNELS channels. */
// @ts-ignore: decorator
@inline
function pixels(channels: i32): i32 {
  return (channels + CHANNELS - 1) / CHANNELS;
}

/** Where [channels/group][block][group] holds a channel of a tile, and those after it in its group. */
// @ts-ignore: decorator
@inline
function vectorOf(base: usize, channel: i32, tile: i32, group: i32, block: i32): usize {
  return at(base, (channel / group * block + tile) * group + channel % group);
}

/**
 * Transforms kernels for `winograd`: to [places][outputs/COLUMNS][inputs/CHANNELS][CHANNELS][COLUMNS], what is
 * beyond the end as zeros. Steps in floats. `flip` turns each kernel by 180°, as the gradient of the input wants it. Panels of outputs [from, to).
 * scratch: a kernel and halfway.
 */
export function winogradWeights(
  scratch: usize, from: i32, to: i32, algorithm: i32, weights: usize, outputStep: i32, inputStep: i32, outputs: i32, inputs: i32, flip: bool, out: usize,
): void {
  const ins = pixels(inputs) * CHANNELS, row = <usize>tapsColumns(algorithm) * PIXEL, area = tapsRows(algorithm) * tapsColumns(algorithm);
  const step = <usize>(panels(outputs) * ins) * ROW, kernel = scratch, work = scratch + KERNEL;
  for (let output = COLUMNS * from; output < COLUMNS * to; output += CHANNELS) {
    const some = min(CHANNELS, outputs - output);
    for (let input = 0; input < ins; input++) {
      const p = at(weights, output * outputStep + input * inputStep);
      for (let tap = 0; tap < area; tap++) {
        const place = at(p, flip ? area - 1 - tap : tap), to = kernel + <usize>tap * PIXEL;
        zeroRow(to, CHANNELS);
        if (input < inputs) for (let i = 0; i < some; i++) store<f32>(at(to, i), load<f32>(at(place, i * outputStep)));
      }
      transformKernel(algorithm, kernel, row, vectorOf(out, output, input, COLUMNS, ins), step, work);
    }
  }
}

/** Bᵀ d B of `count` tiles from `start`, to [places][inputs/group][block][group]. */
function transformTiles(
  algorithm: i32, start: i32, count: i32, block: i32, tilesDown: i32, tilesAcross: i32, down: i32, across: i32,
  x: usize, imageStep: usize, H: i32, W: i32, top: i32, left: i32, channels: i32, group: i32, out: usize, step: usize, strip: usize, work: usize,
): void {
  const planeStep = <usize>(H * W) << 2, subImages = down * across, rows = reachRows(algorithm);
  const stepX = stepColumns(algorithm), stepY = stepRows(algorithm) * down;
  for (let t = 0; t < count;) {
    const line = (start + t) / tilesAcross, column = (start + t) % tilesAcross;
    const some = min(count - t, tilesAcross - column), sub = line / tilesDown, part = sub % subImages;
    const y = part / across - top + (line % tilesDown) * stepY, left_ = part % across - left + column * stepX * across;
    const plane = x + <usize>(sub / subImages) * imageStep, columns = stepX * (some - 1) + reachColumns(algorithm);
    for (let channel = 0; channel < channels; channel += CHANNELS) {
      fillStrip(plane + <usize>channel * planeStep, planeStep, channels - channel, H, W, y, down, rows, left_, across, columns, strip);
      let to = vectorOf(out, channel, t, group, block);
      for (let i = 0; i < some; i++, to = at(to, group))
        transformInput(algorithm, strip + <usize>(i * stepX) * PIXEL, <usize>columns * PIXEL, to, step, work);
    }
    t += some;
  }
}

/** A gyᵀ Aᵀ of `count` tiles from `start`, to [places][outputs/CHANNELS][block][CHANNELS]. */
function transformGradients(
  algorithm: i32, start: i32, count: i32, block: i32, tilesDown: i32, tilesAcross: i32, down: i32, across: i32,
  gy: usize, imageStep: usize, P: i32, Q: i32, channels: i32, out: usize, step: usize, strip: usize, work: usize,
): void {
  const planeStep = <usize>(P * Q) << 2, subImages = down * across, height = resultsRows(algorithm), width = resultsColumns(algorithm);
  for (let t = 0; t < count;) {
    const line = (start + t) / tilesAcross, column = (start + t) % tilesAcross;
    const some = min(count - t, tilesAcross - column), sub = line / tilesDown, part = sub % subImages;
    const y = part / across + (line % tilesDown) * height * down, x = part % across + column * width * across;
    const plane = gy + <usize>(sub / subImages) * imageStep, columns = width * some, rowStep = <usize>columns * PIXEL;
    for (let channel = 0; channel < channels; channel += CHANNELS) {
      fillStrip(plane + <usize>channel * planeStep, planeStep, channels - channel, P, Q, y, down, height, x, across, columns, strip);
      let to = vectorOf(out, channel, t, CHANNELS, block);
      for (let i = 0; i < some; i++, to += PIXEL)
        transformGradient(algorithm, strip + <usize>(i * width) * PIXEL, rowStep, to, step, work);
    }
    t += some;
  }
}

/** Bytes of the longest strip of pixels that a block of tiles reads at once. */
// @ts-ignore: decorator
@inline
function stripBytes(algorithm: i32, block: i32): usize {
  return <usize>(reachRows(algorithm) * (stepColumns(algorithm) * block + reachColumns(algorithm))) * PIXEL;
}

/**
 * Blocks of tiles [from, to), `block` tiles each (a multiple of 4), of `tiles` over all images.
 * x: dense planes [inputs, H, W], images `imageStep` bytes apart; the first tile begins at (-top, -left). bias may be 0.
 * out: dense planes [outputs, P, Q], images `outImage` floats apart; with `pool`, [outputs, P/2, Q/2], with winners (see
 * pool.ts) if that is not 0; no dilation then.
 * scratch: halfway, results, biases, a strip; the places of block · inputs, and of block · outputs.
 */
export function winograd(
  scratch: usize, from: i32, to: i32, algorithm: i32, block: i32, tiles: i32, tilesDown: i32, tilesAcross: i32, down: i32, across: i32,
  x: usize, imageStep: usize, H: i32, W: i32, top: i32, left: i32, inputs: i32,
  weights: usize, bias: usize, outputs: i32, out: usize, outImage: i32, winners: usize, P: i32, Q: i32, relu: bool, pool: bool,
): void {
  const groups = pixels(inputs), columns = panels(outputs), panelBytes = <usize>(groups * CHANNELS) * ROW;
  const stepV = placeStep(<usize>(groups * block) * PIXEL), stepM = placeStep(<usize>(columns * block) * ROW), stepU = <usize>columns * panelBytes;
  const work = scratch, strip = work + HALFWAY + RESULTS + ROW, places: usize = placesOf(algorithm);
  const V = strip + stripBytes(algorithm, block), M = V + places * stepV;
  for (let b = from; b < to; b++) {
    const start = b * block, count = min(block, tiles - start);
    transformTiles(algorithm, start, count, block, tilesDown, tilesAcross, down, across, x, imageStep, H, W, top, left, inputs, CHANNELS, V, stepV, strip, work);

    for (let place: usize = 0; place < places; place++) {
      const v = V + place * stepV, u = weights + place * stepU, m = M + place * stepM;
      for (let column = 0; column < columns; column++) {
        const panel = u + <usize>column * panelBytes;
        for (let t = 0; t < count; t += 4)
          productOfTiles(v + <usize>t * PIXEL, <usize>block * PIXEL, panel, m + <usize>(column * block + t) * ROW, groups);
      }
    }

    for (let t = 0; t < count;) {
      const line = (start + t) / tilesAcross, column = (start + t) % tilesAcross;
      const some = min(count - t, tilesAcross - column), sub = line / tilesDown, tileRow = line % tilesDown;
      if (pool) finishPooled(algorithm, M, stepM, block, t, some, sub, tileRow, column, outputs, bias, out, outImage, winners, P, Q, relu, work);
      else finish(algorithm, M, stepM, block, t, some, sub, tileRow, column, outputs, bias, out, outImage, P, Q, down, across, relu, work);
      t += some;
    }
  }
}

/** The biases of a panel of channels, to `out`; zeros beyond the end, and where there are none. */
function biasesOf(bias: usize, channel: i32, outputs: i32, out: usize): void {
  zeroRow(out, COLUMNS);
  if (bias) copyRow(at(bias, channel), out, min(COLUMNS, outputs - channel));
}

/**
 * Back from the places: tiles [t, t + some) of the block, which lie side by side in the image. All channels of a panel of one
 * tile before the next tile: they lie in the same cache lines.
 */
function finish(
  algorithm: i32, M: usize, stepM: usize, block: i32, t: i32, some: i32, sub: i32, tileRow: i32, column: i32,
  outputs: i32, bias: usize, out: usize, outImage: i32, P: i32, Q: i32, down: i32, across: i32, relu: bool, work: usize,
): void {
  const height = resultsRows(algorithm), width = resultsColumns(algorithm), area = height * width;
  const subImages = down * across, part = sub % subImages, tile = work + HALFWAY, biases = tile + RESULTS;
  const y = part / across + tileRow * height * down, x0 = part % across + column * width * across;
  const rows = min(height, (P - y + down - 1) / down), plane = <usize>(P * Q) << 2;
  const image = at(out, (sub / subImages) * outImage + y * Q);
  for (let panel = 0; panel < outputs; panel += COLUMNS) {
    biasesOf(bias, panel, outputs, biases);
    const end = min(panel + COLUMNS, outputs);
    for (let i = 0, x = x0; i < some; i++, x += width * across) {
      const columns = min(width, (Q - x + across - 1) / across), whole = rows == height && columns == width && subImages == 1;
      let m = vectorOf(M, panel, t + i, COLUMNS, block), b = biases;
      for (let channel = panel; channel < end; channel += CHANNELS, m += PIXEL, b += PIXEL) {
        const to = at(image, channel * P * Q + x), channels = min(CHANNELS, end - channel);
        if (whole && channels == CHANNELS) {
          transformOutput(algorithm, m, stepM, b, relu, to, plane, <usize>Q << 2, work);
          continue;
        }
        transformOutput(algorithm, m, stepM, b, relu, tile, <usize>area << 2, <usize>width << 2, work);
        placeTile(tile, area, width, to, plane, down * Q, across, channels, rows, columns);
      }
    }
  }
}

/** The same with pooling. P and Q are the size before it. */
function finishPooled(
  algorithm: i32, M: usize, stepM: usize, block: i32, t: i32, some: i32, image: i32, tileRow: i32, column: i32,
  outputs: i32, bias: usize, out: usize, outImage: i32, winners: usize, P: i32, Q: i32, relu: bool, work: usize,
): void {
  const half = resultsRows(algorithm) >> 1, PH = P >> 1, PW = Q >> 1, y = tileRow * half, rows = min(half, PH - y);
  const tile = work + HALFWAY, biases = tile + RESULTS, plane = <usize>(PH * PW) << 2;
  if (rows <= 0) return;
  for (let panel = 0; panel < outputs; panel += COLUMNS) {
    biasesOf(bias, panel, outputs, biases);
    const end = min(panel + COLUMNS, outputs);
    for (let i = 0, x = column * half; i < some && x < PW; i++, x += half) {
      const columns = min(half, PW - x);
      let m = vectorOf(M, panel, t + i, COLUMNS, block), b = biases;
      for (let channel = panel; channel < end; channel += CHANNELS, m += PIXEL, b += PIXEL) {
        const place = image * outImage + (channel * PH + y) * PW + x, channels = min(CHANNELS, end - channel);
        if (rows == half && columns == half && channels == CHANNELS) {
          transformOutputPooled(algorithm, m, stepM, b, relu, at(out, place), winners ? winners + place : 0, plane, <usize>PW << 2, work);
          continue;
        }
        const bytes = tile + 16 * PIXEL;
        transformOutputPooled(algorithm, m, stepM, b, relu, tile, winners ? bytes : 0, 64, 8, work);
        placeTile(tile, 16, 2, at(out, place), plane, PW, 1, channels, rows, columns);
        if (winners) placeWinners(bytes, winners + place, PH * PW, PW, channels, rows, columns);
      }
    }
  }
}

/** Writes what lies inside of the winners of pooling, a byte each, of a tile [channels][16], rows of two. */
function placeWinners(bytes: usize, winners: usize, plane: i32, rowStep: i32, channels: i32, rows: i32, columns: i32): void {
  for (let channel = 0; channel < channels; channel++, bytes += 16, winners += plane) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) store<u8>(winners + row * rowStep + column, load<u8>(bytes + row * 2 + column));
    }
  }
}

/** Writes what lies inside the image of a tile [channels][area], rows `width` floats apart. */
function placeTile(
  tile: usize, area: i32, width: i32, out: usize, plane: usize, rowStep: i32, columnStep: i32, channels: i32, rows: i32, columns: i32,
): void {
  const step = <usize>area << 2;
  for (let channel = 0; channel < channels; channel++, tile += step, out += plane) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++)
        store<f32>(at(out, row * rowStep + column * columnStep), load<f32>(at(tile, row * width + column)));
    }
  }
}

/**
 * The gradient of the weights in the transformed domain: u[places][outputs, in fours][inputs, in panels] += (A gy Aᵀ)(Bᵀ x B) over
 * the tiles of parts [from, to). Each part sums on its own, at u + part · uStep bytes, so that any number of threads
 * gives the same bits. x as in `winograd`; gy: dense planes [outputs, P, Q]. scratch as there.
 */
export function winogradWeightGradient(
  scratch: usize, from: i32, to: i32, algorithm: i32, part: i32, block: i32, tiles: i32, tilesDown: i32, tilesAcross: i32, down: i32, across: i32,
  x: usize, xImage: usize, H: i32, W: i32, top: i32, left: i32, inputs: i32,
  gy: usize, gyImage: usize, P: i32, Q: i32, outputs: i32, u: usize, uStep: usize,
): void {
  const ins = panels(inputs), outs = (outputs + 3) >> 2, row = ins * COLUMNS;
  const stepV = placeStep(<usize>(row * block) << 2), stepW = placeStep(<usize>(pixels(outputs) * block) * PIXEL), stepU = <usize>(4 * outs * row) << 2;
  const work = scratch, strip = work + HALFWAY + RESULTS + ROW, places: usize = placesOf(algorithm);
  const V = strip + stripBytes(algorithm, block), gradients = V + places * stepV;
  for (let p = from; p < to; p++) {
    const sums = u + <usize>p * uStep, end = min(tiles, (p + 1) * part);
    for (let start = p * part; start < end; start += block) {
      const count = min(block, end - start);
      transformTiles(algorithm, start, count, block, tilesDown, tilesAcross, down, across, x, xImage, H, W, top, left, inputs, COLUMNS, V, stepV, strip, work);
      transformGradients(algorithm, start, count, block, tilesDown, tilesAcross, down, across, gy, gyImage, P, Q, outputs, gradients, stepW, strip, work);
      for (let place: usize = 0; place < places; place++) {
        const v = V + place * stepV, w = gradients + place * stepW, sum = sums + place * stepU;
        for (let panel = 0; panel < ins; panel++) {
          for (let output = 0; output < outs; output++) {
            const to = at(sum, 4 * output * row + COLUMNS * panel);
            sumOverTiles(vectorOf(w, 4 * output, 0, CHANNELS, block), v + <usize>(panel * block) * ROW, to, <usize>row << 2, count, start > p * part);
          }
        }
      }
    }
  }
}

/**
 * Adds the parts up in their order and transforms back: gradient[outputs][inputs][taps], for outputs [from, to).
 * scratch: a kernel, a tile of places, and halfway.
 */
export function winogradWeightGradientEnd(
  scratch: usize, from: i32, to: i32, algorithm: i32, u: usize, uStep: usize, parts: i32, outputs: i32, inputs: i32, gradient: usize,
): void {
  const outs = (outputs + 3) & ~3, row = panels(inputs) * COLUMNS, stepU = <usize>(outs * row) << 2, places: usize = placesOf(algorithm);
  const kernel = scratch, total = scratch + KERNEL, work = total + HALFWAY, area = tapsRows(algorithm) * tapsColumns(algorithm);
  for (let output = from; output < to; output++) {
    for (let input = 0; input < inputs; input += CHANNELS) {
      const first = at(u, output * row + input);
      for (let place: usize = 0; place < places; place++) {
        for (let quad: usize = 0; quad < PIXEL; quad += 16) {
          let p = first + place * stepU + quad, sum = v128.load(p);
          for (let part = 1; part < parts; part++) {
            p += uStep;
            sum = f32x4.add(sum, v128.load(p));
          }
          v128.store(total + place * PIXEL + quad, sum);
        }
      }
      transformKernelGradient(algorithm, total, PIXEL, kernel, work);
      for (let lane = 0; lane < min(CHANNELS, inputs - input); lane++) {
        const to = at(gradient, (output * inputs + input + lane) * area);
        for (let tap = 0; tap < area; tap++) store<f32>(at(to, tap), load<f32>(at(kernel + <usize>tap * PIXEL, lane)));
      }
    }
  }
}
