// How a layer's kernels change while it learns: a snapshot per epoch, and a slider through them.

import { tensor, type nn, type Tensor } from "../../lib/index.js";
import { displaySymbol, type Displayable } from "../bundle.js";
import { interact } from "../controls/interact.js";
import { scaleFor } from "../plot/scale.js";
import { statisticsOf } from "../plot/statistics.js";
import { filters, type FiltersOptions } from "./filters.js";

/**
 * Snapshots of a convolution's kernels. Shown, it is a slider over the epochs; all share one scale of colours, so that
 * what grows is seen to grow.
 *
 * ```ts
 * const conv = new nn.Conv2d(1, 2, 3)
 * const history = weightHistory(conv)
 * history.record()
 * history.length // → 2
 * ```
 */
export class WeightHistory implements Displayable {
  readonly #snapshots: Tensor[] = [];

  constructor(
    private readonly layer: nn.Conv2d,
    private readonly options: FiltersOptions,
  ) {
    this.record();
  }

  /** Keeps the kernels as they are now: call it after each epoch. */
  record(): void {
    const { weight } = this.layer;
    this.#snapshots.push(tensor(weight.data.slice()).reshape([...weight.shape]));
  }

  /** How many snapshots there are; the first is from the beginning. */
  get length(): number {
    return this.#snapshots.length;
  }

  /** The kernels after `epoch` epochs. */
  at(epoch: number): Tensor {
    const snapshot = this.#snapshots.at(epoch);
    if (!snapshot)
      throw new RangeError(`weightHistory: epoch ${epoch} of ${this.length} snapshots`);
    return snapshot;
  }

  [displaySymbol](): unknown {
    const extremes = this.#snapshots.map((snapshot) => statisticsOf(snapshot.data));
    const { range } = scaleFor({
      ...extremes[0],
      min: Math.min(...extremes.map(({ min }) => min)),
      max: Math.max(...extremes.map(({ max }) => max)),
    });
    const scene = interact(({ epoch }) => filters(this.at(epoch), { range, ...this.options }), {
      epoch: [0, this.length - 1, 1] as const,
    });
    scene.controls.epoch.value = this.length - 1;
    return scene[displaySymbol]();
  }
}

/** Starts to keep a layer's kernels; see {@link WeightHistory}. */
export function weightHistory(layer: nn.Conv2d, options: FiltersOptions = {}): WeightHistory {
  return new WeightHistory(layer, options);
}
