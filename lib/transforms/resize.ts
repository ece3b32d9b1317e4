// Other sizes. uint8 as PIL does it, weights of 22 bits, rows first, bytes in between; floating as
// torch.nn.functional.interpolate, with or without antialiasing. (The two differ: torchvision issue 2950.)
// Pillow 13 sometimes takes the columns first, which moves bytes by 1; older ones and torchvision do not.

import { cubicFilter, linearFilter, smoothTaps, type Filter, type Taps } from "../ops/antialias.js";
import type { Tensor } from "../tensor.js";
import { empty } from "../tensor.js";
import { likePicture, planesOf, sizeOf } from "./picture.js";

export type Interpolation = "bilinear" | "bicubic" | "nearest";

export interface ResizeOptions {
  /** Default "bilinear". */
  interpolation?: Interpolation;
  /** Average over all pixels that fall into a new one. Default true, as PIL; false as a plain interpolate. */
  antialias?: boolean;
}

/** [..., H, W] → [..., height, width]. */
export function resize(
  picture: Tensor,
  size: readonly [number, number],
  options: ResizeOptions = {},
): Tensor {
  const { interpolation = "bilinear", antialias = true } = options;
  const [height, width] = sizeOf("resize", size);
  const { values, count, height: H, width: W } = planesOf("resize", picture);
  if (height === H && width === W) return picture;

  if (interpolation === "nearest") return pick(picture, height, width);
  if (interpolation !== "bilinear" && interpolation !== "bicubic") {
    throw new TypeError(
      `resize: there is no interpolation "${interpolation}"; there are bilinear, bicubic, nearest`,
    );
  }
  const filter =
    interpolation === "bilinear" ? linearFilter : cubicFilter(antialias ? -0.5 : -0.75);
  const bytes = picture.dtype === "uint8";
  const taps = antialias ? smoothTaps : plainTaps;

  const Buffer = bytes ? Uint8Array : Float64Array;
  const across = (from: Values, rows: number, to: Values): void =>
    apply(from, to, rows, W, width, 1, taps(W, width, filter), bytes);
  const down = (from: Values, columns: number, to: Values): void =>
    apply(from, to, columns, H, height, columns, taps(H, height, filter), bytes);
  const y = likePicture(picture, height, width);
  for (let plane = 0; plane < count; plane++) {
    const from = values.subarray(plane * H * W, (plane + 1) * H * W);
    const to = y.storage.array.subarray(plane * height * width, (plane + 1) * height * width);
    const between = new Buffer(H * width);
    across(from, H, between);
    down(between, width, to);
  }
  return y;
}

type Values = { [index: number]: number };

/** Filters `lines` lines of n numbers into lines of m. Along a row (step 1) lines follow each other, along a column they lie side by side. */
function apply(
  from: Values,
  to: Values,
  lines: number,
  n: number,
  m: number,
  step: number,
  { starts, weights }: Taps,
  bytes: boolean,
): void {
  const nextFrom = step === 1 ? n : 1;
  const nextTo = step === 1 ? m : 1;
  const HALF = 2 ** 21;
  for (let i = 0; i < m; i++) {
    const taps =
      bytes && n !== m
        ? weights[i].map((w) => Math.trunc(w * 2 ** 22 + (w < 0 ? -0.5 : 0.5)))
        : weights[i];
    for (let line = 0; line < lines; line++) {
      let at = line * nextFrom + starts[i] * step;
      let sum = 0;
      if (n === m) sum = from[line * nextFrom + i * step];
      else {
        for (let k = 0; k < taps.length; k++, at += step) sum += taps[k] * from[at];
        if (bytes) sum = Math.min(255, Math.max(0, Math.floor((sum + HALF) / 2 ** 22)));
      }
      to[line * nextTo + i * step] = sum;
    }
  }
}

/** The two (cubic: four) nearest only; places outside count as the edge (align_corners=False). */
function plainTaps(n: number, m: number, filter: Filter): Taps {
  const reach = filter.support;
  const starts = new Int32Array(m);
  const weights: Float64Array[] = [];
  for (let i = 0; i < m; i++) {
    const raw = ((i + 0.5) * n) / m - 0.5;
    const at = reach === 1 ? Math.max(raw, 0) : raw;
    const first = Math.floor(at) - reach + 1;
    const low = Math.min(Math.max(first, 0), n - 1);
    const high = Math.min(Math.max(first + 2 * reach - 1, 0), n - 1);
    const taps = new Float64Array(high - low + 1);
    for (let k = 0; k < 2 * reach; k++) {
      taps[Math.min(Math.max(first + k, 0), n - 1) - low] += filter.weight(first + k - at);
    }
    starts[i] = low;
    weights.push(taps);
  }
  return { starts, weights };
}

/** The value of the pixel that each new one falls on. */
function pick(picture: Tensor, height: number, width: number): Tensor {
  const { values, count, height: H, width: W } = planesOf("resize", picture);
  const y = empty([...picture.shape.slice(0, -2), height, width], picture.dtype);
  const to = y.storage.array;
  let p = 0;
  for (let plane = 0; plane < count; plane++) {
    for (let i = 0; i < height; i++) {
      const row = (plane * H + Math.min(Math.floor(Math.fround((i * H) / height)), H - 1)) * W;
      for (let j = 0; j < width; j++)
        to[p++] = values[row + Math.min(Math.floor(Math.fround((j * W) / width)), W - 1)];
    }
  }
  return y;
}
