// x[…] of Python, as a call: x.index(0, "1:3", "...", null, mask, [2, 0]).
// Numbers, ranges, "..." and null give views; masks, tensors and arrays of places give copies, placed as NumPy places them.

import { record } from "../autograd.js";
import { before, checkMayOverwrite, overwrite } from "../overwriting.js";
import { filled, tensor } from "../creation.js";
import { ShapeError } from "../errors.js";
import { broadcastShapes, numelOf, rowMajorStrides, showShape } from "../shape.js";
import { copyInto, empty, gather as copyOf, Tensor } from "../tensor.js";
import { clone } from "./access.js";
import { add } from "./arithmetic.js";
import { to } from "./convert.js";
import { nonzero } from "./picks.js";
import { checkedPlaces } from "./picking.js";
import { stretched } from "./pointwise.js";
import { contiguous, permute, reshape, select, slice, unsqueeze } from "./views.js";

/** One entry: a place, a range as Python writes it ("1:3", ":", "::2"), all further axes, a new axis, a mask, places. */
export type IndexEntry =
  number | string | null | boolean | Tensor | readonly number[] | readonly boolean[];

/**
 * Part of x, as Python's x[…]: numbers choose a slice, strings are ranges "start:stop:step", "..." stands for all axes
 * between, null is a new axis, a bool tensor is a mask, an int64 tensor or an array lists places.
 *
 * ```ts
 * const x = torch.arange(12).reshape([3, 4])
 * x.index(1, "1:3").tolist() // → [5, 6]
 * x.index("...", -1).tolist() // → [3, 7, 11]
 * x.index([2, 0]).shape // → [2, 4]
 * x.index(x.gt(9)).tolist() // → [10, 11]
 * ```
 *
 * @see https://numpy.org/doc/stable/user/basics.indexing.html
 */
export function index(x: Tensor, ...entries: IndexEntry[]): Tensor {
  const { viewed, places } = resolve(x, entries);
  return places.length === 0 ? viewed : pick(viewed, places);
}

/** {@link index} under JavaScript's word. */
export function at(x: Tensor, ...entries: IndexEntry[]): Tensor {
  return index(x, ...entries);
}

/**
 * Write `value` (a number or a tensor that broadcasts) into the part of x that `entries` name, in place.
 * With `accumulate` it is added, also where a place is named twice.
 */
export function indexPut_(
  x: Tensor,
  entries: IndexEntry | readonly IndexEntry[],
  value: Tensor | number,
  { accumulate = false }: { accumulate?: boolean } = {},
): Tensor {
  const list = (Array.isArray(entries) ? entries : [entries]) as IndexEntry[];
  checkMayOverwrite("indexPut_", x);
  const y = copyOf(x);
  const { viewed, places } = resolve(y, list);
  const source = typeof value === "number" ? filled([], value, x.dtype) : to(value, x.dtype);
  if (places.length === 0) {
    const wide = stretchedTo(source, viewed.shape);
    copyInto(viewed, accumulate ? add(viewed, wide) : wide);
  } else put(viewed, places, source, accumulate);

  const rows = [
    [before(x), (gy: Tensor) => (accumulate ? gy : indexPut_(clone(gy), list, 0))],
    [source, (gy: Tensor) => sumLike(index(gy, ...list), source)],
  ] as const;
  return overwrite("indexPut_", x, record("IndexPutBackward0", y, rows));
}

function sumLike(g: Tensor, like: Tensor): Tensor {
  const lead = g.ndim - like.ndim;
  const axes = g.shape.flatMap((n, a) =>
    a < lead || (like.shape[a - lead] === 1 && n !== 1) ? a : [],
  );
  return reshape(axes.length > 0 ? g.sum(axes, { keepdim: true }) : g, like.shape);
}

function stretchedTo(x: Tensor, shape: readonly number[]): Tensor {
  if (numelOf(broadcastShapes("indexPut_", x.shape, shape)) !== numelOf(shape)) {
    throw new ShapeError(
      `indexPut_: the value ${showShape(x.shape)} does not fit the part ${showShape(shape)}`,
    );
  }
  const squeezed = x.ndim > shape.length ? reshape(x, x.shape.slice(x.ndim - shape.length)) : x;
  return stretched(squeezed, shape);
}

/** Places along one axis of the viewed tensor. */
type Places = { axis: number; places: Tensor };

/** The views applied; what needs copying is left as places along the axes of the view. */
function resolve(x: Tensor, entries: readonly IndexEntry[]): { viewed: Tensor; places: Places[] } {
  const used = entries.reduce<number>((sum, entry) => sum + axesUsed(entry), 0);
  const dots = entries.filter((entry) => entry === "...").length;
  if (dots > 1) throw new ShapeError('index: "..." may stand once');
  if (used > x.ndim) {
    throw new ShapeError(
      `index: ${used} axes are indexed, but x ${showShape(x.shape)} has ${x.ndim}`,
    );
  }

  let viewed = x;
  let axis = 0;
  const places: Places[] = [];
  for (const entry of entries) {
    if (entry === "...") axis += x.ndim - used;
    else if (entry === null) viewed = unsqueeze(viewed, axis++);
    else if (typeof entry === "number") viewed = select(viewed, axis, whole(entry));
    else if (typeof entry === "string") viewed = ranged(viewed, axis++, entry);
    else if (typeof entry === "boolean") {
      viewed = unsqueeze(viewed, axis);
      places.push({ axis: axis++, places: tensor(entry ? [0] : [], { dtype: "int64" }) });
    } else {
      const list = entry instanceof Tensor ? entry : tensor(entry as number[]);
      const asPlaces = list.numel() === 0 && !(entry instanceof Tensor) ? to(list, "int64") : list;
      const isMask = asPlaces.dtype === "bool" || asPlaces.dtype === "uint8";
      for (const each of isMask ? maskPlaces(viewed, axis, asPlaces) : [asPlaces]) {
        places.push({ axis, places: checkedPlaces("index", each, viewed.shape[axis], true) });
        axis++;
      }
    }
  }
  return { viewed, places };
}

