// Sliding windows as columns, and back: torch.nn.functional.unfold and fold (also called im2col and col2im).

import { record } from "../autograd.js";
import { filled } from "../creation.js";
import { ShapeError } from "../errors.js";
import { pairOf, showShape, type Pair } from "../shape.js";
import { empty, type Tensor } from "../tensor.js";
import { contiguous, reshape } from "./views.js";
import { windowPlaces } from "./windows.js";

/** Stride (default 1), padding (0) and dilation (1) of the patches, in pixels. */
export interface PatchOptions {
  stride?: Pair;
  padding?: Pair;
  dilation?: Pair;
}

interface Patches {
  N: number;
  C: number;
  H: number;
  W: number;
  K: number;
  L: number;
  P: number;
  Q: number;
  stride: readonly [number, number];
  padding: readonly [number, number];
  dilation: readonly [number, number];
}

/** Calls visit(index in the image, index in the columns) for all that lies inside the image. */
function each(s: Patches, visit: (image: number, column: number) => void): void {
  const places = s.P * s.Q;
  for (let n = 0; n < s.N; n++)
    for (let c = 0; c < s.C; c++)
      for (let k = 0; k < s.K; k++)
        for (let l = 0; l < s.L; l++) {
          const row = ((n * s.C + c) * s.K + k) * s.L + l;
          for (let p = 0; p < s.P; p++) {
            const h = p * s.stride[0] - s.padding[0] + k * s.dilation[0];
            if (h < 0 || h >= s.H) continue;
            for (let q = 0; q < s.Q; q++) {
              const w = q * s.stride[1] - s.padding[1] + l * s.dilation[1];
              if (w >= 0 && w < s.W)
                visit(((n * s.C + c) * s.H + h) * s.W + w, row * places + p * s.Q + q);
            }
          }
        }
}

function sizesOf(
  op: string,
  shape: readonly number[],
  kernelSize: Pair,
  options: PatchOptions,
): Patches {
  const [N, C, H, W] = shape;
  const [K, L] = pairOf(op, "kernelSize", kernelSize);
  const stride = pairOf(op, "stride", options.stride ?? 1);
  const padding = pairOf(op, "padding", options.padding ?? 0);
  const dilation = pairOf(op, "dilation", options.dilation ?? 1);
  const P = windowPlaces(H, K, { stride: stride[0], padding: padding[0], dilation: dilation[0] });
  const Q = windowPlaces(W, L, { stride: stride[1], padding: padding[1], dilation: dilation[1] });
  if (P < 1 || Q < 1) {
    throw new ShapeError(
      `${op}: a ${K}×${L} window does not fit in a ${H}×${W} image with padding ${showShape(padding)}`,
    );
  }
  return { N, C, H, W, K, L, P, Q, stride, padding, dilation };
}

function toColumns(x: Tensor, s: Patches): Tensor {
  const dense = contiguous(x);
  const y = filled([s.N, s.C * s.K * s.L, s.P * s.Q], 0, x.dtype);
  const [ys, xs] = [y.storage.array, dense.storage.array];
  each(s, (image, column) => (ys[column] = xs[dense.offset + image]));
  return record("Im2ColBackward0", y, [[dense, (gy) => toImage(gy, s)]]);
}

function toImage(x: Tensor, s: Patches): Tensor {
  const dense = contiguous(x);
  const sums = new Float64Array(s.N * s.C * s.H * s.W);
  const xs = dense.storage.array;
  each(s, (image, column) => (sums[image] += xs[dense.offset + column]));
  const y = empty([s.N, s.C, s.H, s.W], x.dtype);
  y.storage.array.set(sums);
  return record("Col2ImBackward0", y, [[dense, (gy) => toColumns(gy, s)]]);
}

/**
 * Every window of the image as a column: [N, C, H, W] → [N, C·K·L, places].
 *
 * ```ts
 * F.unfold(torch.zeros(1, 2, 4, 4), 3).shape // → [1, 18, 4]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Unfold.html
 */
export function unfold(x: Tensor, kernelSize: Pair, options: PatchOptions = {}): Tensor {
  if (x.ndim === 3) return reshapeFirst(unfold(reshape(x, [1, ...x.shape]), kernelSize, options));
  if (x.ndim !== 4)
    throw new ShapeError(
      `unfold: x needs 4 axes [N, C, H, W] or 3, it has ${x.ndim}: ${showShape(x.shape)}`,
    );
  return toColumns(x, sizesOf("unfold", x.shape, kernelSize, options));
}

/**
 * Columns summed back into an image where they overlap: [N, C·K·L, places] → [N, C, H, W] with [H, W] = outputSize.
 *
 * ```ts
 * F.fold(torch.ones(1, 4, 4), [3, 3], 2).tolist() // → [[[[1, 2, 1], [2, 4, 2], [1, 2, 1]]]]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Fold.html
 */
export function fold(
  x: Tensor,
  outputSize: Pair,
  kernelSize: Pair,
  options: PatchOptions = {},
): Tensor {
  if (x.ndim === 2)
    return reshapeFirst(fold(reshape(x, [1, ...x.shape]), outputSize, kernelSize, options));
  if (x.ndim !== 3)
    throw new ShapeError(
      `fold: x needs 3 axes [N, C·K·L, places] or 2, it has ${x.ndim}: ${showShape(x.shape)}`,
    );
  const [H, W] = pairOf("fold", "outputSize", outputSize);
  const [K, L] = pairOf("fold", "kernelSize", kernelSize);
  const [N, rows, places] = x.shape;
  if (rows % (K * L) !== 0) {
    throw new ShapeError(
      `fold: x ${showShape(x.shape)} has ${rows} rows, which a ${K}×${L} window (${K * L}) does not divide`,
    );
  }
  const sizes = sizesOf("fold", [N, rows / (K * L), H, W], kernelSize, options);
  if (sizes.P * sizes.Q !== places) {
    throw new ShapeError(
      `fold: x ${showShape(x.shape)} has ${places} columns, but a window has ${sizes.P} × ${sizes.Q} = ${sizes.P * sizes.Q} places in [${H}, ${W}]`,
    );
  }
  return toImage(x, sizes);
}

function reshapeFirst(x: Tensor): Tensor {
  return reshape(x, x.shape.slice(1));
}
