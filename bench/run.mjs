// How fast are we, beside PyTorch, onnxruntime-node and TensorFlow.js? Every peer is one process; case by case and round
// by round they are asked in turn, so that what else the machine does hits all alike. Results are compared with PyTorch's
// before they are timed. Prints a table; with --write it becomes the one in README.md.
//   npm run bench -- [--cases a,b] [--rounds 5] [--ms 150] [--threads 1,2] [--write]
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import { cache, data, installPeers, python } from "./install.mjs";

const option = (name, otherwise) => {
  const place = process.argv.indexOf(`--${name}`);
  return place < 0 ? otherwise : process.argv[place + 1];
};
const [rounds, ms] = [Number(option("rounds", 5)), Number(option("ms", 150))];
const TOLERANCE = 1e-3;

installPeers();
const { cases } = JSON.parse(fs.readFileSync(path.join(data, "manifest.json"), "utf8"));
const names = option("cases")?.split(",") ?? Object.keys(cases);
const file = (name) => path.join(import.meta.dirname, "peers", name);

const peers = option("threads", "1,2")
  .split(",")
  .flatMap((threads) => [
    new Peer(`PyTorch ${threads}t`, python, [file("torch_peer.py"), data, threads]),
    new Peer(`kernelbook ${threads}t`, process.execPath, [
      file("kernelbook_peer.mjs"),
      data,
      threads,
    ]),
    new Peer(`onnxruntime ${threads}t`, process.execPath, [
      file("onnxruntime_peer.mjs"),
      data,
      threads,
    ]),
    ...(threads === "1"
      ? [new Peer("tfjs wasm 1t", process.execPath, [file("tfjs_peer.mjs"), data, threads])]
      : []),
  ]);

const rows = [];
for (const name of names) {
  for (let round = 0; round < rounds; round++) for (const peer of peers) await peer.time(name);
  rows.push([name, ...peers.map((peer) => peer.cell(name))]);
  console.log(rows.at(-1).join(" | "));
}
const table = markdown([["case", ...peers.map(({ name }) => name)], ...rows]);
console.log(`\n${table}`);
if (process.argv.includes("--write")) write(table);
for (const peer of peers) peer.end();

function Peer(name, command, args) {
  const child = spawn(command, args, { cwd: cache, stdio: ["pipe", "pipe", "inherit"] });
  const answers = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const found = new Map();
  this.name = name;
  this.best = (which) => found.get(which)?.best;
  this.time = async (which) => {
    const before = found.get(which);
    if (before?.skip) return;
    child.stdin.write(`${JSON.stringify({ case: which, ms })}\n`);
    const { value, done } = await answers.next();
    const answer = done ? { skip: "died" } : JSON.parse(value);
    if (answer.error > TOLERANCE) answer.skip = `wrong by ${answer.error.toExponential(1)}`;
    found.set(
      which,
      before && !answer.skip ? { ...answer, best: Math.min(before.best, answer.best) } : answer,
    );
  };
  // the time, and its ratio to PyTorch with as many threads
  this.cell = (which) => {
    const { skip, best } = found.get(which);
    if (skip) return skip === "cannot" ? "–" : skip;
    const torch = peers.find((peer) => peer.name === `PyTorch ${name.slice(-2)}`)?.best(which);
    const shown = best < 0.01 ? `${(best * 1000).toFixed(1)} µs` : `${best.toPrecision(3)} ms`;
    return peers[0] && torch && !name.startsWith("PyTorch")
      ? `${shown} (**${(best / torch).toPrecision(2)}**)`
      : shown;
  };
  this.end = () => child.stdin.end();
}

function markdown([head, ...body]) {
  return [head, head.map(() => "---"), ...body]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function write(table) {
  const readme = path.join(import.meta.dirname, "README.md");
  const version = (name) =>
    JSON.parse(fs.readFileSync(path.join(cache, "node_modules", name, "package.json"), "utf8"))
      .version;
  const note = [
    `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${os.cpus()[0].model}, ${os.availableParallelism()} cores, load ${os.loadavg()[0].toFixed(1)};`,
    `PyTorch 2.13.0, onnxruntime-node ${version("onnxruntime-node")}, tfjs ${version("@tensorflow/tfjs")}.`,
  ].join(" ");
  const text = fs.readFileSync(readme, "utf8");
  fs.writeFileSync(
    readme,
    text.replace(
      /<!-- table -->[^]*<!-- end -->/,
      `<!-- table -->\n${note}\n\n${table}\n<!-- end -->`,
    ),
  );
}
