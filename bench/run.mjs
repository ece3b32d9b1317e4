// How fast are we, beside the others? Case by case and round by round the peers are asked in turn, so that what else the
// machine does hits all alike. Results are compared with float64's before they are timed.
//   npm run bench -- [--quick] [--cases a,b] [--peers a,b] [--rounds 5] [--ms 150] [--write]
// What was measured is kept (results.json, in the folder of the peers), so that a table may be made in several runs:
//   --table prints what is kept; --write puts the tables into README.md.
// --wide measures our wide kernels too, on the Node (24 or later) that --node names.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { cache, data, installPeers } from "./install.mjs";
import { has, option } from "./options.mjs";
import { peers, slowPeers } from "./peers/list.mjs";
import { cell, tables } from "./table.mjs";

const quick = has("quick");
const rounds = Number(option("rounds", quick ? 2 : 5));
const ms = Number(option("ms", quick ? 60 : 150));
const TOLERANCE = 1e-3;
const SLOW_CASES = ["lenet_epoch"];

installPeers();
const store = path.join(cache, "results.json");
const results = fs.existsSync(store) ? JSON.parse(fs.readFileSync(store, "utf8")) : {};
const { cases } = JSON.parse(fs.readFileSync(path.join(data, "manifest.json"), "utf8"));
if (!has("table")) await measure();
const text = tables(cases, results);
console.log(`\n${text}`);
if (has("write")) write(text);

async function measure() {
  const wanted = Object.keys(cases).filter((name) => !quick || !SLOW_CASES.includes(name));
  const names = option("cases")?.split(",") ?? wanted;
  const asked = option("peers")?.split(",");
  const chosen = peers.filter(
    ({ name }) => asked?.includes(name) ?? !(quick && slowPeers.includes(name)),
  );
  for (const name of names) {
    const found = await rounded(name, chosen);
    const [date, load] = [new Date().toISOString().slice(0, 16), os.loadavg()[0].toFixed(1)];
    results[name] = { ...results[name], ...found, date, load };
    fs.writeFileSync(store, JSON.stringify(results, null, 1));
    console.log(
      `${name}: ${chosen.map((peer) => `${peer.name} ${cell(found[peer.name])}`).join(" | ")}`,
    );
  }
  for (const peer of chosen) peer.end();
}

async function rounded(name, chosen) {
  const found = {};
  for (let round = 0; round < rounds; round++) {
    for (const peer of chosen) {
      const before = found[peer.name];
      // what takes seconds, or is not possible, is asked once
      if (before?.skip || before?.slow || (SLOW_CASES.includes(name) && round > 1)) continue;
      const answer = await peer.time({ case: name, ms });
      if (answer.error > TOLERANCE) answer.skip = `wrong by ${answer.error.toExponential(1)}`;
      found[peer.name] = before && !answer.skip ? merged(before, answer) : answer;
    }
  }
  return found;
}

function merged(a, b) {
  const medians = [...(a.medians ?? [a.median]), b.median].sort((x, y) => x - y);
  return { ...b, best: Math.min(a.best, b.best), median: medians[medians.length >> 1], medians };
}

function write(text) {
  const readme = path.join(import.meta.dirname, "README.md");
  const version = (name) =>
    JSON.parse(fs.readFileSync(path.join(cache, "node_modules", name, "package.json"), "utf8"))
      .version;
  const all = Object.values(results);
  const dates = all.map(({ date }) => date).sort();
  const loads = all.map(({ load }) => Number(load));
  const note = [
    `${dates[0]} to ${dates.at(-1).slice(11)} UTC, Node ${process.version}, ${os.cpus()[0].model}, ${os.availableParallelism()} cores, load ${Math.min(...loads)} to ${Math.max(...loads)} (the bench's own included);`,
    `PyTorch 2.13.0, onnxruntime-node and -web ${version("onnxruntime-node")}, tfjs ${version("@tensorflow/tfjs")}, jax-js ${version("@jax-js/jax")}, ConvNetJS ${version("convnetjs")}.`,
  ].join(" ");
  const before = fs.readFileSync(readme, "utf8");
  const block = `<!-- table -->\n\n${note}\n\n${text}\n\n<!-- end -->`;
  fs.writeFileSync(readme, before.replace(/<!-- table -->[^]*<!-- end -->/, block));
}
