// Execute the code cells of a notebook in a kernel of our own, and put their outputs into it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { randomBytes, randomUUID } from "node:crypto";
import { kernelSpec } from "../../kernel/install/kernelspec.js";
import { createConnectionFile } from "../../kernel/wire/new-connection.js";
import { createMessage, type KernelMessage } from "../server/kernels/message.js";
import { Wires } from "../server/kernels/wires.js";
import { addOutput, type Output } from "./outputs.js";

export interface Cell {
  cell_type: string;
  source: string | string[];
  outputs?: Output[];
  execution_count?: number | null;
  metadata: { tags?: string[] };
}

export interface Notebook {
  cells: Cell[];
}

export interface RunOptions {
  /** The folder that the notebook lies in. */
  folder: string;
  /** For each cell, in milliseconds. */
  timeoutMs: number;
  onCell: (index: number, count: number) => void;
}

/** What failed: the cell, counted from 1 among all cells, and why. */
interface Problem {
  cell: number;
  text: string;
}

export async function runNotebook(
  notebook: Notebook,
  { folder, timeoutMs, onCell }: RunOptions,
): Promise<Problem | undefined> {
  const kernel = await startKernel(folder);
  try {
    const count = notebook.cells.length;
    for (const [index, cell] of notebook.cells.entries()) {
      const source = [cell.source].flat().join("");
      if (cell.cell_type !== "code") continue;
      onCell(index + 1, count);
      if (source.trim() === "") {
        cell.outputs = [];
        cell.execution_count = null;
        continue;
      }
      const text = await runCell(kernel, cell, source, timeoutMs);
      const mayFail = cell.metadata.tags?.includes("raises-exception");
      if (text !== undefined && !mayFail) return { cell: index + 1, text };
    }
    return undefined;
  } finally {
    await kernel.end();
  }
}

async function runCell(
  kernel: RunningKernel,
  cell: Cell,
  code: string,
  timeoutMs: number,
): Promise<string | undefined> {
  const outputs: Output[] = [];
  cell.outputs = outputs;
  const request = createMessage(
    "shell",
    "execute_request",
    { code, silent: false, store_history: true, allow_stdin: false, stop_on_error: false },
    kernel.session,
  );
  let failure: string | undefined;
  const done = new Promise<void>((resolve, reject) => {
    let [replied, idle] = [false, false];
    kernel.onMessage = (message) => {
      const type = message.header.msg_type;
      if (message.channel === "iopub") addOutput(outputs, type, message.content, kernel.displays);
      if (message.parent.msg_id !== request.header.msg_id) return;
      if (type === "execute_reply") {
        replied = true;
        cell.execution_count = message.content.execution_count;
        if (message.content.status === "error")
          failure = [message.content.traceback].flat().join("\n");
      }
      idle ||= type === "status" && message.content.execution_state === "idle";
      if (replied && idle) resolve();
    };
    kernel.onEnd = () => reject(new Error("the kernel died while the cell ran"));
    if (Number.isFinite(timeoutMs)) {
      const late = () => reject(new Error(`the cell took longer than ${timeoutMs / 1000} s`));
      setTimeout(late, timeoutMs).unref();
    }
  });
  kernel.send(request);
  try {
    await done;
  } catch (error) {
    failure = (error as Error).message;
  }
  return failure;
}

interface RunningKernel {
  session: string;
  send: (message: KernelMessage) => void;
  onMessage: (message: KernelMessage) => void;
  onEnd: () => void;
  /** display_id -> the outputs that show it, in all cells. */
  displays: Map<string, Output[]>;
  end: () => Promise<void>;
}

async function startKernel(folder: string): Promise<RunningKernel> {
  const runtime = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-run-"));
  const file = path.join(runtime, "connection.json");
  const info = await createConnectionFile(file, randomBytes(32).toString("hex"), "kernelbook");
  const argv = kernelSpec().argv.map((part) => (part === "{connection_file}" ? file : part));
  const child = spawn(argv[0]!, argv.slice(1), {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, JPY_PARENT_PID: String(process.pid) },
  });
  const exited = once(child, "exit");
  const session = randomUUID();
  const wires = new Wires(
    info,
    session,
    (message) => kernel.onMessage(message),
    (fault) => process.stderr.write(`kernelbook run: ${fault}\n`),
  );
  const kernel: RunningKernel = {
    session,
    send: (message) => wires.send(message),
    onMessage: () => {},
    onEnd: () => {},
    displays: new Map(),
    async end() {
      wires.send(createMessage("control", "shutdown_request", { restart: false }, session));
      const late = setTimeout(() => child.kill("SIGKILL"), 3000);
      await exited;
      clearTimeout(late);
      wires.close();
      fs.rmSync(runtime, { recursive: true, force: true });
    },
  };
  child.on("exit", () => kernel.onEnd());
  await new Promise<void>((resolve, reject) => {
    // iopub_welcome: from now on nothing that the kernel says is missed.
    kernel.onMessage = ({ header }) => header.msg_type === "iopub_welcome" && resolve();
    kernel.onEnd = () => reject(new Error("the kernel ended before it was ready"));
  });
  return kernel;
}
