// Who is asked. One process each: it reads questions {case, ms}, one JSON line each, and answers as serve.mjs says.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { setTimeout } from "node:timers/promises";
import { cache, data, python } from "../install.mjs";
import { has, option } from "../options.mjs";

/** Milliseconds for which OpenMP's threads keep a core busy after their work (KMP_BLOCKTIME is 200). */
const SPIN = 250;

class Peer {
  #child;
  #answers;

  constructor(name, command, args, env = {}) {
    Object.assign(this, { name, command, args, env });
  }

  async time(question) {
    if (!this.#child) this.#start();
    this.#child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await this.#answers.next();
    if (this.name.endsWith("2t")) await setTimeout(SPIN); // threads of some spin on
    return done ? { skip: "died" } : JSON.parse(value);
  }

  #start() {
    const { command, args, env } = this;
    const options = { cwd: cache, stdio: ["pipe", "pipe", "inherit"] };
    this.#child = spawn(command, args, { ...options, env: { ...process.env, ...env } });
    this.#answers = readline.createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.#child.on("error", () => {});
    this.#child.stdin.on("error", () => {}); // a peer that died is told by `time`
  }

  end() {
    this.#child?.stdin.end();
  }
}

const file = (name) => path.join(import.meta.dirname, name);
const torch = (name, args, env) =>
  new Peer(name, python, [file("torch_peer.py"), data, ...args], env);
const node = (name, script, threads, ...rest) =>
  new Peer(name, process.execPath, [file(script), data, threads, ...rest]);

/** PyTorch as it is on a processor with 8 lanes, such as the goals were measured on. */
const AVX2 = {
  ONEDNN_MAX_CPU_ISA: "AVX2",
  ATEN_CPU_CAPABILITY: "avx2",
  MKL_ENABLE_INSTRUCTIONS: "AVX2",
};
const cpuinfo = "/proc/cpuinfo";
const avx512 = fs.existsSync(cpuinfo) && fs.readFileSync(cpuinfo, "utf8").includes(" avx512f ");

/** How to start a Node that runs our wide kernels; asked whether it does. */
function wideNode() {
  const [command, flag] = [option("node", process.execPath), "--experimental-wasm-revectorize"];
  const ask = 'import { config } from "kernelbook"; console.log(config.show())';
  const asked = spawnSync(command, [flag, "--input-type=module", "--eval", ask], {
    cwd: path.join(import.meta.dirname, "..", ".."),
    encoding: "utf8",
  });
  if (asked.stdout?.startsWith("kernels: wide")) return [command, flag];
  throw new Error(
    `bench: --wide needs Node 24 or later on x86-64 (--node PATH), met ${command}: ${asked.stdout || asked.stderr}`,
  );
}

const [wideCommand, wideFlag] = has("wide") ? wideNode() : [];
const wide = (n) =>
  new Peer(`kernelbook wide ${n}t`, wideCommand, [wideFlag, file("kernelbook_peer.mjs"), data, n]);

export const peers = [
  ...["1", "2"].flatMap((n) => [
    torch(`PyTorch ${n}t`, [n]),
    ...(avx512 ? [torch(`PyTorch AVX2 ${n}t`, [n], AVX2)] : []),
    node(`kernelbook ${n}t`, "kernelbook_peer.mjs", n),
    ...(wideCommand ? [wide(n)] : []),
    torch(`PyTorch tuned ${n}t`, [n, "tuned"]),
    node(`onnxruntime ${n}t`, "onnxruntime_peer.mjs", n, "node"),
    node(`ort-web ${n}t`, "onnxruntime_peer.mjs", n, "web"),
  ]),
  node("tfjs wasm 1t", "tfjs_peer.mjs", "1", "wasm"),
  node("tfjs cpu 1t", "tfjs_peer.mjs", "1", "cpu"),
  node("jax-js 1t", "jax_peer.mjs", "1"),
  node("ConvNetJS 1t", "convnetjs_peer.mjs", "1"),
];
/** Left out by --quick. */
export const slowPeers = ["tfjs cpu 1t", "jax-js 1t", "ConvNetJS 1t"];
/** The peers in JavaScript and WebAssembly. */
export const javascript = ["ort-web", "tfjs wasm", "tfjs cpu", "jax-js", "ConvNetJS"];
