// Pooling over volumes: first over height and width, then over the depth. A greatest number, a sum and a bin's divisor
// are all products of the two steps, so nothing is lost, and every gradient follows from theirs.

import type { Tensor } from "../tensor.js";
import { adaptiveBins, slidingBins, type Pooling } from "./bins.js";
import { average } from "./averages.js";
import type { AvgPool2dOptions } from "./avg-pool.js";
import type { OutputSize } from "./adaptive-pool.js";
import { add, mul } from "./arithmetic.js";
import { greatest } from "./greatest.js";
import type { MaxPoolOptions } from "./max-pool.js";
import { gather } from "./picks.js";
import { permute, reshape } from "./views.js";
import { tripleOf, withVolumes } from "./volume-options.js";
import type { Sizes } from "./window-options.js";

/** The bins over height and width, and those over the depth. */
interface Steps {
  plane: (x: Tensor) => Pooling;
  depth: (x: Tensor) => Pooling;
}

/** [N, C, D, H, W] → [N, C·D, H, W] */
function planes(x: Tensor): Tensor {
  const [N, C, D, H, W] = x.shape;
  return reshape(x, [N, C * D, H, W]);
}

/** [N, C·D, P, Q] → [N, C·P·Q, D], and back with the depth that is left. */
function depths(y: Tensor, D: number): Tensor {
  const [N, CD, P, Q] = y.shape;
  return reshape(permute(reshape(y, [N, CD / D, D, P, Q]), 0, 1, 3, 4, 2), [N, -1, D]);
}

function volumes(z: Tensor, [N, C, P, Q]: readonly number[]): Tensor {
  return permute(reshape(z, [N, C, P, Q, z.shape[2]]), 0, 1, 4, 2, 3);
}

function greatestOf(op: string, x: Tensor, { plane, depth }: Steps): [Tensor, Tensor] {
  const [N, C, D, , W] = x.shape;
  const all = { returnIndices: true };
  const flat = planes(x);
  const [y, at] = greatest(op, "MaxPool3DWithIndicesBackward0", flat, plane(flat), all) as [
    Tensor,
    Tensor,
  ];
  const lines = depths(y, D);
  const name = "MaxPool3DWithIndicesBackward0";
  const [z, slice] = greatest(op, name, lines, depth(lines), all) as [Tensor, Tensor];
  const inPlane = gather(depths(at, D), 2, slice);
  const indices = add(mul(slice, x.shape[3] * W), inPlane);
  const shape = [N, C, y.shape[2], y.shape[3]];
  return [volumes(z, shape), volumes(indices, shape)];
}

/**
 * The greatest number of each window of a volume. Shapes: x [N, C, D, H, W] or [C, D, H, W]; options and sizes as in
 * {@link maxPool2d}. Indices count within the volume of a channel.
 *
 * ```ts
 * const x = torch.arange(8, { dtype: "float32" }).reshape([1, 1, 2, 2, 2])
 * torch.maxPool3d(x, 2).item() // → 7
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.MaxPool3d.html
 */
export function maxPool3d(
  x: Tensor,
  kernelSize: Sizes,
  options: MaxPoolOptions & { returnIndices: true },
): [Tensor, Tensor];
export function maxPool3d(
  x: Tensor,
  kernelSize: Sizes,
  options?: MaxPoolOptions & { returnIndices?: false },
): Tensor;
export function maxPool3d(
  x: Tensor,
  kernelSize: Sizes,
  options: MaxPoolOptions = {},
): Tensor | [Tensor, Tensor] {
  const op = "maxPool3d";
  const steps = sliding(op, kernelSize, options);
  const [y, indices] = withVolumes(op, x, "MaxPool3DWithIndicesBackward0", (v) =>
    greatestOf(op, v, steps),
  );
  return options.returnIndices ? [y, indices] : y;
}

