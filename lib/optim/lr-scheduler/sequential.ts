// One schedule after the other.

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
