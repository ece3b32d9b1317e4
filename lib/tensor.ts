// Tensor: a shape, strides and an offset over a storage. No arithmetic here: methods.ts hangs the functions of ops/ on it.

import { copy as copyByKernel } from "./compute/elementwise.js";
import { convert as convertByKernel } from "./compute/convert.js";
import { Storage, view } from "./compute/storage.js";
import { isFloating, type DType, type TypedArray } from "./compute/dtypes.js";
import { DTypeError } from "./errors.js";
import type { GradNode } from "./autograd.js";
import { tensorText } from "./print.js";
import { isRowMajor, numelOf, rowMajorStrides, type Shape } from "./shape.js";

const inspect: unique symbol = Symbol.for("nodejs.util.inspect.custom") as never;

/**
 * Numbers of one dtype in a grid with any number of axes. Made by `torch.tensor`, `torch.zeros` …, never by `new`; every
 * function of torch that takes a tensor first is also its method.
 *
 * ```ts
 * torch.tensor([[1, 2], [3, 4]]).mul(2).sum().item() // → 20
 * ```
 */
export class Tensor {
  readonly shape: readonly number[];
  /** Elements from one place to the next, per axis. */
  readonly strides: readonly number[];
  /** @internal The gradient, without letting it be seen: {@link grad} is the door for users. */
  gradient: Tensor | null = null;
  private gradientSeen = false;
  /** @internal The tensor that this one is a view of; see overwriting.ts. */
  base: Tensor | null = null;
  /** @internal How often an in-place operation gave this tensor (or, for a view, its base) a new history. */
  generation = 0;
  private node: GradNode | null = null;

  /** @internal Set on leaves only; see {@link requiresGrad}. */
  wantsGrad = false;
  /** @internal A leaf's hooks, called with its gradient; those of a computed tensor are on its node. */
  hooks: ((grad: Tensor) => Tensor | void)[] | null = null;

  constructor(
    /** @internal What is shared with views. */
    readonly storage: Storage,
    shape: Shape,
    strides: Shape = rowMajorStrides(shape),
    /** @internal Where the first element lies, in elements. */
    readonly offset = 0,
  ) {
    this.shape = shape;
    this.strides = strides;
  }

  get dtype(): DType {
    return this.storage.dtype;
  }

  /** The gradient that `backward` has summed up here, or null. */
  get grad(): Tensor | null {
    this.gradientSeen = true;
    return this.gradient;
  }

  set grad(value: Tensor | null) {
    if (this.gradient && !this.gradientSeen && value !== this.gradient)
      this.gradient.storage.free();
    this.gradient = value;
    this.gradientSeen = true;
  }

  /** @internal Takes a gradient that nobody else has. If nobody looks at it either, its memory comes back at once. */
  ownGradient(gradient: Tensor): void {
    this.gradient = gradient;
    this.gradientSeen = false;
  }

  /** How this tensor came about, if a gradient is to flow through it. */
  get gradFn(): GradNode | null {
    const { base } = this;
    if (base && base.generation !== this.generation) {
      this.generation = base.generation;
      this.node = viewHistory.renewed(this, base);
    }
    return this.node;
  }

  set gradFn(node: GradNode | null) {
    this.node = node;
  }

  /** The number of axes. */
  get ndim(): number {
    return this.shape.length;
  }

  /** Does `backward` bring a gradient to here or through here? */
  get requiresGrad(): boolean {
    return this.wantsGrad || this.gradFn !== null;
  }

  set requiresGrad(value: boolean) {
    if (value && !isFloating(this.dtype)) {
      throw new DTypeError(
        `requiresGrad: only float32 and float64 tensors have gradients, this one is ${this.dtype}: convert it with .to("float32")`,
      );
    }
    if (this.gradFn) {
      if (value) return;
      throw new TypeError(
        "requiresGrad: can be switched off on leaves only, this tensor was computed: use .detach()",
      );
    }
    this.wantsGrad = value;
  }

  /** Made by the user, not by an operation with a gradient. */
  get isLeaf(): boolean {
    return this.gradFn === null;
  }

  /**
   * The values in row-major order. Over the tensor's own memory if they lie there in that order
   * (writing changes the tensor), else a copy.
   */
  get data(): TypedArray {
    const dense = this.isContiguous() ? this : gather(this);
    return view(dense.storage, dense.offset, this.numel());
  }

  /** How many elements there are. */
  numel(): number {
    return numelOf(this.shape);
  }

  /** Does memory hold the elements in row-major order without gaps? */
  isContiguous(): boolean {
    return isRowMajor(this.shape, this.strides);
  }

  /** The text that PyTorch prints for this tensor. */
  toString(): string {
    return tensorText(this);
  }

  /** The same for `console.log`, in Node. */
  [inspect](): string {
    return this.toString();
  }