function sliding(
  op: string,
  kernelSize: Sizes,
  options: MaxPoolOptions,
  countPadding = true,
): Steps {
  const { ceilMode } = options;
  const kernel = tripleOf(op, "kernelSize", kernelSize, 1);
  const stride = tripleOf(op, "stride", options.stride ?? kernelSize, 1);
  const padding = tripleOf(op, "padding", options.padding ?? 0, 0);
  const dilation = tripleOf(op, "dilation", options.dilation ?? 1, 1);
  const part = (from: number, to: number) => ({
    ...{ stride: stride.slice(from, to), padding: padding.slice(from, to) },
    ...{ dilation: dilation.slice(from, to), ceilMode },
  });
  return {
    plane: (x) => slidingBins(op, 2, x, kernel.slice(1), part(1, 3), countPadding),
    depth: (x) => slidingBins(op, 1, x, kernel.slice(0, 1), part(0, 1), countPadding),
  };
}

/**
 * The mean of each window of a volume. Shapes: x [N, C, D, H, W] or [C, D, H, W]; options as in {@link avgPool2d}.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.AvgPool3d.html
 */
export function avgPool3d(x: Tensor, kernelSize: Sizes, options: AvgPool2dOptions = {}): Tensor {
  const op = "avgPool3d";
  const { countIncludePad = true, divisorOverride = null } = options;
  if (divisorOverride === 0) throw new RangeError(`${op}: divisorOverride must not be 0`);
  const steps = sliding(op, kernelSize, options, countIncludePad);
  return withVolumes(op, x, "AvgPool3DBackward0", (v) => meanOf(op, v, steps, divisorOverride));
}

function meanOf(op: string, x: Tensor, { plane, depth }: Steps, divisor: number | null): Tensor {
  const [N, C, D] = x.shape;
  const flat = planes(x);
  const name = "AvgPool3DBackward0";
  const y = average(op, name, flat, plane(flat), divisor);
  const lines = depths(y, D);
  const z = average(op, name, lines, depth(lines), divisor === null ? null : 1);
  return volumes(z, [N, C, y.shape[2], y.shape[3]]);
}

function adaptive(op: string, x: Tensor, outputSize: OutputSize): Steps {
  const list = typeof outputSize === "number" ? Array(3).fill(outputSize) : [...outputSize];
  const known = list.map((size, axis) => size ?? x.shape[x.ndim - 3 + axis]);
  const [depth, height, width] = tripleOf(op, "outputSize", known, 0);
  return {
    plane: (y) => adaptiveBins(op, 2, y, [height, width]),
    depth: (y) => adaptiveBins(op, 1, y, [depth]),
  };
}

/**
 * Means over windows that share out the volume. Shapes: x [N, C, D, H, W] or [C, D, H, W]; see {@link adaptiveAvgPool2d}.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool3d.html
 */
export function adaptiveAvgPool3d(x: Tensor, outputSize: OutputSize): Tensor {
  const op = "adaptiveAvgPool3d";
  return withVolumes(op, x, "AdaptiveAvgPool3DBackward0", (v) =>
    meanOf(op, v, adaptive(op, v, outputSize), null),
  );
}

/** The greatest of windows that share out the volume; with `returnIndices`, [y, indices] as in {@link maxPool3d}. */
export function adaptiveMaxPool3d(
  x: Tensor,
  outputSize: OutputSize,
  options: { returnIndices: true },
): [Tensor, Tensor];
export function adaptiveMaxPool3d(
  x: Tensor,
  outputSize: OutputSize,
  options?: { returnIndices?: false },
): Tensor;
export function adaptiveMaxPool3d(
  x: Tensor,
  outputSize: OutputSize,
  options: { returnIndices?: boolean } = {},
): Tensor | [Tensor, Tensor] {
  const op = "adaptiveMaxPool3d";
  const [y, at] = withVolumes(op, x, "AdaptiveMaxPool3DBackward0", (v) =>
    greatestOf(op, v, adaptive(op, v, outputSize)),
  );
  return options.returnIndices ? [y, at] : y;
}
