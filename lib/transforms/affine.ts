// Turning, moving, scaling and shearing: for each new pixel the place in the old picture, by the inverse matrix.
// As torchvision.transforms.functional on tensors, with its float32 steps, so that "nearest" picks the same pixel.

import type { Tensor } from "../tensor.js";
import { likePicture, planesOf, roundEven } from "./picture.js";

/** A row [a, b, c] is a·x + b·y + c; x and y from the middle of the picture. */
export type Matrix = readonly [number, number, number, number, number, number];

export interface SampleOptions {
  /** "nearest" (default) or "bilinear". */
  interpolation?: "nearest" | "bilinear";
  /** What stands where the old picture has nothing; one number, or one for each channel. Default 0. */
  fill?: number | readonly number[];
  /** What stays in place: [x, y] in pixels from the top left corner. Default: the middle. */
  center?: readonly [number, number];
}

/** The inverse of: shear, scale, turn by `angle` (degrees, clockwise), then move by `translate` (pixels). */
export function inverseAffine(
  angle: number,
  [tx, ty]: readonly [number, number],
  scale: number,
  [shearX, shearY]: readonly [number, number],
  [cx, cy]: readonly [number, number] = [0, 0],
): Matrix {
  const rotation = (angle * Math.PI) / 180;
  const sx = (shearX * Math.PI) / 180;
  const sy = (shearY * Math.PI) / 180;
  const a = Math.cos(rotation - sy) / Math.cos(sy);
  const b = (-Math.cos(rotation - sy) * Math.tan(sx)) / Math.cos(sy) - Math.sin(rotation);
  const c = Math.sin(rotation - sy) / Math.cos(sy);
  const d = (-Math.sin(rotation - sy) * Math.tan(sx)) / Math.cos(sy) + Math.cos(rotation);
  const [m0, m1, m3, m4] = [d / scale, -b / scale, -c / scale, a / scale];
  const [x, y] = [-cx - tx, -cy - ty];
  return [m0, m1, m0 * x + m1 * y + cx, m3, m4, m3 * x + m4 * y + cy];
}

/** A place [x, y] from the top left corner, as one from the middle. */
export function fromMiddle(
  picture: Tensor,
  center: readonly [number, number] | undefined,
): [number, number] {
  const [H, W] = picture.shape.slice(-2);
  return center ? [center[0] - W / 2, center[1] - H / 2] : [0, 0];
}

const f = Math.fround;

/** The picture [..., H, W] seen through a matrix, in a frame of `size` (by default its own). */
export function warp(
  picture: Tensor,
  matrix: Matrix,
  { interpolation = "nearest", fill = 0 }: SampleOptions = {},
  size?: readonly [number, number],
): Tensor {
  const { values, count, height: H, width: W } = planesOf("affine", picture);
  const C = picture.ndim < 3 ? 1 : picture.shape.at(-3)!;
  const fills = typeof fill === "number" ? [fill] : fill;
  if (fills.length !== 1 && fills.length !== C)
    throw new RangeError(`affine: fill has ${fills.length} numbers, the picture ${C} channels`);
  const [height, width] = size ?? [H, W];
  const y = likePicture(picture, height, width);
  const to = y.storage.array;
  const bytes = picture.dtype === "uint8";
  // torch's affine grid goes from −1 to 1
  const [a, b, c] = matrix.slice(0, 3).map((v) => f(f(v) / f(0.5 * W)));
  const [d, e, g] = matrix.slice(3).map((v) => f(f(v) / f(0.5 * H)));
  const place = (p: number, q: number, r: number, u: number, v: number, n: number): number => {
    const at = f(f(q * v + f(p * u)) + r); // two fused multiply-adds
    return f(f(f(at + 1) * f(n / 2)) - 0.5);
  };

  const sample = interpolation === "nearest" ? nearest : between;
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const u = j - (width - 1) / 2;
      const v = i - (height - 1) / 2;
      const x = place(a, b, c, u, v, W);
      const z = place(d, e, g, u, v, H);
      for (let plane = 0; plane < count; plane++) {
        const outside = fills[fills.length === 1 ? 0 : plane % C];
        const value = sample(values, plane * H * W, z, x, H, W, outside);
        to[(plane * height + i) * width + j] = bytes ? roundEven(value) : value;
      }
    }
  }
  return y;
}

type Sample = (
  values: ArrayLike<number>,
  from: number,
  z: number,
  x: number,
  H: number,
  W: number,
  fill: number,
) => number;

const nearest: Sample = (values, from, z, x, H, W, fill) => {
  const [i, j] = [roundEven(z), roundEven(x)];
  return i >= 0 && i < H && j >= 0 && j < W ? values[from + i * W + j] : fill;
};

/** The four around it, weighed; what lies outside counts as `fill`. */
const between: Sample = (values, from, z, x, H, W, fill) => {
  const [i, j] = [Math.floor(z), Math.floor(x)];
  const [q, p] = [f(z - i), f(x - j)];
  let sum = 0;
  let inside = 0;
  for (let k = 0; k < 4; k++) {
    const [row, column] = [i + (k >> 1), j + (k & 1)];
    if (row < 0 || row >= H || column < 0 || column >= W) continue;
    const weight = f((k & 1 ? p : f(1 - p)) * (k >> 1 ? q : f(1 - q)));
    sum = f(sum + weight * values[from + row * W + column]);
    inside = f(inside + weight);
  }
  return f(f(sum * inside) + f(f(1 - inside) * fill));
};
