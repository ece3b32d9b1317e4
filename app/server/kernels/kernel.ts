// One kernel: its process, its sockets, its state. It outlives the pages that look at it.
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { EventEmitter, once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ConnectionInfo } from "../../../kernel/wire/connection.js";
import { createConnectionFile } from "../../../kernel/wire/new-connection.js";
import { KernelMessage, createMessage } from "./message.js";
import type { KernelSpec } from "./specs.js";
import { Wires } from "./wires.js";

export type ExecutionState = "starting" | "idle" | "busy" | "restarting" | "dead";

export interface KernelOptions {
  id?: string;
  /** The folder in which it runs. */
  cwd: string;
  env?: Record<string, string>;
  /** For connection files. */
  runtimeDir: string;
  log: (line: string) => void;
}

interface KernelEvents {
  /** From a page, for the kernel. */
  request: [KernelMessage];
  /** From the kernel, for the pages. */
  message: [KernelMessage];
  /** The kernel died and comes back by itself, or does not. */
  restarted: [];
  dead: [];
}

const maxDeaths = 5; // in a row, without having been usable between; as jupyter_client's restarter
const startLimitMs = 60_000;
/** Requests on the control channel: their busy and idle say nothing about the cell that runs. */
const besideWork = new Set(["debug_request", "interrupt_request", "shutdown_request"]);

export class Kernel extends EventEmitter<KernelEvents> {
  readonly id: string;
  state: ExecutionState = "starting";
  lastActivity = new Date();
  /** How many pages are connected; known to their channels. */
  countConnections = () => 0;

  /** Its own requests are told from the pages' by this. */
  readonly #session = randomUUID();
  #process: ChildProcess | null = null;
  #wires: Wires | null = null;
  #connection: ConnectionInfo | null = null;
  #ready: Promise<void> = Promise.resolve();
  /** Settles when the newest process answers. */
  #answering: Promise<void> = Promise.resolve();
  #heard = { reply: false, iopub: false };
  #deaths = 0;
  /** True while its end is our wish. */
  #ending = false;

  constructor(
    readonly spec: KernelSpec,
    readonly options: KernelOptions,
  ) {
    super();
    this.setMaxListeners(0);
    this.id = options.id ?? randomUUID();
  }

  get connections(): number {
    return this.countConnections();
  }

  get model() {
    return {
      id: this.id,
      name: this.spec.name,
      last_activity: this.lastActivity.toISOString(),
      execution_state: this.state,
      connections: this.connections,
    };
  }

