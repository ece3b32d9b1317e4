// What a convolution does before it computes: options, checks and sizes.

import { checkFloating } from "./checks.js";
import { checkRank, withBatch } from "./batch.js";
import { correlate } from "./convolution.js";
import { ShapeError } from "../errors.js";
import { showShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { sizesOf, type Sizes } from "./window-options.js";
import { windowPlaces } from "./windows.js";

export interface ConvOptions {
  /** Pixels from one place to the next. Default 1. */
  stride?: Sizes;
  /**
   * Zeros added on every side, in pixels. Default 0. "valid" is 0; "same" adds as much as keeps the size (stride 1 only),
   * the odd one behind.
   */
  padding?: Sizes | "same" | "valid";
  /** Pixels from one cell of the kernel to the next. Default 1: no gaps. */
  dilation?: Sizes;
  /** Into how many separate groups the channels are divided. Default 1. */
  groups?: number;
}

/** Checks, sizes, and then `correlate` or what takes its place. */
export function slide(
  op: string,
  rank: 1 | 2,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  options: ConvOptions,
  compute: typeof correlate = correlate,
): Tensor {
  const stride = sizesOf(op, "stride", options.stride ?? 1, { rank, least: 1, absent: 1 });
  const dilation = sizesOf(op, "dilation", options.dilation ?? 1, { rank, least: 1, absent: 1 });
  const { groups = 1 } = options;
  checkRank(op, x, rank);
  checkFloating(op, { x, weight, bias });
  checkChannels(op, rank, x, weight, bias, groups);

  const C = x.shape[x.ndim - rank - 1];
  const [O] = weight.shape;
  const [H, W] = rank === 1 ? [1, x.shape.at(-1)!] : x.shape.slice(-2);
  const [K, L] = rank === 1 ? [1, weight.shape[2]] : weight.shape.slice(2);
  const around = paddingOf(op, rank, options.padding ?? 0, { stride, dilation, kernel: [K, L] });
  const [P, Q] = [0, 1].map((axis) => {
    const { before, after } = around[axis];
    const [size, kernel] = axis === 0 ? [H, K] : [W, L];
    const window = { stride: stride[axis], dilation: dilation[axis] };
    return windowPlaces(size + before + after, kernel, window);
  });
  const padding = [around[0].before, around[1].before] as const;
  if (P < 1 || Q < 1) {
    const [image, kernel] = rank === 1 ? [`${W}`, `${L}`] : [`${H}×${W}`, `${K}×${L}`];
    const shown = (pair: readonly number[]) => (rank === 1 ? pair[1] : showShape(pair));
    throw new ShapeError(
      `${op}: a ${kernel} kernel with dilation ${shown(dilation)} does not fit in an image of ${image} with padding ${shown(padding)}: take a smaller kernel or more padding`,
    );
  }

  return withBatch(x, rank, (batch) => {
    const [N] = batch.shape;
    const size = { N, C, H, W, O, K, L, P, Q, stride, padding, dilation, groups };
    const y = rank === 1 ? [N, O, Q] : [N, O, P, Q];
    return compute(batch, weight, bias, { size, x: batch.shape, weight: weight.shape, y });
  });
}

function checkChannels(
  op: string,
  rank: 1 | 2,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  groups: number,
): void {
  const [O, I] = weight.shape;
  if (weight.ndim !== rank + 2) {
    throw new ShapeError(
      `${op}: weight needs ${rank + 2} axes [O, C/groups, ${rank === 1 ? "L" : "K, L"}] but has ${weight.ndim}: ${showShape(weight.shape)}`,
    );
  }
  if (!Number.isInteger(groups) || groups < 1 || O % groups !== 0) {
    throw new ShapeError(
      `${op}: groups ${groups} does not divide the ${O} output channels of weight ${showShape(weight.shape)}`,
    );
  }
  const C = x.shape[x.ndim - rank - 1];
  if (C !== I * groups) {
    const perGroup = groups > 1 ? ` (${I} in each of ${groups} groups)` : "";
    const hint =
      x.ndim === rank + 1 && I * groups === 1
        ? `: without a batch axis x is [${rank === 1 ? "C, L" : "C, H, W"}]; for ${C} inputs of one channel write x.unsqueeze(1)`
        : `: give the layer inChannels ${C}, or x ${I * groups} channels`;
    throw new ShapeError(
      `${op}: x ${showShape(x.shape)} has ${C} channels but weight ${showShape(weight.shape)} takes ${I * groups}${perGroup}${hint}`,
    );
  }
  if (bias && (bias.ndim !== 1 || bias.shape[0] !== O)) {
    throw new ShapeError(
      `${op}: bias ${showShape(bias.shape)} must be [${O}], one number for each output channel of weight ${showShape(weight.shape)}`,
    );
  }
}

/** How many zeros stand before and after the image, per axis. */
function paddingOf(
  op: string,
  rank: 1 | 2,
  padding: Sizes | "same" | "valid",
  {
    stride,
    dilation,
    kernel,
  }: { stride: readonly number[]; dilation: readonly number[]; kernel: readonly number[] },
): { before: number; after: number }[] {
  if (padding === "same") {
    if (stride.some((step) => step !== 1)) {
      throw new RangeError(
        `${op}: padding "same" keeps the size only with stride 1, but stride is ${showShape(stride)}: give the padding as a number`,
      );
    }
    return kernel.map((k, axis) => {
      const total = dilation[axis] * (k - 1);
      return { before: Math.floor(total / 2), after: Math.ceil(total / 2) };
    });
  }
  if (typeof padding === "string" && padding !== "valid") {
    throw new RangeError(
      `${op}: padding must be "same", "valid" or a number, not ${JSON.stringify(padding)}`,
    );
  }
  const pair = sizesOf(op, "padding", padding === "valid" ? 0 : padding, {
    rank,
    least: 0,
    absent: 0,
  });
  return pair.map((zeros) => ({ before: zeros, after: zeros }));
}
