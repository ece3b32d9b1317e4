// The notebook's own .ts files as the debugger's client knows them, by their paths; and as V8 knows them:
// `file:///nb/mod.ts?v=0c1f…`, JavaScript that ends in a source map. The hash changes with every edit.
import fs from "node:fs";
import { SourceMap } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { LocalFile } from "../language/rewrite/local-file.js";
import type { Place } from "../run/stacks.js";
import { generatedPlace } from "./places.js";

interface Known extends LocalFile {
  map: SourceMap | undefined;
}

export class LocalFiles {
  readonly #known = new Map<string, Known>();

  add(file: LocalFile): void {
    this.#known.set(file.file, { ...file, map: mapIn(file.code) });
  }

  /** Of a file that no cell has imported yet, too. */
  textOf(file: string): string | undefined {
    const known = this.#known.get(file)?.text;
    if (known !== undefined || !/\.[mc]?tsx?$/.test(file)) return known;
    try {
      return fs.readFileSync(file, "utf8");
    } catch {
      return undefined; // there is none
    }
  }

  /** The place that a line has in the file's JavaScript, and by which pattern V8 finds all its versions. */
  placeInScript(file: string, line: number): (Place & { urlRegex: string }) | undefined {
    const { code, map } = this.#known.get(file) ?? {};
    const place = code !== undefined && map && generatedPlace(code, map, line);
    if (!place) return undefined;
    const url = pathToFileURL(file).href.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return { ...place, urlRegex: `^${url}\\?v=` };
  }

  /** Where a place of V8's was in the learner's file. */
  placeInFile(url: string, line: number, column: number): Place & { file: string } {
    if (!url.startsWith("file:")) return { file: url, line, column };
    const file = fileURLToPath(url); // without the hash
    const entry = this.#known.get(file)?.map?.findEntry(line - 1, column - 1);
    if (!entry || !("originalLine" in entry)) return { file, line, column };
    return { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  }
}

function mapIn(code: string): SourceMap | undefined {
  const [, base64] =
    /\/\/# sourceMappingURL=data:application\/json;base64,([\w+/=]+)\s*$/.exec(code) ?? [];
  if (base64 === undefined) return undefined;
  return new SourceMap(JSON.parse(Buffer.from(base64, "base64").toString("utf8")));
}
