// The reference engine: tslab's own converter, as it is published (with its TypeScript 5.0). The cell
// chain must accept what this accepts; KERNELBOOK_ENGINE=tslab runs a kernel on it, to compare.
import { createRequire } from "node:module";
import { isCaught } from "../caught.js";
import type { Checked, Completeness, Completions, Engine, Inspection } from "../engine.js";

const require = createRequire(import.meta.url);

interface Converter {
  convert(previous: string, source: string): Converted;
  complete(previous: string, source: string, at: number): TslabCompletions;
  inspect(previous: string, source: string, at: number): object | undefined;
  close(): void;
}

interface Converted {
  output?: string;
  declOutput?: string;
  diagnostics: {
    start: { offset: number };
    end: { offset: number };
    messageText: string;
    code: number;
  }[];
  lastExpressionVar?: string;
}

interface TslabCompletions {
  start: number;
  end: number;
  candidates: string[];
  original?: { entries: { name: string; kind: string }[] };
}

export class TslabEngine implements Engine {
  readonly #converter: Converter;
  /** The declarations of all cells so far, as one .d.ts text. */
  #declarations = "";
  #next: string | undefined;

  constructor() {
    const { createConverter } = require("tslab/dist/converter");
    this.#converter = createConverter({ isJS: false, isBrowser: false });
  }

  check(source: string, cell: number): Checked {
    const converted = this.#converter.convert(this.#declarations, source);
    if (converted.diagnostics.length > 0) {
      const diagnostics = converted.diagnostics.map(({ start, end, messageText, code }) => ({
        message: messageText,
        code,
        start: start.offset,
        length: end.offset - start.offset,
      }));
      return { ok: false, diagnostics };
    }
    this.#next = converted.declOutput ?? "";
    const last = converted.lastExpressionVar;
    const result = last ? `__kb.result=exports.${last};delete exports.${last};` : "";
    const code =
      `(async (__kb)=>{const {exports,require}=__kb;` + `${converted.output ?? ""}\n${result}})`;
    return { ok: true, script: { code, source, fileName: `cell[${cell}].ts` }, declared: [] };
  }

  commit(_cell: number): void {
    this.#declarations = this.#next ?? this.#declarations;
    this.#next = undefined;
  }

  complete(source: string, cursor: number): Completions {
    const { start, end, candidates, original } = this.#converter.complete(
      this.#declarations,
      source,
      cursor,
    );
    const kinds = new Map(original?.entries.map(({ name, kind }) => [name, kind]));
    return { start, end, items: candidates.map((text) => ({ text, type: kinds.get(text) ?? "" })) };
  }

  inspect(source: string, cursor: number): Inspection | null {
    const info = this.#converter.inspect(this.#declarations, source, cursor);
    if (!info) return null;
    const { printQuickInfo } = require("tslab/dist/inspect");
    const [signature = "", ...rest] = (printQuickInfo(info) as string).split("\n\n");
    return { signature, documentation: rest.join("\n\n"), tags: "" };
  }

  isCaught(javascript: string, line: number, column: number): boolean {
    return isCaught(javascript, line, column);
  }

  isComplete(source: string): Completeness {
    const { isCompleteCode } = require("tslab/dist/converter");
    const { completed, indent = "" } = isCompleteCode(source);
    return completed ? { status: "complete" } : { status: "incomplete", indent };
  }

  /** Its converter watches files; a process that made one does not end before this. */
  close(): void {
    this.#converter.close();
  }

  reset(): void {
    this.#declarations = "";
  }

  /** tslab looks from the folder in which its process was started, always. */
  setFolder(): void {}
}
