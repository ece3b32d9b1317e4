// Max and average pooling, and their ways back.
// The 2 × 2 case remembers the winner of each window in one byte: 0 to 3 in reading order, or 4 where ReLU cut
// the gradient off; the general case its place in the plane (PyTorch's indices).

import { at, loadPart, storePart } from "./simd";

/** Two rows → one row of 2 × 2 maxima (NaN wins). winners may be 0. With `relu`, a maximum of 0 passes no gradient. */
export function poolRows(top: usize, bottom: usize, out: usize, winners: usize, PW: i32, relu: bool): void {
  let px = 0;
  if (winners) {
    for (; px < PW; px++, top += 8, bottom += 8, out += 4) {
      let best = load<f32>(top), winner = 0;
      let v = load<f32>(top, 4);
      if (v > best || isNaN(v)) { best = v; winner = 1; }
      v = load<f32>(bottom);
      if (v > best || isNaN(v)) { best = v; winner = 2; }
      v = load<f32>(bottom, 4);
      if (v > best || isNaN(v)) { best = v; winner = 3; }
      store<f32>(out, best);
      store<u8>(winners + px, relu && best <= 0 ? 4 : winner);
    }
    return;
  }
  for (; px + 4 <= PW; px += 4, top += 32, bottom += 32, out += 16) v128.store(out, maxima(top, bottom));
  for (; px < PW; px++, top += 8, bottom += 8, out += 4)
    store<f32>(out, max(max(load<f32>(top), load<f32>(top, 4)), max(load<f32>(bottom), load<f32>(bottom, 4))));
}

/** The maxima of four neighbouring 2 × 2 windows. */
// @ts-ignore: decorator
@inline
function maxima(top: usize, bottom: usize): v128 {
  const left = f32x4.max(v128.load(top), v128.load(bottom)), right = f32x4.max(v128.load(top, 16), v128.load(bottom, 16));
  return f32x4.max(v128.shuffle<f32>(left, right, 0, 2, 4, 6), v128.shuffle<f32>(left, right, 1, 3, 5, 7));
}
