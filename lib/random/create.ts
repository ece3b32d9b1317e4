// Random tensors: rand, randn, randint, randperm, normal and their *Like forms.

import { isFloating, type DType } from "../compute/dtypes.js";
import { settle } from "../compute/reclaim.js";
import { shapeArguments, type CreateOptions } from "../creation.js";
import { DTypeError } from "../errors.js";
import { broadcastShapes, broadcastStrides, type Shape } from "../shape.js";
import { copyInto, empty, Tensor } from "../tensor.js";
import { uniform } from "./fill.js";
import type { Generator } from "./generator.js";
import { integers, permutation } from "./integers.js";
import { checkBounds, checkStd } from "./limits.js";
import { normal as fillNormal } from "./normal.js";

export interface RandomOptions extends CreateOptions {
  /** The source of random numbers. Default: the one that `torch.manualSeed` starts. */
  generator?: Generator;
}

/** The shape as one array or as several numbers, then the options: rand(2, 3), rand([2, 3], { generator }). */
export type RandomArguments =
  [shape: Shape, options?: RandomOptions] | [...sizes: number[]] | [...(number | RandomOptions)[]];

/**
 * Uniform numbers in [0, 1).
 *
 * ```ts
 * torch.manualSeed(0)
 * torch.rand(2, 2).tolist() // → [[0.49625658988952637, 0.7682217955589294], [0.08847743272781372, 0.13203048706054688]]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.rand.html
 */
export function rand(...args: RandomArguments): Tensor {
  const { shape, options } = shapeArguments<RandomOptions>("rand", args);
  return finish(uniform(floating("rand", shape, options.dtype), 0, 1, options.generator), options);
}

/**
 * Normal numbers with mean 0 and standard deviation 1.
 *
 * ```ts
 * torch.manualSeed(0)
 * String(torch.randn(3)) // → "tensor([ 1.5410, -0.2934, -2.1788])"
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.randn.html
 */
export function randn(...args: RandomArguments): Tensor {
  const { shape, options } = shapeArguments<RandomOptions>("randn", args);
  const y = floating("randn", shape, options.dtype);
  return finish(fillNormal(y, 0, 1, options.generator), options);
}

/**
 * Whole numbers from `low` (default 0) to `high` − 1, int64 unless `dtype` says otherwise.
 *
 * ```ts
 * torch.manualSeed(0)
 * torch.randint(10, [5]).tolist() // → [4, 9, 3, 0, 3]
 * torch.randint(5, 7, [2, 2]).shape // → [2, 2]
 * ```
 *
 * @throws RangeError if low ≥ high, or a bound does not fit the dtype.
 * @see https://pytorch.org/docs/stable/generated/torch.randint.html
 */
export function randint(high: number, shape: Shape, options?: RandomOptions): Tensor;
export function randint(low: number, high: number, shape: Shape, options?: RandomOptions): Tensor;
export function randint(...args: (number | Shape | RandomOptions | undefined)[]): Tensor {
  const bounds = args.filter((arg): arg is number => typeof arg === "number");
  const [shape, options = {}] = args.slice(bounds.length) as [Shape, RandomOptions?];
  if (bounds.length === 0 || bounds.length > 2 || !Array.isArray(shape)) {
    throw new TypeError(
      "randint: takes (high, shape, options) or (low, high, shape, options), with the shape as an array: randint(0, 10, [2, 3])",
    );
  }
  const [low, high] = bounds.length === 2 ? bounds : [0, bounds[0]];
  const dtype = options.dtype ?? "int64";
  checkBounds("randint", low, high, dtype);
  const y = empty(shapeArguments("randint", [shape]).shape, dtype);
  return finish(integers(y, low, high, options.generator), options);
}

/**
 * 0, 1, …, n − 1 in random order, int64 unless `dtype` says otherwise.
 *
 * ```ts
 * torch.manualSeed(0)
 * torch.randperm(5).tolist() // → [4, 0, 1, 3, 2]
 * ```
 */
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  if (!Number.isInteger(n) || n < 0) {
    throw new RangeError(`randperm: n is ${n}, it must be a whole number ≥ 0`);
  }
  const y = empty([n], options.dtype ?? "int64");
  y.storage.array.set(permutation(n, options.generator));
  return finish(y, options);
}

