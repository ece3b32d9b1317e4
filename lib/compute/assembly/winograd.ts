// 3 × 3 convolution by Winograd's F(4×4, 3×3), and its two gradients. Transforms: generate/winograd.mjs.
// The image is cut into tiles of 4 × 4 outputs; a block of tiles is transformed, multiplied (36 small matrix
// products, one for each place of a transformed tile) and transformed back while it stays in the cache.

import { at, storePart } from "./simd";
import { product4x8 } from "./micro";
import { winnerOf } from "./pool";
import { transformGradient, transformInput, transformKernelGradient, transformKernels, transformOutput } from "./winograd-transforms";

/**
 * Transforms kernels for `winograd`: to [36][outputs/4][inputs][4], outputs beyond the end as zeros.
 * Steps in floats. `flip` turns each kernel by 180°, as the gradient of the input wants it. Groups of 4 [from, to).
 */
export function winogradWeights(
  scratch: usize, from: i32, to: i32, weights: usize, outputStep: i32, inputStep: i32, outputs: i32, inputs: i32, flip: bool, out: usize,
): void {
  const step = <usize>(((outputs + 3) >> 2) * inputs) << 4, nine = scratch, work = scratch + 144;
  for (let group = from; group < to; group++) {
    const some = min(4, outputs - 4 * group);
    for (let input = 0; input < inputs; input++) {
      const kernel = at(weights, 4 * group * outputStep + input * inputStep);
      for (let tap = 0; tap < 9; tap++) {
        const p = at(kernel, flip ? 8 - tap : tap), to = nine + (<usize>tap << 4);
        v128.store(to, f32x4.splat(0));
        for (let i = 0; i < some; i++) store<f32>(at(to, i), load<f32>(at(p, i * outputStep)));
      }
      transformKernels(nine, out + (<usize>(group * inputs + input) << 4), step, work);
    }
  }
}

/** Address of a tile's first number; tiles are counted over all images, row by row. */
// @ts-ignore: decorator
@inline
function tileAt(x: usize, imageStep: usize, rowStep: usize, tile: i32, tilesDown: i32, tilesAcross: i32): usize {
  const line = tile / tilesAcross, column = tile % tilesAcross;
  return x + <usize>(line / tilesDown) * imageStep + <usize>((line % tilesDown) * 4) * rowStep + (<usize>(column * 4) << 2);
}

/** Bᵀ d B for tiles [start, start + count), to [36][tiles/8][inputs][8]. */
function transformBlock(
  x: usize, imageStep: usize, planeStep: usize, rowStep: usize, inputs: i32, start: i32, count: i32,
  tilesDown: i32, tilesAcross: i32, out: usize, step: usize, work: usize,
): void {
  const last = start + count - 1;
  for (let t = 0; t < count; t += 4) {
    let p0 = tileAt(x, imageStep, rowStep, start + t, tilesDown, tilesAcross);
    let p1 = tileAt(x, imageStep, rowStep, min(start + t + 1, last), tilesDown, tilesAcross);
    let p2 = tileAt(x, imageStep, rowStep, min(start + t + 2, last), tilesDown, tilesAcross);
    let p3 = tileAt(x, imageStep, rowStep, min(start + t + 3, last), tilesDown, tilesAcross);
    let to = at(out, (t >> 3) * inputs * 8 + (t & 7));
    for (let input = 0; input < inputs; input++) {
      transformInput(p0, p1, p2, p3, rowStep, to, step, work);
      p0 += planeStep; p1 += planeStep; p2 += planeStep; p3 += planeStep;
      to += 32;
    }
  }
}

/** How many floats of scratch `winograd` needs for a block of tiles (a multiple of 8). */
export function winogradScratch(block: i32, inputs: i32, outputs: i32): i32 {
  return 36 * block * (inputs + ((outputs + 3) & ~3)) + 36 * 4 + 64;
}

/**
 * Blocks of tiles [from, to), `block` tiles each (a multiple of 8), of `tiles` over all images.
 * x: padded planes with room for whole tiles; steps in bytes. bias may be 0.
 * pool: 0 writes [images][outputs][OH][OW]; 1 the 2 × 2 maxima, with winners (see pool.ts) if that is not 0.
 */
