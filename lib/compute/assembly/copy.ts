// Moving numbers: zero-padded planes for convolution, strided views to plain arrays.

import { at, copyRow, zeroRow } from "./simd";

/**
 * Copies planes of an image into planes with a border of zeros, where convolution needs no edge cases.
 *
 * A row of the copy has `phases` parts of `pitch` floats: column X = left + x goes to part X mod phases, place
 * X div phases, so that a convolution with that stride finds its columns side by side.
 * Planes [from, to), `planeStep` and `outPlane` floats apart, rows of x `rowStep`. A negative `top` or `left` crops.
 */
export function padPlanes(
  scratch: usize,
  from: i32,
  to: i32,
  x: usize,
  planeStep: i32,
  rowStep: i32,
  H: i32,
  W: i32,
  top: i32,
  left: i32,
  rows: i32,
  pitch: i32,
  phases: i32,
  first: usize,
  outPlane: i32,
): void {
  const outRow = pitch * phases;
  for (let plane = from; plane < to; plane++) {
    let out = at(first, plane * outPlane);
    for (let row = 0; row < rows; row++, out = at(out, outRow)) {
      const y = row - top;
      if (y < 0 || y >= H) {
        zeroRow(out, outRow);
        continue;
      }
      const source = at(x, plane * planeStep + y * rowStep);
      if (phases == 1) padRow(source, W, left, pitch, out);
      else if (phases == 2 && left >= 0) padSplitRow(source, W, left, pitch, out);
      else padScatterRow(source, W, left, pitch, phases, out);
    }
  }
}

function padRow(x: usize, W: i32, left: i32, pitch: i32, out: usize): void {
  if (left < 0) {
    x = at(x, -left);
    W += left;
    left = 0;
  }
  W = min(W, pitch - left);
  zeroRow(out, left);
  copyRow(x, at(out, left), W);
  zeroRow(at(out, left + W), pitch - left - W);
}

/** Even columns to the first half, odd columns to the second, four of each at once. */
function padSplitRow(x: usize, W: i32, left: i32, pitch: i32, out: usize): void {
  zeroRow(out, 2 * pitch);
  W = min(W, 2 * pitch - left);
  const odd = left & 1;
  let first = at(out, (odd ? pitch : 0) + (left >> 1)); // where x[0], x[2], … go
  let second = at(out, (odd ? 0 : pitch) + ((left + 1) >> 1)); // where x[1], x[3], … go
  let i = 0;
  for (; i + 8 <= W; i += 8) {
    const a = v128.load(at(x, i)),
      b = v128.load(at(x, i), 16);
    v128.store(first, v128.shuffle<f32>(a, b, 0, 2, 4, 6));
    v128.store(second, v128.shuffle<f32>(a, b, 1, 3, 5, 7));
    first += 16;
    second += 16;
  }
  for (; i < W; i += 2) {
    store<f32>(first, load<f32>(at(x, i)));
    if (i + 1 < W) store<f32>(second, load<f32>(at(x, i + 1)));
    first += 4;
    second += 4;
  }
}

function padScatterRow(x: usize, W: i32, left: i32, pitch: i32, phases: i32, out: usize): void {
  zeroRow(out, pitch * phases);
  for (let i = max(0, -left); i < W; i++) {
    const X = i + left;
    if (X >= pitch * phases) return;
    store<f32>(at(out, (X % phases) * pitch + X / phases), load<f32>(at(x, i)));
  }
}

/** out[i] = x[i · step], for i < n: a column of a view made plain. */
export function gather(x: usize, step: i32, out: usize, n: i32): void {
  const bytes = (<usize>step) << 2;
  if (step == 2) {
    // what lies beside the fourth is read too: it is there where a fifth follows
    for (; n > 4; n -= 4, x += 32, out += 16) v128.store(out, v128.shuffle<f32>(v128.load(x), v128.load(x, 16), 0, 2, 4, 6));
  }
  for (let i = 0; i < n; i++, x += bytes, out += 4) store<f32>(out, load<f32>(x));
}

/** out[i · step] = x[i], for i < n. */
export function scatter(x: usize, out: usize, step: i32, n: i32): void {
  const bytes = (<usize>step) << 2;
  for (let i = 0; i < n; i++, x += 4, out += bytes) store<f32>(out, load<f32>(x));
}

