// A shell command of a cell: its output streams into the notebook; an interrupt ends it.
import { spawn } from "node:child_process";
import type { Io } from "./io.js";

/** @param args if given, `command` is a program; else a line for the shell */
export async function runCommand(
  io: Io,
  parent: string,
  command: string,
  args?: readonly string[],
): Promise<void> {
  const options = {
    cwd: io.folder,
    stdio: ["ignore", "pipe", "pipe"] as ["ignore", "pipe", "pipe"],
  };
  const child = args
    ? spawn(command, args, { ...options, detached: true, shell: process.platform === "win32" })
    : spawn(command, { ...options, detached: true, shell: true });
  for (const name of ["stdout", "stderr"] as const) {
    child[name]
      .setEncoding("utf8")
      .on("data", (text: string) => io.streams.write(parent, name, text));
  }
  // Its own process group, so that what it started ends with it.
  io.stopCommand = () => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
  };
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve([code, signal]));
  });
  io.stopCommand = undefined;
  if (code !== 0) throw new Error(`${command}: ended with ${signal ?? `status ${code}`}`);
}