export function winograd(
  scratch: usize, from: i32, to: i32, block: i32, tiles: i32, tilesDown: i32, tilesAcross: i32,
  x: usize, imageStep: usize, planeStep: usize, rowStep: usize, inputs: i32,
  weights: usize, bias: usize, outputs: i32, out: usize, winners: usize, OH: i32, OW: i32, relu: bool, pool: bool,
): void {
  const padded = (outputs + 3) & ~3;
  const work = scratch, result = work + 36 * 16, V = result + 256, M = at(V, 36 * block * inputs);
  const stepV = <usize>(block * inputs) << 2, stepM = <usize>(block * padded) << 2, stepU = <usize>(padded * inputs) << 2;
  for (let b = from; b < to; b++) {
    const start = b * block, count = min(block, tiles - start);
    transformBlock(x, imageStep, planeStep, rowStep, inputs, start, count, tilesDown, tilesAcross, V, stepV, work);

    for (let place = 0; place < 36; place++) {
      const u = weights + <usize>place * stepU, v = V + <usize>place * stepV, m = M + <usize>place * stepM;
      for (let t = 0; t < count; t += 8) {
        for (let output = 0; output < padded; output += 4)
          product4x8(at(u, output * inputs), at(v, t * inputs), at(m, output * block + t), <usize>block << 2, inputs, false);
      }
    }

    for (let t = 0; t < count; t += 4) {
      const some = min(4, count - t);
      for (let output = 0; output < outputs; output++) {
        transformOutput(at(M, output * block + t), stepM, result, work);
        finish(result, bias ? v128.load32_splat(at(bias, output)) : f32x4.splat(0), relu);
        if (pool) storePooled(result, out, winners, start + t, some, tilesDown, tilesAcross, output, outputs, OH, OW, relu);
        else storeTiles(result, out, start + t, some, tilesDown, tilesAcross, output, outputs, OH, OW);
      }
    }
  }
}

/** Bias and ReLU on the 16 vectors of four output tiles. */
function finish(tiles: usize, bias: v128, relu: bool): void {
  const zero = f32x4.splat(0);
  for (let i: usize = 0; i < 256; i += 16) {
    let v = f32x4.add(v128.load(tiles + i), bias);
    if (relu) v = f32x4.pmax(v, zero);
    v128.store(tiles + i, v);
  }
}

/** Row `row` of the four tiles: vector j holds tile j's four numbers. Written over the tiles in place. */
function transposeRow(p: usize): void {
  const r0 = v128.load(p), r1 = v128.load(p, 16), r2 = v128.load(p, 32), r3 = v128.load(p, 48);
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(p, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
  v128.store(p, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7), 16);
  v128.store(p, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5), 32);
  v128.store(p, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7), 48);
}

function storeTiles(
  tiles: usize, out: usize, tile: i32, some: i32, tilesDown: i32, tilesAcross: i32, output: i32, outputs: i32, OH: i32, OW: i32,
): void {
  transposeRow(tiles);
  transposeRow(tiles + 64);
  transposeRow(tiles + 128);
  transposeRow(tiles + 192);
  for (let i = 0; i < some; i++, tile++, tiles += 16) {
    const line = tile / tilesAcross, y = (line % tilesDown) * 4, x = (tile % tilesAcross) * 4;
    let to = at(out, ((line / tilesDown) * outputs + output) * OH * OW + y * OW + x);
    const rows = min(4, OH - y), columns = min(4, OW - x);
    if (columns == 4) for (let row = 0; row < rows; row++, to = at(to, OW)) v128.store(to, v128.load(tiles + (<usize>row << 6)));
    else for (let row = 0; row < rows; row++, to = at(to, OW)) storePart(to, v128.load(tiles + (<usize>row << 6)), columns);
  }
}

/** 2 × 2 maxima of the four tiles (2 × 2 of them each), and who won. OH and OW are the size before pooling. */
function storePooled(
  tiles: usize, out: usize, winners: usize, tile: i32, some: i32, tilesDown: i32, tilesAcross: i32,
  output: i32, outputs: i32, OH: i32, OW: i32, relu: bool,
): void {
  const PH = OH >> 1, PW = OW >> 1;
  // the maxima take the place of the first vectors of their windows, the winners of the second
  for (let window: usize = 0; window < 4; window++) {
    const p = tiles + (window >> 1) * 128 + (window & 1) * 32;
    poolWindow(p, winners != 0, relu);
  }
  for (let i = 0; i < some; i++, tile++, tiles += 4) {
    const line = tile / tilesAcross, y = (line % tilesDown) * 2, x = (tile % tilesAcross) * 2;
    const plane = ((line / tilesDown) * outputs + output) * PH * PW;
    for (let dy = 0; dy < min(2, PH - y); dy++) {
      for (let dx = 0; dx < min(2, PW - x); dx++) {
        const place = plane + (y + dy) * PW + x + dx, p = tiles + (<usize>dy << 7) + (<usize>dx << 5);
        store<f32>(at(out, place), load<f32>(p));
        if (winners) store<u8>(winners + place, load<u8>(p, 16));
      }
    }
  }
}

