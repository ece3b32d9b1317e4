// What is left of rows and columns besides their sums: extremes and their places, products, norms, running sums.

import { at, loadUpTo, storeUpTo, sumOfLanes } from "./simd";

const GREATEST: i32 = 0, LEAST: i32 = 1, SIZE: i32 = 2, SQUARES: i32 = 3, SIZES: i32 = 4;

const RUN: i32 = 1024;

/** The better of two, NaN if one is: bits of `flip` turn the question round (the least is the greatest of -x). */
// @ts-ignore: decorator
@inline
function better(best: v128, v: v128): v128 {
  return v128.bitselect(v, best, v128.or(f32x4.gt(v, best), f32x4.ne(v, v)));
}

// @ts-ignore: decorator
@inline
function flipOf(operation: i32): v128 {
  return operation == LEAST ? i32x4.splat(0x80000000) : i32x4.splat(0);
}

// @ts-ignore: decorator
@inline
function keepOf(operation: i32): v128 {
  return operation == SIZE ? i32x4.splat(0x7fffffff) : i32x4.splat(-1);
}

/** The greatest of (x & keep) ^ flip over `n` neighbouring floats; NaN if there is one. */
function extremeRow(x: usize, n: i32, keep: v128, flip: v128): f32 {
  let a = f32x4.splat(-Infinity), b = a, c = a, d = a, sum = f32x4.splat(0), start = x, left = n;
  for (; left >= 16; left -= 16, x += 64) {
    const e = v128.xor(v128.and(v128.load(x), keep), flip), f = v128.xor(v128.and(v128.load(x, 16), keep), flip);
    const g = v128.xor(v128.and(v128.load(x, 32), keep), flip), h = v128.xor(v128.and(v128.load(x, 48), keep), flip);
    a = f32x4.pmax(a, e);
    b = f32x4.pmax(b, f);
    c = f32x4.pmax(c, g);
    d = f32x4.pmax(d, h);
    sum = f32x4.add(sum, f32x4.add(f32x4.add(e, f), f32x4.add(g, h)));
  }
  let best = better(better(a, b), better(c, d));
  // where a sum is NaN, so is one of its terms, or they are infinities: looked at once more
  if (v128.any_true(f32x4.ne(sum, sum))) {
    best = f32x4.splat(-Infinity);
    for (left = n, x = start; left >= 4; left -= 4, x += 16) best = better(best, v128.xor(v128.and(v128.load(x), keep), flip));
  }
  for (; left > 0; left--, x += 4) best = better(best, v128.xor(v128.and(v128.load32_splat(x), keep), flip));
  best = better(best, v128.shuffle<f32>(best, best, 2, 3, 0, 1));
  best = better(best, v128.shuffle<f32>(best, best, 1, 0, 3, 2));
  return f32x4.extract_lane(v128.xor(best, flip), 0);
}

/** Σ x² or Σ |x| in short runs that are added up in double. */
function sizesRow(x: usize, n: i32, squares: bool): f64 {
  const keep = i32x4.splat(0x7fffffff);
  let total: f64 = 0;
  for (; n > 0; n -= RUN) {
    let left = min(n, RUN), a = f32x4.splat(0), b = a, c = a, d = a;
    for (; left >= 16; left -= 16, x += 64) {
      const e = v128.load(x), f = v128.load(x, 16), g = v128.load(x, 32), h = v128.load(x, 48);
      a = f32x4.add(a, squares ? f32x4.mul(e, e) : v128.and(e, keep));
      b = f32x4.add(b, squares ? f32x4.mul(f, f) : v128.and(f, keep));
      c = f32x4.add(c, squares ? f32x4.mul(g, g) : v128.and(g, keep));
      d = f32x4.add(d, squares ? f32x4.mul(h, h) : v128.and(h, keep));
    }
    for (; left > 0; left -= 4, x += 16) {
      const e = loadUpTo(x, left);
      a = f32x4.add(a, squares ? f32x4.mul(e, e) : v128.and(e, keep));
    }
    total += <f64>sumOfLanes(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)));
  }
  return total;
}

