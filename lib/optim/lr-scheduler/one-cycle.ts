// Up to a high rate, then down far below where it began: one cycle over the whole training.

import type { Optimizer } from "../optimizer.js";
import { momentaOf, perGroup, setMomentum, type Momentum } from "./momentum.js";
import { LRScheduler, type ScheduleOptions } from "./scheduler.js";

export interface OneCycleOptions extends ScheduleOptions {
  /** How many steps the cycle has; or say epochs and stepsPerEpoch. */
  totalSteps?: number;
  epochs?: number;
  stepsPerEpoch?: number;
  /** Which part of the cycle goes up. Default 0.3. */
  pctStart?: number;
  /** The form of the slopes. Default "cos". */
  annealStrategy?: "cos" | "linear";
  /** Let the momentum go the other way. Default true. */
  cycleMomentum?: boolean;
  /** Default 0.85. */
  baseMomentum?: number | readonly number[];
  /** Default 0.95. */
  maxMomentum?: number | readonly number[];
  /** The cycle begins at maxLr / divFactor. Default 25. */
  divFactor?: number;
  /** And ends at that divided by finalDivFactor. Default 1e4. */
  finalDivFactor?: number;
  /** Down to the beginning symmetrically first, then to the end. Default false. */
  threePhase?: boolean;
}

interface Phase {
  readonly end: number;
  readonly lr: readonly [from: Level, to: Level];
  readonly momentum: readonly [from: "base" | "max", to: "base" | "max"];
}
type Level = "initial" | "max" | "min";

/**
 * Call `step()` after every batch.
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html
 */
export class OneCycleLR extends LRScheduler {
  readonly totalSteps: number;
  private readonly phases: readonly Phase[];
  private readonly levels: readonly Record<Level, number>[];
  private readonly momenta: readonly Momentum[] | null;
  private readonly anneal: (from: number, to: number, part: number) => number;

  constructor(
    optimizer: Optimizer,
    maxLr: number | readonly number[],
    options: OneCycleOptions = {},
  ) {
    super(optimizer, options);
    const { pctStart = 0.3, annealStrategy = "cos", cycleMomentum = true } = options;
    const { divFactor = 25, finalDivFactor = 1e4, threePhase = false } = options;
    const { totalSteps = (options.epochs ?? 0) * (options.stepsPerEpoch ?? 0) } = options;
    if (!Number.isInteger(totalSteps) || totalSteps <= 0) {
      throw new RangeError(
        `OneCycleLR: totalSteps must be a whole number > 0, not ${totalSteps}: say totalSteps, or epochs and stepsPerEpoch`,
      );
    }
    if (!(pctStart >= 0 && pctStart <= 1)) {
      throw new RangeError(`OneCycleLR: pctStart must be from 0 to 1, not ${pctStart}`);
    }
    if (annealStrategy !== "cos" && annealStrategy !== "linear") {
      throw new RangeError(
        `OneCycleLR: annealStrategy must be "cos" or "linear", not ${String(annealStrategy)}`,
      );
    }
    this.totalSteps = totalSteps;
    this.anneal = annealStrategy === "cos" ? alongCosine : alongLine;
    this.phases = phasesOf(totalSteps, pctStart, threePhase);
    const groups = optimizer.paramGroups;
    this.levels = perGroup("OneCycleLR", "maxLr", maxLr, groups.length).map((max) => {
      const initial = max / divFactor;
      return { initial, max, min: initial / finalDivFactor };
    });
    if (this.lastEpoch === -1) {
      groups.forEach((group, i) => (group.initialLr = group.lr = this.levels[i].initial));
      this.baseLrs.splice(0, groups.length, ...groups.map((group) => group.initialLr!));
    }

    const { baseMomentum = 0.85, maxMomentum = 0.95 } = options;
    this.momenta = cycleMomentum
      ? momentaOf("OneCycleLR", optimizer, baseMomentum, maxMomentum)
      : null;
    this.begin();
  }

  protected next(_: number, i: number): number {
    const { lastEpoch: now, totalSteps, phases } = this;
    if (now > totalSteps) {
      throw new RangeError(
        `OneCycleLR: step ${now} of a cycle of ${totalSteps}: give totalSteps for the whole training`,
      );
    }
    const found = phases.findIndex((phase) => now <= phase.end);
    const at = found < 0 ? phases.length - 1 : found;
    const start = at === 0 ? 0 : phases[at - 1].end;
    const { end, lr, momentum } = phases[at];
    const part = (now - start) / (end - start);
    if (this.momenta) {
      const levels = this.momenta[i];
      const value = this.anneal(levels[momentum[0]], levels[momentum[1]], part);
      setMomentum(this.optimizer.paramGroups[i], value);
    }
    return this.anneal(this.levels[i][lr[0]], this.levels[i][lr[1]], part);
  }
}

function phasesOf(totalSteps: number, pctStart: number, threePhase: boolean): Phase[] {
  const up = pctStart * totalSteps - 1;
  const last = totalSteps - 1;
  const rise: Phase = { end: up, lr: ["initial", "max"], momentum: ["max", "base"] };
  if (!threePhase) return [rise, { end: last, lr: ["max", "min"], momentum: ["base", "max"] }];
  return [
    rise,
    { end: 2 * pctStart * totalSteps - 2, lr: ["max", "initial"], momentum: ["base", "max"] },
    { end: last, lr: ["initial", "min"], momentum: ["max", "max"] },
  ];
}

function alongCosine(from: number, to: number, part: number): number {
  return to + ((from - to) / 2) * (Math.cos(Math.PI * part) + 1);
}

function alongLine(from: number, to: number, part: number): number {
  return from + (to - from) * part;
}
