// How fast are we, beside the others? Every peer is one process; case by case and round by round they are asked in turn,
// so that what else the machine does hits all alike. Results are compared with float64's before they are timed.
//   npm run bench -- [--quick] [--cases a,b] [--peers a,b] [--rounds 5] [--ms 150] [--write]
// What was measured is kept (results.json, in the folder of the peers), so that a table may be made in several runs:
//   --table prints what is kept; --write puts that table into README.md.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import { cache, data, installPeers, python } from "./install.mjs";

const has = (name) => process.argv.includes(`--${name}`);
const option = (name, otherwise) =>
  has(name) ? process.argv[process.argv.indexOf(`--${name}`) + 1] : otherwise;
const quick = has("quick");
const [rounds, ms] = [
  Number(option("rounds", quick ? 2 : 5)),
  Number(option("ms", quick ? 60 : 150)),
];
const TOLERANCE = 1e-3;
const SLOW_CASES = ["lenet_epoch"];

const file = (name) => path.join(import.meta.dirname, "peers", name);
const node = (name, script, threads, ...rest) =>
  new Peer(name, process.execPath, [file(script), data, threads, ...rest]);
const peers = [
  ...["1", "2"].flatMap((n) => [
    new Peer(`PyTorch ${n}t`, python, [file("torch_peer.py"), data, n]),
    node(`kernelbook ${n}t`, "kernelbook_peer.mjs", n),
    new Peer(`PyTorch tuned ${n}t`, python, [file("torch_peer.py"), data, n, "tuned"]),
    node(`onnxruntime ${n}t`, "onnxruntime_peer.mjs", n, "node"),
    node(`ort-web ${n}t`, "onnxruntime_peer.mjs", n, "web"),
  ]),
  node("tfjs wasm 1t", "tfjs_peer.mjs", "1", "wasm"),
  node("tfjs cpu 1t", "tfjs_peer.mjs", "1", "cpu"),
  node("jax-js 1t", "jax_peer.mjs", "1"),
  node("ConvNetJS 1t", "convnetjs_peer.mjs", "1"),
];
const SLOW_PEERS = ["tfjs cpu 1t", "jax-js 1t", "ConvNetJS 1t"];

installPeers();
const store = path.join(cache, "results.json");
const results = fs.existsSync(store) ? JSON.parse(fs.readFileSync(store, "utf8")) : {};
const { cases } = JSON.parse(fs.readFileSync(path.join(data, "manifest.json"), "utf8"));
if (!has("table")) await measure();
const table = markdown();
console.log(`\n${table}`);
if (has("write")) write(table);

async function measure() {
  const names =
    option("cases")?.split(",") ??
    Object.keys(cases).filter((name) => !quick || !SLOW_CASES.includes(name));
  const asked = option("peers")?.split(",");
  const chosen = peers.filter(
    ({ name }) => asked?.includes(name) ?? !(quick && SLOW_PEERS.includes(name)),
  );
  for (const name of names) {
    const found = {};
    for (let round = 0; round < rounds; round++) {
      for (const peer of chosen) {
        const before = found[peer.name];
        // what takes seconds, or is not possible, is asked once
        if (before && (before.skip || before.slow || (SLOW_CASES.includes(name) && round > 1)))
          continue;
        const answer = await peer.time(name);
        if (answer.error > TOLERANCE) answer.skip = `wrong by ${answer.error.toExponential(1)}`;
        found[peer.name] = before && !answer.skip ? merged(before, answer) : answer;
      }
    }
    const load = os.loadavg()[0].toFixed(1);
    results[name] = {
      ...results[name],
      ...found,
      date: new Date().toISOString().slice(0, 16),
      load,
    };
    fs.writeFileSync(store, JSON.stringify(results, null, 1));
    console.log(
      `${name}: ${chosen.map((peer) => `${peer.name} ${cell(name, peer.name)}`).join(" | ")}`,
    );
  }
  for (const peer of chosen) peer.end();
}

function merged(a, b) {
  const medians = [...(a.medians ?? [a.median]), b.median].sort((x, y) => x - y);
  return { ...b, best: Math.min(a.best, b.best), median: medians[medians.length >> 1], medians };
}

function Peer(name, command, args) {
  let child, answers;
  this.name = name;
  this.time = async (which) => {
    if (!child) {
      child = spawn(command, args, { cwd: cache, stdio: ["pipe", "pipe", "inherit"] });
      answers = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      child.on("error", () => {});
      child.stdin.on("error", () => {}); // a peer that died is told below
    }
    child.stdin.write(`${JSON.stringify({ case: which, ms })}\n`);
    const { value, done } = await answers.next();
    return done ? { skip: "died" } : JSON.parse(value);
  };
  this.end = () => child?.stdin.end();
}

/** The best time and the median, and the best as a ratio to PyTorch's with as many threads. */
function cell(name, peer) {
  const { skip = "–", best, median } = results[name]?.[peer] ?? {};
  if (best === undefined) return skip === "cannot" ? "–" : skip;
  const torch = results[name][`PyTorch ${peer.slice(-2)}`]?.best;
  const shown = `${time(best)} / ${time(median)}`;
  return torch && !/^PyTorch \d/.test(peer)
    ? `${shown} (**${(best / torch).toPrecision(2)}**)`
    : shown;
}

function time(ms) {
  if (ms < 0.01) return `${(ms * 1000).toFixed(1)} µs`;
  return ms < 1000 ? `${ms.toPrecision(3)} ms` : `${(ms / 1000).toPrecision(3)} s`;
}

function markdown() {
  const names = Object.keys(cases).filter((name) => results[name]);
  const head = ["case", ...peers.map(({ name }) => name), "error"];
  const rows = names.map((name) => {
    const { error } = results[name]["kernelbook 1t"] ?? {};
    return [name, ...peers.map((peer) => cell(name, peer.name)), error?.toExponential(1) ?? "–"];
  });
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

function write(table) {
  const readme = path.join(import.meta.dirname, "README.md");
  const version = (name) =>
    JSON.parse(fs.readFileSync(path.join(cache, "node_modules", name, "package.json"), "utf8"))
      .version;
  const all = Object.values(results);
  const loads = all.map(({ load }) => Number(load));
  const note = [
    `${all
      .map(({ date }) => date)
      .sort()
      .at(
        -1,
      )} UTC, Node ${process.version}, ${os.cpus()[0].model}, ${os.availableParallelism()} cores, load ${Math.min(...loads)} to ${Math.max(...loads)} (the bench's own included);`,
    `PyTorch 2.13.0, onnxruntime-node and -web ${version("onnxruntime-node")}, tfjs ${version("@tensorflow/tfjs")}, jax-js ${version("@jax-js/jax")}, ConvNetJS ${version("convnetjs")}.`,
    "Best / median of all rounds; error: largest difference from float64, as part of the largest number (one thread).",
  ].join(" ");
  const text = fs.readFileSync(readme, "utf8");
  const block = `<!-- table -->\n\n${note}\n\n${table}\n\n<!-- end -->`;
  fs.writeFileSync(readme, text.replace(/<!-- table -->[^]*<!-- end -->/, block));
}
