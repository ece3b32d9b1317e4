// Schedules along a cosine.

import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type ScheduleOptions } from "./scheduler.js";

/**
 * From the base rate down to etaMin in `tMax` epochs, along half a cosine, and up again:
 * etaMin + (base − etaMin) · (1 + cos(π·epoch / tMax)) / 2.
 *
 * ```ts
 * const optimizer = new torch.optim.SGD([torch.zeros(1)], { lr: 1 })
 * const schedule = new torch.optim.lrScheduler.CosineAnnealingLR(optimizer, 4)
 * optimizer.step()
 * for (let epoch = 0; epoch < 2; epoch++) schedule.step()
 * schedule.getLastLr() // → [0.5]
 * ```
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

/**
 * Half a cosine down to etaMin in t0 epochs, then from the base rate again, each time over tMult times as many epochs.
 * `step(epoch)` takes fractions, for steps within an epoch.
 *
 * ```ts
 * const optimizer = new optim.SGD([torch.zeros([1], { requiresGrad: true })], { lr: 1 })
 * const schedule = new optim.lrScheduler.CosineAnnealingWarmRestarts(optimizer, 2)
 * schedule.step()
 * schedule.getLastLr() // → [0.5]
 * schedule.step()
 * schedule.getLastLr() // → [1]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.html
 */
export class CosineAnnealingWarmRestarts extends LRScheduler {
  readonly tMult: number;
  readonly etaMin: number;
  /** Epochs since the last restart, and from it to the next. */
  private tCur: number;
  private tI: number;

  constructor(
    optimizer: Optimizer,
    readonly t0: number,
    options: ScheduleOptions & { tMult?: number; etaMin?: number } = {},
  ) {
    super(optimizer, options);
    const { tMult = 1, etaMin = 0, lastEpoch = -1 } = options;
    for (const [name, value] of Object.entries({ t0, tMult })) {
      if (Number.isInteger(value) && value > 0) continue;
      throw new RangeError(
        `CosineAnnealingWarmRestarts: ${name} must be a whole number > 0, not ${value}`,
      );
    }
    [this.tMult, this.etaMin, this.tCur, this.tI] = [tMult, etaMin, lastEpoch, t0];
    this.begin();
  }

  override step(epoch?: number): void {
    const given = epoch ?? (this.lastEpoch < 0 ? 0 : undefined);
    if (given === undefined) this.onward();
    else this.goTo(given);
    super.step(Math.floor(given ?? this.lastEpoch + 1));
  }

  private onward(): void {
    this.tCur++;
    if (this.tCur < this.tI) return;
    this.tCur %= this.tI;
    this.tI *= this.tMult;
  }

  private goTo(epoch: number): void {
    if (!(epoch >= 0)) {
      throw new RangeError(`CosineAnnealingWarmRestarts: epoch ${epoch} must be at least 0`);
    }
    const { t0, tMult } = this;
    if (epoch < t0) [this.tI, this.tCur] = [t0, epoch];
    else if (tMult === 1) this.tCur = epoch % t0;
    else {
      const restarts = Math.trunc(Math.log((epoch / t0) * (tMult - 1) + 1) / Math.log(tMult));
      this.tCur = epoch - (t0 * (tMult ** restarts - 1)) / (tMult - 1);
      this.tI = t0 * tMult ** restarts;
    }
  }

  protected next(_: number, i: number): number {
    const half = (1 + Math.cos((Math.PI * this.tCur) / this.tI)) / 2;
    return this.etaMin + (this.baseLrs[i] - this.etaMin) * half;
  }
}
