// Reading and writing along the middle axis of x[outer, size, inner] at places that an index (doubles) names.

import { at, copyRow } from "./simd";

/** The first of `n` places that is not a whole number from 0 to size - 1; n if there is none. */
export function firstBadPlace(index: usize, n: i32, size: f64): i32 {
  const zero = f64x2.splat(0), end = f64x2.splat(size);
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const a = v128.load(index + (<usize>i << 3)), b = v128.load(index + (<usize>i << 3), 16);
    const good = v128.and(v128.and(f64x2.ge(a, zero), f64x2.lt(a, end)), v128.and(f64x2.ge(b, zero), f64x2.lt(b, end)));
    if (!i64x2.all_true(good)) break;
  }
  for (; i < n; i++) {
    const place = load<f64>(index + (<usize>i << 3));
    if (!(place >= 0 && place < size)) return i;
  }
  return n;
}

// @ts-ignore: decorator
@inline
function placeAt(index: usize, i: i32): i32 {
  return <i32>load<f64>(index + (<usize>i << 3));
}

/** out[o, i, j] = x[o, index[o, i, j], j], outer units [from, to), i < k. */
export function gatherAxis(scratch: usize, from: i32, to: i32, x: usize, size: i32, index: usize, k: i32, inner: i32, out: usize): void {
  for (let o = from; o < to; o++) {
    const source = at(x, o * size * inner);
    let place = o * k * inner;
    if (inner == 1) {
      for (let i = 0; i < k; i++, place++) store<f32>(at(out, place), load<f32>(at(source, placeAt(index, place))));
      continue;
    }
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < inner; j++, place++) store<f32>(at(out, place), load<f32>(at(source, placeAt(index, place) * inner + j)));
    }
  }
}

/** The way back, or scatter: out[o, index[o, i, j], j] = or += values[o, i, j]. */
export function scatterAxis(
  scratch: usize, from: i32, to: i32, values: usize, index: usize, k: i32, inner: i32, adds: bool, out: usize, size: i32,
): void {
  for (let o = from; o < to; o++) {
    const target = at(out, o * size * inner);
    let place = o * k * inner;
    for (let i = 0; i < k; i++) {
      for (let j = 0; j < inner; j++, place++) {
        const p = at(target, placeAt(index, place) * inner + j), v = load<f32>(at(values, place));
        store<f32>(p, adds ? load<f32>(p) + v : v);
      }
    }
  }
}

/** Whole slices: out[o, i, :] = x[o, index[i], :]. */
export function gatherSlices(scratch: usize, from: i32, to: i32, x: usize, size: i32, index: usize, k: i32, inner: i32, out: usize): void {
  for (let o = from; o < to; o++) {
    if (inner == 1) for (let i = 0; i < k; i++) store<f32>(at(out, o * k + i), load<f32>(at(x, o * size + placeAt(index, i))));
    else for (let i = 0; i < k; i++) copyRow(at(x, (o * size + placeAt(index, i)) * inner), at(out, (o * k + i) * inner), inner);
  }
}

/** The way back: out[o, index[i], :] += values[o, i, :]. */
export function addSlices(scratch: usize, from: i32, to: i32, values: usize, index: usize, k: i32, inner: i32, out: usize, size: i32): void {
  for (let o = from; o < to; o++) {
    for (let i = 0; i < k; i++) {
      let p = at(out, (o * size + placeAt(index, i)) * inner), q = at(values, (o * k + i) * inner), n = inner;
      for (; n >= 4; n -= 4, p += 16, q += 16) v128.store(p, f32x4.add(v128.load(p), v128.load(q)));
      for (; n > 0; n--, p += 4, q += 4) store<f32>(p, load<f32>(p) + load<f32>(q));
    }
  }
}
