// Images read at any places: affineGrid makes the places, gridSample reads there (spatial transformers). It is written as
// a composition: coordinates, the weights of the neighbours, and picks; every gradient follows from theirs.

import { record } from "../autograd.js";
import { ShapeError } from "../errors.js";
import { numelOf, showShape } from "../shape.js";
import { empty, type Tensor } from "../tensor.js";
import { called } from "./alias.js";
import { add, mul, sub } from "./arithmetic.js";
import { checkFloating } from "./checks.js";
import { gather } from "./picks.js";
import { map } from "./pointwise.js";
import { matmul } from "./products.js";
import { roundHalfEven } from "../special.js";
import { expand, reshape, select, transpose } from "./views.js";

export interface GridSampleOptions {
  /** "bilinear" (default; of volumes trilinear), "nearest", "bicubic" (images only). */
  mode?: "bilinear" | "nearest" | "bicubic";
  /** What stands outside: 0 (default), the edge, or the mirrored image. */
  paddingMode?: "zeros" | "border" | "reflection";
  /** Do −1 and 1 mean the centres of the corner pixels, or their outer edges? Default false: the edges. */
  alignCorners?: boolean;
}

/**
 * x read at the places of `grid`, whose last axis is (x, y) or (x, y, z), from −1 to 1 over the image.
 * Shapes: x [N, C, H, W], grid [N, P, Q, 2] → [N, C, P, Q]; or x [N, C, D, H, W], grid [N, R, P, Q, 3].
 *
 * ```ts
 * const x = torch.tensor([[[[1, 2], [3, 4]]]], { dtype: "float32" })
 * torch.nn.functional.gridSample(x, torch.zeros(1, 1, 1, 2)).item() // → 2.5
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.grid_sample.html
 */
export function gridSample(x: Tensor, grid: Tensor, options: GridSampleOptions = {}): Tensor {
  const op = "gridSample";
  const { mode = "bilinear", paddingMode = "zeros", alignCorners = false } = options;
  const rank = x.ndim - 2;
  checkFloating(op, { x, grid });
  if ((rank !== 2 && rank !== 3) || grid.ndim !== x.ndim) {
    throw new ShapeError(
      `${op}: x and grid need both 4 axes (images) or both 5 (volumes), got ${showShape(x.shape)} and ${showShape(grid.shape)}`,
    );
  }
  if (x.shape[0] !== grid.shape[0]) {
    throw new ShapeError(
      `${op}: x ${showShape(x.shape)} has ${x.shape[0]} images but grid ${showShape(grid.shape)} is for ${grid.shape[0]}`,
    );
  }
  if (grid.shape.at(-1) !== rank) {
    throw new ShapeError(
      `${op}: grid ${showShape(grid.shape)} must end in ${rank}, the coordinates of each place, not in ${grid.shape.at(-1)}`,
    );
  }
  if (x.shape.slice(2).some((n) => n === 0)) {
    throw new ShapeError(`${op}: x ${showShape(x.shape)} has no pixels to read`);
  }
  if (!["bilinear", "nearest", "bicubic"].includes(mode) || (mode === "bicubic" && rank === 3)) {
    throw new RangeError(
      `${op}: mode must be "bilinear", "nearest" or, for images, "bicubic", not ${JSON.stringify(mode)}`,
    );
  }
  if (!["zeros", "border", "reflection"].includes(paddingMode)) {
    throw new RangeError(
      `${op}: paddingMode must be "zeros", "border" or "reflection", not ${JSON.stringify(paddingMode)}`,
    );
  }

  const sizes = x.shape.slice(2);
  // the grid's last axis runs the other way: (x, y, z)
  const places = sizes.map((size, axis) => {
    const c = select(grid, -1, rank - 1 - axis);
    return alignCorners ? mul(add(c, 1), (size - 1) / 2) : mul(sub(mul(add(c, 1), size), 1), 0.5);
  });
  const bend = (c: Tensor, axis: number) => inside(c, sizes[axis], paddingMode, alignCorners);
  const taps = places.map((place, axis) => {
    if (mode === "bicubic") return cubicTaps(place, (c) => bend(c, axis));
    const c = bend(place, axis);
    return mode === "nearest" ? [{ at: map(c, roundHalfEven), weight: whole(c) }] : linearTaps(c);
  });
  const y = weighed(x, taps, grid.shape.slice(1, -1));
  return called(`GridSampler${rank}DBackward0`, y);
}

/** One neighbour along one axis: where it is, and how much it counts. */
interface Tap {
  at: Tensor;
  weight: Tensor;
}

/** Ones, wherever c is: with a gradient of 0. */
function whole(c: Tensor): Tensor {
  const zero = (gy: Tensor) => mul(gy, 0);
  return record(
    "OnesLikeBackward0",
    map(c, () => 1),
    [[c, zero]],
  );
}

function linearTaps(c: Tensor): Tap[] {
  const low = map(c, Math.floor);
  const part = sub(c, low);
  return [
    { at: low, weight: add(mul(part, -1), 1) },
    { at: add(low, 1), weight: part },
  ];
}

const A = -0.75; // Keys (1981), as PyTorch

function cubicTaps(place: Tensor, bend: (c: Tensor) => Tensor): Tap[] {
  const low = map(place, Math.floor);
  const part = sub(place, low);
  return cubicWeights(part).map((weight, i) => ({ at: bend(add(low, i - 1)), weight }));
}

/** Keys' cubic kernel at the four neighbours of a place `t` behind the second. */
function cubicWeights(t: Tensor): Tensor[] {
  const near = (s: Tensor) => add(mul(mul(add(mul(s, A + 2), -(A + 3)), s), s), 1);
  const other = add(mul(t, -1), 1);
  return [far(add(t, 1)), near(t), near(other), far(add(other, 1))];
}

