// Other sizes of images and series: nearest neighbour and linear interpolation. Each axis is done for itself; what is
// linear in x has the transposed weights as its way back.

import { record } from "../autograd.js";
import { isFloating } from "../compute/dtypes.js";
import * as resampling from "../compute/resample.js";
import type { Taps } from "../compute/resample.js";
import { filled } from "../creation.js";
import { DTypeError, ShapeError } from "../errors.js";
import { showShape } from "../shape.js";
import { empty, type Tensor } from "../tensor.js";
import { called } from "./alias.js";
import { adaptiveAvgPool1d, adaptiveAvgPool2d } from "./adaptive-pool.js";
import { cubicFilter, linearFilter, smoothed } from "./antialias.js";
import { add, mul } from "./arithmetic.js";
import { indexSelect } from "./picks.js";
import { adaptiveAvgPool3d } from "./pool3d.js";
import { contiguous } from "./views.js";

export interface InterpolateOptions {
  /** The new size, one number or one per axis. Either this or scaleFactor. */
  size?: number | readonly number[] | null;
  /** By how much the size is multiplied (rounded down). */
  scaleFactor?: number | readonly number[] | null;
  /**
   * "nearest" (default), "nearest-exact", "area" (means), "linear" (series), "bilinear" and "bicubic" (images), "trilinear"
   * (volumes).
   */
  mode?: "nearest" | "nearest-exact" | "area" | "linear" | "bilinear" | "bicubic" | "trilinear";
  /** Do the corner pixels' centres stay the corners? Linear and cubic modes only. Default false. */
  alignCorners?: boolean | null;
  /** Compute the step from the new size even if scaleFactor is given. Default false. */
  recomputeScaleFactor?: boolean | null;
  /**
   * Let every old pixel count where the image becomes smaller, as Pillow does; "bilinear" and "bicubic" only. Default false:
   * the two or four nearest.
   */
  antialias?: boolean;
}

/**
 * x in another size. Shapes: [N, C, L], [N, C, H, W] or [N, C, D, H, W].
 *
 * ```ts
 * const x = torch.tensor([[[1, 3]]], { dtype: "float32" })
 * torch.nn.functional.interpolate(x, { size: 4, mode: "linear" }).tolist() // → [[[1, 1.5, 2.5, 3]]]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html
 */
export function interpolate(x: Tensor, options: InterpolateOptions = {}): Tensor {
  const { mode = "nearest", alignCorners = null, antialias = false } = options;
  const spatial = x.ndim - 2;
  const axesOf: Record<string, number> = { linear: 1, bilinear: 2, bicubic: 2, trilinear: 3 };
  const modes = ["nearest", "nearest-exact", "area", ...Object.keys(axesOf)];
  if (!modes.includes(mode)) {
    throw new TypeError(`interpolate: there is no mode "${mode}"; there are ${modes.join(", ")}`);
  }
  if (spatial < 1 || spatial > 3 || (mode in axesOf && axesOf[mode] !== spatial)) {
    const shapes = ["[N, C, L]", "[N, C, H, W]", "[N, C, D, H, W]"];
    const wanted = mode in axesOf ? shapes[axesOf[mode] - 1] : shapes.join(" or ");
    throw new ShapeError(`interpolate: mode "${mode}" takes ${wanted}, got ${showShape(x.shape)}`);
  }
  if (alignCorners !== null && !(mode in axesOf)) {
    throw new TypeError(
      `interpolate: alignCorners goes with linear and cubic modes only, not with "${mode}"`,
    );
  }
  if (antialias && mode !== "bilinear" && mode !== "bicubic") {
    throw new TypeError(
      `interpolate: antialias goes with "bilinear" and "bicubic" only, not with "${mode}"`,
    );
  }
  if (!isFloating(x.dtype) && mode in axesOf) {
    throw new DTypeError(
      `interpolate: x is ${x.dtype}, mode "${mode}" needs floating point: x.float()`,
    );
  }
  const { sizes, scales } = newSizes(x, options, spatial);

  if (mode === "area") {
    const pool = [adaptiveAvgPool1d, adaptiveAvgPool2d, adaptiveAvgPool3d][spatial - 1];
    return pool(x, sizes);
  }
  const kind = mode === "nearest-exact" ? "NearestExact" : mode[0].toUpperCase() + mode.slice(1);
  const name = `Upsample${kind}${spatial}DBackward0`; // as PyTorch
  // the last axis first, as PyTorch: the other one then goes by whole rows
  return sizes.reduceRight((y, size, i) => {
    const axis = 2 + i;
    const from = x.shape[axis];
    const step = scales ? 1 / scales[i] : from / size;
    const aligned = alignCorners ?? false;
    if (antialias) {
      const filter = mode === "bicubic" ? cubicFilter(-0.5) : linearFilter;
      const scale = aligned ? (size > 1 ? (from - 1) / (size - 1) : 0) : step;
      const z = smoothed(y, axis as 2 | 3, size, filter, scale);
      return i === 0 ? called(`Upsample${kind}2DAaBackward0`, z) : z;
    }
    if (mode === "bicubic") {
      const z = cubic(y, axis, size, step, aligned);
      return i === 0 ? called("UpsampleBicubic2DBackward0", z) : z;
    }
    return resample(y, axis, tapsFor(from, size, step, mode, aligned), name);
  }, x);
}

