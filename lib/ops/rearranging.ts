// The same elements in other places, copied: flips, rolls, repetitions, triangles.

import { record } from "../autograd.js";
import { filled } from "../creation.js";
import { ShapeError } from "../errors.js";
import { axesOf, axisOf, showShape, type Shape } from "../shape.js";
import { copyInto, gather, Tensor } from "../tensor.js";
import { sizeList } from "./alias.js";
import { cat } from "./joining.js";
import { diagonal, expand, narrow, reshape, transpose, unsqueeze } from "./views.js";

/**
 * x with the order along the axes `dims` reversed.
 *
 * ```ts
 * torch.tensor([[1, 2], [3, 4]]).flip(1).tolist() // → [[2, 1], [4, 3]]
 * ```
 */
export function flip(x: Tensor, ...dims: number[] | [Shape]): Tensor {
  const axes = axesOf("flip", sizeList(dims), x.ndim);
  const strides = x.strides.map((s, axis) => (axes.includes(axis) ? -s : s));
  const last = axes.reduce(
    (sum, axis) => sum + Math.max(x.shape[axis] - 1, 0) * x.strides[axis],
    0,
  );
  const y = gather(new Tensor(x.storage, x.shape, strides, x.offset + last));
  return record("FlipBackward0", y, [[x, (gy) => flip(gy, axes)]]);
}

/**
 * x moved by `shifts` places along `dims`; what leaves at the end comes in at the front.
 *
 * ```ts
 * torch.tensor([1, 2, 3]).roll(1).tolist() // → [3, 1, 2]
 * ```
 */
export function roll(x: Tensor, shifts: number | Shape, dims?: number | Shape): Tensor {
  if (dims === undefined) return reshape(roll(reshape(x, [-1]), shifts, 0), x.shape);
  const [by, along] = [[shifts].flat() as number[], [dims].flat() as number[]];
  if (by.length !== along.length) {
    throw new ShapeError(`roll: ${by.length} shifts but ${along.length} dims: as many of both`);
  }
  along.forEach((dim) => axisOf("roll", dim, x.ndim));
  if (x.numel() === 0) return x;
  return along.reduce((y, dim, i) => {
    const axis = axisOf("roll", dim, y.ndim);
    const length = y.shape[axis];
    const shift = length === 0 ? 0 : ((by[i] % length) + length) % length;
    if (shift === 0) return y;
    return cat([narrow(y, axis, length - shift, shift), narrow(y, axis, 0, length - shift)], axis);
  }, x);
}

/**
 * x beside itself: `sizes` times along each axis (new axes in front).
 *
 * ```ts
 * torch.tensor([1, 2]).repeat(2, 2).tolist() // → [[1, 2, 1, 2], [1, 2, 1, 2]]
 * ```
 */
export function repeat(x: Tensor, ...sizes: number[] | [Shape]): Tensor {
  const times = sizeList(sizes);
  if (times.length < x.ndim) {
    throw new ShapeError(
      `repeat: ${showShape(times)} has fewer entries than x ${showShape(x.shape)} has axes`,
    );
  }
  const shape = [...new Array<number>(times.length - x.ndim).fill(1), ...x.shape];
  // [r0, n0, r1, n1, …] expanded, then every pair as one axis
  const spread = reshape(
    x,
    shape.flatMap((n) => [1, n]),
  );
  const wide = expand(
    spread,
    shape.flatMap((n, axis) => [times[axis], n]),
  );
  return reshape(
    wide,
    shape.map((n, axis) => n * times[axis]),
  );
}

/**
 * As {@link repeat}, but missing counts are 1.
 *
 * ```ts
 * torch.tensor([1, 2]).tile(2).tolist() // → [1, 2, 1, 2]
 * ```
 */
export function tile(x: Tensor, ...sizes: number[] | [Shape]): Tensor {
  const times = sizeList(sizes);
  return repeat(x, [...new Array<number>(Math.max(x.ndim - times.length, 0)).fill(1), ...times]);
}

/**
 * Every element `repeats` times in a row, along `dim` (of the flattened tensor by default).
 *
 * ```ts
 * torch.tensor([1, 2]).repeatInterleave(2).tolist() // → [1, 1, 2, 2]
 * ```
 */
export function repeatInterleave(x: Tensor, repeats: number, dim?: number): Tensor {
  if (dim === undefined) return repeatInterleave(reshape(x, [-1]), repeats, 0);
  const axis = axisOf("repeatInterleave", dim, x.ndim);
  const spread = unsqueeze(x, axis + 1);
  const wide = expand(spread, [...x.shape.slice(0, axis + 1), repeats, ...x.shape.slice(axis + 1)]);
  return reshape(wide, x.shape.with(axis, x.shape[axis] * repeats));
}

