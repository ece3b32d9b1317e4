// What was thrown -> the protocol's error: its name, its message, and the learner's own cells and lines.
import { inspect } from "node:util";
import type { ErrorContent } from "../protocol/message.js";
import type { Place, Stacks } from "./stacks.js";

const red = (text: string) => `\x1b[31m${text}\x1b[0m`;
const green = (text: string) => `\x1b[32m${text}\x1b[0m`;
const dim = (text: string) => `\x1b[2m${text}\x1b[0m`;

const shownFrames = 12;

export class Tracebacks {
  constructor(readonly stacks: Stacks) {}

  describe(thrown: unknown): ErrorContent {
    return this.#describe(thrown, new Set());
  }

  /** @param seen errors that lead to this one: an error may be its own cause */
  #describe(thrown: unknown, seen: Set<unknown>): ErrorContent {
    seen.add(thrown);
    if (!isError(thrown)) {
      const evalue = typeof thrown === "string" ? thrown : inspect(thrown);
      return { ename: "Uncaught", evalue, traceback: [red(`Uncaught ${evalue}`)] };
    }
    const ename = String(thrown.name || "Error");
    const evalue = String(thrown.message);
    const traceback = [`${red(ename)}: ${evalue}`, ...this.#frames(String(thrown.stack ?? ""))];
    const inner = (what: string, error: unknown) => {
      if (seen.has(error)) return;
      const { traceback: lines } = this.#describe(error, seen);
      traceback.push(what, ...lines.map((line) => `  ${line.replaceAll("\n", "\n  ")}`));
    };
    if (thrown.cause !== undefined) inner("caused by", thrown.cause);
    if (thrown instanceof AggregateError) {
      for (const error of thrown.errors.slice(0, 10)) inner("one of its errors", error);
    }
    return { ename, evalue, traceback };
  }

  /** The lines of a stack; the first that lies in a cell with its source; repeated ones counted. */
  #frames(stack: string): string[] {
    const frames: { text: string; count: number }[] = [];
    let withSource = true;
    for (const line of stack.split("\n")) {
      const parts = /^\s+at (?:(.*?) \()?(.+?):(\d+):(\d+)\)?$/.exec(line);
      if (!parts) continue;
      const [, name = "", file = "", row, column] = parts;
      const place = { line: Number(row), column: Number(column) };
      const text = this.#frame(name, file, place, withSource);
      const last = frames.at(-1);
      if (last?.text === text) last.count++;
      else frames.push({ text, count: 1 });
      if (this.stacks.scripts.has(file)) withSource = false;
    }
    return frames
      .slice(0, shownFrames)
      .map(({ text, count }) => (count === 1 ? text : `${text}\n${dim(`    … ${count} times`)}`));
  }

  #frame(name: string, file: string, place: Place, withSource: boolean): string {
    const script = this.stacks.scripts.get(file);
    const { line, column } = place;
    if (!script) return dim(`    at ${name ? `${name} ` : ""}(${file}:${line}:${column})`);
    const cell = /\[(\d+)\]/.exec(file)?.[1] ?? "?";
    const where = green(`In [${cell}], line ${line}, column ${column}`);
    const frame = `    at ${name ? `${name}, ` : ""}${where}`;
    return withSource ? `${frame}\n${excerpt(script.source, place)}` : frame;
  }
}

/** Errors of other realms (vm, workers) are errors too. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}

/** The line, with the one before and after it. */
function excerpt(source: string, { line }: Place): string {
  const lines = source.split("\n");
  const from = Math.max(1, line - 1);
  const to = Math.min(lines.length, line + 1);
  const width = String(to).length;
  const shown: string[] = [];
  for (let n = from; n <= to; n++) {
    const text = `${n === line ? ">" : " "} ${String(n).padStart(width)} | ${lines[n - 1]}`;
    shown.push(n === line ? text : dim(text));
  }
  return shown.join("\n");
}