/** The product, in double: four products side by side. */
function productRow(x: usize, n: i32): f64 {
  let a = f64x2.splat(1), b = a, c = a, d = a;
  for (; n >= 8; n -= 8, x += 32) {
    a = f64x2.mul(a, f64x2.promote_low_f32x4(v128.load64_zero(x)));
    b = f64x2.mul(b, f64x2.promote_low_f32x4(v128.load64_zero(x, 8)));
    c = f64x2.mul(c, f64x2.promote_low_f32x4(v128.load64_zero(x, 16)));
    d = f64x2.mul(d, f64x2.promote_low_f32x4(v128.load64_zero(x, 24)));
  }
  a = f64x2.mul(f64x2.mul(a, b), f64x2.mul(c, d));
  let product = f64x2.extract_lane(a, 0) * f64x2.extract_lane(a, 1);
  for (; n > 0; n--, x += 4) product *= <f64>load<f32>(x);
  return product;
}

function foldRow(operation: i32, x: usize, n: i32): f32 {
  if (operation <= SIZE) return extremeRow(x, n, keepOf(operation), flipOf(operation));
  if (operation == SQUARES) return <f32>Math.sqrt(sizesRow(x, n, true));
  if (operation == SIZES) return <f32>sizesRow(x, n, false);
  return <f32>productRow(x, n);
}

/** out[row]: greatest (0), least (1), greatest size (2), √Σx² (3), Σ|x| (4) or product (5) of rows [from, to) of `n` floats. */
export function foldRows(scratch: usize, from: i32, to: i32, operation: i32, x: usize, n: i32, out: usize): void {
  for (let row = from; row < to; row++) store<f32>(at(out, row), foldRow(operation, at(x, row * n), n));
}

/** The same over the middle axis of x[outer, n, inner]; scratch: `inner` doubles. */
export function foldColumns(scratch: usize, from: i32, to: i32, operation: i32, x: usize, n: i32, inner: i32, out: usize): void {
  for (let outer = from; outer < to; outer++) {
    const source = at(x, outer * n * inner), target = at(out, outer * inner);
    if (operation <= SIZE) extremeColumns(operation, source, n, inner, target);
    else sizesColumns(operation, source, n, inner, scratch, target);
  }
}

function extremeColumns(operation: i32, x: usize, n: i32, inner: i32, out: usize): void {
  const keep = keepOf(operation), flip = flipOf(operation), row = <usize>inner << 2;
  const none = v128.xor(f32x4.splat(-Infinity), flip);
  for (let j = 0; j < inner; j += 4) storeUpTo(at(out, j), none, inner - j);
  for (let i = 0; i < n; i += 2, x += 2 * row) {
    const other = i + 1 < n ? x + row : x; // two rows at a time
    for (let j = 0; j < inner; j += 4) {
      const left = inner - j, place = at(out, j);
      let best = v128.xor(loadUpTo(place, left), flip);
      best = better(best, v128.xor(v128.and(loadUpTo(at(x, j), left), keep), flip));
      best = better(best, v128.xor(v128.and(loadUpTo(at(other, j), left), keep), flip));
      storeUpTo(place, v128.xor(best, flip), left);
    }
  }
}

function sizesColumns(operation: i32, x: usize, n: i32, inner: i32, sums: usize, out: usize): void {
  const start: f64 = operation > SIZES ? 1 : 0;
  for (let j = 0; j < inner; j++) store<f64>(sums + (<usize>j << 3), start);
  for (let i = 0; i < n; i++, x = at(x, inner)) {
    let j = 0, place = sums;
    for (; j + 2 <= inner; j += 2, place += 16) {
      const v = f64x2.promote_low_f32x4(v128.load64_zero(at(x, j))), sum = v128.load(place);
      if (operation == SQUARES) v128.store(place, f64x2.add(sum, f64x2.mul(v, v)));
      else if (operation == SIZES) v128.store(place, f64x2.add(sum, f64x2.abs(v)));
      else v128.store(place, f64x2.mul(sum, v));
    }
    if (j < inner) {
      const v = <f64>load<f32>(at(x, j)), sum = load<f64>(place);
      store<f64>(place, operation == SQUARES ? sum + v * v : operation == SIZES ? sum + Math.abs(v) : sum * v);
    }
  }
  for (let j = 0; j < inner; j++) {
    const sum = load<f64>(sums + (<usize>j << 3));
    store<f32>(at(out, j), <f32>(operation == SQUARES ? Math.sqrt(sum) : sum));
  }
}