  /** JavaScript's operators are for numbers: `-x` would be NaN without a word. In a text, what {@link toString} gives. */
  [Symbol.toPrimitive](wanted: string): string {
    if (wanted !== "number") return this.toString();
    throw new TypeError(
      `a tensor [${this.shape.join(", ")}] is not a number: x.neg(), x.mul(2) … for arithmetic, x.item() for the value of one element`,
    );
  }

  /** For `for … of`: the slices along the first axis. */
  *[Symbol.iterator](): Iterator<Tensor> {
    if (this.ndim === 0) throw new TypeError("iteration: a tensor without axes has no slices");
    for (let i = 0; i < this.shape[0]; i++) yield this.select(0, i);
  }
}

/** Filled by overwriting.ts: the history of a view whose base was changed in place since. */
export const viewHistory: { renewed(view: Tensor, base: Tensor): GradNode | null } = {
  renewed: () => null,
};

/** A dense row-major copy, outside of autograd. */
export function gather(x: Tensor, dtype: DType = x.dtype): Tensor {
  const y = empty(x.shape, dtype);
  copyInto(y, x);
  return y;
}

/** A new tensor whose values are whatever memory held before. */
export function empty(shape: Shape, dtype: DType = "float32"): Tensor {
  return new Tensor(new Storage(dtype, numelOf(shape)), shape);
}

/** Elements: fewer are copied in a loop sooner than TypedArray.set looks at its arguments. */
const WORTH_A_CALL = 48;

/** y[…] = x[…] at all places, converted to y's dtype. The shapes are the same; any strides. */
export function copyInto(y: Tensor, x: Tensor): void {
  if (x.dtype === "float32" && y.dtype !== x.dtype && !x.isContiguous())
    return copyInto(y, gather(x));
  const from = x.storage.array;
  const to = y.storage.array;
  const convert = conversion(x.dtype, y.dtype);
  if (!convert && x.isContiguous() && y.isContiguous()) {
    const count = x.numel();
    if (count > 0) to.set(from.subarray(x.offset, x.offset + count), y.offset);
    return;
  }
  if (x.dtype === y.dtype && copyByKernel(x, y)) return;
  if (x.dtype !== y.dtype && convertByKernel(x, y)) return;
  walk(y.shape, [y, x], (count, [yStart, xStart], [yStep, xStep]) => {
    if (!convert && yStep === 1 && xStep === 1 && count >= WORTH_A_CALL) {
      to.set(from.subarray(xStart, xStart + count), yStart);
      return;
    }
    for (let i = 0, p = yStart, q = xStart; i < count; i++, p += yStep, q += xStep) {
      to[p] = convert ? convert(from[q]) : from[q];
    }
  });
}

/** How a number becomes one of another dtype, as in C and PyTorch: cut towards zero, wrapped, not zero. */
export const converters: Readonly<Record<DType, ((value: number) => number) | null>> = {
  float32: null,
  float64: null,
  int64: (v) => (v < 2 ** 63 && v > -(2 ** 63) ? Math.trunc(v) + 0 : -(2 ** 63)), // also NaN, as x86 has it
  int32: null, // an Int32Array cuts and wraps by itself
  int16: null, // and so do the smaller ones
  int8: null,
  uint8: null,
  bool: (v) => (v !== 0 ? 1 : 0),
};

/** The converter from one dtype to another; what no int32 can hold, of floating point, is its least, as x86 has it. */
function conversion(from: DType, to: DType): ((value: number) => number) | null {
  if (from === to) return null;
  return to === "int32" && isFloating(from) ? toInt32 : converters[to];
}
const toInt32 = (v: number) => (v > -(2 ** 31) - 1 && v < 2 ** 31 ? v : -(2 ** 31));

interface Strided {
  readonly strides: Shape;
  readonly offset: number;
}

/**
 * Walks several arrays of one shape together, in row-major order, a run along the last axis at a time:
 * `row(count, starts, steps)`, each with one entry per array. (Stride 0 repeats an element.)
 */
export function walk(
  shape: Shape,
  arrays: readonly Strided[],
  row: (count: number, starts: readonly number[], steps: readonly number[]) => void,
): void {
  if (numelOf(shape) === 0) return;
  const last = shape.length - 1;
  const starts = arrays.map((array) => array.offset);
  if (last < 0) return row(1, starts, starts);

  const steps = arrays.map((array) => array.strides[last]);
  const index = new Array<number>(last).fill(0);
  for (;;) {
    row(shape[last], starts, steps);
    let axis = last - 1;
    for (; axis >= 0; axis--) {
      const back = ++index[axis] < shape[axis] ? 0 : shape[axis];
      for (let k = 0; k < arrays.length; k++) {
        starts[k] += arrays[k].strides[axis] * (1 - back);
      }
      if (!back) break;
      index[axis] = 0;
    }
    if (axis < 0) return;
  }
}
