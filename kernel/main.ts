// The kernel's process: `node main.js <connection file>`. The main thread is the learner's; the I/O
// worker speaks with Jupyter; a child process knows the types.
import v8 from "node:v8";
import { MessageChannel, Worker } from "node:worker_threads";
import { flags, type FromMain, type ToMain, type WorkerData } from "./bridge.js";
import { hostSymbol } from "./host.js";
import { Border } from "./run/border.js";
import { Comms } from "./run/comms.js";
import { carryOverTimers, currentParent } from "./run/context.js";
import { clearOutput, display, input as ask } from "./run/globals.js";
import { offerDebugHooks } from "./run/debug-hooks.js";
import { bytesOf, Input, makeHost } from "./run/host.js";
import { Brake } from "./run/interrupt.js";
import { KeyboardInterrupt } from "./run/keyboard-interrupt.js";
import { mainMagic } from "./run/magics.js";
import { Modules } from "./run/modules.js";
import { captureOutput } from "./run/output.js";
import { Runner } from "./run/runner.js";

const [connectionFile] = process.argv.slice(2);
if (!connectionFile) {
  console.error(
    "kernelbook kernel: no connection file given; Jupyter starts it, see `kernelbook install`",
  );
  process.exit(2);
}
const shared = new SharedArrayBuffer(4 * flags.count);
const { port1, port2 } = new MessageChannel();
const folder = process.cwd();
const heapLimit = v8.getHeapStatistics().heap_size_limit;
const workerData: WorkerData = {
  connectionFile,
  flags: shared,
  heapLimit,
  folder,
  inputPort: port2,
};
const worker = new Worker(new URL("./io/worker.js", import.meta.url), {
  workerData,
  transferList: [port2],
  resourceLimits: { maxYoungGenerationSizeMb: 4 }, // messages live short; 48 MB of them is too many
});
const post = (message: FromMain) => worker.postMessage(message);
const exit = process.exit.bind(process);
const { setTimeout } = globalThis; // the learner's goes through the border, see below

const brake = new Brake(shared);
const modules = new Modules(folder);
const border = new Border();
const runner = new Runner(post, brake, modules, border);
const comms = new Comms(
  (msgType, content, metadata, buffers) =>
    post({
      type: "publish",
      parent: currentParent(),
      msgType,
      content,
      metadata,
      buffers: bytesOf(buffers),
    }),
  showError,
);
const input = new Input(port1, post, brake);
input.listen();
installGlobals();
captureOutput(post);
offerDebugHooks(runner.scope);
carryOverTimers((call) => {
  if (border.enter(call)) return;
  brake.acknowledge();
  throw new KeyboardInterrupt();
});

worker.on("message", (message: ToMain) => {
  switch (message.type) {
    case "run":
      void runner.run(message);
      break;
    case "comm":
      comms.serve(message);
      // after the turn's changes, which widgets send at its end
      queueMicrotask(() => post({ type: "comm-served", parent: message.parent }));
      break;
    case "interrupt":
      runner.interrupt(message.id);
      break;
    case "magic": {
      const text = mainMagic(runner.scope, message.name, message.rest);
      post({ type: "magic-done", run: message.run, text });
      break;
    }
    case "folder":
      process.chdir(message.path);
      modules.setFolder(message.path);
      Object.assign(globalThis, modules.names);
      break;
    case "collect":
      globalThis.gc?.();
      break;
    case "end":
      border.disconnect();
      setTimeout(() => exit(0), 150); // the worker closes its sockets first
  }
});
worker.on("error", (error) => {
  process.stderr.write = Object.getPrototypeOf(process.stderr).write;
  console.error(error);
  exit(1);
});
process.on("uncaughtException", (error) => {
  if (!runner.fail(error)) showError(error);
});
process.on("unhandledRejection", (error) => {
  if (!runner.fail(error)) showError(error);
});
process.on("SIGINT", () => {}); // a terminal's Ctrl-C reaches us too; Jupyter sends interrupt_request

/** An error outside of a running cell: shown where its code came from. */
function showError(error: unknown): void {
  const content = runner.tracebacks.describe(error);
  post({ type: "publish", parent: currentParent(), msgType: "error", content });
}

function installGlobals(): void {
  const host = makeHost(post, comms, input);
  Object.defineProperty(globalThis, hostSymbol, { value: host });
  const prompt = (question = "") => input.askSync(question);
  const globals = { display, clearOutput, input: ask, prompt, ...modules.names };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  }
  process.exit = ((code?: number) => {
    throw new Error(
      `process.exit(${code ?? ""}): a cell cannot end the kernel; use the menu Kernel, Shut Down`,
    );
  }) as typeof process.exit;
  const warn = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: never[]) => {
    // USE_MAIN_CONTEXT_DEFAULT_LOADER is experimental in name only.
    if (String(warning).includes("vm.USE_MAIN_CONTEXT_DEFAULT_LOADER")) return;
    warn.call(process, warning, ...rest);
  }) as typeof process.emitWarning;
}
