// What can be written at the cursor, with kinds; the language service's own answer, without its service.
import ts from "typescript";
import type { Completions } from "../engine.js";
import type { CellModule } from "./cells.js";
import { internals } from "./internals.js";
import type { Library } from "./library.js";

export const never: ts.CancellationToken = {
  isCancellationRequested: () => false,
  throwIfCancellationRequested: () => {},
};

export function complete(
  module: CellModule,
  library: Library,
  options: ts.CompilerOptions,
  cursor: number,
): Completions {
  const { file, start, alone } = module;
  const host = {
    ...ts.sys,
    getCompilationSettings: () => options,
    getCurrentDirectory: () => library.home,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  };
  const found = internals.Completions.getCompletionsAtPosition(
    host,
    library.program,
    () => {},
    file,
    start + cursor,
    { includeCompletionsWithInsertText: false },
    undefined,
    undefined,
    never,
  );
  const word = wordAround(alone.text, cursor);
  const typed = alone.text.slice(word.start, cursor).toLowerCase();
  const entries = (found?.entries ?? [])
    .filter(({ name }) => name.toLowerCase().startsWith(typed))
    .sort(
      (a, b) =>
        compare(rank(a, typed), rank(b, typed)) ||
        compare(a.sortText, b.sortText) ||
        compare(a.name, b.name),
    );
  const span = found?.optionalReplacementSpan;
  const from = span && span.start >= start ? span.start - start : word.start;
  return {
    start: from,
    end: Math.max(cursor, word.end),
    items: entries.map(({ name, kind }) => ({ text: name, type: kind })),
  };
}

/** Names that begin exactly as typed come before those that differ in case. */
function rank({ name }: ts.CompletionEntry, typed: string): number {
  return name.startsWith(typed) ? 0 : 1;
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function wordAround(text: string, cursor: number): { start: number; end: number } {
  const before = /[\p{ID_Continue}$#]*$/u.exec(text.slice(0, cursor))![0];
  const after = /^[\p{ID_Continue}$]*/u.exec(text.slice(cursor))![0];
  return { start: cursor - before.length, end: cursor + after.length };
}
