// Functions of numbers that JavaScript's Math lacks.

/** Nearest whole number, halves to the even one, as IEEE 754 and Python. */
export function roundHalfEven(v: number): number {
  const below = Math.floor(v);
  const rest = v - below;
  if (rest < 0.5) return below;
  if (rest > 0.5) return below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** 1 − erf(x) by the continued fraction where erf is nearly 1. @see Abramowitz & Stegun, 7.1.14 */
export function erfc(x: number): number {
  if (x < 2.5) return 1 - erf(x);
  let fraction = x;
  for (let k = 60; k >= 1; k--) fraction = x + k / 2 / fraction;
  return x !== x ? x : Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}

/** Where erf is y: Winitzki's approximation (2008), then Newton's steps. */
export function erfinv(y: number): number {
  if (!(Math.abs(y) < 1)) return y === 1 ? Infinity : y === -1 ? -Infinity : NaN;
  const a = 0.147;
  const logarithm = Math.log1p(-y * y);
  const b = 2 / (Math.PI * a) + logarithm / 2;
  let x = Math.sign(y) * Math.sqrt(Math.sqrt(b * b - logarithm / a) - b);
  for (let step = 0; step < 4; step++) {
    // near 1 the difference of erf loses digits, that of erfc does not
    const off = y > 0.5 ? 1 - y - erfc(x) : erf(x) - y;
    x -= off / ((2 / Math.sqrt(Math.PI)) * Math.exp(-x * x));
  }
  return x;
}

/**
 * The error function, to about 1e-15: its Taylor series near 0, Legendre's continued fraction for erfc beyond.
 * @see Abramowitz & Stegun, 7.1.5 and 7.1.14
 */
export function erf(x: number): number {
  if (x !== x) return x;
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  if (a < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= -(x * x) / n;
      sum += term / (2 * n + 1);
      if (n > 200) break;
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = a;
  for (let k = 60; k >= 1; k--) fraction = a + k / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-a * a) / (Math.sqrt(Math.PI) * fraction));
}
