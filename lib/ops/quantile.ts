// Quantiles: what lies at a share of the way through the sorted elements.

import { axisOf } from "../shape.js";
import { roundHalfEven } from "../special.js";
import type { Tensor } from "../tensor.js";
import { checkFloating } from "./checks.js";
import { lerp } from "./combinations.js";
import { isnan } from "./comparison.js";
import { stack } from "./joining.js";
import { sort } from "./sorting.js";
import { flatten, movedim, reshape, select, unsqueeze } from "./views.js";
import { where } from "./where.js";

export interface QuantileOptions {
  /** Keep the axis, with size 1. Default false. */
  keepdim?: boolean;
  /** What is taken between two elements. Default "linear". */
  interpolation?: "linear" | "lower" | "higher" | "midpoint" | "nearest";
}

/**
 * The value below which the share `q` of the elements along `dim` (all by default) lies; NaN if one of them is NaN.
 * A tensor of several q gives one more axis, in front.
 *
 * ```ts
 * const x = torch.tensor([4, 1, 3, 2], { dtype: "float32" })
 * x.quantile(0.5).item() // → 2.5
 * x.quantile(torch.tensor([0.25, 1])).tolist() // → [1.75, 4]
 * ```
 *
 * @throws RangeError if a q is not from 0 to 1.
 * @see https://pytorch.org/docs/stable/generated/torch.quantile.html
 */
export function quantile(
  x: Tensor,
  q: number | Tensor,
  dim: number | null = null,
  { keepdim = false, interpolation = "linear" }: QuantileOptions = {},
): Tensor {
  checkFloating("quantile", { x });
  if (x.numel() === 0) throw new RangeError("quantile: x has no element");
  const axis = dim === null ? 0 : axisOf("quantile", dim, x.ndim);
  const line = dim === null || x.ndim === 0 ? flatten(x) : movedim(x, axis, -1);
  const { values } = sort(line);
  const last = values.shape[values.ndim - 1] - 1;
  const greatest = select(values, -1, last); // or NaN
  const at = (share: number): Tensor => {
    if (!(share >= 0 && share <= 1)) {
      throw new RangeError(`quantile: q must be from 0 to 1, not ${share}`);
    }
    const exact = share * last;
    const rank = x.dtype === "float32" ? Math.fround(exact) : exact;
    const found = where(isnan(greatest), greatest, between(values, rank, interpolation));
    if (!keepdim) return found;
    return dim === null
      ? reshape(
          found,
          x.shape.map(() => 1),
        )
      : unsqueeze(found, axis);
  };
  return typeof q === "number" ? at(q) : q.ndim === 0 ? at(q.item()) : stack(q.tolist().map(at));
}

/** What lies at `rank` of the sorted values, a place that need not be whole. */
function between(
  values: Tensor,
  rank: number,
  interpolation: NonNullable<QuantileOptions["interpolation"]>,
): Tensor {
  const [below, above] = [Math.floor(rank), Math.ceil(rank)];
  const value = (place: number) => select(values, -1, place);
  if (interpolation === "lower") return value(below);
  if (interpolation === "higher") return value(above);
  if (interpolation === "nearest") return value(roundHalfEven(rank));
  const weight = interpolation === "midpoint" ? 0.5 : rank - below;
  return below === above ? value(below) : lerp(value(below), value(above), weight);
}