/** Keys' cubic kernel over four neighbours along `axis`; beyond the edges the edge counts. */
function cubic(x: Tensor, axis: number, size: number, step: number, alignCorners: boolean): Tensor {
  const from = x.shape[axis];
  const line = x.shape.map((_, a) => (a === axis ? size : 1));
  const place = (i: number) => {
    if (!alignCorners) return (i + 0.5) * step - 0.5;
    return size > 1 ? (i * (from - 1)) / (size - 1) : 0;
  };
  let sum: Tensor | null = null;
  for (let k = 0; k < 4; k++) {
    const at = empty([size], "int64");
    const weight = empty(line, x.dtype);
    for (let i = 0; i < size; i++) {
      const low = Math.floor(place(i));
      const t = place(i) - low;
      at.storage.array[i] = Math.min(Math.max(low - 1 + k, 0), from - 1);
      weight.storage.array[i] = cubicWeight(Math.abs(t + 1 - k));
    }
    const part = mul(indexSelect(x, axis, at), weight);
    sum = sum ? add(sum, part) : part;
  }
  return sum!;
}

const A = -0.75; // as PyTorch

/** How much a neighbour at a distance of s counts. */
function cubicWeight(s: number): number {
  if (s <= 1) return ((A + 2) * s - (A + 3)) * s * s + 1;
  return s < 2 ? ((A * s - 5 * A) * s + 8 * A) * s - 4 * A : 0;
}

function newSizes(x: Tensor, options: InterpolateOptions, spatial: number) {
  const { size = null, scaleFactor = null, recomputeScaleFactor = false } = options;
  if ((size === null) === (scaleFactor === null)) {
    throw new TypeError("interpolate: give either size or scaleFactor");
  }
  const perAxis = (name: string, value: number | readonly number[]) => {
    const list = typeof value === "number" ? new Array<number>(spatial).fill(value) : [...value];
    if (list.length !== spatial) {
      throw new ShapeError(
        `interpolate: ${name} ${showShape(list)} must have ${spatial} numbers for x ${showShape(x.shape)}`,
      );
    }
    return list;
  };
  const scales = scaleFactor === null ? null : perAxis("scaleFactor", scaleFactor);
  const sizes = scales
    ? scales.map((scale, i) => Math.floor(x.shape[2 + i] * scale))
    : perAxis("size", size!);
  if (sizes.some((n) => !(n > 0)) || x.numel() === 0) {
    throw new ShapeError(
      `interpolate: from ${showShape(x.shape.slice(2))} to ${showShape(sizes)}: both sizes must be at least 1`,
    );
  }
  return { sizes, scales: recomputeScaleFactor ? null : scales };
}

