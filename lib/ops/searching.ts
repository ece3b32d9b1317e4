// Places in sorted numbers, and counts between limits.

import { filled } from "../creation.js";
import { ShapeError } from "../errors.js";
import { sameShape, showShape } from "../shape.js";
import { empty, type Tensor } from "../tensor.js";
import { checkFloating } from "./checks.js";

export interface SearchOptions {
  /** Behind equal numbers instead of before them. Default false. */
  right?: boolean;
}

/**
 * Where each value would have to stand in `sorted` (one row, or a row for each row of values) to keep the order. int64
 *
 * ```ts
 * torch.searchsorted(torch.tensor([1, 3, 5]), torch.tensor([3, 4])).tolist() // → [1, 2]
 * torch.searchsorted(torch.tensor([1, 3, 5]), torch.tensor([3, 4]), { right: true }).tolist() // → [2, 2]
 * ```
 *
 * @throws ShapeError if `sorted` has several rows, but not those of `values`.
 * @see https://pytorch.org/docs/stable/generated/torch.searchsorted.html
 */
export function searchsorted(
  sorted: Tensor,
  values: Tensor,
  { right = false }: SearchOptions = {},
): Tensor {
  const rowsFit = sameShape(sorted.shape.slice(0, -1), values.shape.slice(0, -1));
  if (sorted.ndim === 0 || (sorted.ndim > 1 && !rowsFit)) {
    throw new ShapeError(
      `searchsorted: sorted ${showShape(sorted.shape)} must be one row, or have the rows of values ${showShape(values.shape)}`,
    );
  }
  const [rows, wanted] = [sorted.data, values.data];
  const length = sorted.shape[sorted.ndim - 1];
  const each = values.shape.at(-1) ?? 1;
  const y = empty(values.shape, "int64");
  for (let i = 0; i < wanted.length; i++) {
    const start = sorted.ndim > 1 ? Math.floor(i / each) * length : 0;
    y.storage.array[i] = placeIn(rows, start, length, wanted[i], right);
  }
  return y;
}

/** By halving. NaN stands behind all. */
function placeIn(
  rows: ArrayLike<number>,
  start: number,
  length: number,
  value: number,
  right: boolean,
): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const v = rows[start + middle];
    const before = right ? !(v > value) : !(v >= value);
    if (before || value !== value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Into which interval between the `limits` each element of x falls: {@link searchsorted} with x first.
 *
 * ```ts
 * torch.tensor([0.5, 3, 9]).bucketize(torch.tensor([1, 3, 5])).tolist() // → [0, 1, 3]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.bucketize.html
 */
export function bucketize(x: Tensor, limits: Tensor, options: SearchOptions = {}): Tensor {
  return searchsorted(limits, x, options);
}

/**
 * How many elements fall into each of `bins` equal intervals from min to max, by default those of x; others do not count.
 *
 * ```ts
 * torch.tensor([0, 1, 1.5, 4]).histc({ bins: 4, min: 0, max: 4 }).tolist() // → [1, 2, 0, 1]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.histc.html
 */
export function histc(
  x: Tensor,
  { bins = 100, min = 0, max = 0 }: { bins?: number; min?: number; max?: number } = {},
): Tensor {
  checkFloating("histc", { x });
  if (!Number.isInteger(bins) || bins < 1) {
    throw new RangeError(`histc: bins must be a whole number > 0, not ${bins}`);
  }
  const values = x.data;
  let [low, high] = [min, max];
  if (low === high && values.length > 0) {
    [low, high] = [Infinity, -Infinity];
    for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  if (low === high) [low, high] = [low - 1, high + 1];
  if (!(low < high) || !Number.isFinite(high - low)) {
    throw new RangeError(`histc: min ${low} must be below max ${high}, and both finite`);
  }
  const y = filled([bins], 0, x.dtype);
  const counts = y.storage.array;
  for (const value of values) {
    if (!(value >= low && value <= high)) continue;
    counts[Math.min(Math.floor(((value - low) / (high - low)) * bins), bins - 1)]++;
  }
  return y;
}
