// Batch, layer, group and instance normalisation.

import { ShapeError } from "../errors.js";
import { numelOf, sameShape, showShape } from "../shape.js";
import { Tensor } from "../tensor.js";
import { add, mul } from "./arithmetic.js";
import { checkFloating } from "./checks.js";
import { rsqrt } from "./functions.js";
import { mean } from "./sum.js";
import { normalized, statisticsOf, type Statistics } from "./normalized.js";

export interface AffineOptions {
  /** What the normalised numbers are multiplied by. Default: nothing. */
  weight?: Tensor | null;
  /** What is then added. Default: nothing. */
  bias?: Tensor | null;
  /** Keeps the division finite. Default 1e-5. */
  eps?: number;
}

export interface BatchNormOptions extends AffineOptions {
  /** Use (and let the running numbers follow) the batch's own mean and variance. Default false. */
  training?: boolean;
  /** How fast the running numbers follow. Default 0.1. */
  momentum?: number;
}

/**
 * (x − mean) / √(variance + eps) · weight + bias, for each channel over the batch and all pixels. In training the
 * running mean and (unbiased) variance are moved towards the batch's; else they are used.
 *
 * Shapes: x [N, C, …], all others [C] → [N, C, …].
 *
 * ```ts
 * const x = torch.tensor([[1], [3]], { dtype: "float32" })
 * const y = torch.nn.functional.batchNorm(x, null, null, { training: true, eps: 0 })
 * y.tolist() // → [[-1], [1]]
 * ```
 *
 * @throws ShapeError if a channel has only one number in training.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html
 */
export function batchNorm(
  x: Tensor,
  runningMean: Tensor | null = null,
  runningVar: Tensor | null = null,
  weight: Tensor | null | BatchNormOptions = null,
  bias: Tensor | null = null,
  options: BatchNormOptions = {},
): Tensor {
  if (isOptions(weight)) {
    const { weight: w = null, bias: b = null } = weight;
    return batchNorm(x, runningMean, runningVar, w, b, weight);
  }
  const op = "batchNorm";
  const { training = false, momentum = 0.1, eps = 1e-5 } = options;
  checkFloating(op, { x });
  if (x.ndim < 2) {
    throw new ShapeError(
      `${op}: x needs at least 2 axes [N, C, …] but has ${x.ndim}: ${showShape(x.shape)}`,
    );
  }
  const [N, C] = x.shape;
  checkPerChannel(op, x, C, { runningMean, runningVar, weight, bias });
  const inner = numelOf(x.shape.slice(2));
  const size = { outer: N, S: C, inner, step: inner };
  if (!training) {
    if (!runningMean || !runningVar) {
      throw new TypeError(
        `${op}: without training, runningMean and runningVar are needed: pass them, or { training: true }`,
      );
    }
    const given = { mean: doubles(runningMean), variance: doubles(runningVar) };
    return normalized("NativeBatchNormBackward0", x, weight, bias, size, eps, given);
  }

  if (N * inner <= 1) {
    throw new ShapeError(
      `${op}: in training each channel needs more than 1 number, but x ${showShape(x.shape)} has ${N * inner}: take a larger batch, or eval()`,
    );
  }
  const own = statisticsOf(x, size);
  follow(runningMean, runningVar, own, N * inner, momentum);
  return normalized("NativeBatchNormBackward0", x, weight, bias, size, eps);
}

/**
 * As {@link batchNorm}, for each image of the batch by itself. Shapes: x [N, C, …], all others [C] → [N, C, …].
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.InstanceNorm2d.html
 */
