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

/** Zeros on both ends: 2 numbers, or one for both. */
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
/** The signal mirrored at its ends. */
export class ReflectionPad1d extends padding(1, "reflect") {}
/** The image mirrored at its edges, without repeating the edge. */
export class ReflectionPad2d extends padding(2, "reflect") {}
/** The volume mirrored at its faces. */
export class ReflectionPad3d extends padding(3, "reflect") {}
/** The ends repeated. */
export class ReplicationPad1d extends padding(1, "replicate") {}
/** The edges repeated. */
export class ReplicationPad2d extends padding(2, "replicate") {}
/** The faces repeated. */
export class ReplicationPad3d extends padding(3, "replicate") {}
/** The signal goes on at its other end. */
export class CircularPad1d extends padding(1, "circular") {}
/** The image goes on at its other side. */
export class CircularPad2d extends padding(2, "circular") {}
/** The volume goes on at its other side. */
export class CircularPad3d extends padding(3, "circular") {}
/** `value` on both ends. */
export class ConstantPad1d extends constant(1) {}
/** `value` on every side. */
export class ConstantPad2d extends constant(2) {}
/** `value` on every side of a volume. */
export class ConstantPad3d extends constant(3) {}
