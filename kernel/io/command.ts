// A shell command of a cell: its output streams into the notebook; an interrupt ends it.
import { spawn } from "node:child_process";
import type { Io } from "./io.js";

const patienceMs = 2000; // from SIGINT to SIGKILL
const repeatMs = 200; // a shell that is just starting may miss the first signal

/**
 * Runs "$@" and ends as it ends. Beside it a watcher reads from the kernel's end of a pipe: nothing ever comes, but when
 * the kernel is gone, even by kill -9, the read ends, and the watcher kills the group ($$: the shell leads it).
 */
const watched = `exec 3<&0 </dev/null
(read -r _ <&3; kill -s KILL -- "-$$") >/dev/null 2>&1 & watcher=$!
exec 3<&-
"$@"
status=$?
kill -s KILL $watcher
exit $status`;
const notFound = 127;

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
  const child = start(command, args, io.folder);
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
    if (args && code === notFound)
      throw new Error(`${command}: there is no such program on the PATH`);
    if (code !== 0) throw new Error(`${command}: ended with ${by ?? `status ${code}`}`);
  } finally {
    clearInterval(again);
    clearTimeout(late);
    io.stopCommand = undefined;
  }
}

function start(command: string, args: readonly string[] | undefined, cwd: string) {
  if (process.platform === "win32")
    return spawn(command, args ?? [], { cwd, stdio: "pipe", shell: true });
  const call = args ? [command, ...args] : ["/bin/sh", "-c", command];
  return spawn("/bin/sh", ["-c", watched, "sh", ...call], { cwd, stdio: "pipe", detached: true });
}
