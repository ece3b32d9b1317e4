// The cells as the debugger's client knows them: each by a path made of its text; and as V8 knows them:
// scripts, whose places are found again in the text, both ways.
import os from "node:os";
import path from "node:path";
import { SourceMap } from "node:module";
import type { CellScript } from "../bridge.js";
import type { ScriptMap } from "../language/rewrite/compile.js";
import { placeInCell, type Place } from "../run/stacks.js";
import { murmur2 } from "./murmur.js";

const keptScripts = 2000;

/** How a path is made of a text; the client is told by debugInfo. */
export const naming = {
  hashMethod: "Murmur2",
  hashSeed: 0xc70f6907, // as ipykernel
  tmpFilePrefix: path.join(os.tmpdir(), `kernelbook_${process.pid}`) + path.sep,
  tmpFileSuffix: ".ts",
};

export function cellPath(source: string): string {
  return `${naming.tmpFilePrefix}${murmur2(source, naming.hashSeed)}${naming.tmpFileSuffix}`;
}

export class DebugCells {
  /** The scripts of cells, by the name under which V8 knows them. */
  readonly #scripts = new Map<string, CellScript>();

  remember(script: CellScript): void {
    this.#scripts.set(script.fileName, script);
    if (this.#scripts.size > keptScripts) this.#scripts.delete(this.#scripts.keys().next().value!);
  }

  script(fileName: string): CellScript | undefined {
    return this.#scripts.get(fileName);
  }

  /** All scripts of a cell's path: the same text may have run many times. */
  scriptsOf(file: string): CellScript[] {
    return [...this.#scripts.values()].filter(({ source }) => cellPath(source) === file);
  }

  sourceOf(file: string): string | undefined {
    return this.scriptsOf(file).at(-1)?.source;
  }

  placeOf(fileName: string, line: number, column: number): Place | undefined {
    const script = this.#scripts.get(fileName);
    return script && placeInCell(script, line, column);
  }
}

/** The first place of a script that comes from this line of its cell, or from one below. Both from 1. */
export function placeInScript(script: CellScript, line: number): Place | undefined {
  const lines = script.source.split("\n");
  let wanted = line;
  while (wanted <= lines.length && /^\s*(\/\/.*|[{})\];]*)?$/.test(lines[wanted - 1] ?? ""))
    wanted++;
  if (wanted > lines.length) return undefined;
  const indent = /^\s*/.exec(lines[wanted - 1]!)![0].length;
  let offset = lines.slice(0, wanted - 1).reduce((sum, text) => sum + text.length + 1, 0) + indent;
  if (!script.map) return placeAt(script.code, offset);

  const { places, javascript, sourceMap, marks } = JSON.parse(script.map) as ScriptMap;
  offset = placeAfter(marks, offset);
  if (sourceMap) {
    const made = generatedOffset(javascript ?? "", sourceMap, wanted);
    if (made === undefined) return undefined;
    offset = made;
  }
  return placeAt(script.code, placeAfter(places, offset));
}

/** Where a place is behind edits. */
function placeAfter(edits: ScriptMap["places"], offset: number): number {
  let shift = 0;
  for (const { start, end, text } of edits) {
    if (start > offset) break;
    if (end > offset) return start + shift; // inside of what was replaced
    shift += text.length - (end - start);
  }
  return offset + shift;
}

/** The first place of the JavaScript that a source map leads to this line. */
function generatedOffset(javascript: string, sourceMap: string, line: number): number | undefined {
  const map = new SourceMap(JSON.parse(sourceMap));
  let offset = 0;
  for (const [row, text] of javascript.split("\n").entries()) {
    for (let column = /^\s*/.exec(text)![0].length; column < text.length; column++) {
      const entry = map.findEntry(row, column);
      if ("originalLine" in entry && entry.originalLine === line - 1) return offset + column;
    }
    offset += text.length + 1;
  }
  return undefined;
}

function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: before.at(-1)!.length + 1 };
}
