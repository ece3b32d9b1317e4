// A smaller learning rate when a measure no longer gets better.

import type { Tensor } from "../../tensor.js";
import type { Optimizer } from "../optimizer.js";

export interface PlateauOptions {
  /** Is better less ("min") or more ("max")? Default "min". */
  mode?: "min" | "max";
  /** What the rate is multiplied by. Default 0.1. */
  factor?: number;
  /** How many epochs without improvement are borne. Default 10. */
  patience?: number;
  /** How much better counts as better. Default 1e-4. */
  threshold?: number;
  /** Is the threshold a part of the best ("rel") or a difference ("abs")? Default "rel". */
  thresholdMode?: "rel" | "abs";
  /** Epochs to wait after a change. Default 0. */
  cooldown?: number;
  /** No rate falls below it; one, or one per group. Default 0. */
  minLr?: number | readonly number[];
  /** Changes smaller than this are left out. Default 1e-8. */
  eps?: number;
}

/**
 * When `step(measure)` was called `patience` times without improvement, the learning rate is multiplied by `factor`.
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html
 */
export class ReduceLROnPlateau {
  best: number;
  numBadEpochs = 0;
  cooldownCounter = 0;
  lastEpoch = 0;
  private readonly options: Required<PlateauOptions>;
  private readonly minLrs: readonly number[];
  private lastLr: number[];

  constructor(
    readonly optimizer: Optimizer,
    options: PlateauOptions = {},
  ) {
    this.options = {
      ...{ mode: "min", factor: 0.1, patience: 10, threshold: 1e-4, thresholdMode: "rel" },
      ...{ cooldown: 0, minLr: 0, eps: 1e-8 },
      ...options,
    };
    const { mode, factor, thresholdMode, minLr } = this.options;
    if (!(factor < 1)) {
      throw new RangeError(`ReduceLROnPlateau: factor must be below 1, not ${factor}`);
    }
    for (const [name, value, known] of [
      ["mode", mode, ["min", "max"]],
      ["thresholdMode", thresholdMode, ["rel", "abs"]],
    ] as const) {
      if ((known as readonly string[]).includes(value)) continue;
      throw new RangeError(
        `ReduceLROnPlateau: ${name} must be "${known.join('" or "')}", not ${String(value)}`,
      );
    }
    const groups = optimizer.paramGroups.length;
    this.minLrs = typeof minLr === "number" ? new Array<number>(groups).fill(minLr) : minLr;
    if (this.minLrs.length !== groups) {
      throw new RangeError(
        `ReduceLROnPlateau: minLr has ${this.minLrs.length} values for ${groups} parameter groups`,
      );
    }
    this.best = mode === "min" ? Infinity : -Infinity;
    this.lastLr = optimizer.paramGroups.map((group) => group.lr);
  }

  /** Tells the measure of an epoch, such as the validation loss. */
  step(measure: number | Tensor): void {
    const value = typeof measure === "number" ? measure : measure.data[0];
    const { patience, cooldown } = this.options;
    this.lastEpoch++;

    if (this.isBetter(value)) {
      this.best = value;
      this.numBadEpochs = 0;
    } else this.numBadEpochs++;
    if (this.cooldownCounter > 0) {
      this.cooldownCounter--;
      this.numBadEpochs = 0;
    }
    if (this.numBadEpochs > patience) {
      this.reduce();
      this.cooldownCounter = cooldown;
      this.numBadEpochs = 0;
    }
    this.lastLr = this.optimizer.paramGroups.map((group) => group.lr);
  }

  private isBetter(value: number): boolean {
    const { mode, threshold, thresholdMode } = this.options;
    const margin = thresholdMode === "rel" ? Math.abs(this.best) * threshold : threshold;
    if (!Number.isFinite(this.best)) return mode === "min" ? value < this.best : value > this.best;
    return mode === "min" ? value < this.best - margin : value > this.best + margin;
  }

  private reduce(): void {
    this.optimizer.paramGroups.forEach((group, i) => {
      const lr = Math.max(group.lr * this.options.factor, this.minLrs[i]);
      if (group.lr - lr > this.options.eps) group.lr = lr;
    });
  }

  /** The learning rates now, one per group. */
  getLastLr(): number[] {
    return [...this.lastLr];
  }

  /** What is needed to go on later. */
  stateDict(): Record<string, unknown> {
    const { best, numBadEpochs, cooldownCounter, lastEpoch } = this;
    return { best, numBadEpochs, cooldownCounter, lastEpoch, lastLr: this.getLastLr() };
  }

  loadStateDict(state: Record<string, unknown>): void {
    Object.assign(this, state);
  }
}
