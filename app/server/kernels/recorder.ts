// Remembers what running cells have put out, so that a page that was away can show it, and so that
// outputs which were not saved yet survive the server. A saved notebook is the better memory: then it forgets.
import { createHash } from "node:crypto";
import fs from "node:fs/promises";
import path from "node:path";
import { inTurn, writeAtomically } from "../contents/atomic.js";
import type { Kernel } from "./kernel.js";
import type { KernelMessage } from "./message.js";
import { OutputList } from "./outputs.js";

/** One run of one cell. */
export interface Execution {
  cell_id: string;
  msg_id: string;
  /** Of the page that asked for it. */
  session: string;
  source: string;
  execution_count: number | null;
  outputs: unknown[];
  running: boolean;
  /** The last message that is in `outputs`. */
  last_msg_id: string | null;
}

interface Entry extends Omit<Execution, "outputs"> {
  outputs: OutputList;
}

const mostBytes = 200 * 2 ** 20; // of outputs for one notebook; past it the oldest runs are forgotten
const writeAfterMs = 1000;

export class Recorder {
  /** Notebook path → message id of the run → the run, oldest first. */
  readonly #runs = new Map<string, Map<string, Entry>>();
  readonly #writing = new Map<string, NodeJS.Timeout>();

  constructor(
    readonly root: string,
    readonly stateDir: string,
    /** The notebook that a kernel belongs to at the moment. */
    readonly notebookOf: (kernelId: string) => string | undefined,
  ) {}

  follow(kernel: Kernel): void {
    kernel.on("request", (message) => this.#requested(kernel, message));
    kernel.on("message", (message) => this.#heard(kernel, message));
    kernel.on("restarted", () => this.#stopped(kernel));
    kernel.on("dead", () => this.#stopped(kernel));
  }

  /** What the cells of a notebook have put out since it was saved. */
  async of(notebook: string): Promise<Execution[]> {
    const runs = this.#runs.get(notebook);
    if (!runs) return this.#fromDisk(notebook);
    return [...runs.values()].map((run) => ({ ...run, outputs: run.outputs.toJSON() }));
  }

  /** The notebook is saved: what has ended is in it. */
  async saved(notebook: string): Promise<void> {
    const runs = this.#runs.get(notebook);
    for (const [id, run] of runs ?? []) if (!run.running) runs!.delete(id);
    clearTimeout(this.#writing.get(notebook));
    this.#writing.delete(notebook);
    if (runs && runs.size > 0) return this.#write(notebook);
    this.#runs.delete(notebook);
    await inTurn(this.#file(notebook), () => fs.rm(this.#file(notebook), { force: true }));
  }

  #requested(kernel: Kernel, message: KernelMessage): void {
    if (message.header.msg_type !== "execute_request") return;
    const cell_id = message.metadata.cellId;
    const notebook = this.notebookOf(kernel.id);
    if (typeof cell_id !== "string" || notebook === undefined) return;
    let runs = this.#runs.get(notebook);
    if (!runs) this.#runs.set(notebook, (runs = new Map()));
    for (const [id, run] of runs) if (run.cell_id === cell_id) runs.delete(id);
    const { msg_id, session } = message.header;
    runs.set(msg_id, {
      cell_id,
      msg_id,
      session,
      source: String(message.content.code ?? ""),
      execution_count: null,
      outputs: new OutputList(),
      running: true,
      last_msg_id: null,
    });
  }

  #heard(kernel: Kernel, message: KernelMessage): void {
    if (message.channel !== "iopub") return;
    const notebook = this.notebookOf(kernel.id);
    const runs = notebook === undefined ? undefined : this.#runs.get(notebook);
    if (!runs) return;
    const { msg_type, msg_id } = message.header;
    if (msg_type === "update_display_data") {
      for (const run of runs.values()) run.outputs.update(message.content);
    }
    const run = runs.get(message.parent.msg_id ?? "");
    if (!run) return;
    run.last_msg_id = msg_id;
    if (msg_type === "execute_input") run.execution_count = message.content.execution_count ?? null;
    else if (msg_type === "status") run.running = message.content.execution_state !== "idle";
    else run.outputs.add(msg_type, () => message.content);
    this.#forgetOldest(runs);
    this.#writeSoon(notebook!);
  }

  /** A kernel that is gone runs nothing any more. */
  #stopped(kernel: Kernel): void {
    const notebook = this.notebookOf(kernel.id);
    for (const run of this.#runs.get(notebook ?? "")?.values() ?? []) run.running = false;
  }

  #forgetOldest(runs: Map<string, Entry>): void {
    let bytes = 0;
    for (const run of runs.values()) bytes += run.outputs.bytes;
    for (const [id, run] of runs) {
      if (bytes <= mostBytes) return;
      bytes -= run.outputs.bytes;
      runs.delete(id);
    }
  }

  #writeSoon(notebook: string): void {
    if (this.#writing.has(notebook)) return;
    const timer = setTimeout(() => {
      this.#writing.delete(notebook);
      void this.#write(notebook).catch(() => {}); // a full disk: the page still has the outputs
    }, writeAfterMs);
    this.#writing.set(notebook, timer.unref());
  }

  async #write(notebook: string): Promise<void> {
    const file = this.#file(notebook);
    const text = JSON.stringify(await this.of(notebook));
    await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await inTurn(file, () => writeAtomically(file, text));
  }

  /** What an earlier server left: its kernels are gone, the outputs are not. */
  async #fromDisk(notebook: string): Promise<Execution[]> {
    const text = await fs.readFile(this.#file(notebook), "utf8").catch(() => "[]");
    try {
      return (JSON.parse(text) as Execution[]).map((run) => ({ ...run, running: false }));
    } catch {
      return [];
    }
  }

  #file(notebook: string): string {
    const name = createHash("sha256").update(path.join(this.root, notebook)).digest("hex");
    return path.join(this.stateDir, "unsaved", `${name.slice(0, 32)}.json`);
  }
}
