// The bins of pooling: which rows and columns of the image each place of the result looks at.

import type { Bins, PoolSize } from "../compute/index.js";
import { ShapeError } from "../errors.js";
import { numelOf, showShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { sizesOf, type Sizes } from "./window-options.js";
import { windowPlaces } from "./windows.js";

export interface PoolOptions {
  /** Pixels from one window to the next. Default: the kernel's size, so that windows do not overlap. */
  stride?: Sizes | null;
  /** Pixels added on every side, at most half the kernel. Default 0. */
  padding?: Sizes;
  /** Round the number of windows up instead of down. Default false. */
  ceilMode?: boolean;
}

export interface Pooling {
  readonly size: PoolSize;
  /** The shape of the result. */
  readonly shape: number[];
  readonly rank: 1 | 2;
  /** What slides, one number for each axis of the image; null for adaptive bins. */
  readonly sliding: {
    readonly kernel: readonly number[];
    readonly stride: readonly number[];
    readonly padding: readonly number[];
    readonly dilation: readonly number[];
    readonly ceilMode: boolean;
    readonly countPadding: boolean;
  } | null;
}

/** Sliding windows. With `countPadding`, an average divides by the whole window, else by what is inside the image. */
export function slidingBins(
  op: string,
  rank: 1 | 2,
  x: Tensor,
  kernelSize: Sizes,
  options: PoolOptions & { dilation?: Sizes },
  countPadding = true,
): Pooling {
  const kernel = sizesOf(op, "kernelSize", kernelSize, { rank, least: 1, absent: 1 });
  const stride = sizesOf(op, "stride", options.stride ?? kernelSize, { rank, least: 1, absent: 1 });
  const padding = sizesOf(op, "padding", options.padding ?? 0, { rank, least: 0, absent: 0 });
  const dilation = sizesOf(op, "dilation", options.dilation ?? 1, { rank, least: 1, absent: 1 });
  const { ceilMode = false } = options;

  const last = (pair: readonly number[]): number[] => pair.slice(2 - rank);
  const sliding = {
    kernel: last(kernel),
    stride: last(stride),
    padding: last(padding),
    dilation: last(dilation),
    ceilMode,
    countPadding,
  };
  return pooling(x, rank, sliding, (axis, size) => {
    const [k, s, pad, d] = [kernel[axis], stride[axis], padding[axis], dilation[axis]];
    const reach = d * (k - 1) + 1;
    if (pad > k / 2) {
      throw new RangeError(
        `${op}: padding ${pad} is more than half the kernel of ${k}: take at most ${Math.floor(k / 2)}`,
      );
    }
    const places = windowPlaces(size, k, { stride: s, padding: pad, dilation: d, ceilMode });
    if (places < 1) {
      throw new ShapeError(
        `${op}: a kernel that reaches over ${reach} does not fit in ${size} pixels with padding ${pad}: x is ${showShape(x.shape)}`,
      );
    }
    return bins(places, d, (i) => {
      const from = i * s - pad;
      const skipped = from < 0 ? Math.ceil(-from / d) * d : 0;
      const to = Math.min(from + reach, size);
      const counted = Math.min(from + reach, size + pad) - from;
      const start = from + skipped;
      return { start, end: to, divisor: countPadding ? counted : to - start };
    });
  });
}

/** Bins that share out the image as evenly as whole pixels allow; null keeps the size. */
export function adaptiveBins(
  op: string,
  rank: 1 | 2,
  x: Tensor,
  outputSize: number | readonly (number | null)[],
): Pooling {
  const image = rank === 1 ? [1, x.shape.at(-1)!] : x.shape.slice(-2);
  const list = typeof outputSize === "number" ? outputSize : [...outputSize];
  const known =
    typeof list === "number"
      ? list
      : list.map((size, axis) => size ?? x.shape[x.ndim - list.length + axis]);
  const wanted = sizesOf(op, "outputSize", known, { rank, least: 0, absent: 1 });
  if (image.some((size) => size === 0)) {
    throw new ShapeError(`${op}: x ${showShape(x.shape)} has no pixels to pool`);
  }
  return pooling(x, rank, null, (axis, size) =>
    bins(wanted[axis], 1, (i) => {
      const start = Math.floor((i * size) / wanted[axis]);
      const end = Math.ceil(((i + 1) * size) / wanted[axis]);
      return { start, end, divisor: end - start };
    }),
  );
}

function pooling(
  x: Tensor,
  rank: 1 | 2,
  sliding: Pooling["sliding"],
  binsOf: (axis: 0 | 1, size: number) => Bins,
): Pooling {
  const lead = x.shape.slice(0, x.ndim - rank);
  const [H, W] = rank === 1 ? [1, x.shape.at(-1)!] : x.shape.slice(-2);
  const [rows, columns] = [binsOf(0, H), binsOf(1, W)];
  const inner = [rows.start.length, columns.start.length].slice(2 - rank);
  return {
    size: { planes: numelOf(lead), H, W, rows, columns },
    shape: [...lead, ...inner],
    rank,
    sliding,
  };
}

function bins(
  count: number,
  step: number,
  bin: (i: number) => { start: number; end: number; divisor: number },
): Bins {
  const start = new Int32Array(count);
  const end = new Int32Array(count);
  const divisor = new Float64Array(count);
  for (let i = 0; i < count; i++) ({ start: start[i], end: end[i], divisor: divisor[i] } = bin(i));
  return { start, end, step, divisor };
}
