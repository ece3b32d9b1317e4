// Sizes that a layer is made with.

/** @throws RangeError unless each is a whole number ≥ least. */
export function whole(op: string, named: Record<string, unknown>, least = 1): void {
  for (const [name, value] of Object.entries(named)) {
    if (typeof value === "number" && Number.isInteger(value) && value >= least) continue;
    throw new RangeError(`${op}: ${name} must be a whole number ≥ ${least}, not ${String(value)}`);
  }
}
