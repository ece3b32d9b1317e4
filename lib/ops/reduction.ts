// What all losses share: the option `reduction`.

export type Reduction = "none" | "mean" | "sum";

export interface LossOptions {
  /** Give every loss ("none"), their mean, or their sum. Default "mean". */
  reduction?: Reduction;
}

/** @throws RangeError on any other word. */
export function checkReduction(op: string, reduction: string, more: readonly string[] = []): void {
  const known = ["none", "mean", "sum", ...more];
  if (known.includes(reduction)) return;
  throw new RangeError(
    `${op}: reduction must be "${known.join('", "')}", not ${JSON.stringify(reduction)}`,
  );
}