/** Between one and two places away. */
function far(s: Tensor): Tensor {
  return add(mul(add(mul(add(mul(s, A), -5 * A), s), 8 * A), s), -4 * A);
}

/** What a coordinate outside of the image stands for. The slope is 0 where it does not move any more. */
function inside(c: Tensor, size: number, paddingMode: string, alignCorners: boolean): Tensor {
  if (paddingMode === "zeros") return c;
  const [low, span] = alignCorners ? [0, size - 1] : [-0.5, size];
  const mirrored = (v: number): [number, number] => {
    if (paddingMode === "border") return [v, 1];
    if (span === 0) return [0, 0];
    const off = Math.abs(v - low);
    const flips = Math.floor(off / span);
    const rest = off - flips * span;
    const sign = v < low ? -1 : 1;
    return flips % 2 === 0 ? [rest + low, sign] : [span - rest + low, -sign];
  };
  const clipped = (v: number): [number, number] => {
    const [m, slope] = mirrored(v);
    if (!(m > 0)) return [0, 0];
    return m >= size - 1 ? [size - 1, 0] : [m, slope];
  };
  const y = map(c, (v) => clipped(v)[0]);
  const slopes = () => map(c, (v) => clipped(v)[1]);
  return record("ClampBackward1", y, [[c, (gy) => mul(gy, slopes())]], { saves: [c] });
}

/** Σ over all combinations of taps: the product of their weights times x there; outside x is 0. */
function weighed(x: Tensor, taps: readonly Tap[][], shape: readonly number[]): Tensor {
  const [N, C, ...sizes] = x.shape;
  const count = numelOf(shape);
  const flat = reshape(x, [N, C, numelOf(sizes)]);
  let sum: Tensor | null = null;
  const visit = (axis: number, chosen: readonly Tap[]): void => {
    if (axis < sizes.length) {
      for (const tap of taps[axis]) visit(axis + 1, [...chosen, tap]);
      return;
    }
    const { index, isInside } = places(
      chosen.map(({ at }) => at),
      sizes,
    );
    const wide = expand(reshape(index, [N, 1, count]), [N, C, count]);
    const weight = chosen.reduce((w, tap) => mul(w, tap.weight), isInside);
    const part = mul(gather(flat, 2, wide), reshape(weight, [N, 1, count]));
    sum = sum ? add(sum, part) : part;
  };
  visit(0, []);
  return reshape(sum!, [N, C, ...shape]);
}

/** Flat int64 places (0 where outside), and 1 where they lie inside, else 0. */
function places(at: readonly Tensor[], sizes: readonly number[]) {
  const index = empty(at[0].shape, "int64");
  const isInside = map(at[0], () => 1);
  const [to, ones] = [index.storage.array, isInside.storage.array];
  to.fill(0);
  at.forEach((tensor, axis) => {
    const values = tensor.data;
    for (let i = 0; i < to.length; i++) {
      const v = values[i];
      if (!(v >= 0 && v <= sizes[axis] - 1)) ones[i] = 0;
      to[i] = to[i] * sizes[axis] + (ones[i] ? v : 0);
    }
  });
  for (let i = 0; i < to.length; i++) if (!ones[i]) to[i] = 0;
  return { index, isInside };
}

/**
 * The grid for {@link gridSample} that moves an image by the affine maps `theta` [N, 2, 3] (volumes: [N, 3, 4]).
 * `size` is the shape of the result, [N, C, H, W] or [N, C, D, H, W].
 *
 * ```ts
 * const same = torch.tensor([[[1, 0, 0], [0, 1, 0]]], { dtype: "float32" })
 * torch.nn.functional.affineGrid(same, [1, 1, 1, 2]).tolist() // → [[[[-0.5, 0], [0.5, 0]]]]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.affine_grid.html
 */
export function affineGrid(
  theta: Tensor,
  size: readonly number[],
  { alignCorners = false }: { alignCorners?: boolean } = {},
): Tensor {
  const op = "affineGrid";
  checkFloating(op, { theta });
  const rank = size.length - 2;
  if (rank !== 2 && rank !== 3) {
    throw new ShapeError(
      `${op}: size must be [N, C, H, W] or [N, C, D, H, W], not ${showShape(size)}`,
    );
  }
  const [N] = size;
  const wanted = [N, rank, rank + 1];
  if (theta.ndim !== 3 || theta.shape.some((n, i) => n !== wanted[i])) {
    throw new ShapeError(
      `${op}: theta ${showShape(theta.shape)} must be ${showShape(wanted)} for size ${showShape(size)}`,
    );
  }
  if (size.some((n) => !Number.isInteger(n) || n < 1)) {
    throw new ShapeError(`${op}: size ${showShape(size)} must hold whole numbers ≥ 1`);
  }
  const inner = size.slice(2);
  const count = numelOf(inner);
  const base = empty([count, rank + 1], theta.dtype);
  const values = base.storage.array;
  const along = (i: number, n: number) => {
    if (alignCorners) return n > 1 ? -1 + (2 * i) / (n - 1) : 0;
    return (2 * i + 1) / n - 1;
  };
  for (let i = 0; i < count; i++) {
    let rest = i;
    for (let axis = rank - 1; axis >= 0; axis--) {
      values[i * (rank + 1) + (rank - 1 - axis)] = along(rest % inner[axis], inner[axis]);
      rest = Math.floor(rest / inner[axis]);
    }
    values[i * (rank + 1) + rank] = 1;
  }
  return reshape(matmul(base, transpose(theta, 1, 2)), [N, ...inner, rank]);
}