/** What lies on one side of a diagonal of the matrices, and on it; zero elsewhere. */
function triangle(name: "tril" | "triu", x: Tensor, diagonal: number): Tensor {
  if (x.ndim < 2) throw new ShapeError(`${name}: x ${showShape(x.shape)} needs at least 2 axes`);
  const y = gather(x);
  const [rows, columns] = x.shape.slice(-2);
  const values = y.storage.array;
  for (let start = 0, row = 0; start < values.length; start += columns, row = (row + 1) % rows) {
    // the first column that does not belong to the lower triangle, or that belongs to the upper one
    const edge = row + diagonal + (name === "tril" ? 1 : 0);
    const cut = start + Math.min(Math.max(edge, 0), columns);
    if (name === "tril") values.fill(0, cut, start + columns);
    else values.fill(0, start, cut);
  }
  return record(name === "tril" ? "TrilBackward0" : "TriuBackward0", y, [
    [x, (gy) => triangle(name, gy, diagonal)],
  ]);
}

/**
 * What lies on and below a diagonal of the matrices; zero elsewhere.
 *
 * ```ts
 * torch.ones(2, 2).tril().tolist() // → [[1, 0], [1, 1]]
 * ```
 */
export function tril(x: Tensor, diagonal = 0): Tensor {
  return triangle("tril", x, diagonal);
}

/**
 * What lies on and above a diagonal of the matrices; zero elsewhere.
 *
 * ```ts
 * torch.ones(2, 2).triu(1).tolist() // → [[0, 1], [0, 0]]
 * ```
 */
export function triu(x: Tensor, diagonal = 0): Tensor {
  return triangle("triu", x, diagonal);
}

/**
 * Of a vector the matrix with it as a diagonal; of a matrix its diagonal.
 *
 * ```ts
 * torch.tensor([1, 2]).diag().tolist() // → [[1, 0], [0, 2]]
 * ```
 */
export function diag(x: Tensor, offset = 0): Tensor {
  if (x.ndim === 2) return gatherRecorded(diagonal(x, offset));
  if (x.ndim !== 1) throw new ShapeError(`diag: x ${showShape(x.shape)} must have 1 or 2 axes`);
  const side = x.shape[0] + Math.abs(offset);
  const y = filled([side, side], 0, x.dtype);
  copyInto(diagonal(y, offset), x);
  return record("DiagEmbedBackward0", y, [[x, (gy) => diagonal(gy, offset)]]);
}

/**
 * The sum of the diagonal of a matrix.
 *
 * ```ts
 * torch.tensor([[1, 2], [3, 4]]).trace().item() // → 5
 * ```
 */
export function trace(x: Tensor): Tensor {
  if (x.ndim !== 2) throw new ShapeError(`trace: x ${showShape(x.shape)} must be a matrix`);
  return diagonal(x).sum();
}

/**
 * x turned by k quarter turns in the plane of two axes, from the first to the second.
 *
 * ```ts
 * torch.tensor([[1, 2], [3, 4]]).rot90().tolist() // → [[2, 4], [1, 3]]
 * ```
 */
export function rot90(x: Tensor, k = 1, dims: Shape = [0, 1]): Tensor {
  const [a, b] = dims;
  const turns = ((k % 4) + 4) % 4;
  if (turns === 0) return gatherRecorded(x);
  if (turns === 2) return flip(x, a, b);
  return turns === 1 ? flip(transpose(x, a, b), a) : transpose(flip(x, a), a, b);
}

/**
 * The columns in reverse order.
 *
 * ```ts
 * torch.tensor([[1, 2], [3, 4]]).fliplr().tolist() // → [[2, 1], [4, 3]]
 * ```
 */
export function fliplr(x: Tensor): Tensor {
  return flip(x, 1);
}

/**
 * The rows in reverse order.
 *
 * ```ts
 * torch.tensor([[1, 2], [3, 4]]).flipud().tolist() // → [[3, 4], [1, 2]]
 * ```
 */
export function flipud(x: Tensor): Tensor {
  if (x.ndim === 0) throw new ShapeError("flipud: x needs at least 1 axis but has 0");
  return flip(x, 0);
}

function gatherRecorded(x: Tensor): Tensor {
  return record("DiagonalCopyBackward0", gather(x), [[x, (gy) => gy]]);
}
