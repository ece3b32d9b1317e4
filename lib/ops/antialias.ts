// Smaller images without false patterns: a new pixel is a weighted mean of all old ones that fall into it. As Pillow's
// Resample.c, which PyTorch's antialias follows.

import { filled } from "../creation.js";
import type { Tensor } from "../tensor.js";
import { matmul } from "./products.js";
import { transpose } from "./views.js";

export interface Filter {
  /** How far it reaches, in pixels of the larger picture's grid. */
  support: number;
  weight(distance: number): number;
}

/** a = −0.5 as PIL's, and PyTorch's with antialiasing; without it PyTorch's is −0.75. */
export const cubicFilter = (a: number): Filter => ({
  support: 2,
  weight(distance) {
    const x = Math.abs(distance);
    if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
    if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
    return 0;
  },
});

export const linearFilter: Filter = {
  support: 1,
  weight: (distance) => Math.max(0, 1 - Math.abs(distance)),
};

/** For each new place: where its old neighbours begin, and their weights. */
export interface Taps {
  starts: Int32Array;
  weights: Float64Array[];
}

/** From n pixels to m; `scale`: how many old pixels a new one is wide. */
export function smoothTaps(n: number, m: number, filter: Filter, scale = n / m): Taps {
  const stretch = Math.max(scale, 1);
  const support = filter.support * stretch;
  const starts = new Int32Array(m);
  const weights: Float64Array[] = [];
  for (let i = 0; i < m; i++) {
    const center = (i + 0.5) * scale;
    const first = Math.max(Math.trunc(center - support + 0.5), 0);
    const last = Math.min(Math.trunc(center + support + 0.5), n);
    const taps = new Float64Array(last - first);
    let sum = 0;
    for (let k = 0; k < taps.length; k++)
      sum += taps[k] = filter.weight((k + first - center + 0.5) / stretch);
    starts[i] = first;
    weights.push(taps.map((w) => w / sum));
  }
  return { starts, weights };
}

/** Images [N, C, H, W] with `size` rows (axis 2) or columns (axis 3): a product with the matrix of weights. */
export function smoothed(
  x: Tensor,
  axis: 2 | 3,
  size: number,
  filter: Filter,
  scale: number,
): Tensor {
  const n = x.shape[axis];
  const { starts, weights } = smoothTaps(n, size, filter, scale);
  const matrix = filled([size, n], 0, x.dtype);
  weights.forEach((taps, i) => matrix.storage.array.set(taps, i * n + starts[i]));
  return axis === 2 ? matmul(matrix, x) : matmul(x, transpose(matrix, 0, 1));
}
