// Does any operation fall off a cliff against PyTorch on the CPU? Every case of operations/cases.mjs, forward and backward,
// one thread, here and there in turn; the worst ratio first.
//   node bench/operations.mjs [--only REGEX] [--rounds 2] [--ms 30] [--worst 60]
// PYTHON: a Python with torch (else the bench's own, see install.mjs). ATEN_CPU_CAPABILITY=avx2 holds PyTorch to AVX2.
import { spawn } from "node:child_process";
import path from "node:path";
import readline from "node:readline";
import { python } from "./install.mjs";
import { cases } from "./operations/cases.mjs";

const option = (name, otherwise) =>
  process.argv.includes(`--${name}`)
    ? process.argv[process.argv.indexOf(`--${name}`) + 1]
    : otherwise;
const only = new RegExp(option("only", ""));
const [rounds, ms, worst] = ["rounds", "ms", "worst"].map((name, i) =>
  Number(option(name, [2, 30, 60][i])),
);

const file = (name) => path.join(import.meta.dirname, "operations", name);
const peers = [
  peer(process.execPath, file("peer.mjs")),
  peer(process.env.PYTHON ?? python, file("peer.py")),
];

function peer(command, script) {
  const child = spawn(command, [script], { stdio: ["pipe", "pipe", "inherit"] });
  const answers = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(question) {
      child.stdin.write(`${JSON.stringify({ ...question, ms })}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`${script} died at ${question.text}`);
      return JSON.parse(value);
    },
    end: () => child.stdin.end(),
  };
}

const chosen = cases.filter(({ text, leaf }) => only.test(leaf ? `backward ${text}` : text));
const rows = chosen.map((question) => ({ question, times: [Infinity, Infinity], skip: "" }));
for (let round = 0; round < rounds; round++) {
  for (const row of rows) {
    for (const [i, { ask }] of peers.entries()) {
      if (row.skip) continue;
      const { best, skip } = await ask(row.question);
      if (skip) row.skip = `${["ours", "PyTorch"][i]}: ${skip}`;
      else row.times[i] = Math.min(row.times[i], best);
    }
  }
}
for (const { end } of peers) end();

const name = ({ text, leaf }) => (leaf ? `${text} -> ${leaf}` : text);
const done = rows.filter(({ skip }) => !skip);
const ratio = ({ times: [ours, theirs] }) => ours / theirs;
done.sort((a, b) => ratio(b) - ratio(a));
for (const row of done.slice(0, worst)) {
  const [ours, theirs] = row.times.map((time) => time.toPrecision(3).padStart(9));
  console.log(`${ratio(row).toFixed(2).padStart(7)} ${ours} ${theirs} ms  ${name(row.question)}`);
}
const within = (limit) => done.filter((row) => ratio(row) <= limit).length;
console.log(
  `${done.length} cases: ${within(1)} at most 1.0, ${within(2)} at most 2.0, ${within(5)} at most 5.0 times PyTorch's time; worst ${ratio(done[0]).toFixed(1)}`,
);
for (const row of rows.filter(({ skip }) => skip))
  console.log(`skipped ${name(row.question)}: ${row.skip}`);
