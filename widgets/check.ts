// The check cells of the exercises: say whether an answer is right, and give one more hint each time it is not.

import { Tensor } from "kernelbook";

type Display = Record<string, string>;

const displaySymbol = Symbol.for("Jupyter.display");
const wrongAnswers = new Map<string, number>();

/** What a check found; a cell shows it. */
export class CheckResult {
  constructor(
    /** null: nothing was answered yet. */
    readonly right: boolean | null,
    readonly message: string,
  ) {}

  get [Symbol.toStringTag](): string {
    return "CheckResult";
  }

  [displaySymbol](): Display {
    return { "text/plain": this.toString(), "text/markdown": this.message };
  }

  toString(): string {
    return this.message.replace(/\*\*|`/g, "");
  }
}

/**
 * Compare a learner's answer with the right value: whole numbers exactly, others to 1 part in 10,000, arrays and tensors element by element.
 * `null` means "not answered yet"; a function is called first, and an error that it throws is shown. Each wrong answer
 * unlocks the next of `hints`.
 *
 * ```ts
 * String(check(4, 4, [])) // → "✓ Right."
 * String(check(327680, 327690)) // → "✗ Not yet: 327680 is not right"
 * String(check(null, 4, [])) // → "○ Your turn: write your answer in the cell above and run both cells."
 * ```
 */
export function check(
  answer: unknown,
  expected: unknown,
  hints: readonly string[] = [],
): CheckResult {
  let given = answer;
  if (typeof answer === "function") {
    try {
      given = (answer as () => unknown)();
    } catch (error) {
      return notYet(`it stops with: ${(error as Error).message}`, hints);
    }
  }
  if (given === null || given === undefined) {
    return new CheckResult(
      null,
      "**○ Your turn:** write your answer in the cell above and run both cells.",
    );
  }

  const [a, b] = [plain(given), plain(expected)];
  const difference = firstDifference(a, b);
  return difference ? notYet(difference, hints) : new CheckResult(true, "**✓ Right.**");
}

function notYet(why: string, hints: readonly string[]): CheckResult {
  const key = hints.join("\n");
  const count = wrongAnswers.get(key) ?? 0;
  wrongAnswers.set(key, count + 1);
  const shown = hints.slice(0, count + 1).map((hint) => `\n\nHint: ${hint}`);
  return new CheckResult(false, `**✗ Not yet:** ${why}${shown.join("")}`);
}

function plain(value: unknown): unknown {
  if (value instanceof Tensor) return nested(value.data, value.shape);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  return Array.isArray(value) ? value.map(plain) : value;
}

function nested(values: ArrayLike<number>, shape: readonly number[]): unknown {
  let level: unknown[] = Array.from(values);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis];
    level = Array.from({ length: level.length / size || 0 }, (_, i) =>
      level.slice(i * size, (i + 1) * size),
    );
  }
  return level[0];
}

function firstDifference(a: unknown, b: unknown): string | null {
  if (Array.isArray(b)) {
    if (!Array.isArray(a))
      return b.length === 1
        ? firstDifference(a, b[0])
        : `${brief(a)} is one value where ${b.length} are asked for`;
    if (a.length !== b.length)
      return `there are ${a.length} values where ${b.length} are asked for`;
    for (let i = 0; i < b.length; i++) {
      const difference = firstDifference(a[i], b[i]);
      if (difference)
        return difference.startsWith("at ")
          ? `at ${i}, ${difference.slice(3)}`
          : `at ${i}: ${difference}`;
    }
    return null;
  }
  if (Array.isArray(a) && a.length === 1) return firstDifference(a[0], b);
  if (typeof a === "number" && typeof b === "number") {
    const whole = Number.isInteger(a) && Number.isInteger(b);
    const near = !whole && Math.abs(a - b) <= 1e-4 * Math.max(1e-2, Math.abs(b));
    return a === b || near ? null : `${brief(a)} is not right`;
  }
  return a === b ? null : `${brief(a)} is not right`;
}

function brief(value: unknown): string {
  const text =
    typeof value === "number"
      ? String(Number.isInteger(value) ? value : Number(value.toPrecision(5)))
      : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
