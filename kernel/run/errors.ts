// What was thrown -> the protocol's error: the learner's own cells and lines, none of our frames.
import { SourceMap } from "node:module";
import { inspect } from "node:util";
import type { CellScript } from "../bridge.js";
import type { ErrorContent } from "../protocol/message.js";
import { placeBefore } from "../language/rewrite/edits.js";
import type { ScriptMap } from "../language/rewrite/compile.js";

const red = (text: string) => `\x1b[31m${text}\x1b[0m`;
const green = (text: string) => `\x1b[32m${text}\x1b[0m`;
const dim = (text: string) => `\x1b[2m${text}\x1b[0m`;

interface Place {
  line: number; // from 1
  column: number;
}

/** The scripts that ran, by file name: a function of an old cell may throw much later. */
export class Tracebacks {
  readonly #scripts = new Map<string, CellScript>();

  add(script: CellScript): void {
    this.#scripts.set(script.fileName, script);
  }

  describe(thrown: unknown): ErrorContent {
    if (!(thrown instanceof Error)) {
      const evalue = typeof thrown === "string" ? thrown : inspect(thrown);
      return { ename: "Uncaught", evalue, traceback: [red(`Uncaught ${evalue}`)] };
    }
    const ename = thrown.name || "Error";
    const evalue = String(thrown.message);
    const traceback = [`${red(ename)}: ${evalue}`];
    let first = true;
    for (const line of (thrown.stack ?? "").split("\n")) {
      const frame = this.#frame(line, first);
      if (frame === undefined) continue;
      traceback.push(frame);
      first = false;
    }
    if (thrown.cause !== undefined) {
      const { traceback: causes } = this.describe(thrown.cause);
      traceback.push("caused by", ...causes.map((line) => `  ${line}`));
    }
    return { ename, evalue, traceback };
  }

  /** One line of a stack, or undefined if it is of no interest to the reader. */
  #frame(line: string, withSource: boolean): string | undefined {
    const parts = /^\s+at (?:(.*?) \()?(?:file:\/\/)?(.+?):(\d+):(\d+)\)?$/.exec(line);
    if (!parts) return undefined;
    const [, name = "", file = "", row, column] = parts;
    const script = this.#scripts.get(file);
    if (script) {
      const place = placeInCell(script, Number(row), Number(column));
      const cell = /\[(\d+)\]/.exec(file)?.[1] ?? "?";
      const where = `    at ${name ? `${name}, ` : ""}${green(`In [${cell}], line ${place.line}, column ${place.column}`)}`;
      return withSource ? `${where}\n${excerpt(script.source, place)}` : where;
    }
    const ours = file.startsWith("node:") || isKernelFile(file);
    return ours ? undefined : dim(`    at ${name} (${file}:${row}:${column})`);
  }
}

const kernelFolder = new URL("..", import.meta.url).pathname;

function isKernelFile(file: string): boolean {
  return file.startsWith(kernelFolder) || file === "<anonymous>" || file.endsWith("/import.js");
}

function placeInCell(script: CellScript, line: number, column: number): Place {
  if (!script.map) return { line, column };
  const { places, javascript, sourceMap, marks } = JSON.parse(script.map) as ScriptMap;
  const inScript = offsetOf(script.code, line, column);
  const inJavaScript = placeBefore(places, inScript);
  let at = inJavaScript;
  let marked = javascript ?? script.source;
  if (sourceMap) {
    const { line: row, column: col } = placeAt(marked, inJavaScript);
    const entry = new SourceMap(JSON.parse(sourceMap)).findEntry(row - 1, col - 1);
    marked = markedSource(script.source, marks);
    const { originalLine = 0, originalColumn = 0 } = entry as {
      originalLine?: number;
      originalColumn?: number;
    };
    at = offsetOf(marked, originalLine + 1, originalColumn + 1);
  }
  return placeAt(script.source, placeBefore(marks, at));
}

function markedSource(source: string, marks: ScriptMap["marks"]): string {
  let text = source;
  for (const { start, end, text: inserted } of [...marks].reverse())
    text = text.slice(0, start) + inserted + text.slice(end);
  return text;
}

function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split("\n");
  let offset = 0;
  for (let i = 0; i < line - 1 && i < lines.length; i++) offset += lines[i]!.length + 1;
  return offset + column - 1;
}

function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, Math.max(0, offset)).split("\n");
  return { line: before.length, column: before.at(-1)!.length + 1 };
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
