// Several schedules: one after the other, or all at once.

import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type ScheduleOptions } from "./scheduler.js";

/** schedules[0] up to the epoch milestones[0], then schedules[1] from its beginning, and so on. */
export class SequentialLR {
  lastEpoch: number;
  private lastLr: number[];

  constructor(
    readonly optimizer: Optimizer,
    readonly schedules: readonly LRScheduler[],
    readonly milestones: readonly number[],
    { lastEpoch = -1 }: ScheduleOptions = {},
  ) {
    if (schedules.length !== milestones.length + 1) {
      throw new RangeError(
        `SequentialLR: ${schedules.length} schedules need ${schedules.length - 1} milestones, not ${milestones.length}`,
      );
    }
    if (schedules.some((schedule) => schedule.optimizer !== optimizer)) {
      throw new TypeError("SequentialLR: all schedules must be for the optimizer that is given");
    }
    this.lastEpoch = lastEpoch + 1;
    // each schedule made a first step when it was made: back to the beginning, and only the first one steps
    for (const group of optimizer.paramGroups) group.lr = group.initialLr ?? group.lr;
    for (const schedule of schedules) schedule.lastEpoch -= 1;
    schedules[0].begin();
    this.lastLr = schedules[0].getLastLr();
  }

  /** Goes to the next epoch. */
  step(): void {
    this.lastEpoch++;
    const passed = this.milestones.filter((epoch) => epoch <= this.lastEpoch).length;
    const schedule = this.schedules[passed];
    const begins = passed > 0 && this.milestones[passed - 1] === this.lastEpoch;
    schedule.step(begins ? 0 : undefined);
    this.lastLr = schedule.getLastLr();
  }

  /** The learning rates that the last step set, one per group. */
  getLastLr(): number[] {
    return [...this.lastLr];
  }

  /** What is needed to go on later. */
  stateDict(): Record<string, unknown> {
    const schedules = this.schedules.map((schedule) => schedule.stateDict());
    return { lastEpoch: this.lastEpoch, lastLr: this.lastLr, schedules };
  }

  loadStateDict(state: Record<string, unknown>): void {
    const { schedules, ...rest } = state as { schedules: Record<string, unknown>[] };
    this.schedules.forEach((schedule, i) => schedule.loadStateDict(schedules[i]));
    Object.assign(this, rest);
  }
}

/**
 * Several schedules at once: each `step()` lets one after the other change the rates that it finds.
 *
 * ```ts
 * const optimizer = new optim.SGD([torch.zeros([1], { requiresGrad: true })], { lr: 1 })
 * const { ChainedScheduler, ConstantLR, ExponentialLR } = optim.lrScheduler
 * const halved = new ConstantLR(optimizer, { factor: 0.5, totalIters: 4 })
 * const schedule = new ChainedScheduler([halved, new ExponentialLR(optimizer, 0.9)])
 * schedule.step()
 * schedule.getLastLr() // → [0.45]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ChainedScheduler.html
 */
export class ChainedScheduler {
  readonly optimizer: Optimizer;

  constructor(
    readonly schedules: readonly LRScheduler[],
    optimizer: Optimizer = schedules[0]?.optimizer,
  ) {
    if (schedules.length === 0) {
      throw new TypeError("ChainedScheduler: expected at least one schedule, got none");
    }
    if (schedules.some((schedule) => schedule.optimizer !== optimizer)) {
      throw new TypeError("ChainedScheduler: all schedules must be for one optimizer");
    }
    this.optimizer = optimizer;
  }

  /** Each schedule goes to its next epoch. */
  step(): void {
    for (const schedule of this.schedules) schedule.step();
  }

  /** The learning rates that the last step set, one per group. */
  getLastLr(): number[] {
    return this.optimizer.paramGroups.map((group) => group.lr);
  }

  /** What is needed to go on later. */
  stateDict(): Record<string, unknown> {
    return { schedules: this.schedules.map((schedule) => schedule.stateDict()) };
  }

  loadStateDict(state: Record<string, unknown>): void {
    const { schedules } = state as { schedules: Record<string, unknown>[] };
    this.schedules.forEach((schedule, i) => schedule.loadStateDict(schedules[i]));
  }
}
