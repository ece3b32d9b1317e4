// rotate and affine, with angles as torchvision has them.

import type { Tensor } from "../tensor.js";
import { fromMiddle, inverseAffine, warp, type Matrix, type SampleOptions } from "./affine.js";

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
  const matrix = inverseAffine(-angle, [0, 0], 1, [0, 0], fromMiddle(picture, options.center));
  return warp(picture, matrix, options, expand ? frameOf(picture, matrix) : undefined);
}

/** The height and width of a frame that holds the whole turned picture. */
function frameOf(picture: Tensor, [a, b, c, d, e, f]: Matrix): [number, number] {
  const [H, W] = picture.shape.slice(-2);
  const corners = [-1, 1].flatMap((x) => [-1, 1].map((y) => [(x * W) / 2, (y * H) / 2]));
  const length = (places: number[], side: number): number => {
    const exact = places.map((v) => Math.fround(v) + side / 2);
    const tolerant = (v: number): number => Math.trunc(v / 1e-4) * 1e-4; // as torchvision
    return Math.ceil(tolerant(Math.max(...exact))) - Math.floor(tolerant(Math.min(...exact)));
  };
  const width = length(
    corners.map(([x, y]) => a * x + b * y + c),
    W,
  );
  const height = length(
    corners.map(([x, y]) => d * x + e * y + f),
    H,
  );
  return [height, width];
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
  const center = fromMiddle(picture, options.center);
  return warp(picture, inverseAffine(angle, translate, scale, shear, center), options);
}
