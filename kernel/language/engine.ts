// What the kernel asks of a language: is this cell right, what does it mean as JavaScript, what can
// be written here. Two engines answer: the typed cell chain, and tslab's converter as the reference.
import type { CellScript } from "../bridge.js";

/** A mistake in a cell. Places count UTF-16 units from 0. */
export interface Diagnostic {
  message: string;
  code: number;
  start: number;
  length: number;
  /** What the learner most likely meant. */
  hint?: string;
}

/** `warning`: the cell runs, but its types could not be checked. */
export type Checked =
  | { ok: true; script: CellScript; declared: string[]; warning?: string }
  | { ok: false; diagnostics: Diagnostic[] };

export interface Completion {
  text: string;
  /** TypeScript's word for what it is: method, const, class … */
  type: string;
  /** Its type, on one line, if that was cheap to know. */
  signature?: string;
}

export interface Completions {
  start: number;
  end: number;
  items: Completion[];
}

export interface Inspection {
  /** The declaration, as TypeScript. */
  signature: string;
  /** Markdown. */
  documentation: string;
  tags: string;
  /** Where it is written: its text, in a cell or a package's declarations. */
  source?: string;
}

export type Completeness =
  { status: "complete" | "invalid" | "unknown" } | { status: "incomplete"; indent: string };

export interface Engine {
  /** Check a cell against all that was committed, and compile it. Changes nothing. */
  check(source: string, cell: number): Checked;
  /** What the cell declares that was checked last under this number is visible from now on: all, or only these names. */
  commit(cell: number, names?: readonly string[]): void;
  complete(source: string, cursor: number): Completions;
  inspect(source: string, cursor: number): Inspection | null;
  isComplete(source: string): Completeness;
  /** Whether an error thrown at this place of a script (from 0) is caught in its own function. */
  isCaught(javascript: string, line: number, column: number): boolean;
  /** Forget all cells. */
  reset(): void;
  /** The notebook's folder: where imports and tsconfig.json are looked up. */
  setFolder(folder: string): void;
}
