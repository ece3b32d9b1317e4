// What a picture's text says about its values.

export interface Statistics {
  readonly count: number;
  /** Of the finite values; NaN if there are none. So are max and mean. */
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** How many are exactly 0. */
  readonly zeros: number;
  readonly nans: number;
  readonly infinities: number;
}

export function statisticsOf(values: ArrayLike<number>): Statistics {
  // one by one: from a list they would be boxed, and every map is walked through here
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let zeros = 0;
  let nans = 0;
  let infinities = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value - value !== 0) {
      if (Number.isNaN(value)) nans++;
      else infinities++;
      continue;
    }
    if (value === 0) zeros++;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  const finite = values.length - nans - infinities;
  if (finite === 0) min = max = NaN;
  return { count: values.length, min, max, mean: sum / finite, zeros, nans, infinities };
}

/** "min −1.25, max 3.5, mean 0.021, 12.5 % zeros, 3 NaN, 1 infinite" */
export function statisticsText(statistics: Statistics): string {
  const { count, min, max, mean, zeros, nans, infinities } = statistics;
  if (count === 0) return "no values";
  const parts = Number.isNaN(min)
    ? ["no finite value"]
    : [`min ${short(min)}`, `max ${short(max)}`, `mean ${short(mean)}`];
  if (zeros > 0) parts.push(`${percent(zeros / count)} zeros`);
  if (nans > 0) parts.push(`${nans} NaN`);
  if (infinities > 0) parts.push(`${infinities} infinite`);
  return parts.join(", ");
}

/** A number in at most four digits: 0.021, −1.25, 31000, 1.2e−7. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-3 || size >= 1e6)
      ? value.toExponential(1)
      : String(Number(value.toPrecision(4)));
  return text.replaceAll("-", "−").replace("e+", "e");
}

export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}
