// Softmax along an axis that is not the last: x[outer, n, inner], columns in blocks that stay in the first-level cache.

import { at, loadUpTo, storeUpTo } from "./simd";
import { expOfNegative, log } from "./math";

const BLOCK: i32 = 64;

/** Softmax over the middle axis, or its logarithm; outer units [from, to). scratch: 2 · 64 floats. */
export function softmaxColumns(scratch: usize, from: i32, to: i32, x: usize, n: i32, inner: i32, logarithm: bool, out: usize): void {
  const total = at(scratch, BLOCK), row = <usize>inner << 2;
  for (let outer = from; outer < to; outer++) {
    const start = outer * n * inner;
    for (let first = 0; first < inner; first += BLOCK) {
      const width = min(BLOCK, inner - first);
      const source = at(x, start + first), target = at(out, start + first);
      greatestOfColumns(source, n, row, width, scratch);

      for (let j = 0; j < width; j += 4) v128.store(at(total, j), f32x4.splat(0));
      for (let i = 0, p = source, q = target; i < n; i++, p += row, q += row) {
        for (let j = 0; j < width; j += 4) {
          const left = width - j;
          const e = expOfNegative(f32x4.sub(loadUpTo(at(p, j), left), v128.load(at(scratch, j))));
          if (!logarithm) storeUpTo(at(q, j), e, left);
          v128.store(at(total, j), f32x4.add(v128.load(at(total, j)), e));
        }
      }
      for (let j = 0; j < width; j += 4) {
        const sum = v128.load(at(total, j));
        v128.store(at(total, j), logarithm ? log(sum) : f32x4.div(f32x4.splat(1), sum));
      }
      for (let i = 0, p = source, q = target; i < n; i++, p += row, q += row) {
        for (let j = 0; j < width; j += 4) {
          const left = width - j, by = v128.load(at(total, j));
          const y = logarithm
            ? f32x4.sub(f32x4.sub(loadUpTo(at(p, j), left), v128.load(at(scratch, j))), by)
            : f32x4.mul(loadUpTo(at(q, j), left), by);
          storeUpTo(at(q, j), y, left);
        }
      }
    }
  }
}

function greatestOfColumns(x: usize, n: i32, row: usize, width: i32, out: usize): void {
  for (let j = 0; j < width; j += 4) v128.store(at(out, j), f32x4.splat(-Infinity));
  for (let i = 0; i < n; i++, x += row) {
    for (let j = 0; j < width; j += 4) {
      v128.store(at(out, j), f32x4.max(v128.load(at(out, j)), loadUpTo(at(x, j), width - j)));
    }
  }
}

/**
 * The way back: gx = y · (gy - Σ gy·y), or gy - e^y · Σ gy with `logarithm`. Sums in double; scratch: 64 doubles and 64 floats.
 */
export function softmaxColumnsBackward(
  scratch: usize, from: i32, to: i32, gy: usize, y: usize, n: i32, inner: i32, logarithm: bool, gx: usize,
): void {
  const row = <usize>inner << 2, sums = at(scratch, 2 * BLOCK);
  for (let outer = from; outer < to; outer++) {
    for (let first = 0; first < inner; first += BLOCK) {
      const width = min(BLOCK, inner - first), start = outer * n * inner + first;
      memory.fill(scratch, 0, <usize>BLOCK << 3);
      for (let i = 0, place = start; i < n; i++, place += inner) {
        for (let j = 0; j < width; j += 4) {
          const left = width - j, sum = scratch + (<usize>j << 3), g = loadUpTo(at(gy, place + j), left);
          const v = logarithm ? g : f32x4.mul(g, loadUpTo(at(y, place + j), left));
          v128.store(sum, f64x2.add(v128.load(sum), f64x2.promote_low_f32x4(v)));
          v128.store(sum, f64x2.add(v128.load(sum, 16), f64x2.promote_low_f32x4(v128.shuffle<f32>(v, v, 2, 3, 2, 3))), 16);
        }
      }
      for (let j = 0; j < BLOCK; j++) store<f32>(at(sums, j), <f32>load<f64>(scratch + (<usize>j << 3)));
      for (let i = 0, p = at(gy, start), q = at(y, start), r = at(gx, start); i < n; i++, p += row, q += row, r += row) {
        for (let j = 0; j < width; j += 4) {
          const left = width - j, g = loadUpTo(at(p, j), left), v = loadUpTo(at(q, j), left), sum = v128.load(at(sums, j));
          const d = logarithm
            ? f32x4.sub(g, f32x4.mul(expOfNegative(v), sum))
            : f32x4.mul(v, f32x4.sub(g, sum));
          storeUpTo(at(r, j), d, left);
        }
      }
    }
  }
}