export function instanceNorm(
  x: Tensor,
  runningMean: Tensor | null | InstanceNormOptions = null,
  runningVar: Tensor | null = null,
  weight: Tensor | null = null,
  bias: Tensor | null = null,
  options: InstanceNormOptions = {},
): Tensor {
  if (isOptions(runningMean)) {
    const given = runningMean;
    const [w, b] = [given.weight ?? null, given.bias ?? null];
    return instanceNorm(x, given.runningMean ?? null, given.runningVar ?? null, w, b, given);
  }
  const op = "instanceNorm";
  const { useInputStats = true, momentum = 0.1, eps = 1e-5 } = options;
  checkFloating(op, { x });
  if (x.ndim < 3) {
    throw new ShapeError(
      `${op}: x needs at least 3 axes [N, C, …] but has ${x.ndim}: ${showShape(x.shape)}`,
    );
  }
  const [N, C] = x.shape;
  checkPerChannel(op, x, C, { runningMean, runningVar, weight, bias });
  const inner = numelOf(x.shape.slice(2));
  if (!useInputStats) {
    return batchNorm(x, runningMean, runningVar, weight, bias, { eps });
  }
  if (inner <= 1) {
    throw new ShapeError(
      `${op}: each channel of an image needs more than 1 number, but x ${showShape(x.shape)} has ${inner}`,
    );
  }
  const size = { outer: 1, S: N * C, inner, step: inner };
  if (runningMean && runningVar) {
    const own = statisticsOf(x, size);
    const average = (values: Float64Array) =>
      Float64Array.from({ length: C }, (_, c) => {
        let sum = 0;
        for (let n = 0; n < N; n++) sum += values[n * C + c];
        return sum / N;
      });
    const means = { mean: average(own.mean), variance: average(own.variance) };
    follow(runningMean, runningVar, means, inner, momentum);
  }
  return normalized("ViewBackward0", x, weight, bias, size, eps);
}

export interface InstanceNormOptions extends AffineOptions {
  runningMean?: Tensor | null;
  runningVar?: Tensor | null;
  /** Use each image's own mean and variance. Default true. */
  useInputStats?: boolean;
  /** How fast the running numbers follow. Default 0.1. */
  momentum?: number;
}

/**
 * (x − mean) / √(variance + eps) · weight + bias over the last axes, whose sizes are `normalizedShape`.
 * Shapes: x […, ...normalizedShape], weight and bias of normalizedShape → as x.
 *
 * ```ts
 * const x = torch.tensor([[1, 3]], { dtype: "float32" })
 * torch.nn.functional.layerNorm(x, [2], { eps: 0 }).tolist() // → [[-1, 1]]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html
 */
export function layerNorm(
  x: Tensor,
  normalizedShape: number | readonly number[],
  weight: Tensor | null | AffineOptions = null,
  bias: Tensor | null = null,
  options: AffineOptions = {},
): Tensor {
  if (isOptions(weight)) {
    return layerNorm(x, normalizedShape, weight.weight ?? null, weight.bias ?? null, weight);
  }
  const op = "layerNorm";
  checkFloating(op, { x, weight, bias });
  const shape = typeof normalizedShape === "number" ? [normalizedShape] : [...normalizedShape];
  if (shape.length === 0 || !sameShape(x.shape.slice(-shape.length), shape)) {
    throw new ShapeError(
      `${op}: normalizedShape ${showShape(shape)} must be the last axes of x ${showShape(x.shape)}`,
    );
  }
  for (const [name, tensor] of Object.entries({ weight, bias })) {
    if (!tensor || sameShape((tensor as Tensor).shape, shape)) continue;
    throw new ShapeError(
      `${op}: ${name} ${showShape((tensor as Tensor).shape)} must have normalizedShape ${showShape(shape)}`,
    );
  }
  const inner = numelOf(shape);
  const size = { outer: 1, S: x.numel() / Math.max(inner, 1), inner, step: 1 };
  return normalized("NativeLayerNormBackward0", x, weight, bias, size, options.eps ?? 1e-5);
}

/**
 * (x − mean) / √(variance + eps) · weight + bias for each image over groups of channels and all pixels.
 * Shapes: x [N, C, …], weight and bias [C] → as x.
 *
 * @throws ShapeError if numGroups does not divide C.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html
 */
