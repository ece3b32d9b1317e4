// Runs train.ts in a process of its own, where nothing else takes memory.

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const program = fileURLToPath(new URL("train.js", import.meta.url));

/**
 * After the first tenth (or more of them) neither the tensors' memory nor all that the process has may grow by more than
 * a tenth; and looking for garbage takes no more than `most` of the time (of steps below a quarter of a millisecond more than of others).
 */
export function checkMemory(
  task: string,
  steps: number,
  { tenths = 1, most = 0.05 }: { tenths?: number; most?: number } = {},
): void {
  const output = execFileSync(process.execPath, [program, task, String(steps)], {
    encoding: "utf8",
  });
  const { arena, rss, loss, share } = JSON.parse(output.trim().split("\n").at(-1)!) as {
    arena: number[];
    rss: number[];
    loss: number;
    share: number;
  };
  expect(loss).to.be.within(0, 20);
  expect(arena).to.have.length(10);
  const show = (bytes: number[]) => bytes.map((b) => `${(b / 2 ** 20).toFixed(1)}`).join(" ");
  for (const [name, bytes] of Object.entries({ arena, rss })) {
    const all = `${name} of ${task} in MiB: ${show(bytes)}`;
    expect(Math.max(...bytes.slice(tenths)), all).to.be.at.most(1.1 * bytes[tenths - 1]);
  }
  expect(share, `share of the time that reclaiming takes`).to.be.at.most(most);
}
