// Layers that only change shapes.

import { ShapeError } from "../errors.js";
import { axisOf, numelOf, showShape } from "../shape.js";
import { flatten, reshape } from "../ops/views.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";
import { python } from "./print-module.js";

/**
 * Axes startDim to endDim as one: by default all but the first, the batch. Shapes: [N, C, H, W] → [N, C·H·W].
 *
 * ```ts
 * new nn.Flatten()(torch.zeros(2, 3, 4, 4)).shape // → [2, 48]
 * ```
 */
export class Flatten extends Module {
  constructor(
    readonly startDim = 1,
    readonly endDim = -1,
  ) {
    super();
  }

  forward(x: Tensor): Tensor {
    const start = axisOf("Flatten", this.startDim, x.ndim);
    const end = axisOf("Flatten", this.endDim, x.ndim);
    if (start > end) {
      throw new ShapeError(
        `Flatten: startDim ${this.startDim} lies behind endDim ${this.endDim} in x ${showShape(x.shape)}`,
      );
    }
    return flatten(x, start, end);
  }

  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}

/**
 * One axis as several: the opposite of {@link Flatten}. One of the sizes may be -1.
 *
 * ```ts
 * new nn.Unflatten(1, [2, 3])(torch.zeros(5, 6)).shape // → [5, 2, 3]
 * ```
 */
export class Unflatten extends Module {
  constructor(
    readonly dim: number,
    readonly unflattenedSize: readonly number[],
  ) {
    super();
  }

  forward(x: Tensor): Tensor {
    const axis = axisOf("Unflatten", this.dim, x.ndim);
    const sizes = this.unflattenedSize;
    const known = numelOf(sizes.filter((size) => size !== -1));
    const filled = sizes.map((size) => (size === -1 ? x.shape[axis] / known : size));
    if (numelOf(filled) !== x.shape[axis] || !filled.every(Number.isInteger)) {
      throw new ShapeError(
        `Unflatten: axis ${axis} of x ${showShape(x.shape)} has ${x.shape[axis]} elements, which do not fill ${showShape(sizes)}`,
      );
    }
    return reshape(x, [...x.shape.slice(0, axis), ...filled, ...x.shape.slice(axis + 1)]);
  }

  override extraRepr(): string {
    return `dim=${this.dim}, unflattened_size=${python([...this.unflattenedSize])}`;
  }
}
