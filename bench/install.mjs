// Brings the peers into a folder outside the package (KERNELBOOK_BENCH, by default ~/.cache/kernelbook-bench): nothing of
// them is a dependency of ours. Their install scripts do not run: they would fetch more.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

export const cache =
  process.env.KERNELBOOK_BENCH ?? path.join(os.homedir(), ".cache", "kernelbook-bench");
export const data = path.join(cache, "data");
/** A Python with torch, numpy and onnx; set KERNELBOOK_BENCH_PYTHON to use one that is there. */
export const python =
  process.env.KERNELBOOK_BENCH_PYTHON ?? path.join(cache, "venv", "bin", "python");

const npmPackages = [
  "onnxruntime-node@1.30.0",
  "onnxruntime-web@1.30.0",
  "@jax-js/jax@0.1.25",
  "convnetjs@0.3.0",
  "@tensorflow/tfjs@4.22.0",
  "@tensorflow/tfjs-backend-wasm@4.22.0",
];
const pipPackages = ["torch==2.13.0", "numpy", "onnx"];

export function installPeers() {
  fs.mkdirSync(cache, { recursive: true });
  if (!fs.existsSync(path.join(cache, "package.json")))
    fs.writeFileSync(path.join(cache, "package.json"), '{ "private": true }\n');
  const missing = npmPackages.filter((spec) => {
    const name = spec.slice(0, spec.lastIndexOf("@"));
    return !fs.existsSync(path.join(cache, "node_modules", name, "package.json"));
  });
  if (missing.length > 0)
    execute("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...missing]);
  if (!fs.existsSync(python)) {
    execute("python3", ["-m", "venv", path.join(cache, "venv")]);
    execute(python, ["-m", "pip", "install", "--quiet", ...pipPackages]);
  }
  // made anew when the script that makes them has changed
  const script = path.join(import.meta.dirname, "peers", "data.py");
  const copy = path.join(data, "data.py");
  if (!fs.existsSync(copy) || !fs.readFileSync(copy).equals(fs.readFileSync(script))) {
    execute(python, [script, data]);
    fs.copyFileSync(script, copy);
  }
}

function execute(command, args) {
  const { status } = spawnSync(command, args, { cwd: cache, stdio: "inherit" });
  if (status !== 0) throw new Error(`bench: ${command} ${args.slice(0, 3).join(" ")} … failed`);
}
