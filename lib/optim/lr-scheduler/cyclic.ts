// Up and down between two rates, again and again.

import type { Optimizer } from "../optimizer.js";
import { momentaOf, perGroup, setMomentum, type Momentum } from "./momentum.js";
import { LRScheduler, type ScheduleOptions } from "./scheduler.js";

export interface CyclicOptions extends ScheduleOptions {
  /** Steps of the way up. Default 2000. */
  stepSizeUp?: number;
  /** Steps of the way down. Default as up. */
  stepSizeDown?: number | null;
  /** All cycles alike (default); each half as high as the one before; or lower by gamma with each step. */
  mode?: "triangular" | "triangular2" | "exp_range";
  /** For "exp_range". Default 1. */
  gamma?: number;
  /** How high the cycle is, from its number (or that of the step), instead of `mode`. */
  scaleFn?: ((count: number) => number) | null;
  /** What scaleFn is called with. Default "cycle". */
  scaleMode?: "cycle" | "iterations";
  /** Let the momentum go the other way. Default true. */
  cycleMomentum?: boolean;
  /** Default 0.8. */
  baseMomentum?: number | readonly number[];
  /** Default 0.9. */
  maxMomentum?: number | readonly number[];
}

/**
 * From baseLr straight up to maxLr and down again; call `step()` after every batch.
 *
 * ```ts
 * const optimizer = new optim.SGD([torch.zeros([1], { requiresGrad: true })], { lr: 1, momentum: 0.9 })
 * const schedule = new optim.lrScheduler.CyclicLR(optimizer, 0.5, 1.5, { stepSizeUp: 2 })
 * schedule.step()
 * schedule.getLastLr() // → [1]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CyclicLR.html
 * @see Smith, Cyclical learning rates for training neural networks (2017)
 */
export class CyclicLR extends LRScheduler {
  private readonly maxLrs: readonly number[];
  private readonly totalSize: number;
  private readonly stepRatio: number;
  private readonly scale: (cycle: number, step: number) => number;
  private readonly momenta: readonly Momentum[] | null;

  constructor(
    optimizer: Optimizer,
    baseLr: number | readonly number[],
    maxLr: number | readonly number[],
    options: CyclicOptions = {},
  ) {
    const { stepSizeUp = 2000, stepSizeDown = null, cycleMomentum = true } = options;
    const { baseMomentum = 0.8, maxMomentum = 0.9, lastEpoch = -1 } = options;
    const groups = optimizer.paramGroups;
    const baseLrs = perGroup("CyclicLR", "baseLr", baseLr, groups.length);
    if (lastEpoch === -1) groups.forEach((group, i) => (group.lr = baseLrs[i]));
    super(optimizer, options);
    this.baseLrs.splice(0, groups.length, ...baseLrs);
    this.maxLrs = perGroup("CyclicLR", "maxLr", maxLr, groups.length);
    this.totalSize = stepSizeUp + (stepSizeDown ?? stepSizeUp);
    this.stepRatio = stepSizeUp / this.totalSize;
    this.scale = scaleOf(options);
    this.momenta = cycleMomentum
      ? momentaOf("CyclicLR", optimizer, baseMomentum, maxMomentum)
      : null;
    this.begin();
  }

  protected next(_: number, i: number): number {
    const { lastEpoch, totalSize, stepRatio } = this;
    const cycle = Math.floor(1 + lastEpoch / totalSize);
    const x = 1 + lastEpoch / totalSize - cycle;
    const part = x <= stepRatio ? x / stepRatio : (x - 1) / (stepRatio - 1);
    const height = this.scale(cycle, lastEpoch);
    if (this.momenta) {
      const { base, max } = this.momenta[i];
      setMomentum(this.optimizer.paramGroups[i], max - (max - base) * part * height);
    }
    return this.baseLrs[i] + (this.maxLrs[i] - this.baseLrs[i]) * part * height;
  }
}

/** How high a cycle is, as a share of the first. */
function scaleOf(options: CyclicOptions): (cycle: number, step: number) => number {
  const { mode = "triangular", gamma = 1, scaleFn = null, scaleMode = "cycle" } = options;
  if (scaleFn) return (cycle, step) => scaleFn(scaleMode === "cycle" ? cycle : step);
  if (mode === "triangular") return () => 1;
  if (mode === "triangular2") return (cycle) => 1 / 2 ** (cycle - 1);
  if (mode === "exp_range") return (_, step) => gamma ** step;
  throw new RangeError(
    `CyclicLR: there is no mode "${String(mode)}"; there are triangular, triangular2, exp_range`,
  );
}
