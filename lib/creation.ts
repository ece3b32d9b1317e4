// Tensors from values: tensor, zeros, ones, full, arange, … Random ones are in random.ts.

import { fill } from "./compute/convert.js";
import { settle } from "./compute/reclaim.js";
import { Storage, storageOver } from "./compute/storage.js";
import { dtypes, type DType, type TypedArray } from "./compute/dtypes.js";
import { DTypeError, ShapeError } from "./errors.js";
import { numelOf, showShape, type Shape } from "./shape.js";
import { checkFits } from "./ops/checks.js";
import { converters, copyInto, empty as emptyTensor, gather, Tensor } from "./tensor.js";

export interface CreateOptions {
  /** The kind of number. Default float32, unless said otherwise. */
  dtype?: DType;
  /** Should `backward` bring a gradient here? Default false. */
  requiresGrad?: boolean;
}

export type NestedArray = number | boolean | readonly NestedArray[];

/** A scijs ndarray: any library can make one. */
export interface NdArrayLike {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
}
export type TensorSource = NestedArray | TypedArray | ArrayLike<number> | NdArrayLike | Tensor;

/**
 * A new tensor with a copy of `data`: nested arrays, a number, a typed array, an ndarray or a tensor.
 *
 * dtype by default, as in PyTorch: bool for booleans, int64 if every number is whole, else float32. JavaScript does not
 * tell 1.0 from 1: for whole numbers as float32 say `{ dtype: "float32" }` (`requiresGrad` says it too). Typed arrays,
 * ndarrays and tensors keep their kind.
 *
 * ```ts
 * torch.tensor([[1, 2], [3, 4.5]]).shape // → [2, 2]
 * torch.tensor([1, 2]).dtype // → "int64"
 * torch.tensor([true, false]).dtype // → "bool"
 * ```
 *
 * @throws ShapeError if nested arrays are ragged.
 * @see https://pytorch.org/docs/stable/generated/torch.tensor.html
 */
export function tensor(data: TensorSource, options: CreateOptions = {}): Tensor {
  const { dtype, requiresGrad = false } = options;
  if (dtype && !dtypes.includes(dtype)) {
    throw new DTypeError(`tensor: there is no dtype "${dtype}"; there are ${dtypes.join(", ")}`);
  }

  return mark(read(data, dtype, requiresGrad), requiresGrad);
}

function read(data: TensorSource, dtype: DType | undefined, requiresGrad: boolean): Tensor {
  if (data instanceof Tensor) return gather(data, dtype);
  if (isNdArray(data)) return gather(fromNdarray(data), dtype);
  if (ArrayBuffer.isView(data)) return fromTyped(data, dtype);
  return fromNested(data as NestedArray, dtype, requiresGrad);
}

function fromTyped(array: ArrayBufferView, dtype?: DType): Tensor {
  const values = array as unknown as ArrayLike<number | bigint>;
  const y = emptyTensor([values.length], dtype ?? dtypeOfArray(array));
  const convert = dtype ? converters[dtype] : null;
  const to = y.storage.array;
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    to[i] = convert ? convert(value) : value;
  }
  return y;
}

function dtypeOfArray(array: ArrayBufferView): DType {
  if (array instanceof Float32Array) return "float32";
  if (array instanceof Float64Array) return "float64";
  if (array instanceof Int32Array) return "int32";
  if (array instanceof Int16Array) return "int16";
  if (array instanceof Int8Array) return "int8";
  if (array instanceof Uint8Array || array instanceof Uint8ClampedArray) return "uint8";
  const { name } = array.constructor;
  if (/^(Big)?U?[Ii]nt/.test(name)) return "int64";
  if (/^Float/.test(name)) return "float32";
  throw new DTypeError(`tensor: cannot read a ${name}: give a typed array of numbers`);
}

function fromNested(data: NestedArray, dtype: DType | undefined, requiresGrad: boolean): Tensor {
  const shape: number[] = [];
  for (let level: NestedArray = data; isArray(level); level = level[0]) {
    shape.push(level.length);
    if (level.length === 0) break;
  }

  const flat: (number | boolean)[] = [];
  flatten(data, shape, 0, flat);

  const kind = dtype ?? kindOf(flat, requiresGrad);
  const y = emptyTensor(shape, kind);
  const to = y.storage.array;
  const convert = converters[kind];
  for (let i = 0; i < flat.length; i++) {
    const value = Number(flat[i]);
    to[i] = convert ? convert(value) : value;
  }
  return y;
}

function isArray(value: unknown): value is readonly NestedArray[] {
  return Array.isArray(value);
}

