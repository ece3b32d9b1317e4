// Module hooks (they run on a thread of their own): a notebook's own .ts and .json files can be imported,
// and after an edit the next import gives the new code. A file's address ends in a hash of it and of all
// local files that it imports: unchanged files stay the same module.
// https://nodejs.org/docs/latest-v20.x/api/module.html#customization-hooks
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { InitializeHook, LoadHook, ResolveHook } from "node:module";
import { receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import type TypeScript from "typescript";
import { compileLocalFile, type LocalFile } from "../language/rewrite/local-file.js";

export const resolve: ResolveHook = async (specifier, context, next) => {
  const from = context.parentURL;
  const isLocal = /^(\.{1,2}\/|\/|file:)/.test(specifier) && from?.startsWith("file:");
  if (!isLocal || from!.includes("/node_modules/")) return next(specifier, context);
  const asked = specifier.startsWith("/") ? pathToFileURL(specifier).href : specifier;
  const file = existing(fileURLToPath(new URL(asked, from)));
  // A library's own parts keep their one address: only a notebook's folder is edited while it runs.
  if (!file || insidePackage(file)) return next(specifier, context);
  const url = `${pathToFileURL(file).href}?v=${version(file)}`;
  return { url, shortCircuit: true, importAttributes: context.importAttributes };
};

export const load: LoadHook = async (url, context, next) => {
  if (!url.startsWith("file:") || !url.includes("?v=")) return next(url, context);
  const file = fileURLToPath(url);
  const text = () => fs.readFileSync(file, "utf8");
  if (file.endsWith(".json") && context.importAttributes?.type !== "json") {
    return { format: "module", source: moduleOfJson(text()), shortCircuit: true };
  }
  if (/\.[mc]?tsx?$/.test(file)) {
    return { format: "module", source: await compiled(file, text()), shortCircuit: true };
  }
  return next(url, context);
};

let offers: MessagePort;
const offered = new Map<string, LocalFile>();
let typescript: typeof TypeScript | undefined;

/** @param data.offers where compiled files come in, before a cell imports them */
export const initialize: InitializeHook<{ offers: MessagePort }> = (data) => {
  offers = data.offers;
  offers.unref();
};

async function compiled(file: string, text: string): Promise<string> {
  for (let one = receiveMessageOnPort(offers); one; one = receiveMessageOnPort(offers)) {
    const made = one.message as LocalFile;
    offered.set(made.file, made);
  }
  const made = offered.get(file);
  if (made?.text === text) return made.code;
  typescript ??= (await import("typescript")).default; // edited just now, or imported by no cell's text
  return compileLocalFile(typescript, file, text).code;
}

/** The file that an import means: as TypeScript finds it, with or without its ending. */
function existing(file: string): string | undefined {
  const candidates = [file, `${file}.ts`, `${file}.tsx`, `${file}.js`, `${file}.json`];
  const [, stem, kind] = /^(.*)\.([mc]?)js$/.exec(file) ?? [];
  if (stem !== undefined) candidates.push(`${stem}.${kind}ts`, `${stem}.tsx`);
  candidates.push(path.join(file, "index.ts"), path.join(file, "index.js"));
  return candidates.find((one) => fs.statSync(one, { throwIfNoEntry: false })?.isFile());
}

/** As TypeScript types it: the whole by default, and each key that is a name. */
function moduleOfJson(text: string): string {
  const value: unknown = JSON.parse(text);
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  const keys = isRecord ? Object.keys(value).filter((key) => key !== "default") : [];
  const locals = keys.map((key, i) => `const k${i} = json[${JSON.stringify(key)}];`);
  const names = keys.map((key, i) => `k${i} as ${JSON.stringify(key)}`);
  return `const json = ${text}\n;${locals.join("")}export { json as default, ${names.join(", ")} };`;
}

/** The kernel's own package may lie anywhere, also outside of node_modules. */
const ownHome = fileURLToPath(new URL("../../../", import.meta.url));

function insidePackage(file: string): boolean {
  return (
    file.includes(`${path.sep}node_modules${path.sep}`) ||
    file.startsWith(path.join(ownHome, "dist"))
  );
}

const importPattern = /\b(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g;

function version(file: string): string {
  const hash = createHash("sha256");
  const seen = new Set<string>();
  add(file);
  return hash.digest("hex").slice(0, 12);

  function add(one: string): void {
    if (seen.has(one)) return;
    seen.add(one);
    const text = fs.readFileSync(one, "utf8");
    hash.update(one).update(text);
    for (const [, specifier] of text.matchAll(importPattern)) {
      const dependency = existing(path.resolve(path.dirname(one), specifier!));
      if (dependency) add(dependency);
    }
  }
}
