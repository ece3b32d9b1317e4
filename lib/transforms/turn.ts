// rotate and affine, with angles as torchvision has them.

import type { Tensor } from "../tensor.js";
import { inverseAffine, warp, type SampleOptions } from "./affine.js";

export interface RotateOptions extends SampleOptions {
  /** Enlarge the frame so that all of the turned picture is in it. Default false. */
  expand?: boolean;
}

/** Turns a picture counter-clockwise by `angle` degrees around its middle. */
export function rotate(
  picture: Tensor,
  angle: number,
  { expand = false, ...options }: RotateOptions = {},
): Tensor {
  const matrix = inverseAffine(-angle, [0, 0], 1, [0, 0]);
  if (!expand) return warp(picture, matrix, options);
  const [H, W] = picture.shape.slice(-2);
  const radians = (angle * Math.PI) / 180;
  const [cos, sin] = [Math.abs(Math.cos(radians)), Math.abs(Math.sin(radians))];
  const whole = (v: number): number => Math.ceil(v - 1e-3);
  // the frame is of the picture's parity, so that pixels fall on pixels
  const grown = (side: number, full: number): number =>
    side + 2 * Math.ceil((whole(full) - side) / 2);
  return warp(picture, matrix, options, [grown(H, W * sin + H * cos), grown(W, W * cos + H * sin)]);
}

export interface AffineOptions extends SampleOptions {
  /** Degrees, clockwise. Default 0. */
  angle?: number;
  /** Pixels to the right and down. Default [0, 0]. */
  translate?: readonly [number, number];
  /** Default 1. */
  scale?: number;
  /** Degrees along x and y. Default [0, 0]. */
  shear?: readonly [number, number];
}

/** Shears, scales, turns (around the middle) and moves a picture. */
export function affine(
  picture: Tensor,
  { angle = 0, translate = [0, 0], scale = 1, shear = [0, 0], ...options }: AffineOptions = {},
): Tensor {
  if (!(scale > 0)) throw new RangeError(`affine: scale is ${scale}, it must be > 0`);
  return warp(picture, inverseAffine(angle, translate, scale, shear), options);
}
