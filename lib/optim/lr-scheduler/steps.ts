// Schedules by a simple rule from epoch to epoch. As PyTorch, each step changes the present rate (so that schedules can
// be combined), and `closed` gives the same from the base rate alone.

import type { Optimizer } from "../optimizer.js";
import { LRScheduler, type ScheduleOptions } from "./scheduler.js";

/**
 * Every `stepSize` epochs the learning rate is multiplied by gamma.
 *
 * ```ts
 * const optimizer = new torch.optim.SGD([torch.zeros(1)], { lr: 1 })
 * const schedule = new torch.optim.lrScheduler.StepLR(optimizer, 2, { gamma: 0.5 })
 * optimizer.step(); schedule.step(); schedule.step()
 * schedule.getLastLr() // → [0.5]
 * ```
 */
export class StepLR extends LRScheduler {
  readonly gamma: number;

  constructor(
    optimizer: Optimizer,
    readonly stepSize: number,
    options: ScheduleOptions & { gamma?: number } = {},
  ) {
    super(optimizer, options);
    this.gamma = options.gamma ?? 0.1;
    this.begin();
  }

  protected next(lr: number): number {
    const turn = this.lastEpoch !== 0 && this.lastEpoch % this.stepSize === 0;
    return turn ? lr * this.gamma : lr;
  }

  protected override closed(_: number, i: number): number {
    return this.baseLrs[i] * this.gamma ** Math.floor(this.lastEpoch / this.stepSize);
  }
}

/**
 * At each of the epochs `milestones` the learning rate is multiplied by gamma.
 *
 * ```ts
 * const optimizer = new torch.optim.SGD([torch.zeros(1)], { lr: 1 })
 * const schedule = new torch.optim.lrScheduler.MultiStepLR(optimizer, [1, 3], { gamma: 0.5 })
 * optimizer.step()
 * for (let epoch = 0; epoch < 3; epoch++) schedule.step()
 * schedule.getLastLr() // → [0.25]
 * ```
 */
export class MultiStepLR extends LRScheduler {
  readonly gamma: number;

  constructor(
    optimizer: Optimizer,
    readonly milestones: readonly number[],
    options: ScheduleOptions & { gamma?: number } = {},
  ) {
    super(optimizer, options);
    this.gamma = options.gamma ?? 0.1;
    this.begin();
  }

  protected next(lr: number): number {
    const times = this.milestones.filter((epoch) => epoch === this.lastEpoch).length;
    return lr * this.gamma ** times;
  }

  protected override closed(_: number, i: number): number {
    const passed = this.milestones.filter((epoch) => epoch <= this.lastEpoch).length;
    return this.baseLrs[i] * this.gamma ** passed;
  }
}

/**
 * Every epoch the learning rate is multiplied by gamma.
 *
 * ```ts
 * const optimizer = new torch.optim.SGD([torch.zeros(1)], { lr: 1 })
 * const schedule = new torch.optim.lrScheduler.ExponentialLR(optimizer, 0.5)
 * optimizer.step()
 * for (let epoch = 0; epoch < 3; epoch++) schedule.step()
 * schedule.getLastLr() // → [0.125]
 * ```
 */
export class ExponentialLR extends LRScheduler {
  constructor(
    optimizer: Optimizer,
    readonly gamma: number,
    options: ScheduleOptions = {},
  ) {
    super(optimizer, options);
    this.begin();
  }

  protected next(lr: number): number {
    return this.lastEpoch === 0 ? lr : lr * this.gamma;
  }

  protected override closed(_: number, i: number): number {
    return this.baseLrs[i] * this.gamma ** this.lastEpoch;
  }
}

/** The base rate is multiplied by lrLambda(epoch): one function, or one per group. */
export class LambdaLR extends LRScheduler {
  /** Functions are no state: `stateDict` leaves them out, as PyTorch's. */
  readonly #factors: readonly ((epoch: number) => number)[];

