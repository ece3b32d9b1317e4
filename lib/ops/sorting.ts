// Order along an axis.

import { record } from "../autograd.js";
import { ShapeError } from "../errors.js";
import { axisOf } from "../shape.js";
import { empty, type Tensor, walk } from "../tensor.js";
import { gatherAlong, scatterZeros } from "./picking.js";
import { narrow } from "./views.js";

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

/** The places of the elements in order; NaN counts as the greatest; equal elements keep their order. */
function places(x: Tensor, axis: number, descending: boolean): Tensor {
  const y = empty(x.shape, "int64");
  const [ys, xs] = [y.storage.array, x.storage.array];
  const length = x.shape[axis] ?? 1;
  const [dy, dx] = [y.strides[axis] ?? 1, x.strides[axis] ?? 1];
  const sign = descending ? -1 : 1;
  const compare = (a: number, b: number) => (a !== a ? (b !== b ? 0 : 1) : b !== b ? -1 : a - b);
  const kept = x.ndim === 0 ? [] : x.shape.with(axis, Math.min(length, 1));
  walk(kept, [y, x], (count, [p0, q0], [dp, dq]) => {
    for (let i = 0, p = p0, q = q0; i < count; i++, p += dp, q += dq) {
      const order = Array.from({ length }, (_, k) => k);
      order.sort((a, b) => sign * compare(xs[q + a * dx], xs[q + b * dx]));
      for (let k = 0; k < length; k++) ys[p + k * dy] = order[k];
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

/** The elements in order along `dim` (the last by default), with the places where they were. */
export function sort(x: Tensor, dim = -1, { descending = false }: SortOptions = {}): Sorted {
  const axis = axisOf("sort", dim, x.ndim);
  return sorted(x, axis, places(x, axis, descending));
}

/** The places that {@link sort} gives. */
export function argsort(x: Tensor, dim = -1, options: SortOptions = {}): Tensor {
  return sort(x, dim, options).indices;
}

/** The k greatest (or smallest) elements along `dim` (the last by default), in order, with their places. */
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
  const order = places(x, axis, largest);
  return sorted(x, axis, x.ndim === 0 ? order : narrow(order, axis, 0, k));
}
