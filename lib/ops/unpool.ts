// The inverse of max pooling: every number goes back to where it stood, the rest is 0.

import { ShapeError } from "../errors.js";
import { filled } from "../creation.js";
import { numelOf, sameShape, showShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { scatter } from "./picks.js";
import { reshape } from "./views.js";
import type { Sizes } from "./window-options.js";

export interface UnpoolOptions {
  /** What the pooling had. Default: the kernel's size. */
  stride?: Sizes | null;
  /** What the pooling had. Default 0. */
  padding?: Sizes;
  /** The size of the result, where several are possible: the last axes, or the whole shape. */
  outputSize?: readonly number[] | null;
}

/**
 * Puts the numbers of x where `indices` (from {@link maxPool2d} with returnIndices) say, zeros elsewhere.
 * Shapes: x and indices [N, C, P, Q] or [C, P, Q] → [N, C, H, W] with H = (P − 1)·stride − 2·padding + K, or outputSize.
 *
 * ```ts
 * const x = torch.tensor([[[[1, 2], [3, 4]]]], { dtype: "float32" })
 * const [y, indices] = torch.nn.functional.maxPool2d(x, 2, { returnIndices: true })
 * torch.nn.functional.maxUnpool2d(y, indices, 2).tolist() // → [[[[0, 0], [0, 4]]]]
 * ```
 *
 * @throws ShapeError if the shapes differ; RangeError if an index lies outside.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.MaxUnpool2d.html
 */
export function maxUnpool2d(
  x: Tensor,
  indices: Tensor,
  kernelSize: Sizes,
  options: UnpoolOptions = {},
): Tensor {
  return unpooled("maxUnpool2d", 2, x, indices, kernelSize, options);
}

/** As {@link maxUnpool2d}, over one axis. Shapes: [N, C, Q] or [C, Q]. */
export function maxUnpool1d(
  x: Tensor,
  indices: Tensor,
  kernelSize: Sizes,
  options: UnpoolOptions = {},
): Tensor {
  return unpooled("maxUnpool1d", 1, x, indices, kernelSize, options);
}

/** As {@link maxUnpool2d}, over volumes. Shapes: [N, C, D, P, Q] or [C, D, P, Q]. */
export function maxUnpool3d(
  x: Tensor,
  indices: Tensor,
  kernelSize: Sizes,
  options: UnpoolOptions = {},
): Tensor {
  return unpooled("maxUnpool3d", 3, x, indices, kernelSize, options);
}

function unpooled(
  op: string,
  rank: number,
  x: Tensor,
  indices: Tensor,
  kernelSize: Sizes,
  { stride = null, padding = 0, outputSize = null }: UnpoolOptions,
): Tensor {
  if (x.ndim !== rank + 1 && x.ndim !== rank + 2) {
    throw new ShapeError(
      `${op}: x needs ${rank + 2} axes, or ${rank + 1} without a batch, but has ${x.ndim}: ${showShape(x.shape)}`,
    );
  }
  if (!sameShape(x.shape, indices.shape)) {
    throw new ShapeError(
      `${op}: indices ${showShape(indices.shape)} must have the shape of x ${showShape(x.shape)}`,
    );
  }
  const each = (name: string, value: Sizes) => {
    const list = typeof value === "number" ? new Array<number>(rank).fill(value) : [...value];
    if (list.length === rank) return list;
    throw new ShapeError(
      `${op}: ${name} must be a number or ${rank} numbers, not ${showShape(list)}`,
    );
  };
  const kernel = each("kernelSize", kernelSize);
  const steps = each("stride", stride ?? kernelSize);
  const zeros = each("padding", padding);
  const inner = x.shape.slice(-rank);
  const least = inner.map((n, i) => (n - 1) * steps[i] - 2 * zeros[i] + kernel[i]);
  const wanted = outputSize ? outputSize.slice(-rank) : least;
  wanted.forEach((n, i) => {
    if (Math.abs(n - least[i]) < steps[i] || n === least[i]) return;
    throw new ShapeError(
      `${op}: outputSize ${showShape(outputSize!)} is not possible: axis ${i} must be from ${least[i] - steps[i] + 1} to ${least[i] + steps[i] - 1}`,
    );
  });

  const lead = x.shape.slice(0, x.ndim - rank);
  const zero = filled([...lead, numelOf(wanted)], 0, x.dtype);
  const flat = (y: Tensor) => reshape(y, [...lead, numelOf(inner)]);
  return reshape(scatter(zero, -1, flat(indices), flat(x)), [...lead, ...wanted]);
}