  get #connectionFile(): string {
    return path.join(this.options.runtimeDir, `kernel-${this.id}.json`);
  }

  /** @throws Error if its program cannot be run. */
  async start(): Promise<void> {
    fs.mkdirSync(this.options.runtimeDir, { recursive: true, mode: 0o700 });
    if (!this.#connection) await this.#choosePorts();
    await this.#launch();
    this.#ready = this.#answering;
  }

  async #choosePorts(): Promise<void> {
    const key = randomBytes(32).toString("hex");
    this.#connection = await createConnectionFile(this.#connectionFile, key, this.spec.name);
  }

  /** Settles when the kernel answers. Messages sent before are kept until then. */
  ready(): Promise<void> {
    return this.#ready;
  }

  send(message: KernelMessage): void {
    this.lastActivity = new Date();
    this.#wires?.send(message);
  }

  async interrupt(): Promise<void> {
    if (this.spec.interrupt_mode === "message") {
      this.#wires?.send(createMessage("control", "interrupt_request", {}, this.#session));
    } else {
      this.#signal("SIGINT");
    }
  }

  async restart(): Promise<void> {
    this.state = "restarting";
    this.#deaths = 0;
    // What pages send meanwhile waits for the new process.
    this.#ready = this.#end(true)
      .then(() => this.#launch())
      .then(() => this.#answering);
    await this.#ready;
  }

  async shutdown(): Promise<void> {
    await this.#end(false);
    this.state = "dead";
    fs.rmSync(this.#connectionFile, { force: true });
    this.emit("dead");
  }

  async #launch(): Promise<void> {
    const { argv, env } = this.spec;
    const values: Record<string, string> = {
      connection_file: this.#connectionFile,
      resource_dir: this.spec.folder,
      prefix: path.resolve(this.spec.folder, "../../../.."),
    };
    const fill = (text: string) =>
      text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
    const [program = "", ...rest] = argv.map(fill);

    this.state = this.state === "restarting" ? "restarting" : "starting";
    this.#ending = false;
    this.#heard = { reply: false, iopub: false };
    this.#wires?.close();
    const child = spawn(program, rest, {
      cwd: this.options.cwd,
      env: kernelEnvironment({ ...env, ...this.options.env }),
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32", // a group of its own: a signal reaches its children too
    });
    this.#process = child;
    // What a kernel writes past its protocol belongs to the terminal, except its last words when it is told to end.
    child.stdout!.on("data", (bytes: Buffer) => this.#ending || process.stdout.write(bytes));
    child.stderr!.on("data", (bytes: Buffer) => this.#ending || process.stderr.write(bytes));
    await Promise.race([
      once(child, "spawn"),
      once(child, "error").then(([error]: Error[]) => {
        throw new Error(
          `could not run ${program} for the kernel ${this.spec.name}: ${error!.message}`,
        );
      }),
    ]);
    child.once("exit", (code, signal) => this.#exited(child, code, signal));
    this.#wires = new Wires(
      this.#connection!,
      this.#session,
      (message) => this.#received(message),
      (fault) => this.options.log(`kernel ${this.id}: ${fault}`),
    );
    this.#answering = this.#knock(child);
    this.#answering.catch((error: Error) => this.options.log(error.message));
  }

  /** Ask until it answers on shell and is heard on iopub: a subscription takes a moment to be known. */
  async #knock(child: ChildProcess): Promise<void> {
    const started = Date.now();
    for (let wait = 50; ; wait = Math.min(wait * 1.5, 1000)) {
      if (child !== this.#process) return; // restarted meanwhile
      if (child.exitCode !== null || child.signalCode !== null) return;
      if (Date.now() - started > startLimitMs) {
        this.#signal("SIGKILL");
        throw new Error(
          `kernel ${this.id} (${this.spec.name}) did not answer within ${startLimitMs / 1000} s`,
        );
      }
      this.#wires!.send(createMessage("shell", "kernel_info_request", {}, this.#session));
      const until = Date.now() + wait;
      while (Date.now() < until) {
        if (this.#heard.reply && this.#heard.iopub) {
          // As jupyter_server: a kernel that nobody has spoken to is "starting".
          if (this.state === "restarting" || (this.state === "starting" && this.connections > 0))
            this.state = "idle";
          if (this.#deaths > 0) this.#announce("idle"); // to pages that heard "restarting"
          this.#deaths = 0;
          return;
        }
        await delay(10);
      }
    }
  }

  #received(message: KernelMessage): void {
    this.lastActivity = new Date();
    const own = message.parent.session === this.#session;
    if (message.channel === "iopub") this.#heard.iopub = true;
    if (own && message.channel === "shell") this.#heard.reply = true;
    const aside = besideWork.has(message.parent.msg_type ?? "");
    if (message.channel === "iopub" && message.header.msg_type === "status" && !own && !aside) {
      const state = message.content.execution_state;
      if (state === "idle" || state === "busy") this.state = state;
    }
    if (!own) this.emit("message", message);
  }

  /** The process is gone. Unless we ended it, it comes back by itself a few times. */
  #exited(child: ChildProcess, code: number | null, signal: string | null): void {
    if (this.#ending || child !== this.#process) return;
    this.options.log(`kernel ${this.id} ended by itself (${signal ?? `exit code ${code}`})`);
    this.#deaths += 1;
    if (this.#deaths > maxDeaths) {
      this.state = "dead";
      this.#announce("dead");
      this.emit("dead");
      return;
    }
    const wasHeard = this.#heard.reply;
    if (wasHeard) {
      this.state = "restarting";
      this.#announce("restarting");
      this.emit("restarted");
    }
    this.#ready = delay(100 * this.#deaths)
      // before its first word: another program may have taken a port that was free a moment ago
      .then(() => (wasHeard ? undefined : this.#choosePorts()))
      .then(() => (this.#ending ? undefined : this.#launch()))
      .then(() => this.#answering);
    this.#ready.catch((error: Error) => {
      this.state = "dead";
      this.options.log(error.message);
      this.#announce("dead");
    });
  }

  #announce(state: ExecutionState): void {
    this.emit(
      "message",
      createMessage("iopub", "status", { execution_state: state }, this.#session),
    );
  }

  async #end(restart: boolean): Promise<void> {
    this.#ending = true;
    const child = this.#process;
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = once(child, "exit");
      this.#wires?.send(createMessage("control", "shutdown_request", { restart }, this.#session));
      for (const [signal, waitMs] of [
        [null, 2000],
        ["SIGTERM", 1000],
        ["SIGKILL", 5000],
      ] as const) {
        if (signal) this.#signal(signal);
        if (await Promise.race([gone.then(() => true), delay(waitMs, false, { ref: false })]))
          break;
      }
    }
    this.#wires?.close();
    this.#wires = null;
  }

  #signal(signal: NodeJS.Signals): void {
    const pid = this.#process?.pid;
    if (pid === undefined) return;
    try {
      process.kill(process.platform === "win32" ? pid : -pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // gone already
    }
  }
}

/** The kernel gets our environment, without the secrets that are the server's. */
function kernelEnvironment(extra: Record<string, string>): NodeJS.ProcessEnv {
  const { KERNELBOOK_TOKEN: _1, JUPYTERHUB_API_TOKEN: _2, JPY_API_TOKEN: _3, ...env } = process.env;
  const filled = Object.entries(extra).map(([name, value]) => [
    name,
    value.replace(/\$\{(\w+)\}/g, (_, other: string) => env[other] ?? ""),
  ]);
  return { ...env, JPY_PARENT_PID: String(process.pid), ...Object.fromEntries(filled) };
}
