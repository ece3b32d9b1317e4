// Padding layers.

import { pad, type PadOptions } from "../ops/padding.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";
import { python } from "./print-module.js";

/** A number for all sides, or [left, right, top, bottom, …]. */
export type Sides = number | readonly number[];

abstract class Pad extends Module {
  /** [left, right], [left, right, top, bottom], … */
  readonly padding: readonly number[];

  constructor(rank: 1 | 2 | 3, padding: Sides) {
    super();
    this.padding = typeof padding === "number" ? Array(2 * rank).fill(padding) : [...padding];
    if (this.padding.length !== 2 * rank) {
      throw new RangeError(
        `${new.target.name}: padding must be a number or ${2 * rank} numbers, not ${this.padding.length}`,
      );
    }
  }

  override extraRepr(): string {
    return python([...this.padding]);
  }
}

/** @internal A layer class for each number of axes. */
function padding(rank: 1 | 2 | 3, mode: PadOptions["mode"]) {
  return class extends Pad {
    constructor(padding: Sides) {
      super(rank, padding);
    }

    forward(x: Tensor): Tensor {
      return pad(x, this.padding, { mode });
    }
  };
}

function constant(rank: 1 | 2 | 3) {
  return class extends Pad {
    constructor(
      padding: Sides,
      readonly value: number,
    ) {
      super(rank, padding);
    }

    forward(x: Tensor): Tensor {
      return pad(x, this.padding, { value: this.value });
    }

    override extraRepr(): string {
      return `padding=${super.extraRepr()}, value=${python(this.value)}`;
    }
  };
}

/**
 * Zeros on both ends: 2 numbers, or one for both.
 *
 * ```ts
 * new nn.ZeroPad1d(1)(torch.tensor([[1, 2.5]])).tolist() // → [[0, 1, 2.5, 0]]
 * ```
 */
export class ZeroPad1d extends padding(1, "constant") {}
/**
 * Zeros on every side: [left, right, top, bottom], or one number.
 *
 * ```ts
 * new nn.ZeroPad2d([1, 0, 0, 0])(torch.ones(1, 1, 1, 1)).tolist() // → [[[[0, 1]]]]
 * ```
 */
export class ZeroPad2d extends padding(2, "constant") {}
/** Zeros on every side of a volume. */
export class ZeroPad3d extends padding(3, "constant") {}
/**
 * The signal mirrored at its ends.
 *
 * ```ts
 * new nn.ReflectionPad1d(2)(torch.tensor([[1, 2, 3.5]])).tolist() // → [[3.5, 2, 1, 2, 3.5, 2, 1]]
 * ```
 */
export class ReflectionPad1d extends padding(1, "reflect") {}
/**
 * The image mirrored at its edges, without repeating the edge.
 *
 * ```ts
 * new nn.ReflectionPad2d([1, 0, 1, 0])(torch.tensor([[[1, 2], [3, 4.5]]])).tolist() // → [[[4.5, 3, 4.5], [2, 1, 2], [4.5, 3, 4.5]]]
 * ```
 */
export class ReflectionPad2d extends padding(2, "reflect") {}
/** The volume mirrored at its faces. */
export class ReflectionPad3d extends padding(3, "reflect") {}
/**
 * The ends repeated.
 *
 * ```ts
 * new nn.ReplicationPad1d(2)(torch.tensor([[1, 2, 3.5]])).tolist() // → [[1, 1, 1, 2, 3.5, 3.5, 3.5]]
 * ```
 */
export class ReplicationPad1d extends padding(1, "replicate") {}
/**
 * The edges repeated.
 *
 * ```ts
 * new nn.ReplicationPad2d([1, 0, 1, 0])(torch.tensor([[[1, 2], [3, 4.5]]])).tolist() // → [[[1, 1, 2], [1, 1, 2], [3, 3, 4.5]]]
 * ```
 */
export class ReplicationPad2d extends padding(2, "replicate") {}
/** The faces repeated. */
export class ReplicationPad3d extends padding(3, "replicate") {}
/**
 * The signal goes on at its other end.
 *
 * ```ts
 * new nn.CircularPad1d(2)(torch.tensor([[1, 2, 3.5]])).tolist() // → [[2, 3.5, 1, 2, 3.5, 1, 2]]
 * ```
 */
export class CircularPad1d extends padding(1, "circular") {}
/**
 * The image goes on at its other side.
 *
 * ```ts
 * new nn.CircularPad2d([1, 0, 0, 0])(torch.tensor([[[1, 2], [3, 4.5]]])).tolist() // → [[[2, 1, 2], [4.5, 3, 4.5]]]
 * ```
 */
export class CircularPad2d extends padding(2, "circular") {}
/** The volume goes on at its other side. */
export class CircularPad3d extends padding(3, "circular") {}
/**
 * `value` on both ends.
 *
 * ```ts
 * new nn.ConstantPad1d(1, 9)(torch.tensor([[1, 2.5]])).tolist() // → [[9, 1, 2.5, 9]]
 * ```
 */
export class ConstantPad1d extends constant(1) {}
/**
 * `value` on every side.
 *
 * ```ts
 * new nn.ConstantPad2d([1, 0, 0, 0], 9)(torch.tensor([[[1, 2], [3, 4.5]]])).tolist() // → [[[9, 1, 2], [9, 3, 4.5]]]
 * ```
 */
export class ConstantPad2d extends constant(2) {}
/** `value` on every side of a volume. */
export class ConstantPad3d extends constant(3) {}
