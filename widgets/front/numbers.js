// Numbers as text, rounded as PyTorch prints them: exact ties go to the even digit (0.03125 is 0.0312).

/** `count` digits after the point, with a true minus, and never minus zero. */
export function fixed(value, count) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const scaled = Math.abs(value) * 10 ** count;
  const below = Math.floor(scaled);
  // a float32 times 10,000 is exact in double precision, so a tie is seen as one
  const tied = scaled - below === 0.5 && below % 2 === 0 && scaled < 2 ** 40;
  const size = tied ? (below / 10 ** count).toFixed(count) : Math.abs(value).toFixed(count);
  return value < 0 && Number(size) !== 0 ? `−${size}` : size;
}

/** In full, for sums that are written out: as many of four digits as it has. */
export function digits(value) {
  const text = fixed(value, 4);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** For a place after a sign: −2 as (−2). */
export const signed = (text) => (text.startsWith("−") ? `(${text})` : text);

/** For the cells of a grid: whole numbers whole, others with as many digits as the largest of them leaves room for. */
export function formatter(values) {
  let largest = 0;
  let whole = true;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (!Number.isInteger(value)) whole = false;
    largest = Math.max(largest, Math.abs(value));
  }
  const count = whole ? 0 : largest >= 100 ? 0 : largest >= 10 ? 1 : largest < 0.1 ? 3 : 2;
  return (value) => (value === null || value === undefined ? "" : fixed(value, count));
}
