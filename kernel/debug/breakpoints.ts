// The breakpoints of cells: kept by the cell's path, as the client set them, and set anew in every script that
// the cell becomes when it runs.
import type { CellScript } from "../bridge.js";
import { cellPath, placeInScript, type DebugCells } from "./cells.js";
import type { Inspected } from "./inspected.js";

export interface SourceBreakpoint {
  line: number;
  condition?: string;
}

export class Breakpoints {
  readonly #wanted = new Map<string, SourceBreakpoint[]>();
  /** V8's names of those that are set, by path. */
  readonly #set = new Map<string, string[]>();

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
  async replace(
    file: string,
    breakpoints: SourceBreakpoint[],
    isStarted: boolean,
  ): Promise<object> {
    this.#wanted.set(file, breakpoints);
    if (breakpoints.length === 0) this.#wanted.delete(file);
    for (const breakpointId of this.#set.get(file) ?? [])
      await this.inspected.post("Debugger.removeBreakpoint", { breakpointId }).catch(() => {});
    this.#set.delete(file);
    if (isStarted) for (const script of this.cells.scriptsOf(file)) await this.setFor(script);
    return {
      breakpoints: breakpoints.map(({ line }) => ({
        verified: true,
        line,
        source: { path: file },
      })),
    };
  }

  /** The debugger begins: what was wanted before is set in all cells that have run. */
  async setAll(): Promise<void> {
    for (const file of this.#wanted.keys())
      for (const script of this.cells.scriptsOf(file)) await this.setFor(script);
  }

  /** Those of the cell that this script was made of. */
  async setFor(script: CellScript): Promise<void> {
    const file = cellPath(script.source);
    for (const { line, condition = "" } of this.#wanted.get(file) ?? []) {
      const place = placeInScript(script, line);
      if (!place) continue;
      const { breakpointId } = await this.inspected.post("Debugger.setBreakpointByUrl", {
        url: script.fileName,
        lineNumber: place.line - 1,
        columnNumber: place.column - 1,
        condition,
      });
      this.#set.set(file, [...(this.#set.get(file) ?? []), breakpointId]);
    }
  }
}
