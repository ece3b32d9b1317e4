// Lines at the head of a cell that are no TypeScript: %time, %cd, !ls, ?name. The rest of the cell runs as
// usual, at its own lines.
import fs from "node:fs";
import path from "node:path";
import type { Io } from "../io/io.js";
import { runCommand } from "../io/command.js";

export interface Magic {
  name: string;
  rest: string;
}

/** What a magic gives back: text to print, a payload for the front end. */
export interface MagicResult {
  text?: string;
  payload?: object;
}

/** Take the magics off a cell; what is left keeps its places. */
export function splitMagics(source: string): { magics: Magic[]; code: string } {
  const magics: Magic[] = [];
  const lines = source.split("\n");
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "" || /^\s*\/\//.test(line)) continue;
    const magic = parse(line);
    if (!magic) break;
    magics.push(magic);
    const keepsCode = magic.name === "time" || magic.name === "timeit";
    const head = line.length - magic.rest.length;
    lines[index] = keepsCode ? " ".repeat(head) + magic.rest : "";
    if (keepsCode && magic.rest.trim() !== "") break;
  }
  return { magics, code: lines.join("\n") };
}

function parse(line: string): Magic | undefined {
  const percent = /^\s*%{1,2}([a-z]+)(?:\s+(.*))?$/.exec(line);
  if (percent) return { name: percent[1]!, rest: percent[2] ?? "" };
  const shell = /^\s*!\s*([\w./~-].*)$/.exec(line);
  // `!flag && f()` is TypeScript, `!ls` is not: a command has no operator behind its first word.
  if (shell && !/^[\w$.]+\s*(&&|\|\||[=?.(;]|$)/.test(shell[1]!))
    return { name: "!", rest: shell[1]! };
  if (shell && /^[a-z]+$/.test(shell[1]!)) return { name: "!", rest: shell[1]! };
  const question =
    /^\s*\?{1,2}\s*([\w$.]+)\s*$/.exec(line) ?? /^\s*([\w$.]+)\?{1,2}\s*$/.exec(line);
  return question ? { name: "?", rest: question[1]! } : undefined;
}

type Run = (io: Io, rest: string, parent: string) => MagicResult | Promise<MagicResult>;

const magics: Record<string, Run> = {
  time: () => ({}), // the runner's work
  timeit: () => ({}),
  who: async (io, _rest, parent) => ({ text: await io.main.ask("who", "", parent) }),
  reset: async (io, _rest, parent) => {
    await io.language.ask("reset");
    return { text: await io.main.ask("reset", "", parent) };
  },
  env: async (io, rest, parent) => ({ text: await io.main.ask("env", rest, parent) }),
  cd: async (io, rest) => {
    const folder = path.resolve(
      io.folder,
      rest.trim().replace(/^~(?=\/|$)/, process.env.HOME ?? "~"),
    );
    if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      throw new Error(`%cd: there is no folder ${folder}`);
    }
    io.folder = folder;
    io.main.post({ type: "folder", path: folder });
    await io.language.ask("setFolder", folder);
    return { text: `${folder}\n` };
  },
  load: (io, rest) => {
    const text = fs.readFileSync(path.resolve(io.folder, rest.trim()), "utf8");
    return { payload: { source: "set_next_input", text, replace: true } };
  },
  install: async (io, rest, parent) => {
    if (rest.trim() === "") throw new Error("%install: no package is named; %install d3-array");
    await runCommand(io, parent, "npm", [
      "install",
      "--no-audit",
      "--no-fund",
      ...rest.trim().split(/\s+/),
    ]);
    await io.language.ask("setFolder", io.folder); // look again
    return {};
  },
  "!": async (io, rest, parent) => {
    await runCommand(io, parent, rest);
    return {};
  },
  "?": async (io, rest) => {
    const found = await io.language.ask("inspect", rest, rest.length);
    if (!found) throw new Error(`?${rest}: there is no such name`);
    const text = [found.signature, found.documentation, found.tags].filter(Boolean).join("\n\n");
    return {
      payload: { source: "page", start: 0, data: { "text/plain": text } },
      text: `${text}\n`,
    };
  },
};

export async function runMagic(
  io: Io,
  { name, rest }: Magic,
  parent: string,
): Promise<MagicResult> {
  const run = magics[name];
  if (!run) {
    const there = Object.keys(magics).filter((one) => /\w/.test(one));
    throw new Error(
      `%${name}: there is no such magic; there are %${there.join(", %")}, !command, ?name`,
    );
  }
  return run(io, rest, parent);
}
