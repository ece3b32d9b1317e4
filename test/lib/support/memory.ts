// Runs train.ts in a process of its own, where nothing else takes memory.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const program = fileURLToPath(new URL("train.js", import.meta.url));

/** What V8's own heap may grow by after the first tenth (the young generation, compiled code). */
const HEAP = 32 << 20;

/** At the end the memory must be what it was after the first tenth (or more of them), and a tenth more at most. */
export function checkMemory(task: "small" | "textbook", steps: number, tenths = 1): void {
  const output = execFileSync(process.execPath, [program, task, String(steps)], {
    encoding: "utf8",
  });
  const { arena, rss, loss } = JSON.parse(output.trim().split("\n").at(-1)!) as {
    arena: number[];
    rss: number[];
    loss: number;
  };
  expect(loss).to.be.within(0, 20);
  expect(arena).to.have.length(10);
  const show = (bytes: number[]) => bytes.map((b) => `${(b / 2 ** 20).toFixed(1)}`).join(" ");
  expect(arena[9], `tensor memory in MiB: ${show(arena)}`).to.be.at.most(1.1 * arena[tenths - 1]);
  expect(rss[9], `resident memory in MiB: ${show(rss)}`).to.be.at.most(
    1.1 * rss[tenths - 1] + HEAP,
  );
}
