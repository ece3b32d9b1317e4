// Module names, inside the quotes of an import: files beside the notebook, packages of its node_modules, Node's own.
import fs from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";
import type { Completions } from "../engine.js";

/** What cells can import wherever they are; see run/modules. */
const own = ["kernelbook", "kernelbook/widgets", "kernelbook/kernel", "tslab"];
const importable = /\.([mc]?[jt]sx?|json)$/;
const quoted = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*(["'])([^"'\n]*)$/;

/** @returns nothing where the cursor is in no module's name */
export function completeSpecifier(
  source: string,
  cursor: number,
  folder: string,
): Completions | undefined {
  const [, quote, typed] = quoted.exec(source.slice(0, cursor)) ?? [];
  if (quote === undefined || typed === undefined) return undefined;
  const rest = /^[^"'\n]*/.exec(source.slice(cursor))![0];
  const isClosed = source[cursor + rest.length] === quote;
  const end = isClosed ? cursor + rest.length : cursor;
  if (!/^\.{1,2}\//.test(typed)) {
    const names = packages(folder, typed).filter((name) => name.startsWith(typed));
    const items = names.map((text) => ({ text, type: "module" }));
    return { start: cursor - typed.length, end, items };
  }
  const cut = typed.lastIndexOf("/") + 1;
  const last = typed.slice(cut);
  const items = files(path.resolve(folder, typed.slice(0, cut)))
    .filter((name) => name.startsWith(last))
    .map((text) => ({ text, type: text.endsWith("/") ? "directory" : "module" }));
  return { start: cursor - last.length, end, items };
}

/** `mod` of mod.ts, as it is imported; `data.json`, `lib/`. */
function files(folder: string): string[] {
  return entries(folder).flatMap((entry) => {
    const { name } = entry;
    if (name === "node_modules") return [];
    if (entry.isDirectory()) return [`${name}/`];
    if (!importable.test(name) || /\.d\.[mc]?ts$/.test(name)) return [];
    return [name.replace(/\.tsx?$/, "")];
  });
}

function packages(folder: string, typed: string): string[] {
  const nodes = builtinModules.filter((name) => !name.startsWith("_"));
  const found = new Set([...own, ...nodes, ...(typed ? nodes.map((name) => `node:${name}`) : [])]);
  for (let at = folder; ; at = path.dirname(at)) {
    for (const { name } of entries(path.join(at, "node_modules"))) {
      if (!name.startsWith("@")) found.add(name);
      else
        for (const inner of entries(path.join(at, "node_modules", name)))
          found.add(`${name}/${inner.name}`);
    }
    if (at === path.dirname(at)) break;
  }
  return [...found].filter((name) => !name.startsWith("@types/")).sort();
}

function entries(folder: string): fs.Dirent[] {
  try {
    return fs
      .readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith("."));
  } catch {
    return []; // there is none, or it may not be read
  }
}
