// Numbers as Python writes them: `f"{x:.4f}"` and `f"{x:.4e}"`, rounded from the exact binary value, ties to even.
// (JavaScript's toFixed rounds ties up: (0.03125).toFixed(4) is 0.0313, Python's is 0.0312; its exponents have no zero.)

/** Python's `f"{x:.{digits}f}"`. */
export function fixed(x: number, digits: number): string {
  if (!Number.isFinite(x)) return special(x);
  const [mantissa, exponent] = partsOf(x);
  const scaled = scale(mantissa * 10n ** BigInt(digits), exponent);
  const text = String(scaled).padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits);
  return sign(x) + (digits === 0 ? whole : `${whole}.${text.slice(-digits)}`);
}

/** Python's `f"{x:.{digits}e}"`. */
export function scientific(x: number, digits: number): string {
  if (!Number.isFinite(x)) return special(x);
  const limit = 10n ** BigInt(digits);
  let power = x === 0 ? 0 : Number(x.toExponential().split("e")[1]);
  let figures = x === 0 ? 0n : leading(x, power - digits);
  if (x !== 0 && figures < limit) figures = leading(x, --power - digits);
  if (figures >= 10n * limit) {
    figures /= 10n;
    power++;
  }
  const text = String(figures).padStart(digits + 1, "0");
  const point = digits === 0 ? text : `${text[0]}.${text.slice(1)}`;
  const exponent = String(Math.abs(power)).padStart(2, "0");
  return `${sign(x)}${point}e${power < 0 ? "-" : "+"}${exponent}`;
}

/** |x| / 10^power, rounded to a whole number. */
function leading(x: number, power: number): bigint {
  const [mantissa, exponent] = partsOf(x);
  if (power <= 0) return scale(mantissa * 10n ** BigInt(-power), exponent);
  const numerator = exponent > 0 ? mantissa << BigInt(exponent) : mantissa;
  const denominator = (10n ** BigInt(power)) << BigInt(exponent > 0 ? 0 : -exponent);
  return divideToEven(numerator, denominator);
}

/** n · 2^exponent, rounded to a whole number. */
function scale(n: bigint, exponent: number): bigint {
  return exponent >= 0 ? n << BigInt(exponent) : divideToEven(n, 1n << BigInt(-exponent));
}

function divideToEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = 2n * (numerator % denominator);
  const up = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}

const bits = new DataView(new ArrayBuffer(8));

/** |x| = mantissa · 2^exponent, exactly. */
function partsOf(x: number): [mantissa: bigint, exponent: number] {
  bits.setFloat64(0, x);
  const word = bits.getBigUint64(0);
  const biased = Number((word >> 52n) & 0x7ffn);
  const fraction = word & 0xfffffffffffffn;
  return biased === 0 ? [fraction, -1074] : [fraction | (1n << 52n), biased - 1075];
}

function sign(x: number): string {
  return x < 0 || Object.is(x, -0) ? "-" : "";
}

function special(x: number): string {
  return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
}
