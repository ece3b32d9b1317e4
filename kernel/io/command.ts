// A shell command of a cell: its output streams into the notebook; an interrupt ends it.
import { spawn } from "node:child_process";
import type { Io } from "./io.js";

const patienceMs = 2000; // from SIGINT to SIGKILL
const repeatMs = 200; // a shell that is just starting may miss the first signal

type Take = (name: "stdout" | "stderr", text: string) => void;

/**
 * @param args if given, `command` is a program; else a line for the shell
 * @param take gets the output in place of the notebook
 */
export async function runCommand(
  io: Io,
  parent: string,
  command: string,
  args?: readonly string[],
  take: Take = (name, text) => io.streams.write(parent, name, text),
): Promise<void> {
  const options = {
    cwd: io.folder,
    stdio: ["ignore", "pipe", "pipe"] as ["ignore", "pipe", "pipe"],
  };
  const child = args
    ? spawn(command, args, { ...options, detached: true, shell: process.platform === "win32" })
    : spawn(command, { ...options, detached: true, shell: true });
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => take(name, text));
  }
  let again: NodeJS.Timeout | undefined;
  let late: NodeJS.Timeout | undefined;
  let stopped = false;
  // Its own process group, so that what it started ends with it.
  const signal = (name: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, name);
    } catch {
      // It has ended meanwhile.
    }
  };
  io.stopCommand = (name = "SIGINT") => {
    stopped = true;
    signal(name);
    again ??= setInterval(() => signal(name), repeatMs).unref();
    late ??= setTimeout(() => signal("SIGKILL"), patienceMs).unref();
  };
  try {
    const [code, by] = await new Promise<[number | null, string | null]>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, by) => resolve([code, by]));
    });
    if (stopped) throw new Error(`${command}: stopped by the reader`);
    if (code !== 0) throw new Error(`${command}: ended with ${by ?? `status ${code}`}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Error(`${command}: there is no such program on the PATH`);
  } finally {
    clearInterval(again);
    clearTimeout(late);
    io.stopCommand = undefined;
  }
}
