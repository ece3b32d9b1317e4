// The way back of a stride: pixels fall apart by the rest of (pixel + padding) modulo the stride, and those of one rest see
// the same taps of the kernel.

import type { Conv2dSize } from "../plain/conv2d.js";

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** The pixels start, start + stride, … along one axis: one rest of (h + padding) modulo the stride. */
export interface Phase {
  readonly rest: number;
  readonly start: number;
  /** The place in gy that `start` counts from, and how many pixels there are. */
  readonly first: number;
  readonly count: number;
  /** Places of the kernel that reach them, and how far back in gy each looks. */
  readonly taps: readonly { readonly index: number; readonly back: number }[];
}

/** In the order of their first pixels, 0 to stride - 1. */
export function phasesOf(size: Conv2dSize, axis: 0 | 1): Phase[] {
  const { stride, padding, dilation } = size;
  const [s, pad, d] = [stride[axis], padding[axis], dilation[axis]];
  const [length, kernel] = axis === 0 ? [size.H, size.K] : [size.W, size.L];
  return range(s).map((start) => {
    const rest = (start + pad) % s;
    const taps = range(kernel)
      .filter((k) => (k * d) % s === rest)
      .map((k) => ({ index: k, back: (k * d - rest) / s }));
    const count = Math.max(0, Math.ceil((length - start) / s));
    return { rest, start, first: Math.floor((start + pad) / s), count, taps };
  });
}

/** How far back in gy any tap looks. */
export function deepest({ K, L, stride, dilation }: Conv2dSize, axis: 0 | 1): number {
  return Math.floor((((axis === 0 ? K : L) - 1) * dilation[axis]) / stride[axis]);
}
