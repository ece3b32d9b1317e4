// What each magic does. The clock of %time and %timeit is the runner's, see split.ts.
import fs from "node:fs";
import path from "node:path";
import type { Io } from "../../io/io.js";
import { runCommand } from "../../io/command.js";
import { cellMagics, elsewhere, lineMagics, magicHelp, magicsList } from "./help.js";
import { install } from "./install.js";
import type { Magic } from "./split.js";

/** What a magic gives back: text to print, a MIME bundle to show, a payload for the front end. */
export interface MagicResult {
  text?: string;
  display?: Record<string, string>;
  payload?: object;
}

type Run = (io: Io, rest: string, parent: string) => MagicResult | Promise<MagicResult>;
type RunCell = (
  io: Io,
  rest: string,
  body: string,
  parent: string,
) => MagicResult | Promise<MagicResult>;

const line: Record<string, Run> = {
  who: async (io, _rest, parent) => ({ text: await io.main.ask("who", "", parent) }),
  reset: async (io, _rest, parent) => {
    await io.language.ask("reset");
    return { text: await io.main.ask("reset", "", parent) };
  },
  env: async (io, rest, parent) => ({ text: await io.main.ask("env", rest, parent) }),
  cd: async (io, rest) => {
    const folder = pathOf(io, rest.trim() === "" ? "~" : rest);
    if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      throw new Error(`%cd: there is no folder ${folder}`);
    io.folder = folder;
    io.main.post({ type: "folder", path: folder });
    await io.language.ask("setFolder", folder);
    return { text: `${folder}\n` };
  },
  pwd: (io) => ({ text: `${io.folder}\n` }),
  ls: (io, rest) => {
    const folder = pathOf(io, rest.trim() === "" ? "." : rest);
    if (!fs.existsSync(folder)) throw new Error(`%ls: there is no folder ${folder}`);
    const entries = fs.readdirSync(folder, { withFileTypes: true });
    const names = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
    return { text: `${names.sort().join("\n")}\n` };
  },
  load: (io, rest) => {
    if (rest.trim() === "") throw new Error("%load: no file is named; for example %load net.ts");
    const file = pathOf(io, rest);
    if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile())
      throw new Error(`%load: there is no file ${file}`);
    const text = `// %load ${rest.trim()}\n${fs.readFileSync(file, "utf8")}`;
    return { payload: { source: "set_next_input", text, replace: true } };
  },
  install: async (io, rest, parent) => {
    await install(io, rest, parent);
    return {};
  },
  history: (io) => ({
    text: io.history
      .tail(1000)
      .map(({ line: n, input }) => `${n}: ${input}\n`)
      .join(""),
  }),
  lsmagic: () => ({ text: magicsList() }),
  "!": async (io, rest, parent) => {
    await runCommand(io, parent, rest);
    return {};
  },
  "?": async (io, rest) => {
    const text = rest.startsWith("%") ? magicHelp(rest) : await helpOn(io, rest);
    if (text === undefined) throw new Error(`?${rest}: there is no such name`);
    const payload = { source: "page", start: 0, data: { "text/plain": text } };
    return { payload, text: `${text}\n` };
  },
};

const show =
  (type: string): RunCell =>
  (_io, _rest, body) => ({ display: { [type]: body, "text/plain": body } });

const cell: Record<string, RunCell> = {
  bash: async (io, _rest, body, parent) => {
    await runCommand(io, parent, "bash", ["-c", body]);
    return {};
  },
  sh: async (io, _rest, body, parent) => {
    await runCommand(io, parent, "sh", ["-c", body]);
    return {};
  },
  writefile: (io, rest, body) => {
    const [, append, name = ""] = /^(-a\s+)?(.*)$/.exec(rest.trim())!;
    if (name === "")
      throw new Error("%%writefile: no file is named; for example %%writefile net.ts");
    const file = pathOf(io, name);
    const existed = fs.existsSync(file);
    if (append) fs.appendFileSync(file, body);
    else {
      fs.writeFileSync(`${file}.${process.pid}`, body);
      fs.renameSync(`${file}.${process.pid}`, file);
    }
    return { text: `${append ? "Appended to" : existed ? "Overwrote" : "Wrote"} ${name}\n` };
  },
  html: show("text/html"),
  markdown: show("text/markdown"),
  latex: show("text/latex"),
  svg: show("image/svg+xml"),
  javascript: show("application/javascript"),
  js: show("application/javascript"),
};

export function isLineMagic(name: string): boolean {
  return Object.hasOwn(lineMagics, name);
}

export async function runMagic(io: Io, magic: Magic, parent: string): Promise<MagicResult> {
  const { name, rest, body } = magic;
  if (body !== undefined && Object.hasOwn(cell, name)) return cell[name]!(io, rest, body, parent);
  if (body === undefined && Object.hasOwn(line, name)) return line[name]!(io, rest, parent);
  const mark = body === undefined ? "%" : "%%";
  if (Object.hasOwn(elsewhere, name)) {
    if (/^(pip|conda|npm|run)$/.test(name)) throw new Error(`${mark}${name}: ${elsewhere[name]}`);
    return { text: `${mark}${name}: ${elsewhere[name]}\n` };
  }
  throw new Error(unknown(mark, name));
}

function unknown(mark: string, name: string): string {
  const other = mark === "%" ? cellMagics : lineMagics;
  const otherMark = mark === "%" ? "%%" : "%";
  if (Object.hasOwn(other, name)) return `${mark}${name}: it is written ${other[name]}`;
  const there = Object.keys(mark === "%" ? lineMagics : cellMagics).map((one) => mark + one);
  return `${mark}${name}: there is no such magic; there are ${there.join(", ")}, !command, ?name; see also ${otherMark}…, %lsmagic`;
}

async function helpOn(io: Io, name: string): Promise<string | undefined> {
  const found = await io.language.ask("inspect", name, name.length);
  if (!found) return undefined;
  return [found.signature, found.documentation, found.tags].filter(Boolean).join("\n\n");
}

/** A path as a learner writes it: with ~, in quotes or not, from the session's folder. */
function pathOf(io: Io, written: string): string {
  const bare = written.trim().replace(/^(["'])(.*)\1$/, "$2");
  return path.resolve(io.folder, bare.replace(/^~(?=\/|$)/, process.env.HOME ?? "~"));
}
