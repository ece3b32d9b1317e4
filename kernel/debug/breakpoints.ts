// The breakpoints of cells and of the notebook's own files: kept by path, as the client set them, and set anew in
// every script that the cell becomes when it runs, or the file when it is imported.
import { type DebugCells, type KnownScript } from "./cells.js";
import type { Inspected } from "./inspected.js";
import type { LocalFiles } from "./local-files.js";
import { lineWithCode, placeInScript } from "./places.js";
import { hitsOf, stopCondition, type SourceBreakpoint } from "./stop-conditions.js";

export class Breakpoints {
  readonly #wanted = new Map<string, SourceBreakpoint[]>();
  /** V8's names of those that are set, by path. */
  readonly #set = new Map<string, string[]>();
  /** How often they were replaced: a new breakpoint counts its hits from none. */
  #replaced = 0;
  /** One change at a time: what is set must be what was asked for last. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    readonly inspected: Inspected,
    readonly cells: DebugCells,
    readonly files: LocalFiles,
  ) {}

  list(): { source: string; breakpoints: SourceBreakpoint[] }[] {
    return [...this.#wanted].map(([source, breakpoints]) => ({ source, breakpoints }));
  }

  clear(): void {
    this.#wanted.clear();
    this.#set.clear();
  }

  /** All breakpoints of a cell or a file, in place of those before. @returns the body of the response */
  async replace(file: string, asked: SourceBreakpoint[], isStarted: boolean): Promise<object> {
    this.#replaced++;
    const text = this.cells.textOf(file) ?? this.files.textOf(file);
    const wanted: SourceBreakpoint[] = [];
    const breakpoints = asked.map((one) => {
      const line = text === undefined ? one.line : lineWithCode(text, one.line);
      const source = { path: file };
      const message = mistakeIn(one, line);
      if (message !== undefined || line === undefined)
        return { verified: false, line: one.line, source, message };
      wanted.push(withoutBlanks(one, line));
      return { verified: true, line, source };
    });
    if (wanted.length > 0) this.#wanted.set(file, wanted);
    else this.#wanted.delete(file);
    if (isStarted) await this.#inTurn(() => this.#renew(file));
    return { breakpoints };
  }

  /** The debugger begins: what was wanted before is set in all cells that have run. */
  async setAll(): Promise<void> {
    for (const file of this.#wanted.keys()) await this.#inTurn(() => this.#renew(file));
  }

  /** Those of the cell that this script was made of, and of the files that it imports. */
  async setFor(script: KnownScript): Promise<void> {
    await this.#inTurn(() => this.#setInCell(script));
    for (const { file } of script.localFiles ?? []) await this.#inTurn(() => this.#renew(file));
  }

  async #renew(file: string): Promise<void> {
    for (const breakpointId of this.#set.get(file) ?? [])
      await this.inspected.post("Debugger.removeBreakpoint", { breakpointId }).catch(() => {});
    this.#set.delete(file);
    for (const script of this.cells.scriptsOf(file)) await this.#setInCell(script);
    for (const breakpoint of this.#wanted.get(file) ?? []) {
      const place = this.files.placeInScript(file, breakpoint.line);
      if (place) await this.#setAt(file, breakpoint, place, { urlRegex: place.urlRegex });
    }
  }

  async #setInCell(script: KnownScript): Promise<void> {
    for (const breakpoint of this.#wanted.get(script.cell) ?? []) {
      const place = placeInScript(script, breakpoint.line);
      if (!place) continue; // of another part of the cell
      await this.#setAt(script.cell, breakpoint, place, { url: script.fileName });
    }
  }

  async #setAt(
    file: string,
    breakpoint: SourceBreakpoint,
    { line, column }: { line: number; column: number },
    where: { url: string } | { urlRegex: string },
  ): Promise<void> {
    const name = `${this.#replaced}:${file}:${breakpoint.line}`;
    const { breakpointId } = await this.inspected.post("Debugger.setBreakpointByUrl", {
      ...where,
      lineNumber: line - 1,
      columnNumber: column - 1,
      condition: stopCondition(name, breakpoint),
    });
    this.#set.set(file, [...(this.#set.get(file) ?? []), breakpointId]);
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(change);
    this.#turn = done.catch(() => {});
    return done;
  }
}

function mistakeIn({ line: asked, hitCondition }: SourceBreakpoint, line: number | undefined) {
  if (line === undefined) return `there is no code at line ${asked} or below it`;
  if (hitCondition && !hitsOf(hitCondition))
    return `hitCondition: ${JSON.stringify(hitCondition)} is no count such as 3, ">= 3" or "% 3"`;
  return undefined;
}

function withoutBlanks(breakpoint: SourceBreakpoint, line: number): SourceBreakpoint {
  const { condition, hitCondition, logMessage } = breakpoint;
  return {
    line,
    ...(condition ? { condition } : {}),
    ...(hitCondition ? { hitCondition } : {}),
    ...(logMessage ? { logMessage } : {}),
  };
}
