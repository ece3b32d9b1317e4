// From a line of a cell to the place in the script that it became. (The way back is run/stacks, placeInCell.)
import { SourceMap } from "node:module";
import type { CellScript } from "../bridge.js";
import type { ScriptMap } from "../language/rewrite/compile.js";
import type { Place } from "../run/stacks.js";

/** The first line from this one on at which something can happen: not blank, no comment, more than brackets. */
export function lineWithCode(source: string, line: number): number | undefined {
  const lines = source.split("\n");
  let inComment = false;
  for (let at = 1; at <= lines.length; at++) {
    const text = lines[at - 1]!.trim();
    if (!inComment && text.startsWith("/*")) inComment = true;
    const isEmpty = inComment || /^(\/\/.*|[{})\];,]*)$/.test(text);
    if (inComment && text.includes("*/")) inComment = false;
    if (at >= line && !isEmpty) return at;
  }
  return undefined;
}

/** The first place of a script that comes from this line of its cell, if it has that line. Both from 1. */
export function placeInScript(script: CellScript, line: number): Place | undefined {
  const lines = script.source.split("\n");
  if (!lines[line - 1]?.trim()) return undefined;
  const indent = /^\s*/.exec(lines[line - 1]!)![0].length;
  let offset = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0) + indent;
  if (!script.map) return placeAt(script.code, offset);

  const { places, javascript, sourceMap, marks } = JSON.parse(script.map) as ScriptMap;
  offset = placeAfter(marks, offset);
  if (sourceMap) {
    const map = new SourceMap(JSON.parse(sourceMap));
    const made = generatedOffset(javascript ?? "", map, line);
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

/** The first place of the JavaScript that a source map leads to this line. Both from 1. */
export function generatedPlace(javascript: string, map: SourceMap, line: number) {
  const offset = generatedOffset(javascript, map, line);
  return offset === undefined ? undefined : placeAt(javascript, offset);
}

function generatedOffset(javascript: string, map: SourceMap, line: number): number | undefined {
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
