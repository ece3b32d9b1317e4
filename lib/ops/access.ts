// Values out of tensors, and the small questions one asks of a tensor.

import makeNdarray, { type NdArray } from "ndarray";
import { record, type GradNode } from "../autograd.js";
import { isFloating, type DType, type TypedArray } from "../compute/dtypes.js";
import { view } from "../compute/storage.js";
import { ShapeError } from "../errors.js";
import { axisOf, sameShape, showShape } from "../shape.js";
import { gather, Tensor } from "../tensor.js";
import { to } from "./convert.js";

/**
 * The values as nested arrays; a tensor without axes as a number. bool gives true and false.
 *
 * ```ts
 * torch.zeros(2, 2).tolist() // → [[0, 0], [0, 0]]
 * ```
 */
export function tolist(x: Tensor): any {
  const values = x.data;
  const asBool = x.dtype === "bool";
  let next = 0;
  const level = (axis: number): unknown => {
    if (axis === x.ndim) return asBool ? values[next++] !== 0 : values[next++];
    return Array.from({ length: x.shape[axis] }, () => level(axis + 1));
  };
  return level(0);
}

/**
 * The number in a tensor of one element.
 *
 * ```ts
 * torch.tensor([[2.5]]).item() // → 2.5
 * ```
 *
 * @throws ShapeError if there are more.
 */
export function item(x: Tensor): number {
  if (x.numel() !== 1) {
    throw new ShapeError(
      `item: x ${showShape(x.shape)} has ${x.numel()} elements, item takes exactly one: select it, or use tolist()`,
    );
  }
  return x.storage.array[x.offset];
}

/**
 * The shape, or the size of one axis.
 *
 * ```ts
 * torch.zeros(2, 3).size() // → [2, 3]
 * torch.zeros(2, 3).size(1) // → 3
 * ```
 */
export function size(x: Tensor): readonly number[];
export function size(x: Tensor, dim: number): number;
export function size(x: Tensor, dim?: number): number | readonly number[] {
  return dim === undefined ? x.shape : x.shape[axisOf("size", dim, x.ndim)];
}

/**
 * How many axes there are.
 *
 * ```ts
 * torch.zeros(2, 3).dim() // → 2
 * ```
 */
export function dim(x: Tensor): number {
  return x.ndim;
}

/**
 * The strides, or that of one axis: elements from one place to the next.
 *
 * ```ts
 * torch.zeros(2, 3).stride() // → [3, 1]
 * ```
 */
export function stride(x: Tensor): readonly number[];
export function stride(x: Tensor, dim: number): number;
export function stride(x: Tensor, dim?: number): number | readonly number[] {
  return dim === undefined ? x.strides : x.strides[axisOf("stride", dim, x.ndim)];
}

/**
 * Bytes of one element.
 *
 * ```ts
 * torch.zeros(2, 3).elementSize() // → 4
 * ```
 */
export function elementSize(x: Tensor): number {
  return x.storage.bytes / Math.max(x.storage.length, 1);
}

/**
 * A copy in memory of its own; the gradient flows through.
 *
 * ```ts
 * const x = torch.tensor([1, 2])
 * x.clone().zero_()
 * x.tolist() // → [1, 2]
 * ```
 */
export function clone(x: Tensor): Tensor {
  return record("CloneBackward0", gather(x), [[x, (gy) => gy]]);
}

/**
 * The same memory outside of the graph: no gradient flows back from here.
 *
 * ```ts
 * torch.ones([2], { requiresGrad: true }).mul(2).detach().requiresGrad // → false
 * ```
 */
export function detach(x: Tensor): Tensor {
  return new Tensor(x.storage, x.shape, x.strides, x.offset);
}

/** Make x itself a leaf. */
export function detach_(x: Tensor): Tensor {
  x.gradFn = null;
  x.wantsGrad = false;
  return x;
}

/**
 * Set requiresGrad, and return x.
 *
 * ```ts
 * torch.ones(2).requiresGrad_().requiresGrad // → true
 * ```
 */
export function requiresGrad_(x: Tensor, value = true): Tensor {
  x.requiresGrad = value;
  return x;
}

/** Keep the gradient of a computed tensor in its `grad`. */
export function retainGrad(x: Tensor): void {
  if (x.gradFn) x.gradFn.keeper = x;
  else if (!x.wantsGrad) throw new TypeError("retainGrad: this tensor does not require grad");
}

/** Call `hook` with the gradient of x whenever it is computed; what it returns replaces the gradient. */
export function registerHook(x: Tensor, hook: (grad: Tensor) => Tensor | void): { remove(): void } {
  if (!x.requiresGrad) throw new TypeError("registerHook: this tensor does not require grad");
  const hooks: GradNode["hooks"] = x.gradFn ? x.gradFn.hooks : (x.hooks ??= []);
  hooks.push(hook);
  return {
    remove() {
      const at = hooks.indexOf(hook);
      if (at >= 0) hooks.splice(at, 1);
    },
  };
}

