// How long do convolutions and poolings take, here, in PyTorch, and in PyTorch held to AVX2 (the machine of the goals had
// no more)? All are asked in turn, round by round; the best times count, in ms, and their ratios (lower is better).
//   node bench/convolution/run.mjs [--threads 1] [--rounds 4] [--ms 100] [--only REGEX] [--alone]
// PYTHON: a Python with torch. --alone leaves PyTorch out; --markdown prints a table for bench/README.md.
import { spawn } from "node:child_process";
import path from "node:path";
import readline from "node:readline";
import { cases } from "./cases.mjs";
import { setThreads, work } from "./peer.mjs";

const has = (name) => process.argv.includes(`--${name}`);
const option = (name, otherwise) =>
  has(name) ? process.argv[process.argv.indexOf(`--${name}`) + 1] : otherwise;
const [threads, rounds, ms] = [
  Number(option("threads", 1)),
  Number(option("rounds", 4)),
  Number(option("ms", 100)),
];
const only = new RegExp(option("only", ""));
const AVX2 = {
  ...{ ONEDNN_MAX_CPU_ISA: "AVX2", ATEN_CPU_CAPABILITY: "avx2", MKL_ENABLE_INSTRUCTIONS: "AVX2" },
};

setThreads(threads);
const peers = has("alone") ? [] : [pytorch({}), pytorch(AVX2)];
const widths = [36, 9, 9, 9, 9, 9, 6];
const line = (cells) =>
  has("markdown")
    ? `| ${cells.join(" | ")} |`
    : cells.map((cell, i) => (i ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join(" ");
const head = ["case", "ours", "PyTorch", "its AVX2", "ratio", "to AVX2", "goal"];
console.log(line(head));
if (has("markdown")) console.log(line(head.map(() => "---")));

for (const [name, spec] of Object.entries(cases).filter(([name]) => only.test(name))) {
  const ours = work(spec);
  const start = performance.now(); // WebAssembly and JavaScript are compiled again while they run
  for (let i = 0; i < 3 || (performance.now() - start < 300 && i < 300); i++) ours();
  const best = [Infinity, ...peers.map(() => Infinity)];
  for (let round = 0; round < rounds; round++) {
    best[0] = Math.min(best[0], bestOf(ours));
    for (const [i, ask] of peers.entries())
      best[i + 1] = Math.min(best[i + 1], await ask({ name, spec, ms }));
  }
  const ratios = [1, 2].map((i) => (best[i] ? (best[0] / best[i]).toPrecision(2) : ""));
  const times = [0, 1, 2].map((i) => best[i]?.toPrecision(3) ?? "");
  console.log(line([name, ...times, ...ratios, String(spec.goal ?? "")]));
}
process.exit(0);

function bestOf(fn) {
  const end = performance.now() + ms;
  let best = Infinity;
  for (let count = 0; performance.now() < end || count < 3; count++) {
    const start = performance.now();
    fn();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** A process of PyTorch's: ask(question) → ms. */
function pytorch(environment) {
  const script = path.join(import.meta.dirname, "peer.py");
  const child = spawn(process.env.PYTHON ?? "python3", [script, String(threads)], {
    ...{ stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...environment } },
  });
  const answers = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (question) => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await answers.next();
    if (done) throw new Error(`PyTorch died at ${question.name}`);
    return JSON.parse(value);
  };
}
