// kernelbook doctor: checks what a learner's machine needs, and says what to do about what is missing.
import { execFile } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { home, kernelSpec } from "../../kernel/install/kernelspec.js";
import { Kernel } from "../server/kernels/kernel.js";
import { findKernelSpecs } from "../server/kernels/specs.js";
import { completeSettings } from "../server/settings.js";
import { version } from "../server/version.js";

export const usage =
  "kernelbook doctor      what this machine has, what is wrong, and what to do about it";

interface Finding {
  ok: boolean;
  text: string;
  /** What to do. */
  advice?: string;
}

export async function run(): Promise<void> {
  const settings = completeSettings({});
  const checks = [
    node,
    () => page(settings.webDir),
    () => state(settings.stateDir),
    port,
    () => kernel(settings.stateDir),
    library,
  ];
  console.log(`kernelbook ${version}`);
  let failed = false;
  for (const check of checks) {
    const { ok, text, advice } = await check().catch((error: Error): Finding => ({
      ok: false,
      text: error.message,
    }));
    failed ||= !ok;
    console.log(`${ok ? "ok  " : "FAIL"}  ${text}${!ok && advice ? `\n      ${advice}` : ""}`);
  }
  process.exitCode = failed ? 1 : 0;
}

async function node(): Promise<Finding> {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  return {
    ok,
    text: `Node ${process.versions.node} on ${process.platform} ${process.arch}`,
    advice: "20.19 or later, or 22.12 or later, is needed",
  };
}

async function page(webDir: string): Promise<Finding> {
  const ok = fs.existsSync(path.join(webDir, "manifest.json"));
  return { ok, text: "the notebook page is built", advice: "run `npm run build`" };
}

async function state(stateDir: string): Promise<Finding> {
  fs.mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  fs.accessSync(stateDir, fs.constants.W_OK);
  return { ok: true, text: `settings are kept in ${stateDir}` };
}

async function port(): Promise<Finding> {
  const server = net.createServer();
  const taken = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(true));
    server.listen(8888, "127.0.0.1", () => server.close(() => resolve(false)));
  });
  return {
    ok: true,
    text: taken ? "port 8888 is taken: the next free one will be used" : "port 8888 is free",
  };
}

/** Start our kernel as the server does, and let it answer. */
async function kernel(stateDir: string): Promise<Finding> {
  const specs = await findKernelSpecs();
  const spec = specs.get("kernelbook");
  if (!spec)
    return { ok: false, text: "the TypeScript kernel is not built", advice: "run `npm run build`" };
  const started = performance.now();
  const log: string[] = [];
  const runtimeDir = path.join(stateDir, "runtime");
  const kernel = new Kernel(spec, {
    cwd: process.cwd(),
    runtimeDir,
    log: (line) => log.push(line),
  });
  try {
    await kernel.start();
    await kernel.ready();
    // A kernel that nobody has spoken to yet is "starting".
    const ok = kernel.state === "starting" || kernel.state === "idle";
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const others = [...specs.keys()].filter((name) => name !== "kernelbook").join(", ") || "none";
    return {
      ok,
      text: ok
        ? `the TypeScript kernel answers after ${seconds} s (other kernels: ${others})`
        : `the kernel is ${kernel.state}: ${log.join("; ")}`,
    };
  } finally {
    await kernel.shutdown();
  }
}

/** How the library computes in our kernel: it is asked in a process that is started with the same options of node. */
async function library(): Promise<Finding> {
  const [node = "", ...argv] = kernelSpec().argv;
  const options = argv.filter((part) => part.startsWith("--"));
  const code = 'import { config } from "kernelbook"; console.log(config.show())';
  const arguments_ = [...options, "--input-type=module", "--eval", code];
  const { stdout } = await promisify(execFile)(node, arguments_, { cwd: home });
  return { ok: true, text: `the library: ${stdout.trim().replaceAll("\n", "; ")}` };
}
