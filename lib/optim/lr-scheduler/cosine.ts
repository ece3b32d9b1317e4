// Schedules along a cosine.

import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type ScheduleOptions } from "./scheduler.js";

/**
 * From the base rate down to etaMin in `tMax` epochs, along half a cosine, and up again:
 * etaMin + (base − etaMin) · (1 + cos(π·epoch / tMax)) / 2.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html
 */
export class CosineAnnealingLR extends LRScheduler {
  readonly etaMin: number;

  constructor(
    optimizer: Optimizer,
    readonly tMax: number,
    options: ScheduleOptions & { etaMin?: number } = {},
  ) {
    super(optimizer, options);
    this.etaMin = options.etaMin ?? 0;
    this.begin();
  }

  protected next(lr: number, i: number): number {
    const { lastEpoch, tMax, etaMin } = this;
    const base = this.baseLrs[i];
    if (lastEpoch === 0) return lr;
    if (this.stepCount === 1 && lastEpoch > 0) return this.closed(lr, i);
    if ((lastEpoch - 1 - tMax) % (2 * tMax) === 0) {
      return lr + ((base - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2;
    }
    const [now, before] = [lastEpoch, lastEpoch - 1].map(
      (epoch) => 1 + Math.cos((Math.PI * epoch) / tMax),
    );
    return (now / before) * (lr - etaMin) + etaMin;
  }

  protected override closed(_: number, i: number): number {
    const half = (1 + Math.cos((Math.PI * this.lastEpoch) / this.tMax)) / 2;
    return this.etaMin + (this.baseLrs[i] - this.etaMin) * half;
  }
}
