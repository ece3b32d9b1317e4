// The greatest and the smallest, over axes or with their places along one.

import { isGradEnabled, record } from "../autograd.js";
import * as reduction from "../compute/reduction.js";
import { axesOf, axisOf, type Shape } from "../shape.js";
import { empty, type Tensor, walk } from "../tensor.js";
import { div, mul } from "./arithmetic.js";
import { isBool, refuse } from "./checks.js";
import { eq } from "./comparison.js";
import { to } from "./convert.js";
import {
  finish,
  fold,
  foldByKernel,
  notEmpty,
  valuesAndIndices,
  type ValuesAndIndices,
} from "./fold.js";
import { gatherAlong, scatterZeros } from "./picking.js";
import { sum, type ReduceOptions } from "./sum.js";
import { expand, flatten, reshape } from "./views.js";

function extreme(
  op: string,
  x: Tensor,
  dim: number | Shape | null | undefined,
  keepdim: boolean,
  greatest: boolean,
): Tensor {
  const axes = axesOf(op, dim, x.ndim);
  notEmpty(op, x, axes);
  // a NaN, once met, stays
  const better = greatest
    ? (a: number, b: number) => (a !== a || a >= b ? a : b)
    : (a: number, b: number) => (a !== a || a <= b ? a : b);
  const y =
    foldByKernel(greatest ? "greatest" : "least", x, axes) ??
    fold(x, axes, greatest ? -Infinity : Infinity, better, x.dtype);
  // elements that tie share the gradient evenly, as PyTorch
  const share = () => {
    const hits = to(eq(x, y), x.dtype);
    return div(hits, sum(hits, axes, { keepdim: true }));
  };
  const recorded = record(
    greatest ? "AmaxBackward0" : "AminBackward0",
    y,
    [[x, (gy) => mul(expand(gy, x.shape), share())]],
    { told: { op: greatest ? "amax" : "amin", axes, keepdim: true } },
  );
  return finish(recorded, x, axes, keepdim);
}

/**
 * The greatest value over the axes `dim` (all by default); ties share the gradient.
 *
 * ```ts
 * torch.tensor([[1, 5], [7, 2]]).amax(0).tolist() // → [7, 5]
 * ```
 */
export function amax(
  x: Tensor,
  dim?: number | Shape | null,
  { keepdim = false }: ReduceOptions = {},
): Tensor {
  return extreme("amax", x, dim, keepdim, true);
}

/**
 * The smallest value over the axes `dim` (all by default); ties share the gradient.
 *
 * ```ts
 * torch.tensor([[1, 5], [7, 2]]).amin(1).tolist() // → [1, 2]
 * ```
 */
export function amin(
  x: Tensor,
  dim?: number | Shape | null,
  { keepdim = false }: ReduceOptions = {},
): Tensor {
  return extreme("amin", x, dim, keepdim, false);
}

/**
 * Both {@link amin} and {@link amax}.
 *
 * ```ts
 * const { min, max } = torch.tensor([3, 1, 2]).aminmax()
 * [min.item(), max.item()] // → [1, 3]
 * ```
 */
export function aminmax(
  x: Tensor,
  { dim, keepdim = false }: ReduceOptions & { dim?: number } = {},
): { min: Tensor; max: Tensor } {
  return { min: amin(x, dim, { keepdim }), max: amax(x, dim, { keepdim }) };
}

/** Where the first best element lies along `axis`, kept with size 1. */
function bestPlace(op: string, x: Tensor, axis: number, greatest: boolean): Tensor {
  notEmpty(op, x, x.ndim === 0 ? [] : [axis]);
  const length = x.ndim === 0 ? 1 : x.shape[axis];
  const kept = x.shape.map((size, a) => (a === axis ? 1 : size));
  const places = empty(kept, "int64");
  if (reduction.best(x, x.ndim === 0 ? null : axis, !greatest, places)) return places;
  const [to_, from] = [places.storage.array, x.storage.array];
  const step = x.strides[axis] ?? 1;
  walk(kept, [places, x], (count, [p0, q0], [dp, dq]) => {
    for (let i = 0, p = p0, q = q0; i < count; i++, p += dp, q += dq) {
      let best = 0;
      let value = from[q];
      for (let k = 1, r = q + step; k < length && value === value; k++, r += step) {
        const v = from[r];
        if (v !== v || (greatest ? v > value : v < value)) {
          best = k;
          value = v;
        }
      }
      to_[p] = best;
    }
  });
  return places;
}

