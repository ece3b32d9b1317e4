// %install: npm, into the notebook's project, with what it fetches while it fetches it.
import type { Io } from "../../io/io.js";
import { runCommand } from "../../io/command.js";

const options = [
  "--no-audit",
  "--no-fund",
  "--no-update-notifier",
  "--loglevel=http", // a line for each thing fetched
  "--fetch-retries=1",
  "--fetch-retry-mintimeout=500",
];

export async function install(io: Io, rest: string, parent: string): Promise<void> {
  const packages = rest.trim().split(/\s+/).filter(Boolean);
  if (packages.length === 0)
    throw new Error("%install: no package is named; for example %install d3-array");
  io.streams.write(parent, "stdout", `npm install ${packages.join(" ")}, in ${io.folder}\n`);
  const progress = new Progress((name, text) => io.streams.write(parent, name, text));
  try {
    await runCommand(io, parent, "npm", ["install", ...options, ...packages], (name, text) =>
      progress.take(name, text),
    );
  } catch (error) {
    progress.end();
    throw new Error(progress.reason ?? (error as Error).message, { cause: error });
  } finally {
    await io.language.ask("setFolder", io.folder); // look again
  }
  progress.end();
}

/** npm's own output, with its many lines on fetching made to one that changes. */
class Progress {
  /** Why it failed, if npm has said so. */
  reason: string | undefined;
  #fetched = 0;
  #rest = "";

  constructor(readonly write: (name: "stdout" | "stderr", text: string) => void) {}

  take(name: "stdout" | "stderr", text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop()!;
    for (const line of lines) this.#line(name, line);
  }

  end(): void {
    if (this.#rest !== "") this.#line("stderr", this.#rest);
    this.#rest = "";
  }

  #line(name: "stdout" | "stderr", line: string): void {
    if (/^npm (http|verb|timing) /.test(line)) {
      const done = /http fetch \w+ 2\d\d \S*?([^/\s]+)( |$)/.exec(line)?.[1];
      if (done)
        this.write("stdout", `\r${++this.#fetched} fetched: ${done.padEnd(40).slice(0, 40)}`);
      return;
    }
    this.reason ??= reasonOf(line);
    if (this.#fetched > 0) this.write("stdout", "\n");
    this.#fetched = 0;
    this.write(name, `${line}\n`);
  }
}

function reasonOf(line: string): string | undefined {
  const code = /^npm error code (\w+)/.exec(line)?.[1] ?? "";
  if (code === "E404") return "%install: npm has no package of this name";
  if (code === "ETARGET") return "%install: npm has no such version of the package";
  if (code === "EACCES" || code === "EROFS")
    return "%install: the notebook's folder cannot be written to";
  if (/^(ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH)$/.test(code))
    return "%install: npm's registry cannot be reached; is there a connection to the internet?";
  return undefined;
}
