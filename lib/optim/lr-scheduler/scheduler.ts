// What schedules share: they count their steps, and set the learning rate of each group.

import type { Optimizer } from "../optimizer.js";

export interface ScheduleOptions {
  /** The epoch to go on from; -1 starts anew. Default -1. */
  lastEpoch?: number;
}

/**
 * A schedule of the learning rate: call `step()` after each epoch (or batch), behind `optimizer.step()`.
 *
 * @see https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate
 */
export abstract class LRScheduler {
  /** The learning rates of the groups before any schedule. */
  readonly baseLrs: number[];
  lastEpoch: number;
  /** @internal */
  stepCount = 0;
  protected lastLr: number[] = [];

  constructor(
    readonly optimizer: Optimizer,
    { lastEpoch = -1 }: ScheduleOptions = {},
  ) {
    for (const [i, group] of optimizer.paramGroups.entries()) {
      if (lastEpoch === -1) group.initialLr ??= group.lr;
      else if (group.initialLr === undefined) {
        throw new TypeError(
          `${this.constructor.name}: group ${i} has no initialLr, which going on from epoch ${lastEpoch} needs: load the optimizer's state first`,
        );
      }
    }
    this.baseLrs = optimizer.paramGroups.map((group) => group.initialLr!);
    this.lastEpoch = lastEpoch;
  }

  /** The learning rate of a group for `lastEpoch`, from its present one. */
  protected abstract next(lr: number, group: number): number;

  /** The learning rate of a group for `lastEpoch` from its base alone, where a formula gives it. */
  protected closed(lr: number, group: number): number {
    return this.next(lr, group);
  }

  /** @internal To be called at the end of constructors: the first step sets the rates of epoch 0. */
  begin(): void {
    this.stepCount = 0;
    this.step();
  }

  /** Goes to the next epoch, and sets the learning rates. */
  step(epoch?: number): void {
    this.stepCount++;
    this.lastEpoch = epoch ?? this.lastEpoch + 1;
    const { paramGroups } = this.optimizer;
    // all rates before any is set, as a formula may read them
    const rates = paramGroups.map((group, i) =>
      epoch === undefined ? this.next(group.lr, i) : this.closed(group.lr, i),
    );
    paramGroups.forEach((group, i) => (group.lr = rates[i]));
    this.lastLr = rates;
  }

  /** The learning rates that the last step set, one per group. */
  getLastLr(): number[] {
    return [...this.lastLr];
  }

  /** What is needed to go on later. */
  stateDict(): Record<string, unknown> {
    const { optimizer: _, ...rest } = this as Record<string, unknown> & { optimizer: unknown };
    return Object.fromEntries(
      Object.entries(rest).filter(([, value]) => typeof value !== "function"),
    );
  }

  loadStateDict(state: Record<string, unknown>): void {
    Object.assign(this, state);
  }
}
