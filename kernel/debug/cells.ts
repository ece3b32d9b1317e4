// The cells as the debugger's client knows them: each by a path made of its text; and as V8 knows them:
// scripts, by their names. A cell with magics in it becomes several scripts.
import os from "node:os";
import path from "node:path";
import type { CellScript } from "../bridge.js";
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

export interface KnownScript extends CellScript {
  /** The path of the cell that it was made of. */
  cell: string;
}

export class DebugCells {
  readonly #scripts = new Map<string, KnownScript>();
  /** Texts by path: of cells that ran, and of those that the client only spoke of. */
  readonly #texts = new Map<string, string>();

  /** The client's name for this text. */
  dump(text: string): string {
    const file = cellPath(text);
    remember(this.#texts, file, text);
    return file;
  }

  /** @returns the script under a name of its own: cells without a number of their own share one */
  add(script: CellScript, text: string): KnownScript {
    const [, stem] = /^(.*)\.ts$/.exec(script.fileName)!;
    let { fileName } = script;
    for (let n = 2; this.#scripts.has(fileName); n++) fileName = `${stem}#${n}.ts`;
    const known = { ...script, fileName, cell: this.dump(text) };
    remember(this.#scripts, fileName, known);
    return known;
  }

  script(fileName: string): KnownScript | undefined {
    return this.#scripts.get(fileName);
  }

  /** The same text may have run many times. */
  scriptsOf(file: string): KnownScript[] {
    return [...this.#scripts.values()].filter(({ cell }) => cell === file);
  }

  textOf(file: string): string | undefined {
    return this.#texts.get(file);
  }
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > keptScripts) map.delete(map.keys().next().value!);
}
