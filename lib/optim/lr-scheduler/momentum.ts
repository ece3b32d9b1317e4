// What the cycles share: a value for each group, and the momentum that goes against the learning rate.

import type { Optimizer } from "../optimizer.js";

/** One value for all groups, or one for each. */
export function perGroup(
  op: string,
  name: string,
  value: number | readonly number[],
  groups: number,
): number[] {
  const list = typeof value === "number" ? new Array<number>(groups).fill(value) : [...value];
  if (list.length === groups) return list;
  throw new RangeError(
    `${op}: ${name} has ${list.length} values for ${groups} parameter groups: give one, or one per group`,
  );
}

export interface Momentum {
  readonly base: number;
  readonly max: number;
}

/** The least and the greatest momentum of each group, which is set to the greatest. */
export function momentaOf(
  op: string,
  optimizer: Optimizer,
  baseMomentum: number | readonly number[],
  maxMomentum: number | readonly number[],
): Momentum[] {
  const groups = optimizer.paramGroups;
  if (!("momentum" in optimizer.defaults) && !("betas" in optimizer.defaults)) {
    throw new TypeError(
      `${op}: ${optimizer.constructor.name} has neither momentum nor betas to cycle: pass cycleMomentum: false`,
    );
  }
  const base = perGroup(op, "baseMomentum", baseMomentum, groups.length);
  const max = perGroup(op, "maxMomentum", maxMomentum, groups.length);
  groups.forEach((group, i) => setMomentum(group, max[i]));
  return base.map((low, i) => ({ base: low, max: max[i] }));
}

/** SGD's and RMSprop's momentum, or Adam's first beta. */
export function setMomentum(
  group: { momentum?: number; betas?: readonly number[] },
  value: number,
): void {
  if (group.betas) group.betas = [value, ...group.betas.slice(1)];
  else group.momentum = value;
}
