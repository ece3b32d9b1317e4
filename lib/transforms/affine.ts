// Turning, moving, scaling and shearing: for each new pixel the place in the old picture, by the inverse matrix.
// As torchvision.transforms.functional on tensors.

import type { Tensor } from "../tensor.js";
import { likePicture, planesOf } from "./picture.js";

/** A row [a, b, c] is a·x + b·y + c; x and y from the middle of the picture. */
export type Matrix = readonly [number, number, number, number, number, number];

export interface SampleOptions {
  /** "nearest" (default) or "bilinear". */
  interpolation?: "nearest" | "bilinear";
  /** What stands where the old picture has nothing. Default 0. */
  fill?: number;
}

/** The inverse of: shear, scale, turn by `angle` (degrees, clockwise), then move by `translate` (pixels). */
export function inverseAffine(
  angle: number,
  [tx, ty]: readonly [number, number],
  scale: number,
  [shearX, shearY]: readonly [number, number],
): Matrix {
  const rotation = (angle * Math.PI) / 180;
  const sx = (shearX * Math.PI) / 180;
  const sy = (shearY * Math.PI) / 180;
  const a = Math.cos(rotation - sy) / Math.cos(sy);
  const b = (-Math.cos(rotation - sy) * Math.tan(sx)) / Math.cos(sy) - Math.sin(rotation);
  const c = Math.sin(rotation - sy) / Math.cos(sy);
  const d = (-Math.sin(rotation - sy) * Math.tan(sx)) / Math.cos(sy) + Math.cos(rotation);
  const [m0, m1, m3, m4] = [d / scale, -b / scale, -c / scale, a / scale];
  return [m0, m1, -m0 * tx - m1 * ty, m3, m4, -m3 * tx - m4 * ty];
}

/** The picture [..., H, W] seen through a matrix, in a frame of `size` (by default its own). */
export function warp(
  picture: Tensor,
  [a, b, c, d, e, f]: Matrix,
  { interpolation = "nearest", fill = 0 }: SampleOptions = {},
  size?: readonly [number, number],
): Tensor {
  const { values, count, height: H, width: W } = planesOf("affine", picture);
  const [height, width] = size ?? [H, W];
  const y = likePicture(picture, height, width);
  const to = y.storage.array;
  const bytes = picture.dtype === "uint8";
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const u = j - (width - 1) / 2;
      const v = i - (height - 1) / 2;
      const x = a * u + b * v + c + (W - 1) / 2;
      const z = d * u + e * v + f + (H - 1) / 2;
      for (let plane = 0; plane < count; plane++) {
        const from = plane * H * W;
        const value =
          interpolation === "nearest"
            ? at(values, from, roundEven(z), roundEven(x), H, W, fill)
            : between(values, from, z, x, H, W, fill);
        to[(plane * height + i) * width + j] = bytes ? Math.round(value) : value;
      }
    }
  }
  return y;
}

function at(
  values: ArrayLike<number>,
  from: number,
  i: number,
  j: number,
  H: number,
  W: number,
  fill: number,
): number {
  return i >= 0 && i < H && j >= 0 && j < W ? values[from + i * W + j] : fill;
}

function between(
  values: ArrayLike<number>,
  from: number,
  z: number,
  x: number,
  H: number,
  W: number,
  fill: number,
): number {
  const [i, j] = [Math.floor(z), Math.floor(x)];
  const [q, p] = [z - i, x - j];
  const top =
    (1 - p) * at(values, from, i, j, H, W, fill) + p * at(values, from, i, j + 1, H, W, fill);
  const bottom =
    (1 - p) * at(values, from, i + 1, j, H, W, fill) +
    p * at(values, from, i + 1, j + 1, H, W, fill);
  return (1 - q) * top + q * bottom;
}

function roundEven(v: number): number {
  const r = Math.round(v);
  return r - v === 0.5 && r % 2 !== 0 ? r - 1 : r;
}