export function groupNorm(
  x: Tensor,
  numGroups: number,
  weight: Tensor | null | AffineOptions = null,
  bias: Tensor | null = null,
  options: AffineOptions = {},
): Tensor {
  if (isOptions(weight)) {
    return groupNorm(x, numGroups, weight.weight ?? null, weight.bias ?? null, weight);
  }
  const op = "groupNorm";
  checkFloating(op, { x, weight, bias });
  if (x.ndim < 2) {
    throw new ShapeError(
      `${op}: x needs at least 2 axes [N, C, …] but has ${x.ndim}: ${showShape(x.shape)}`,
    );
  }
  const [N, C] = x.shape;
  if (!Number.isInteger(numGroups) || numGroups < 1 || C % numGroups !== 0) {
    throw new ShapeError(
      `${op}: numGroups ${numGroups} does not divide the ${C} channels of x ${showShape(x.shape)}`,
    );
  }
  checkPerChannel(op, x, C, { weight, bias });
  const pixels = numelOf(x.shape.slice(2));
  if (N * C * pixels === numGroups) {
    throw new ShapeError(
      `${op}: each group needs more than 1 number, but x ${showShape(x.shape)} has 1: take fewer groups or a larger batch`,
    );
  }
  const size = { outer: 1, S: N * numGroups, inner: (C / numGroups) * pixels, step: pixels };
  return normalized("NativeGroupNormBackward0", x, weight, bias, size, options.eps ?? 1e-5);
}

/**
 * x / √(mean of x² + eps) · weight over the last axes, whose sizes are `normalizedShape`. eps is by default the distance
 * from 1 to the next number of x's dtype.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.RMSNorm.html
 */
export function rmsNorm(
  x: Tensor,
  normalizedShape: number | readonly number[],
  { weight = null, eps = null }: { weight?: Tensor | null; eps?: number | null } = {},
): Tensor {
  const op = "rmsNorm";
  checkFloating(op, { x, weight });
  const shape = typeof normalizedShape === "number" ? [normalizedShape] : [...normalizedShape];
  if (shape.length === 0 || !sameShape(x.shape.slice(-shape.length), shape)) {
    throw new ShapeError(
      `${op}: normalizedShape ${showShape(shape)} must be the last axes of x ${showShape(x.shape)}`,
    );
  }
  const axes = shape.map((_, i) => x.ndim - shape.length + i);
  const least = eps ?? (x.dtype === "float32" ? 2 ** -23 : Number.EPSILON);
  const y = mul(x, rsqrt(add(mean(mul(x, x), axes, { keepdim: true }), least)));
  return weight ? mul(y, weight) : y;
}

function isOptions<T extends object>(value: Tensor | null | T): value is T {
  return value !== null && !(value instanceof Tensor);
}

function checkPerChannel(
  op: string,
  x: Tensor,
  C: number,
  named: Record<string, Tensor | null>,
): void {
  for (const [name, tensor] of Object.entries(named)) {
    if (!tensor) continue;
    checkFloating(op, { x, [name]: tensor });
    if (tensor.ndim === 1 && tensor.shape[0] === C) continue;
    throw new ShapeError(
      `${op}: ${name} ${showShape(tensor.shape)} must be [${C}]: one number for each channel of x ${showShape(x.shape)}`,
    );
  }
}

function doubles(x: Tensor): Float64Array {
  return Float64Array.from(x.data);
}

/** Moves the running numbers by `momentum` towards the batch's; the variance is the unbiased one. */
function follow(
  runningMean: Tensor | null,
  runningVar: Tensor | null,
  { mean, variance }: Statistics,
  count: number,
  momentum: number,
): void {
  const step = (running: Tensor | null, values: Float64Array, factor: number) => {
    if (!running) return;
    const { storage, offset, strides } = running;
    for (let c = 0; c < values.length; c++) {
      const at = offset + c * strides[0];
      storage.array[at] = (1 - momentum) * storage.array[at] + momentum * factor * values[c];
    }
    storage.version++;
  };
  step(runningMean, mean, 1);
  step(runningVar, variance, count / (count - 1));
}