function tapsFor(
  from: number,
  to: number,
  step: number,
  mode: string,
  alignCorners: boolean,
): Taps {
  const left = new Int32Array(to);
  const right = new Int32Array(to);
  const weight = new Float64Array(to);
  for (let i = 0; i < to; i++) {
    if (mode === "nearest")
      left[i] = right[i] = Math.min(Math.floor(i * Math.fround(step)), from - 1);
    else if (mode === "nearest-exact")
      left[i] = right[i] = Math.min(Math.floor((i + 0.5) * step), from - 1);
    else {
      const place = alignCorners
        ? to > 1
          ? (i * (from - 1)) / (to - 1)
          : 0
        : Math.max((i + 0.5) * step - 0.5, 0);
      left[i] = Math.min(Math.floor(place), from - 1);
      right[i] = Math.min(left[i] + 1, from - 1);
      weight[i] = Math.min(Math.max(place - left[i], 0), 1);
    }
  }
  return { left, right, weight };
}

/** y[…, i, …] = (1 − w) · x[…, left, …] + w · x[…, right, …] along `axis`. */
function resample(x: Tensor, axis: number, taps: Taps, name = "UpsampleBackward0"): Tensor {
  const dense = contiguous(x);
  const length = taps.left.length;
  const y = empty(x.shape.with(axis, length), x.dtype);
  const told = { op: "resample", axis, ...taps };
  const rows = [[dense, (gy: Tensor) => resampleBack(gy, x.shape, axis, taps)]] as const;
  if (resampling.resample(dense, axis, taps, y)) return record(name, y, rows, { told });
  alongAxis(x.shape, axis, length, (from, to, inner) => {
    const [xs, ys] = [dense.storage.array, y.storage.array];
    for (let i = 0; i < length; i++) {
      const [p, q, w] = [
        dense.offset + from + taps.left[i] * inner,
        dense.offset + from + taps.right[i] * inner,
        taps.weight[i],
      ];
      const t = to + i * inner;
      for (let k = 0; k < inner; k++)
        ys[t + k] = w === 0 ? xs[p + k] : (1 - w) * xs[p + k] + w * xs[q + k];
    }
  });
  return record(name, y, rows, { told });
}

function resampleBack(gy: Tensor, shape: readonly number[], axis: number, taps: Taps): Tensor {
  const dense = contiguous(gy);
  const length = taps.left.length;
  const gx = filled(shape, 0, gy.dtype);
  const rows = [[gy, (ggx: Tensor) => resample(ggx, axis, taps)]] as const;
  if (resampling.resampleBackward(dense, axis, taps, gx)) {
    return record("UpsampleBackwardBackward0", gx, rows);
  }
  alongAxis(shape, axis, length, (from, to, inner) => {
    const [gs, ys] = [gx.storage.array, dense.storage.array];
    for (let i = 0; i < length; i++) {
      const [p, q, w] = [from + taps.left[i] * inner, from + taps.right[i] * inner, taps.weight[i]];
      const t = dense.offset + to + i * inner;
      for (let k = 0; k < inner; k++) {
        gs[p + k] += (1 - w) * ys[t + k];
        if (w !== 0) gs[q + k] += w * ys[t + k];
      }
    }
  });
  return record("UpsampleBackwardBackward0", gx, rows);
}

/** Calls block(start in x, start in y, elements behind the axis) for everything before the axis. */
function alongAxis(
  shape: readonly number[],
  axis: number,
  length: number,
  block: (from: number, to: number, inner: number) => void,
): void {
  const outer = shape.slice(0, axis).reduce((a, b) => a * b, 1);
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  for (let o = 0; o < outer; o++) block(o * shape[axis] * inner, o * length * inner, inner);
}