/** The maximum of vectors (0,0), (0,1), (1,0), (1,1) of a 4 × 4 block; `p` is the first, rows 64 bytes apart. */
// @ts-ignore: decorator
@inline
function poolWindow(p: usize, wantWinner: bool, relu: bool): void {
  const a = v128.load(p), b = v128.load(p, 16), c = v128.load(p, 64), d = v128.load(p, 80);
  const top = f32x4.max(a, b), bottom = f32x4.max(c, d), most = f32x4.max(top, bottom);
  v128.store(p, most);
  if (!wantWinner) return;
  v128.store(p, winnerOf(a, b, c, most, relu), 16);
}

/**
 * The gradient of the weights in the transformed domain: u[36][outputs][inputs] += (A gy Aᵀ)(Bᵀ x B) over the
 * tiles of parts [from, to). Each part sums on its own, at u + part · uStep bytes, so that any number of threads
 * gives the same bits. gy: planes with whole tiles, zeros beyond the image.
 */
export function winogradWeightGradient(
  scratch: usize, from: i32, to: i32, part: i32, block: i32, tiles: i32, tilesDown: i32, tilesAcross: i32,
  x: usize, xImage: usize, xPlane: usize, xRow: usize, inputs: i32,
  gy: usize, gyImage: usize, gyPlane: usize, gyRow: usize, outputs: i32, u: usize, uStep: usize, accumulate: bool,
): void {
  const outs = (outputs + 3) & ~3, ins = (inputs + 7) & ~7;
  const work = scratch, V = work + 36 * 16, W = at(V, 36 * block * ins);
  const stepV = <usize>(block * ins) << 2, stepW = <usize>(block * outs) << 2, stepU = <usize>(outs * ins) << 2;
  for (let p = from; p < to; p++) {
    const sums = u + <usize>p * uStep, end = min(tiles, (p + 1) * part);
    for (let start = p * part; start < end; start += block) {
      const count = min(block, end - start);
      for (let t = 0; t < count; t++) {
        const q = tileAt(x, xImage, xRow, start + t, tilesDown, tilesAcross);
        for (let input = 0; input < ins; input += 4) {
          const to = at(V, (input >> 3) * block * 8 + t * 8 + (input & 7)), last = inputs - 1;
          transformInput(
            q + <usize>min(input, last) * xPlane, q + <usize>min(input + 1, last) * xPlane,
            q + <usize>min(input + 2, last) * xPlane, q + <usize>min(input + 3, last) * xPlane, xRow, to, stepV, work,
          );
        }
        const g = tileAt(gy, gyImage, gyRow, start + t, tilesDown, tilesAcross);
        for (let output = 0; output < outs; output += 4) {
          const to = at(W, output * block + t * 4), last = outputs - 1;
          transformGradient(
            g + <usize>output * gyPlane, g + <usize>min(output + 1, last) * gyPlane,
            g + <usize>min(output + 2, last) * gyPlane, g + <usize>min(output + 3, last) * gyPlane, gyRow, to, stepW, work,
          );
        }
      }
      for (let place = 0; place < 36; place++) {
        const v = V + <usize>place * stepV, w = W + <usize>place * stepW, sum = sums + <usize>place * stepU;
        for (let input = 0; input < ins; input += 8) {
          for (let output = 0; output < outs; output += 4)
            product4x8(at(w, output * block), at(v, input * block), at(sum, output * ins + input), <usize>ins << 2, count, accumulate || start > p * part);
        }
      }
    }
  }
}

/** Adds the parts up in their order and transforms back: gradient[outputs][inputs][3][3], for outputs [from, to). */
export function winogradWeightGradientEnd(
  scratch: usize, from: i32, to: i32, u: usize, uStep: usize, parts: i32, outputs: i32, inputs: i32, gradient: usize,
): void {
  const outs = (outputs + 3) & ~3, ins = (inputs + 7) & ~7, stepU = <usize>(outs * ins) << 2;
  const nine = scratch, total = scratch + 144, work = total + 36 * 16;
  for (let output = from; output < to; output++) {
    for (let input = 0; input < inputs; input += 4) {
      const first = at(u, output * ins + input);
      for (let place: usize = 0; place < 36; place++) {
        let p = first + place * stepU, sum = v128.load(p);
        for (let part = 1; part < parts; part++) {
          p += uStep;
          sum = f32x4.add(sum, v128.load(p));
        }
        v128.store(total + (place << 4), sum);
      }
      transformKernelGradient(total, 16, nine, work);
      for (let lane = 0; lane < min(4, inputs - input); lane++) {
        const to = at(gradient, (output * inputs + input + lane) * 9);
        for (let tap = 0; tap < 9; tap++) store<f32>(at(to, tap), load<f32>(at(nine + (<usize>tap << 4), lane)));
      }
    }
  }
}
