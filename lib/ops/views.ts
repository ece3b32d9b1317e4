// Other shapes over the same memory: a view has its own shape, strides and offset, and shares the storage.

import { record } from "../autograd.js";
import { ShapeError } from "../errors.js";
import {
  axisOf,
  broadcastStrides,
  rowMajorStrides,
  sameShape,
  showShape,
  type Shape,
} from "../shape.js";
import { alias, resolveShape, sizeList } from "./alias.js";
import { filled } from "../creation.js";
import { copyInto, gather, type Tensor } from "../tensor.js";
import { sumTo } from "./stretch.js";

/**
 * The same elements in row-major order under another shape; one size may be -1. A view where strides allow it, else a copy.
 *
 * ```ts
 * torch.arange(6).reshape([2, -1]).tolist() // → [[0, 1, 2], [3, 4, 5]]
 * ```
 */
export function reshape(x: Tensor, ...sizes: number[] | [Shape]): Tensor {
  const shape = resolveShape("reshape", x, sizeList(sizes));
  if (sameShape(shape, x.shape))
    return alias(x, x.shape, x.strides, x.offset, "ViewBackward0", (gy) => gy);
  const dense = x.isContiguous() ? x : contiguous(x);
  return alias(dense, shape, rowMajorStrides(shape), dense.offset, "ViewBackward0", (gy) =>
    reshape(gy, dense.shape),
  );
}

/** x itself if its elements lie in row-major order without gaps, else a copy in which they do. */
export function contiguous(x: Tensor): Tensor {
  if (x.isContiguous()) return x;
  return record("CloneBackward0", gather(x), [[x, (gy) => gy]]);
}

/** x with axes of size 1 (and new axes in front) repeated to `shape`, without copying; -1 keeps a size. */
export function expand(x: Tensor, ...sizes: number[] | [Shape]): Tensor {
  const wanted = sizeList(sizes);
  const lead = wanted.length - x.ndim;
  const shape = wanted.map((size, axis) =>
    size === -1 && axis >= lead ? x.shape[axis - lead] : size,
  );
  const fits =
    lead >= 0 && x.shape.every((size, axis) => size === 1 || size === shape[axis + lead]);
  if (!fits) {
    throw new ShapeError(
      `expand: ${showShape(x.shape)} does not stretch to ${showShape(wanted)}: an axis must be equal or 1, new axes stand in front`,
    );
  }
  const strides = broadcastStrides(x.shape, x.strides, shape);
  return alias(x, shape, strides, x.offset, "ExpandBackward0", (gy) => sumTo(gy, x));
}

/** The slice with index `i` along axis `dim`; that axis goes away. A view. */
export function select(x: Tensor, dim: number, i: number): Tensor {
  const axis = axisOf("select", dim, x.ndim);
  const size = x.shape[axis];
  if (x.ndim === 0 || i < -size || i >= size) {
    throw new ShapeError(
      `select: index ${i} is outside axis ${axis} of ${showShape(x.shape)}: it goes from ${-size} to ${size - 1}`,
    );
  }
  const at = i < 0 ? i + size : i;
  const shape = x.shape.filter((_, a) => a !== axis);
  const strides = x.strides.filter((_, a) => a !== axis);
  const offset = x.offset + at * x.strides[axis];
  return alias(x, shape, strides, offset, "SelectBackward0", (gy) => {
    const gx = filled(x.shape, 0, x.dtype);
    copyInto(select(gx, axis, at), gy);
    return gx;
  });
}