function flatten(data: NestedArray, shape: Shape, axis: number, out: (number | boolean)[]): void {
  if (axis === shape.length) {
    if (typeof data !== "number" && typeof data !== "boolean") {
      throw isArray(data)
        ? new ShapeError(
            `tensor: the nested arrays are ragged: one more level than ${showShape(shape)} at ${JSON.stringify(data).slice(0, 40)}`,
          )
        : new TypeError(`tensor: expected a number, got ${typeof data}: ${String(data)}`);
    }
    out.push(data);
    return;
  }
  if (!isArray(data) || data.length !== shape[axis]) {
    const met = isArray(data) ? `${data.length} elements` : "a number";
    throw new ShapeError(
      `tensor: the nested arrays are ragged: ${met} where axis ${axis} has ${shape[axis]}; all must be equally long`,
    );
  }
  for (const part of data) flatten(part, shape, axis + 1, out);
}

function kindOf(flat: readonly (number | boolean)[], requiresGrad: boolean): DType {
  if (flat.length === 0 || requiresGrad) return "float32";
  if (flat.every((value) => typeof value === "boolean")) return "bool";
  return flat.every((value) => Number.isInteger(Number(value))) ? "int64" : "float32";
}

function mark(x: Tensor, requiresGrad = false): Tensor {
  if (requiresGrad) x.requiresGrad = true;
  settle();
  return x;
}

function isNdArray(data: unknown): data is NdArrayLike {
  return typeof data === "object" && data !== null && "stride" in data && "data" in data;
}

/**
 * A tensor over the memory of a scijs ndarray, any strides and offset: changing one changes the other.
 * (Arrays that are no typed array are copied.)
 *
 * ```ts
 * const nd = ndarray(new Float32Array([1, 2, 3, 4]), [2, 2])
 * torch.fromNdarray(nd.transpose(1, 0)).tolist() // → [[1, 3], [2, 4]]
 * ```
 */
export function fromNdarray(nd: NdArrayLike): Tensor {
  const { data, shape, stride, offset } = nd;
  if (!ArrayBuffer.isView(data)) {
    const dense = fromNested(Array.from(data), undefined, false);
    return new Tensor(dense.storage, shape, stride, offset);
  }
  const dtype = dtypeOfArray(data);
  if (!(data instanceof Float32Array || data instanceof Float64Array)) {
    if (!(data instanceof Int32Array) && !(data instanceof Uint8Array)) {
      const dense = fromTyped(data, dtype);
      return new Tensor(dense.storage, shape, stride, offset);
    }
  }
  const { storage, offset: base } = storageOver(data as unknown as TypedArray, dtype);
  return new Tensor(storage, [...shape], [...stride], base + offset);
}

/** @internal All elements equal. */
export function filled(shape: Shape, value: number, dtype: DType): Tensor {
  const y = emptyTensor(shape, dtype);
  const convert = converters[dtype];
  fill(y.storage, 0, y.numel(), convert ? convert(value) : value);
  return y;
}

/** The shape as one array or as several numbers, then the options, as PyTorch takes them: zeros(2, 3), zeros([2, 3]). */
export type ShapeArguments =
  [shape: Shape, options?: CreateOptions] | [...sizes: number[]] | [...(number | CreateOptions)[]];

/** @internal */
export function shapeArguments<O = CreateOptions>(
  op: string,
  args: readonly unknown[],
): { shape: number[]; options: O } {
  const rest = [...args];
  const last = rest.at(-1);
  const isOptions = typeof last === "object" && last !== null && !Array.isArray(last);
  const options = (isOptions ? rest.pop() : {}) as O;
  if (rest.at(-1) === undefined) rest.pop();
  const shape = (rest.length === 1 && Array.isArray(rest[0]) ? rest[0] : rest) as number[];
  for (const size of shape) {
    if (!Number.isInteger(size) || size < 0) {
      throw new ShapeError(
        `${op}: a size must be a whole number ≥ 0, not ${String(size)} in ${showShape(shape)}`,
      );
    }
  }
  return { shape: [...shape], options };
}

/**
 * A tensor of zeros. `zeros([2, 3], { dtype })` or `zeros(2, 3)`.
 *
 * ```ts
 * torch.zeros(2, 2).tolist() // → [[0, 0], [0, 0]]
 * ```
 */
export function zeros(...args: ShapeArguments): Tensor {
  const { shape, options } = shapeArguments("zeros", args);
  return mark(filled(shape, 0, options.dtype ?? "float32"), options.requiresGrad);
}

/**
 * A tensor of ones. `ones([2, 3], { dtype })` or `ones(2, 3)`.
 *
 * ```ts
 * torch.ones([3], { dtype: "int64" }).tolist() // → [1, 1, 1]
 * ```
 */
export function ones(...args: ShapeArguments): Tensor {
  const { shape, options } = shapeArguments("ones", args);
  return mark(filled(shape, 1, options.dtype ?? "float32"), options.requiresGrad);
}

/** A tensor whose values are whatever memory held before. */
export function empty(...args: ShapeArguments): Tensor {
  const { shape, options } = shapeArguments("empty", args);
  return mark(emptyTensor(shape, options.dtype), options.requiresGrad);
}

