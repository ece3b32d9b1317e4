// The chapter's two formulas for the size of a result, for whole images.

import type { Sizes } from "./window-options.js";
import { windowPlaces } from "./windows.js";

export interface ConvOutputOptions {
  /** Default 1. */
  stride?: Sizes;
  /** Default 0. */
  padding?: Sizes | "same" | "valid";
  /** Default 1. */
  dilation?: Sizes;
}

export interface PoolOutputOptions {
  /** Default: the kernel's size. */
  stride?: Sizes | null;
  /** Default 0. */
  padding?: Sizes;
  /** Default 1. */
  dilation?: Sizes;
  /** Round up instead of down. Default false. */
  ceilMode?: boolean;
}

/**
 * The size after a convolution: floor((L + 2·padding − dilation·(kernel − 1) − 1) / stride + 1) along each axis.
 *
 * ```ts
 * nn.convOutputSize(6, 3) // → [4]
 * nn.convOutputSize([256, 256], 3, { stride: 2, padding: 1 }) // → [128, 128]
 * ```
 */
export function convOutputSize(
  size: number | readonly number[],
  kernelSize: Sizes,
  { stride = 1, padding = 0, dilation = 1 }: ConvOutputOptions = {},
): number[] {
  return sizes(size).map((length, axis) => {
    if (padding === "same") return length;
    const zeros = padding === "valid" ? 0 : along(padding, axis);
    const options = {
      stride: along(stride, axis),
      padding: zeros,
      dilation: along(dilation, axis),
    };
    return windowPlaces(length, along(kernelSize, axis), options);
  });
}

/**
 * The size after pooling: floor((L + 2·padding − kernel) / stride + 1) along each axis; the stride is the kernel's
 * size by default, `ceilMode` rounds up.
 *
 * ```ts
 * nn.poolOutputSize([128, 128], 2) // → [64, 64]
 * nn.poolOutputSize(7, 3, { stride: 2, ceilMode: true }) // → [3]
 * ```
 */
export function poolOutputSize(
  size: number | readonly number[],
  kernelSize: Sizes,
  { stride, padding = 0, dilation = 1, ceilMode = false }: PoolOutputOptions = {},
): number[] {
  return sizes(size).map((length, axis) =>
    windowPlaces(length, along(kernelSize, axis), {
      stride: along(stride ?? kernelSize, axis),
      padding: along(padding, axis),
      dilation: along(dilation, axis),
      ceilMode,
    }),
  );
}

function sizes(size: number | readonly number[]): readonly number[] {
  return typeof size === "number" ? [size] : size;
}

function along(value: Sizes, axis: number): number {
  return typeof value === "number" ? value : (value[axis] ?? value[0]);
}
