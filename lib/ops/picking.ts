// Reading and writing along one axis at places that a tensor names: what gather, scatter, max and sort share.

import { record } from "../autograd.js";
import * as kernels from "../compute/places.js";
import { filled } from "../creation.js";
import { DTypeError, ShapeError } from "../errors.js";
import { numelOf, sameShape, type Shape } from "../shape.js";
import { empty, gather as copyOf, type Tensor, walk } from "../tensor.js";
import { contiguous } from "./views.js";

/** y[…, k, …] = x[…, places[…, k, …], …] along `axis`. Without a record. */
export function gatherAlong(x: Tensor, axis: number, places: Tensor): Tensor {
  const y = empty(places.shape, x.dtype);
  if (kernels.gather(x, axis, places, y)) return y;
  const [ys, xs, at] = [y.storage.array, x.storage.array, places.storage.array];
  const step = x.strides[axis] ?? 0;
  // x is walked in places' shape with the chosen axis standing still
  const still = { strides: x.strides.map((s, a) => (a === axis ? 0 : s)), offset: x.offset };
  walk(places.shape, [y, places, still], (count, [p0, q0, r0], [dp, dq, dr]) => {
    for (let i = 0, p = p0, q = q0, r = r0; i < count; i++, p += dp, q += dq, r += dr) {
      ys[p] = xs[r + at[q] * step];
    }
  });
  return y;
}

const SHORT = 16; // elements: a loop copies them sooner than a call

/** The slices of a dense x along `axis` at `places`, which has one axis and is dense. Without a record. */
export function slicesAt(x: Tensor, axis: number, places: Tensor): Tensor {
  const y = empty(x.shape.with(axis, places.numel()), x.dtype);
  if (kernels.gatherSlices(x, axis, places, y)) return y;
  const [ys, xs, at] = [y.storage.array, x.storage.array, places.storage.array];
  const [count, block, size] = [places.numel(), numelOf(x.shape.slice(axis + 1)), x.shape[axis]];
  const end = y.numel();
  let source = x.offset;
  for (let to = 0; to < end; source += size * block) {
    for (let k = 0; k < count; k++, to += block) {
      const from = source + at[places.offset + k] * block;
      if (block >= SHORT) ys.set(xs.subarray(from, from + block), to);
      else for (let i = 0; i < block; i++) ys[to + i] = xs[from + i];
    }
  }
  return y;
}

/** How a number that is placed meets the one that is there. */
export const replaced = (_: number, value: number) => value;
export const added = (old: number, value: number) => old + value;

/** target[…, places[…], …] = f(old, source[…]) along `axis`, in place. source has places' shape, or a larger one. */
export function scatterInto(
  target: Tensor,
  axis: number,
  places: Tensor,
  source: Tensor,
  f: (old: number, value: number) => number,
): void {
  const known = f === replaced || f === added;
  if (known && sameShape(source.shape, places.shape)) {
    if (kernels.scatter(source, axis, places, f === added, target)) return;
  }
  const [ts, ss, at] = [target.storage.array, source.storage.array, places.storage.array];
  const step = target.strides[axis] ?? 0;
  const still = {
    strides: target.strides.map((s, a) => (a === axis ? 0 : s)),
    offset: target.offset,
  };
  walk(places.shape, [source, places, still], (count, [p0, q0, r0], [dp, dq, dr]) => {
    for (let i = 0, p = p0, q = q0, r = r0; i < count; i++, p += dp, q += dq, r += dr) {
      const t = r + at[q] * step;
      ts[t] = f(ts[t], ss[p]);
    }
  });
}

/** Zeros of `shape` with gy added at the places: the way back through {@link gatherAlong}. */
export function scatterZeros(shape: Shape, axis: number, places: Tensor, gy: Tensor): Tensor {
  const gx = filled(shape, 0, gy.dtype);
  scatterInto(gx, axis, places, gy, added);
  return record("ScatterAddBackward0", gx, [[gy, (ggx) => gatherAlong(ggx, axis, places)]]);
}

/** Zeros of `shape` with the slices of gy added: the way back through {@link slicesAt}. */
export function slicesBack(shape: Shape, axis: number, places: Tensor, gy: Tensor): Tensor {
  const gx = filled(shape, 0, gy.dtype);
  const dense = gy.isContiguous() ? gy : copyOf(gy);
  if (!kernels.addSlices(dense, axis, places, gx)) addSlices(dense, axis, places, gx);
  return record("IndexAddBackward0", gx, [[gy, (ggx) => slicesAt(contiguous(ggx), axis, places)]]);
}

function addSlices(gy: Tensor, axis: number, places: Tensor, gx: Tensor): void {
  const [gs, ys, at] = [gx.storage.array, gy.storage.array, places.storage.array];
  const [count, block, size] = [places.numel(), numelOf(gx.shape.slice(axis + 1)), gx.shape[axis]];
  let target = 0;
  for (let from = gy.offset; from < gy.offset + gy.numel(); target += size * block) {
    for (let k = 0; k < count; k++) {
      const to = target + at[places.offset + k] * block;
      for (let i = 0; i < block; i++) gs[to + i] += ys[from++];
    }
  }
}

/** Whole numbers from 0 to size − 1 (negative counts from the end, if allowed), as int64. */
export function checkedPlaces(op: string, places: Tensor, size: number, negative = false): Tensor {
  if (places.dtype !== "int64" && places.dtype !== "int32") {
    throw new DTypeError(`${op}: the index is ${places.dtype}, it must be int64: index.long()`);
  }
  const y = copyOf(places, "int64");
  if (kernels.firstBad(y, size) < 0) return y;
  const values = y.storage.array;
  for (let i = 0; i < values.length; i++) {
    const at = negative && values[i] < 0 ? values[i] + size : values[i];
    if (at < 0 || at >= size) {
      throw new ShapeError(
        `${op}: index ${values[i]} is outside an axis of size ${size}: it goes from ${negative ? -size : 0} to ${size - 1}`,
      );
    }
    values[i] = at;
  }
  return y;
}
