// Child processes of the learner's code, to be stopped with it.
import { execFileSync } from "node:child_process";
import fs from "node:fs";

/** Send SIGINT to the children of a process, except to those that are spared. */
export function signalChildren(pid: number, spared: readonly number[]): void {
  for (const child of childrenOf(pid)) {
    if (spared.includes(child)) continue;
    signalChildren(child, spared);
    try {
      process.kill(child, "SIGINT");
    } catch {
      // It has ended meanwhile.
    }
  }
}

function childrenOf(pid: number): number[] {
  try {
    const tasks = fs.readdirSync(`/proc/${pid}/task`);
    return tasks.flatMap((task) =>
      numbers(fs.readFileSync(`/proc/${pid}/task/${task}/children`, "utf8")),
    );
  } catch {
    return fromPgrep(pid); // no Linux
  }
}

function fromPgrep(pid: number): number[] {
  try {
    return numbers(execFileSync("pgrep", ["-P", String(pid)], { encoding: "utf8" }));
  } catch {
    return []; // no child, or no such program
  }
}

function numbers(text: string): number[] {
  return text.split(/\s+/).filter(Boolean).map(Number);
}