/** out[i · across + phase] = rows[phase][i], rows `rowStep` bytes apart, for `count` numbers of out. */
export function interleave(rows: usize, rowStep: usize, across: i32, out: usize, count: i32): void {
  let i = 0;
  if (across == 2) {
    for (; i + 8 <= count; i += 8) {
      const a = v128.load(at(rows, i >> 1)), b = v128.load(at(rows, i >> 1) + rowStep);
      v128.store(at(out, i), v128.shuffle<f32>(a, b, 0, 4, 1, 5));
      v128.store(at(out, i), v128.shuffle<f32>(a, b, 2, 6, 3, 7), 16);
    }
  }
  for (; i < count; i++) store<f32>(at(out, i), load<f32>(at(rows + <usize>(i % across) * rowStep, i / across)));
}

/** out[columns, rows] = the transpose of x[rows, columns]; row strides in floats. */
export function transpose(
  x: usize,
  xRow: i32,
  rows: i32,
  columns: i32,
  out: usize,
  outRow: i32,
): void {
  const xStep = (<usize>xRow) << 2,
    outStep = (<usize>outRow) << 2;
  let i = 0;
  for (; i + 4 <= rows; i += 4) {
    let j = 0;
    for (; j + 4 <= columns; j += 4) {
      const p = at(x, i * xRow + j),
        q = at(out, j * outRow + i);
      const r0 = v128.load(p),
        r1 = v128.load(p + xStep),
        r2 = v128.load(p + 2 * xStep),
        r3 = v128.load(p + 3 * xStep);
      const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5),
        t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5),
        t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      v128.store(q, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
      v128.store(q + outStep, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7));
      v128.store(q + 2 * outStep, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5));
      v128.store(q + 3 * outStep, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7));
    }
    for (; j < columns; j++) gather(at(x, i * xRow + j), xRow, at(out, j * outRow + i), 4);
  }
  for (; i < rows; i++) scatter(at(x, i * xRow), at(out, i), outRow, columns);
}

/** Rows [from, to) of a view copied: `n` numbers `step` floats apart in each row, rows `row` floats apart; out is dense. */
export function copyRows(scratch: usize, from: i32, to: i32, x: usize, row: i32, step: i32, n: i32, out: usize): void {
  for (let i = from; i < to; i++) {
    if (step == 1) copyRow(at(x, i * row), at(out, i * n), n);
    else gather(at(x, i * row), step, at(out, i * n), n);
  }
}

/** A view whose rows are neighbours (`row` is 1) copied, four rows and four columns at a time; groups [from, to) of four rows. */
export function copyTransposed(scratch: usize, from: i32, to: i32, x: usize, step: i32, rows: i32, n: i32, out: usize): void {
  const first = 4 * from, last = min(4 * to, rows);
  transpose(at(x, first), step, n, last - first, at(out, first * n), n);
}

/**
 * Rows [from, to) of a view to rows of another: `n` numbers `step` floats apart in each row, rows `row` apart, to places
 * `outStep` apart in rows `outRow` apart.
 */
export function placeRows(
  scratch: usize, from: i32, to: i32, x: usize, row: i32, step: i32, n: i32, out: usize, outRow: i32, outStep: i32,
): void {
  for (let i = from; i < to; i++) {
    const source = at(x, i * row), target = at(out, i * outRow);
    if (outStep != 1) {
      const bytes = <isize>step << 2, outBytes = <isize>outStep << 2;
      for (let j = 0, p = source, q = target; j < n; j++, p += bytes, q += outBytes) store<f32>(q, load<f32>(p));
    } else if (step == 1) copyRow(source, target, n);
    else if (step == -1) reverseRow(source, target, n);
    else gather(source, step, target, n);
  }
}

/** out[j] = x[-j] */
function reverseRow(x: usize, out: usize, n: i32): void {
  let j = 0;
  for (; j + 4 <= n; j += 4) {
    const v = v128.load(x - (<usize>(j + 3) << 2));
    v128.store(at(out, j), v128.shuffle<f32>(v, v, 3, 2, 1, 0));
  }
  for (; j < n; j++) store<f32>(at(out, j), load<f32>(x - (<usize>j << 2)));
}