function argBest(
  op: string,
  x: Tensor,
  dim: number | null | undefined,
  keepdim: boolean,
  greatest: boolean,
): Tensor {
  refuse(op, x, isBool, "x.long()");
  if (dim === null || dim === undefined) {
    const place = bestPlace(op, flatten(x), 0, greatest);
    return reshape(place, keepdim ? x.shape.map(() => 1) : []);
  }
  const axis = axisOf(op, dim, x.ndim);
  return finish(bestPlace(op, x, axis, greatest), x, [axis], keepdim);
}

/**
 * The place of the greatest value along `dim` (in the flattened tensor by default). int64
 *
 * ```ts
 * torch.tensor([[1, 5], [7, 2]]).argmax(1).tolist() // → [1, 0]
 * torch.tensor([[1, 5], [7, 2]]).argmax().item() // → 2
 * ```
 */
export function argmax(
  x: Tensor,
  dim?: number | null,
  { keepdim = false }: ReduceOptions = {},
): Tensor {
  return argBest("argmax", x, dim, keepdim, true);
}

/**
 * The place of the smallest value along `dim` (in the flattened tensor by default). int64
 *
 * ```ts
 * torch.tensor([[1, 5], [7, 2]]).argmin(0).tolist() // → [0, 1]
 * ```
 */
export function argmin(
  x: Tensor,
  dim?: number | null,
  { keepdim = false }: ReduceOptions = {},
): Tensor {
  return argBest("argmin", x, dim, keepdim, false);
}

function best(
  op: string,
  x: Tensor,
  dim: number,
  keepdim: boolean,
  greatest: boolean,
): ValuesAndIndices {
  const axis = axisOf(op, dim, x.ndim);
  const places = bestPlace(op, x, axis, greatest);
  const values = record(greatest ? "MaxBackward0" : "MinBackward0", gatherAlong(x, axis, places), [
    [x, (gy) => scatterZeros(x.shape, axis, places, gy)],
  ]);
  return valuesAndIndices(finish(values, x, [axis], keepdim), finish(places, x, [axis], keepdim));
}

function maxOrMin(
  op: "max" | "min",
  x: Tensor,
  dim: number | Tensor | undefined,
  keepdim: boolean,
): Tensor | ValuesAndIndices {
  const greatest = op === "max";
  if (dim === undefined) return greatest ? amax(x) : amin(x);
  return best(op, x, dim as number, keepdim, greatest);
}

/**
 * The greatest value of all; or, along `dim`, the greatest values with their places.
 *
 * ```ts
 * const { values, indices } = torch.tensor([[1, 5], [7, 2]]).max(1)
 * values.tolist() // → [5, 7]
 * indices.tolist() // → [1, 0]
 * ```
 */
export function max(x: Tensor): Tensor;
export function max(x: Tensor, dim: number, options?: ReduceOptions): ValuesAndIndices;
export function max(
  x: Tensor,
  dim?: number,
  { keepdim = false }: ReduceOptions = {},
): Tensor | ValuesAndIndices {
  return maxOrMin("max", x, dim, keepdim);
}

/**
 * The smallest value of all; or, along `dim`, the smallest values with their places.
 *
 * ```ts
 * torch.tensor([[1, 5], [7, 2]]).min().item() // → 1
 * ```
 */
export function min(x: Tensor): Tensor;
export function min(x: Tensor, dim: number, options?: ReduceOptions): ValuesAndIndices;
export function min(
  x: Tensor,
  dim?: number,
  { keepdim = false }: ReduceOptions = {},
): Tensor | ValuesAndIndices {
  return maxOrMin("min", x, dim, keepdim);
}
