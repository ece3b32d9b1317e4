// How long does a checkpoint of 100 MB take to load and to save, here and in PyTorch (safetensors, NumPy)? Each round asks
// a fresh process of each side in turn: the first load of a process, the second, and saving. Prints the median of the
// rounds and the ratio to the peer (lower is better). half.pt and bfloat.pt become float32 here, twice as many bytes: with
// ":float" the peer makes the same of them. safetensors maps its file and reads it when it is used.
//   node bench/io/checkpoint.mjs [--rounds 5] [--mb 100] [--cases large.pt,small.pt]     PYTHON: a Python with torch
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const option = (name, otherwise) => {
  const place = process.argv.indexOf(`--${name}`);
  return place < 0 ? otherwise : process.argv[place + 1];
};
const python = process.env.PYTHON ?? "python3";
const rounds = Number(option("rounds", 5));
const all =
  "large.pt,small.pt,training.pt,half.pt,half.pt:float,bfloat.pt,bfloat.pt:float,old.pt,large.safetensors,large.npz";
const cases = option("cases", all).split(",").filter(Boolean);
const here = (name) => path.join(import.meta.dirname, name);
const folder = option("folder") ?? fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-bench-"));
if (!option("folder")) execFileSync(python, [here("peer.py"), folder, "make", option("mb", "100")]);

const ask = (command, file, name) =>
  execFileSync(command, [here(file), folder], { input: `${name}\n`, encoding: "utf8" })
    .trim()
    .split(" ")
    .map(Number);
const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];

console.log(
  "case               first load        second load       save   (ms, ours / peer's = ratio)",
);
for (const name of cases) {
  const times = Array.from({ length: rounds }, () => [
    ask(process.execPath, "peer.mjs", name),
    ask(python, "peer.py", name),
  ]);
  const cells = [0, 1, 2].map((k) => {
    const [ours, theirs] = [0, 1].map((side) => median(times.map((time) => time[side][k])));
    return `${ours.toFixed(0)} / ${theirs.toFixed(0)} = ${(ours / theirs).toFixed(2)}`.padEnd(18);
  });
  console.log(name.padEnd(18), ...cells);
}
if (!option("folder")) fs.rmSync(folder, { recursive: true });
