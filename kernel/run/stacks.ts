// Stacks as the learner knows them: cells by their number, with the lines that were written, and none of
// the frames under or between them that are the kernel's. `error.stack` itself is made so, by V8's hook:
// what a cell prints, or keeps in a rejected promise, reads the same as a traceback.
// https://v8.dev/docs/stack-trace-api#customizing-stack-traces
import { findSourceMap, SourceMap } from "node:module";
import { fileURLToPath } from "node:url";
import type { CellScript } from "../bridge.js";
import { placeBefore } from "../language/rewrite/edits.js";
import type { ScriptMap } from "../language/rewrite/compile.js";

export interface Place {
  line: number; // from 1
  column: number;
}

/** The package's own folder: neither the kernel's nor the library's insides are of interest. */
const ownFolder = fileURLToPath(new URL("../../", import.meta.url));

export class Stacks {
  /** The scripts that ran, by file name: a function of an old cell may throw much later. */
  readonly scripts = new Map<string, CellScript>();

  install(): void {
    Error.stackTraceLimit = 50; // a library's own frames must not crowd out the cell's
    Error.prepareStackTrace = (error, frames) => {
      const lines = frames.flatMap((frame) => this.#line(frame) ?? []);
      return [headOf(error), ...lines].join("\n");
    };
  }

  #line(frame: NodeJS.CallSite): string | undefined {
    const file = pathOf(frame.getFileName() ?? "");
    const script = this.scripts.get(file);
    if (!script) {
      if (isInternal(file)) return undefined;
      return inLocalFile(frame, file) ?? `    at ${frame}`;
    }
    const at = placeInCell(script, frame.getLineNumber() ?? 1, frame.getColumnNumber() ?? 1);
    const place = `${file}:${at.line}:${at.column}`;
    const name = nameOf(frame);
    return `    at ${name ? `${name} (${place})` : place}`;
  }
}

const maps = new WeakMap<CellScript, ScriptMap>();

function mapOf(script: CellScript): ScriptMap {
  let map = maps.get(script);
  if (!map) maps.set(script, (map = JSON.parse(script.map!) as ScriptMap));
  return map;
}

/** Where in the cell a place of its script was. */
export function placeInCell(script: CellScript, line: number, column: number): Place {
  if (!script.map) return { line, column };
  const { places, javascript, sourceMap, marks } = mapOf(script);
  const inScript = offsetOf(script.code, line, column);
  let at = placeBefore(places, inScript);
  if (sourceMap) {
    const { line: row, column: col } = placeAt(javascript ?? script.source, at);
    const entry = new SourceMap(JSON.parse(sourceMap)).findEntry(row - 1, col - 1);
    const { originalLine, originalColumn } =
      "originalLine" in entry ? entry : { originalLine: 0, originalColumn: 0 };
    at = offsetOf(markedSource(script.source, marks), originalLine + 1, originalColumn + 1);
  }
  return placeAt(script.source, placeBefore(marks, at));
}

function headOf(error: Error): string {
  try {
    return String(error);
  } catch {
    return "Error"; // its toString fails
  }
}

function pathOf(file: string): string {
  return file.startsWith("file://") ? fileURLToPath(file) : file;
}

function isInternal(file: string): boolean {
  return (
    file === "" ||
    file === "<anonymous>" ||
    file.startsWith("node:") ||
    file.startsWith(ownFolder) ||
    file.endsWith("/import.js")
  );
}

/** A notebook's own .ts file, as it was written. */
function inLocalFile(frame: NodeJS.CallSite, file: string): string | undefined {
  const map = findSourceMap(frame.getFileName() ?? "");
  const row = (frame.getLineNumber() ?? 1) - 1;
  const entry = map?.findEntry(row, (frame.getColumnNumber() ?? 1) - 1);
  if (!entry || !("originalLine" in entry)) return undefined;
  const place = `${file}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  const name = nameOf(frame);
  return `    at ${name ? `${name} (${place})` : place}`;
}

/** `Net.forward`, `new Net`, `async train`; nothing for the top level of a cell. */
function nameOf(frame: NodeJS.CallSite): string {
  const text = frame.toString();
  const at = text.lastIndexOf(" (");
  return at < 0 ? "" : text.slice(0, at);
}

function markedSource(source: string, marks: ScriptMap["marks"]): string {
  let text = source;
  for (const { start, end, text: inserted } of [...marks].reverse())
    text = text.slice(0, start) + inserted + text.slice(end);
  return text;
}

function offsetOf(text: string, line: number, column: number): number {
  let offset = 0;
  for (let left = line - 1; left > 0; left--) {
    const end = text.indexOf("\n", offset);
    if (end < 0) break;
    offset = end + 1;
  }
  return offset + column - 1;
}

function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, Math.max(0, offset)).split("\n");
  return { line: before.length, column: before.at(-1)!.length + 1 };
}