function axesUsed(entry: IndexEntry): number {
  if (entry === null || entry === "..." || typeof entry === "boolean") return 0;
  return entry instanceof Tensor && entry.dtype === "bool" ? entry.ndim : 1;
}

function whole(i: number): number {
  if (!Number.isInteger(i)) throw new TypeError(`index: a place must be a whole number, not ${i}`);
  return i;
}

function ranged(x: Tensor, axis: number, range: string): Tensor {
  const match = /^\s*(-?\d*)\s*:\s*(-?\d*)\s*(?::\s*(-?\d*)\s*)?$/.exec(range);
  if (!match) {
    throw new TypeError(
      `index: "${range}" is no range: write "start:stop" or "start:stop:step", each part optional`,
    );
  }
  const [start, stop, step] = match.slice(1).map((part) => (part ? Number(part) : undefined));
  return slice(x, axis, start, stop, step);
}

function maskPlaces(x: Tensor, axis: number, mask: Tensor): Tensor[] {
  const covered = x.shape.slice(axis, axis + mask.ndim);
  if (String(covered) !== String(mask.shape)) {
    throw new ShapeError(
      `index: the mask ${showShape(mask.shape)} does not cover the axes ${showShape(covered)} of x ${showShape(x.shape)}`,
    );
  }
  const found = nonzero(mask);
  return mask.shape.map((_, a) => contiguous(select(found, 1, a)));
}

interface Plan {
  /** x with the indexed axes in front. */
  front: Tensor;
  /** Flat place among the indexed axes, per chosen element. */
  flat: number[];
  /** Shape that the places have together. */
  chosen: readonly number[];
  rest: readonly number[];
  /** Where the chosen axes stand in the result. */
  position: number;
}

function plan(x: Tensor, places: readonly Places[]): Plan {
  const indexed = places.map(({ axis }) => axis);
  const others = x.shape.map((_, axis) => axis).filter((axis) => !indexed.includes(axis));
  const chosen = places.map((p) => p.places.shape).reduce((a, b) => broadcastShapes("index", a, b));
  const front = permute(x, [...indexed, ...others]);
  const sizes = indexed.map((axis) => x.shape[axis]);
  const steps = rowMajorStrides(sizes);
  const lists = places.map((p) => contiguous(stretched(p.places, chosen)).data);
  const flat = Array.from({ length: numelOf(chosen) }, (_, i) =>
    lists.reduce((sum, list, k) => sum + list[i] * steps[k], 0),
  );
  // together they stay where they stood; apart they come first
  const together = indexed.every((axis, k) => k === 0 || axis === indexed[k - 1] + 1);
  return {
    front,
    flat,
    chosen,
    rest: others.map((axis) => x.shape[axis]),
    position: together ? indexed[0] : 0,
  };
}

/** Axes of [chosen…, rest…] in the order of the result. */
function order({ chosen, rest, position }: Plan): number[] {
  const c = chosen.map((_, i) => i);
  const r = rest.map((_, i) => chosen.length + i);
  return [...r.slice(0, position), ...c, ...r.slice(position)];
}

function pick(x: Tensor, places: readonly Places[]): Tensor {
  const how = plan(x, places);
  const block = numelOf(how.rest);
  const source = contiguous(how.front.detach());
  const y = empty([...how.chosen, ...how.rest], x.dtype);
  const [ys, xs] = [y.storage.array, source.storage.array];
  how.flat.forEach((at, i) => {
    for (let k = 0; k < block; k++) ys[i * block + k] = xs[source.offset + at * block + k];
  });
  const result = permute(y, order(how));
  return record("IndexBackward0", result, [
    [
      x,
      (gy) => {
        const gx = filled(x.shape, 0, gy.dtype);
        put(gx, places, gy, true);
        return record("IndexPutBackward0", gx, [[gy, (ggx) => pick(ggx, places)]]);
      },
    ],
  ]);
}

function put(x: Tensor, places: readonly Places[], value: Tensor, accumulate: boolean): void {
  const how = plan(x, places);
  const axes = order(how);
  const shape = axes.map((axis) => [...how.chosen, ...how.rest][axis]);
  const back = axes.map((_, axis) => axes.indexOf(axis));
  const source = contiguous(permute(stretchedTo(value.detach(), shape), back));
  const block = numelOf(how.rest);
  const target = contiguous(how.front);
  const [ts, vs] = [target.storage.array, source.storage.array];
  how.flat.forEach((at, i) => {
    for (let k = 0; k < block; k++) {
      const t = target.offset + at * block + k;
      ts[t] = (accumulate ? ts[t] : 0) + vs[source.offset + i * block + k];
    }
  });
  if (target !== how.front) copyInto(how.front, target);
}