  constructor(
    optimizer: Optimizer,
    lrLambda: ((epoch: number) => number) | readonly ((epoch: number) => number)[],
    options: ScheduleOptions = {},
  ) {
    super(optimizer, options);
    const groups = optimizer.paramGroups.length;
    this.#factors = typeof lrLambda === "function" ? Array(groups).fill(lrLambda) : lrLambda;
    if (this.#factors.length !== groups) {
      throw new RangeError(
        `LambdaLR: ${this.#factors.length} functions for ${groups} parameter groups: give one, or one per group`,
      );
    }
    this.begin();
  }

  protected next(_: number, i: number): number {
    return this.baseLrs[i] * this.#factors[i](this.lastEpoch);
  }
}

/** `factor` times the base rate for `totalIters` epochs, then the base rate. */
export class ConstantLR extends LRScheduler {
  readonly factor: number;
  readonly totalIters: number;

  constructor(
    optimizer: Optimizer,
    options: ScheduleOptions & { factor?: number; totalIters?: number } = {},
  ) {
    super(optimizer, options);
    this.factor = options.factor ?? 1 / 3;
    this.totalIters = options.totalIters ?? 5;
    if (!(this.factor >= 0 && this.factor <= 1)) {
      throw new RangeError(`ConstantLR: factor must be from 0 to 1, not ${this.factor}`);
    }
    this.begin();
  }

  protected next(lr: number): number {
    if (this.lastEpoch === 0) return lr * this.factor;
    return this.lastEpoch === this.totalIters ? lr / this.factor : lr;
  }

  protected override closed(_: number, i: number): number {
    return this.baseLrs[i] * (this.lastEpoch >= this.totalIters ? 1 : this.factor);
  }
}

/** From startFactor to endFactor times the base rate, in `totalIters` equal steps. */
export class LinearLR extends LRScheduler {
  readonly startFactor: number;
  readonly endFactor: number;
  readonly totalIters: number;

  constructor(
    optimizer: Optimizer,
    options: ScheduleOptions & {
      startFactor?: number;
      endFactor?: number;
      totalIters?: number;
    } = {},
  ) {
    super(optimizer, options);
    this.startFactor = options.startFactor ?? 1 / 3;
    this.endFactor = options.endFactor ?? 1;
    this.totalIters = options.totalIters ?? 5;
    if (!(this.startFactor > 0 && this.startFactor <= 1)) {
      throw new RangeError(
        `LinearLR: startFactor must be above 0, up to 1, not ${this.startFactor}`,
      );
    }
    this.begin();
  }

  protected next(lr: number): number {
    const { startFactor, endFactor, totalIters, lastEpoch } = this;
    if (lastEpoch === 0) return lr * startFactor;
    if (lastEpoch > totalIters) return lr;
    const rise = endFactor - startFactor;
    return lr * (1 + rise / (totalIters * startFactor + (lastEpoch - 1) * rise));
  }

  protected override closed(_: number, i: number): number {
    const { startFactor, endFactor, totalIters, lastEpoch } = this;
    const part = Math.min(totalIters, lastEpoch) / totalIters;
    return this.baseLrs[i] * (startFactor + (endFactor - startFactor) * part);
  }
}

/** Down to 0 in `totalIters` epochs, as (1 − epoch / totalIters)^power. */
export class PolynomialLR extends LRScheduler {
  readonly totalIters: number;
  readonly power: number;

  constructor(
    optimizer: Optimizer,
    options: ScheduleOptions & { totalIters?: number; power?: number } = {},
  ) {
    super(optimizer, options);
    this.totalIters = options.totalIters ?? 5;
    this.power = options.power ?? 1;
    this.begin();
  }

  protected next(lr: number): number {
    const { lastEpoch, totalIters, power } = this;
    if (lastEpoch === 0 || lastEpoch > totalIters) return lr;
    return lr * ((1 - lastEpoch / totalIters) / (1 - (lastEpoch - 1) / totalIters)) ** power;
  }

  protected override closed(_: number, i: number): number {
    const part = Math.min(this.totalIters, this.lastEpoch) / this.totalIters;
    return this.baseLrs[i] * (1 - part) ** this.power;
  }
}