/**
 * A scijs ndarray over the same memory: changing one changes the other.
 *
 * ```ts
 * const x = torch.zeros(2, 2)
 * x.ndarray().set(0, 1, 7)
 * x.tolist() // → [[0, 7], [0, 0]]
 * ```
 *
 * @throws TypeError on a tensor that requires grad: detach it first.
 */
export function ndarray(x: Tensor): NdArray<TypedArray> {
  if (x.requiresGrad) {
    throw new TypeError("ndarray: this tensor requires grad: use x.detach().ndarray()");
  }
  const data = view(x.storage, 0, x.storage.length);
  return makeNdarray(data, [...x.shape], [...x.strides], x.offset) as NdArray<TypedArray>;
}

/**
 * As float32.
 *
 * ```ts
 * torch.tensor([1, 2]).float().dtype // → "float32"
 * ```
 */
export const float = (x: Tensor): Tensor => to(x, "float32");
/**
 * As float64.
 *
 * ```ts
 * torch.tensor([1, 2]).double().dtype // → "float64"
 * ```
 */
export const double = (x: Tensor): Tensor => to(x, "float64");
/**
 * As int64.
 *
 * ```ts
 * torch.tensor([1.7, -1.7]).long().tolist() // → [1, -1]
 * ```
 */
export const long = (x: Tensor): Tensor => to(x, "int64");
/**
 * As int32.
 *
 * ```ts
 * torch.tensor([1.7, -1.7]).int().tolist() // → [1, -1]
 * ```
 */
export const int = (x: Tensor): Tensor => to(x, "int32");
/**
 * As bool: whatever is not zero is true.
 *
 * ```ts
 * torch.tensor([0, 2]).bool().tolist() // → [false, true]
 * ```
 */
export const bool = (x: Tensor): Tensor => to(x, "bool");
/**
 * As uint8.
 *
 * ```ts
 * torch.tensor([1, 300]).byte().tolist() // → [1, 44]
 * ```
 */
export const byte = (x: Tensor): Tensor => to(x, "uint8");

/**
 * In the dtype of `other`.
 *
 * ```ts
 * torch.tensor([1.7]).typeAs(torch.tensor([1])).dtype // → "int64"
 * ```
 */
export function typeAs(x: Tensor, other: Tensor): Tensor {
  return to(x, other.dtype);
}

/**
 * Is this dtype a floating one?
 *
 * ```ts
 * torch.tensor([1, 2]).isFloatingPoint() // → false
 * ```
 */
export function isFloatingPoint(x: Tensor): boolean {
  return isFloating(x.dtype);
}

/**
 * Same shape and same values everywhere? (NaN equals nothing.)
 *
 * ```ts
 * torch.tensor([1, 2]).equal(torch.tensor([1, 2])) // → true
 * ```
 */
export function equal(x: Tensor, other: Tensor): boolean {
  if (!sameShape(x.shape, other.shape)) return false;
  const [a, b] = [x.data, other.data];
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export interface CloseOptions {
  /** Relative tolerance. Default 1e-5. */
  rtol?: number;
  /** Absolute tolerance. Default 1e-8. */
  atol?: number;
  /** Do two NaN count as close? Default false. */
  equalNan?: boolean;
}

/**
 * Is |x − other| ≤ atol + rtol · |other| everywhere?
 *
 * ```ts
 * torch.tensor([1, 2.5]).allclose(torch.tensor([1, 2.5000001])) // → true
 * ```
 */
export function allclose(x: Tensor, other: Tensor, options: CloseOptions = {}): boolean {
  const { rtol = 1e-5, atol = 1e-8, equalNan = false } = options;
  if (!sameShape(x.shape, other.shape)) return false;
  const [a, b] = [x.data, other.data];
  for (let i = 0; i < a.length; i++) {
    if (a[i] === b[i] || (equalNan && a[i] !== a[i] && b[i] !== b[i])) continue;
    if (!(Math.abs(a[i] - b[i]) <= atol + rtol * Math.abs(b[i])) || !Number.isFinite(b[i]))
      return false;
  }
  return true;
}

/** PyTorch's name for {@link ndarray}. */
export function numpy(x: Tensor): NdArray<TypedArray> {
  return ndarray(x);
}

/** x itself: there is one device. */
export function cpu(x: Tensor): Tensor {
  return x;
}

/** Where the first element lies in the memory that views share, in elements. */
export function storageOffset(x: Tensor): number {
  return x.offset;
}

/**
 * Another name of numel.
 *
 * ```ts
 * torch.zeros(2, 3).nelement() // → 6
 * ```
 */
export function nelement(x: Tensor): number {
  return x.numel();
}