/**
 * Normal numbers: mean and std are numbers (then with a shape), or tensors with a value for each place.
 *
 * ```ts
 * torch.normal(0, 1, [2, 3]).shape // → [2, 3]
 * torch.normal(torch.zeros(4), 2).shape // → [4]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.normal.html
 */
export function normal(
  mean: Tensor | number,
  std: Tensor | number = 1,
  size?: Shape | RandomOptions,
  options: RandomOptions = {},
): Tensor {
  const shape = Array.isArray(size) ? (size as Shape) : undefined;
  const chosen = shape || !size ? options : (size as RandomOptions);
  if (typeof mean === "number" && typeof std === "number") {
    if (!shape)
      throw new TypeError("normal: with two numbers it needs a shape: normal(0, 1, [2, 3])");
    checkStd("normal", std);
    const y = floating("normal", shapeArguments("normal", [shape]).shape, chosen.dtype);
    return finish(fillNormal(y, mean, std, chosen.generator), chosen);
  }
  return normalEach(mean, std, chosen);
}

/** Standard normal numbers, times each std, plus each mean. */
function normalEach(mean: Tensor | number, std: Tensor | number, options: RandomOptions): Tensor {
  const parts = [mean, std].map((part) => (part instanceof Tensor ? part : null));
  for (const part of parts) {
    if (part && !isFloating(part.dtype)) {
      throw new DTypeError(
        `normal: mean and std must be floating point, met ${part.dtype}: use .to("float32")`,
      );
    }
  }
  const shape = broadcastShapes("normal", parts[0]?.shape ?? [], parts[1]?.shape ?? []);
  const dtype = parts[0]?.dtype ?? parts[1]!.dtype;
  const [means, stds] = [mean, std].map((part) => spread(part, shape, dtype));
  for (const value of stds.storage.array) checkStd("normal", value);

  const y = fillNormal(empty(shape, dtype), 0, 1, options.generator);
  const values = y.storage.array;
  const round = dtype === "float32" ? Math.fround : (value: number) => value;
  const [m, s] = [means.storage.array, stds.storage.array];
  for (let i = 0; i < values.length; i++) values[i] = round(values[i] * s[i]) + m[i];
  return finish(y, options);
}

/** A dense tensor of this shape with the numbers of `part`. */
function spread(part: Tensor | number, shape: Shape, dtype: DType): Tensor {
  const y = empty(shape, dtype);
  if (typeof part === "number") y.storage.array.fill(part);
  else {
    const strides = broadcastStrides(part.shape, part.strides, shape);
    copyInto(y, new Tensor(part.storage, shape, strides, part.offset));
  }
  return y;
}

/** Uniform numbers in [0, 1) in x's shape and dtype. */
export function randLike(x: Tensor, options: RandomOptions = {}): Tensor {
  return rand(x.shape, { dtype: x.dtype, ...options });
}

/** Standard normal numbers in x's shape and dtype. */
export function randnLike(x: Tensor, options: RandomOptions = {}): Tensor {
  return randn(x.shape, { dtype: x.dtype, ...options });
}

/** Whole numbers from `low` (default 0) to `high` − 1 in x's shape and dtype. */
export function randintLike(x: Tensor, high: number, options?: RandomOptions): Tensor;
export function randintLike(x: Tensor, low: number, high: number, options?: RandomOptions): Tensor;
export function randintLike(x: Tensor, ...args: (number | RandomOptions | undefined)[]): Tensor {
  const bounds = args.filter((arg): arg is number => typeof arg === "number");
  const options = { dtype: x.dtype, ...(args[bounds.length] as RandomOptions | undefined) };
  const [low, high] = bounds.length === 2 ? bounds : [0, bounds[0]];
  return randint(low, high, x.shape, options);
}

function floating(op: string, shape: Shape, dtype: DType = "float32"): Tensor {
  if (!isFloating(dtype)) {
    throw new DTypeError(
      `${op}: gives floating-point numbers, not ${dtype}: for whole ones use randint`,
    );
  }
  return empty(shape, dtype);
}

function finish(y: Tensor, { requiresGrad = false }: RandomOptions): Tensor {
  if (requiresGrad) y.requiresGrad = true;
  settle();
  return y;
}
