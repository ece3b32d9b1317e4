// How a layer's kernels change while it learns: a snapshot per epoch, and a slider through them.

import { tensor, type nn, type Tensor } from "../../lib/index.js";
import { displaySymbol, type Displayable } from "../bundle.js";
import { interact } from "../controls/interact.js";
import { scaleFor } from "../plot/scale.js";
import { statisticsOf } from "../plot/statistics.js";
import { Explorable } from "../explore/explorable.js";
import { filterMatrix, filters, type FiltersOptions } from "./filters.js";
import { kindOf } from "./tensor-maps.js";
import { countOf, mapsState, mostMapValues } from "./hover.js";

/**
 * Snapshots of a convolution's kernels. Shown, it is a slider over the epochs; all share one scale of colours, so that
 * what grows is seen to grow. With the option `rgb: true`, or with more than 65,536 values in all, it needs the kernel.
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
    if (layer?.weight?.ndim !== 4)
      throw new TypeError(`weightHistory: takes an nn.Conv2d, got ${kindOf(layer)}`);
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
    const options = this.#options();
    return (this.#scrubber(options) ?? this.#slider(options))[displaySymbol]();
  }

  /** A page of its own that needs neither a kernel nor the network. @throws RangeError if it needs the kernel, see above. */
  toInteractiveHTML(): string {
    const scrubber = this.#scrubber(this.#options());
    if (!scrubber)
      throw new RangeError("weightHistory: colours, or more than 65,536 values, need the kernel");
    return scrubber.toInteractiveHTML();
  }

  /** With one range for all epochs. */
  #options(): FiltersOptions {
    const extremes = this.#snapshots.map((snapshot) => statisticsOf(snapshot.data));
    const { range } = scaleFor({
      ...extremes[0],
      min: Math.min(...extremes.map(({ min }) => min)),
      max: Math.max(...extremes.map(({ max }) => max)),
    });
    return { range, ...this.options };
  }

  /** The values of every epoch, for a slider that needs no kernel; null if those are too many, or colours. */
  #scrubber(options: FiltersOptions): Explorable<any> | null {
    if (options.rgb) return null;
    const inputs = this.layer.weight.shape[1];
    // few input channels leave room for several output channels in a row
    const columns = inputs > 1 && inputs < 8 ? inputs * Math.floor(16 / inputs) : undefined;
    const matrix = { columns, ...options, rgb: false };
    const parts = this.#snapshots.map((snapshot) => filterMatrix(snapshot, matrix));
    const last = parts.at(-1)!;
    const state = mapsState(last.mosaic, [last]);
    if (!state || countOf(parts) > mostMapValues) return null;
    const values = new Float32Array(countOf(parts));
    parts.forEach((part, epoch) => {
      values.set(mapsState(part.mosaic, [part])!.values, epoch * countOf([part]));
    });
    const epochs = { frames: { count: parts.length, name: "epoch" }, frame: parts.length - 1 };
    return new Explorable("maps", { ...state, ...epochs, values }, () =>
      filters(this.at(-1), matrix),
    );
  }

  #slider(options: FiltersOptions): Displayable {
    const scene = interact(({ epoch }) => filters(this.at(epoch), options), {
      epoch: [0, this.length - 1, 1] as const,
    });
    scene.controls.epoch.value = this.length - 1;
    return scene;
  }
}

/** Starts to keep a layer's kernels; see {@link WeightHistory}. */
export function weightHistory(layer: nn.Conv2d, options: FiltersOptions = {}): WeightHistory {
  return new WeightHistory(layer, options);
}
