// a·b + c with one rounding, as processors do it and JavaScript does not.

/** In float32, for float32 operands: their product is exact in double precision. */
export function fma(a: number, b: number, c: number): number {
  return Math.fround(a * b + c);
}

/** In float64: the errors of the product and of the sum are computed, and added last (Dekker, 1971; Knuth). */
export function fma64(a: number, b: number, c: number): number {
  const [a1, b1] = [upperHalf(a), upperHalf(b)];
  const [a2, b2] = [a - a1, b - b1];
  const product = a * b;
  const productError = a2 * b2 - (product - a1 * b1 - a2 * b1 - a1 * b2);
  const sum = product + c;
  const part = sum - product;
  const sumError = product - (sum - part) + (c - part);
  return sum + (sumError + productError);
}

/** The leading 26 bits. */
function upperHalf(x: number): number {
  const shifted = x * 134217729; // 2^27 + 1
  return shifted - (shifted - x);
}
