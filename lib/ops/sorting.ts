// Order along an axis.

import { record } from "../autograd.js";
import { firstPlaces } from "../compute/plain/order.js";
import { ShapeError } from "../errors.js";
import { axisOf } from "../shape.js";
import { empty, type Tensor, walk } from "../tensor.js";
import { gatherAlong, scatterZeros } from "./picking.js";

interface Sorted extends Iterable<Tensor> {
  readonly values: Tensor;
  readonly indices: Tensor;
}

function sorted(x: Tensor, axis: number, places: Tensor): Sorted {
  const values = record("SortBackward0", gatherAlong(x, axis, places), [
    [x, (gy) => scatterZeros(x.shape, axis, places, gy)],
  ]);
  return {
    values,
    indices: places,
    *[Symbol.iterator]() {
      yield values;
      yield places;
    },
  };
}

/** The places of the first k elements in order; NaN counts as the greatest; equal elements keep their order. */
function places(x: Tensor, axis: number, descending: boolean, k = x.shape[axis] ?? 1): Tensor {
  const shape = x.ndim === 0 ? [] : x.shape.with(axis, k);
  const y = empty(shape, "int64");
  const [ys, xs] = [y.storage.array, x.storage.array];
  const length = x.shape[axis] ?? 1;
  const [dy, dx] = [y.strides[axis] ?? 1, x.strides[axis] ?? 1];
  const kept = x.ndim === 0 ? [] : x.shape.with(axis, Math.min(length, 1));
  walk(kept, [y, x], (count, [p0, q0], [dp, dq]) => {
    for (let i = 0, p = p0, q = q0; i < count; i++, p += dp, q += dq) {
      const order = firstPlaces(xs, q, dx, length, descending, k);
      for (let n = 0; n < k; n++) ys[p + n * dy] = order[n];
    }
  });
  return y;
}

export interface SortOptions {
  /** The greatest first. Default false. */
  descending?: boolean;
  /** Equal elements keep their order. They always do here. */
  stable?: boolean;
}

/**
 * The elements in order along `dim` (the last by default), with the places where they were.
 *
 * ```ts
 * const { values, indices } = torch.tensor([3, 1, 2]).sort()
 * values.tolist() // → [1, 2, 3]
 * indices.tolist() // → [1, 2, 0]
 * ```
 */
export function sort(x: Tensor, dim = -1, { descending = false }: SortOptions = {}): Sorted {
  const axis = axisOf("sort", dim, x.ndim);
  return sorted(x, axis, places(x, axis, descending));
}

/**
 * The places that {@link sort} gives.
 *
 * ```ts
 * torch.tensor([3, 1, 2]).argsort(0, { descending: true }).tolist() // → [0, 2, 1]
 * ```
 */
export function argsort(x: Tensor, dim = -1, options: SortOptions = {}): Tensor {
  return sort(x, dim, options).indices;
}

/**
 * The k greatest (or smallest) elements along `dim` (the last by default), in order, with their places.
 *
 * ```ts
 * const { values, indices } = torch.tensor([3, 1, 2]).topk(2)
 * values.tolist() // → [3, 2]
 * indices.tolist() // → [0, 2]
 * ```
 */
export function topk(
  x: Tensor,
  k: number,
  dim = -1,
  { largest = true }: { largest?: boolean; sorted?: boolean } = {},
): Sorted {
  const axis = axisOf("topk", dim, x.ndim);
  const length = x.shape[axis] ?? 1;
  if (!(k >= 0 && k <= length)) {
    throw new ShapeError(
      `topk: k is ${k}, but axis ${axis} has ${length} elements: k goes from 0 to ${length}`,
    );
  }
  return sorted(x, axis, places(x, axis, largest, x.ndim === 0 ? 1 : k));
}
