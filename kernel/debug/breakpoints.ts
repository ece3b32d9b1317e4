// The breakpoints of cells: kept by the cell's path, as the client set them, and set anew in every script that
// the cell becomes when it runs.
import { type DebugCells, type KnownScript } from "./cells.js";
import type { Inspected } from "./inspected.js";
import { lineWithCode, placeInScript } from "./places.js";
import { hooks } from "./hooks.js";

export interface SourceBreakpoint {
  line: number;
  condition?: string;
}

export class Breakpoints {
  readonly #wanted = new Map<string, SourceBreakpoint[]>();
  /** V8's names of those that are set, by path. */
  readonly #set = new Map<string, string[]>();
  /** One change at a time: what is set must be what was asked for last. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    readonly inspected: Inspected,
    readonly cells: DebugCells,
  ) {}

  list(): { source: string; breakpoints: SourceBreakpoint[] }[] {
    return [...this.#wanted].map(([source, breakpoints]) => ({ source, breakpoints }));
  }

  clear(): void {
    this.#wanted.clear();
    this.#set.clear();
  }

  /** All breakpoints of a cell, in place of those before. @returns the body of the response */
  async replace(file: string, asked: SourceBreakpoint[], isStarted: boolean): Promise<object> {
    const text = this.cells.textOf(file);
    const answers = asked.map((breakpoint) => {
      const line = text === undefined ? breakpoint.line : lineWithCode(text, breakpoint.line);
      const source = { path: file };
      if (line !== undefined) return { ...breakpoint, verified: true, line, source };
      const message = `there is no code at line ${breakpoint.line} or below it`;
      return { ...breakpoint, verified: false, source, message };
    });
    const wanted = answers.filter(({ verified }) => verified);
    this.#wanted.set(
      file,
      wanted.map(({ line, condition }) => (condition ? { line, condition } : { line })),
    );
    if (wanted.length === 0) this.#wanted.delete(file);
    if (isStarted) await this.#inTurn(() => this.#renew(file));
    return { breakpoints: answers.map(({ condition: _, ...answer }) => answer) };
  }

  /** The debugger begins: what was wanted before is set in all cells that have run. */
  async setAll(): Promise<void> {
    for (const file of this.#wanted.keys()) await this.#inTurn(() => this.#renew(file));
  }

  /** Those of the cell that this script was made of. */
  setFor(script: KnownScript): Promise<void> {
    return this.#inTurn(() => this.#setFor(script));
  }

  async #renew(file: string): Promise<void> {
    for (const breakpointId of this.#set.get(file) ?? [])
      await this.inspected.post("Debugger.removeBreakpoint", { breakpointId }).catch(() => {});
    this.#set.delete(file);
    for (const script of this.cells.scriptsOf(file)) await this.#setFor(script);
  }

  async #setFor(script: KnownScript): Promise<void> {
    for (const { line, condition } of this.#wanted.get(script.cell) ?? []) {
      const place = placeInScript(script, line);
      if (!place) continue; // of another part of the cell
      const { breakpointId } = await this.inspected.post("Debugger.setBreakpointByUrl", {
        url: script.fileName,
        lineNumber: place.line - 1,
        columnNumber: place.column - 1,
        // The variables of the session are seen by it, too.
        condition: condition ? `${hooks}.within(() => (${condition}\n))` : "",
      });
      this.#set.set(script.cell, [...(this.#set.get(script.cell) ?? []), breakpointId]);
    }
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(change);
    this.#turn = done.catch(() => {});
    return done;
  }
}