/** Where the first greatest (or `least`) of each row lies, or the first NaN, as double; rows [from, to) of `n` floats. */
export function bestRows(scratch: usize, from: i32, to: i32, x: usize, n: i32, least: bool, places: usize, values: usize): void {
  const flip = flipOf(least ? LEAST : GREATEST), keep = keepOf(GREATEST);
  for (let row = from; row < to; row++) {
    const source = at(x, row * n), best = extremeRow(source, n, keep, flip);
    store<f64>(places + (<usize>row << 3), <f64>placeOf(source, n, best));
    store<f32>(at(values, row), best);
  }
}

/** The first place of a number, which is there; of NaN any NaN will do. */
function placeOf(x: usize, n: i32, wanted: f32): i32 {
  const all = f32x4.splat(wanted), nan = wanted != wanted;
  let i = 0;
  for (; i + 8 <= n; i += 8) {
    const a = v128.load(at(x, i)), b = v128.load(at(x, i), 16);
    const hits = nan ? v128.or(f32x4.ne(a, a), f32x4.ne(b, b)) : v128.or(f32x4.eq(a, all), f32x4.eq(b, all));
    if (v128.any_true(hits)) break;
  }
  for (; i < n - 1; i++) {
    const v = load<f32>(at(x, i));
    if (v == wanted || (nan && v != v)) break;
  }
  return i;
}

/** The same over the middle axis of x[outer, n, inner]; scratch: `inner` integers. */
export function bestColumns(
  scratch: usize, from: i32, to: i32, x: usize, n: i32, inner: i32, least: bool, places: usize, values: usize,
): void {
  const flip = flipOf(least ? LEAST : GREATEST);
  for (let outer = from; outer < to; outer++) {
    const best = at(values, outer * inner);
    let row = at(x, outer * n * inner);
    memory.copy(best, row, <usize>inner << 2);
    memory.fill(scratch, 0, <usize>inner << 2);
    for (let i = 1; i < n; i++) {
      row = at(row, inner);
      const here = i32x4.splat(i);
      for (let j = 0; j < inner; j += 4) {
        const left = inner - j, v = v128.xor(loadUpTo(at(row, j), left), flip);
        const old = v128.xor(loadUpTo(at(best, j), left), flip);
        // a NaN, once met, stays
        const wins = v128.and(v128.or(f32x4.gt(v, old), f32x4.ne(v, v)), f32x4.eq(old, old));
        if (!v128.any_true(wins)) continue;
        storeUpTo(at(best, j), v128.xor(v128.bitselect(v, old, wins), flip), left);
        storeUpTo(at(scratch, j), v128.bitselect(here, loadUpTo(at(scratch, j), left), wins), left);
      }
    }
    const target = places + (<usize>(outer * inner) << 3);
    for (let j = 0; j < inner; j++) store<f64>(target + (<usize>j << 3), <f64>load<i32>(at(scratch, j)));
  }
}

/**
 * Running sums over the middle axis of x[outer, n, inner], in double, from its end with `backwards`; scratch: `inner`
 * doubles.
 */
export function runningSums(
  scratch: usize, from: i32, to: i32, x: usize, n: i32, inner: i32, backwards: bool, out: usize,
): void {
  const step: isize = (backwards ? -4 : 4) * inner;
  for (let outer = from; outer < to; outer++) {
    const first = outer * n * inner + (backwards ? (n - 1) * inner : 0);
    let source = at(x, first), target = at(out, first);
    if (inner == 1) {
      let sum: f64 = 0;
      for (let i = 0; i < n; i++, source += step, target += step) {
        sum += <f64>load<f32>(source);
        store<f32>(target, <f32>sum);
      }
      continue;
    }
    memory.fill(scratch, 0, <usize>inner << 3);
    for (let i = 0; i < n; i++, source += step, target += step) {
      let j = 0, place = scratch;
      for (; j + 2 <= inner; j += 2, place += 16) {
        const sum = f64x2.add(v128.load(place), f64x2.promote_low_f32x4(v128.load64_zero(at(source, j))));
        v128.store(place, sum);
        v128.store64_lane(at(target, j), f32x4.demote_f64x2_zero(sum), 0);
      }
      if (j < inner) {
        const sum = load<f64>(place) + <f64>load<f32>(at(source, j));
        store<f64>(place, sum);
        store<f32>(at(target, j), <f32>sum);
      }
    }
  }
}
