// Resampling the middle axis of x[outer, size, inner]: y[i] = (1 - w)·x[left] + w·x[right], with a table of each.

import { at, copyRow, multiplyAdd } from "./simd";

/** Outer units [from, to); `length` is y's size along the axis, `left` and `right` are int32, `weight` float32. */
export function resampleAxis(
  scratch: usize, from: i32, to: i32, x: usize, size: i32, inner: i32, left: usize, right: usize, weight: usize, length: i32, out: usize,
): void {
  for (let o = from; o < to; o++) {
    const source = at(x, o * size * inner), target = at(out, o * length * inner);
    if (inner == 1) {
      for (let i = 0; i < length; i++) {
        const a = load<f32>(at(source, load<i32>(at(left, i)))), w = load<f32>(at(weight, i));
        store<f32>(at(target, i), w == 0 ? a : (1 - w) * a + w * load<f32>(at(source, load<i32>(at(right, i)))));
      }
      continue;
    }
    for (let i = 0; i < length; i++) {
      const p = at(source, load<i32>(at(left, i)) * inner), q = at(source, load<i32>(at(right, i)) * inner);
      const w = load<f32>(at(weight, i)), row = at(target, i * inner);
      if (w == 0) copyRow(p, row, inner);
      else blendRow(p, q, w, row, inner);
    }
  }
}

function blendRow(p: usize, q: usize, w: f32, out: usize, n: i32): void {
  const W = f32x4.splat(w), rest = f32x4.splat(1 - w);
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    v128.store(at(out, j), multiplyAdd(W, v128.load(at(q, j)), f32x4.mul(rest, v128.load(at(p, j)))));
  }
  for (; j < n; j++) store<f32>(at(out, j), (1 - w) * load<f32>(at(p, j)) + w * load<f32>(at(q, j)));
}

/** The way back: gx[left] += (1 - w)·gy[i], gx[right] += w·gy[i]; gx starts as zeros. */
export function resampleAxisBackward(
  scratch: usize, from: i32, to: i32, gy: usize, size: i32, inner: i32, left: usize, right: usize, weight: usize, length: i32, gx: usize,
): void {
  for (let o = from; o < to; o++) {
    const source = at(gy, o * length * inner), target = at(gx, o * size * inner);
    for (let i = 0; i < length; i++) {
      const p = at(target, load<i32>(at(left, i)) * inner), q = at(target, load<i32>(at(right, i)) * inner);
      const w = load<f32>(at(weight, i)), row = at(source, i * inner);
      addRow(row, 1 - w, p, inner);
      if (w != 0) addRow(row, w, q, inner);
    }
  }
}

// @ts-ignore: decorator
@inline
function addRow(x: usize, factor: f32, out: usize, n: i32): void {
  const by = f32x4.splat(factor);
  let j = 0;
  for (; j + 4 <= n; j += 4) v128.store(at(out, j), multiplyAdd(by, v128.load(at(x, j)), v128.load(at(out, j))));
  for (; j < n; j++) store<f32>(at(out, j), load<f32>(at(out, j)) + factor * load<f32>(at(x, j)));
}