/**
 * A tensor full of `value`: int64 if it is whole, bool if it is one, else float32, unless `dtype` says otherwise.
 *
 * ```ts
 * torch.full([2], 2.5).tolist() // → [2.5, 2.5]
 * ```
 */
export function full(shape: Shape, value: number | boolean, options: CreateOptions = {}): Tensor {
  const { dtype = kindOf([value], options.requiresGrad ?? false), requiresGrad } = options;
  checkFits("full", "value", Number(value), dtype);
  return mark(filled(shapeArguments("full", [shape]).shape, Number(value), dtype), requiresGrad);
}

/**
 * Zeros of x's shape and dtype.
 *
 * ```ts
 * torch.zerosLike(torch.tensor([1, 2])).tolist() // → [0, 0]
 * ```
 */
export function zerosLike(x: Tensor, options: CreateOptions = {}): Tensor {
  return mark(filled(x.shape, 0, options.dtype ?? x.dtype), options.requiresGrad);
}

/**
 * Ones of x's shape and dtype.
 *
 * ```ts
 * torch.onesLike(torch.tensor([1, 2])).tolist() // → [1, 1]
 * ```
 */
export function onesLike(x: Tensor, options: CreateOptions = {}): Tensor {
  return mark(filled(x.shape, 1, options.dtype ?? x.dtype), options.requiresGrad);
}

/**
 * `value` in x's shape and dtype.
 *
 * ```ts
 * torch.fullLike(torch.tensor([1, 2]), 7).tolist() // → [7, 7]
 * ```
 */
export function fullLike(x: Tensor, value: number, options: CreateOptions = {}): Tensor {
  return mark(filled(x.shape, value, options.dtype ?? x.dtype), options.requiresGrad);
}

/** Whatever memory held, in x's shape and dtype. */
export function emptyLike(x: Tensor, options: CreateOptions = {}): Tensor {
  return mark(emptyTensor(x.shape, options.dtype ?? x.dtype), options.requiresGrad);
}

/**
 * start, start + step, … below end: ceil((end − start) / step) numbers. int64 if all three are whole, else float32.
 *
 * ```ts
 * torch.arange(5).tolist() // → [0, 1, 2, 3, 4]
 * torch.arange(1, 2, 0.5).tolist() // → [1, 1.5]
 * ```
 */
export function arange(
  start: number,
  end?: number | CreateOptions,
  step?: number | CreateOptions,
  options: CreateOptions = {},
): Tensor {
  if (typeof end === "object") return arange(0, start, 1, end);
  if (typeof step === "object") return arange(start, end, 1, step);
  if (end === undefined) return arange(0, start, step, options);
  const by = step ?? 1;
  if (by === 0 || (end - start) / by < 0) {
    throw new RangeError(`arange: step ${by} does not lead from ${start} to ${end}`);
  }
  const whole = [start, end, by].every(Number.isInteger);
  const y = emptyTensor(
    [Math.ceil((end - start) / by)],
    options.dtype ?? (whole ? "int64" : "float32"),
  );
  const to = y.storage.array;
  for (let i = 0; i < to.length; i++) to[i] = start + i * by;
  return mark(y, options.requiresGrad);
}

/**
 * `steps` numbers from start to end, both included, at equal distances.
 *
 * ```ts
 * torch.linspace(0, 1, 5).tolist() // → [0, 0.25, 0.5, 0.75, 1]
 * ```
 */
export function linspace(
  start: number,
  end: number,
  steps: number,
  options: CreateOptions = {},
): Tensor {
  const y = emptyTensor(shapeArguments("linspace", [[steps]]).shape, options.dtype);
  const to = y.storage.array;
  const step = steps > 1 ? (end - start) / (steps - 1) : 0;
  // from both ends, as PyTorch, so that the last number is exactly `end`
  for (let i = 0; i < steps; i++)
    to[i] = i < steps / 2 ? start + step * i : end - step * (steps - 1 - i);
  return mark(y, options.requiresGrad);
}

/**
 * The identity matrix [n, m]; m is n by default.
 *
 * ```ts
 * torch.eye(2).tolist() // → [[1, 0], [0, 1]]
 * ```
 */
export function eye(n: number, m: number | CreateOptions = n, options: CreateOptions = {}): Tensor {
  if (typeof m === "object") return eye(n, n, m);
  const y = filled(shapeArguments("eye", [[n, m]]).shape, 0, options.dtype ?? "float32");
  for (let i = 0; i < Math.min(n, m); i++) y.storage.array[i * m + i] = 1;
  return mark(y, options.requiresGrad);
}

/** @internal A tensor for a number that an operation got as an operand. */
export function scalar(value: number, dtype: DType): Tensor {
  return filled([], value, dtype);
}

/** @internal Same values, other dtype: x itself if it has it already. Outside of autograd. */
export function converted(x: Tensor, dtype: DType): Tensor {
  if (x.dtype === dtype) return x;
  const y = emptyTensor(x.shape, dtype);
  copyInto(y, x);
  return y;
}
