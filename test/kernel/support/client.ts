// A Jupyter client for tests: starts a real kernel process, and speaks ZeroMQ with it.
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as zmq from "zeromq";
import { kernelSpec } from "../../../kernel/install/kernelspec.js";
import { prepare } from "../../../kernel/install/prepare.js";
import type { Message } from "../../../kernel/protocol/message.js";
import { endpoint, type ConnectionInfo } from "../../../kernel/wire/connection.js";
import { Signer } from "../../../kernel/wire/frames.js";
import { createConnectionFile } from "../../../kernel/wire/new-connection.js";
import { validate } from "./schema.js";

export interface Ran {
  reply: Record<string, any>;
  /** iopub messages of this request, without status. */
  outputs: Message[];
  states: string[];
  /** text/plain of the execute_result. */
  result: string | undefined;
  stdout: string;
}

type Channel = "shell" | "control" | "stdin";

/** The snapshot of the type checker, as an installation makes it: once for all tests. */
let prepared: Promise<void> | undefined;

export class TestKernel {
  readonly session = randomUUID();
  /** Everything that the kernel said, in order. */
  readonly heard: { channel: string; message: Message }[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #sending: Record<string, Promise<void>> = {};

  /** Those that a test has not ended: if it failed, nothing shall wait for them. */
  static readonly #open = new Set<TestKernel>();

  static endAll(): void {
    for (const kernel of TestKernel.#open) {
      kernel.process.kill("SIGKILL");
      kernel.close();
    }
  }

  private constructor(
    readonly process: ChildProcess,
    readonly info: ConnectionInfo,
    readonly signer: Signer,
    readonly sockets: {
      shell: zmq.Dealer;
      control: zmq.Dealer;
      stdin: zmq.Dealer;
      iopub: zmq.Subscriber;
    },
    readonly folder: string,
  ) {
    TestKernel.#open.add(this);
    for (const channel of ["shell", "control", "stdin", "iopub"] as const)
      void this.#listen(channel);
  }

  static async start(
    files: Record<string, string> = {},
    env: Record<string, string> = {},
  ): Promise<TestKernel> {
    await (prepared ??= prepare());
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook test é-"));
    for (const [name, text] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      fs.writeFileSync(path.join(folder, name), text);
    }
    const key = randomBytes(16).toString("hex");
    const file = path.join(folder, "connection.json");
    const info = await createConnectionFile(file, key, "kernelbook");
    return TestKernel.#launch(folder, info, env);
  }

  /** A kernel in place of this one, which has died: as Jupyter starts it, with the same connection file. */
  again(env: Record<string, string> = {}): Promise<TestKernel> {
    return TestKernel.#launch(this.folder, this.info, env);
  }

  static async #launch(
    folder: string,
    info: ConnectionInfo,
    env: Record<string, string>,
  ): Promise<TestKernel> {
    const file = path.join(folder, "connection.json");
    const argv = kernelSpec().argv.map((part) => (part === "{connection_file}" ? file : part));
    const child = spawn(argv[0]!, argv.slice(1), {
      cwd: folder,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...env },
    });
    const sockets = connect(info);
    const kernel = new TestKernel(child, info, new Signer(info.key), sockets, folder);
    await kernel.wait(({ message }) => message.header.msg_type === "iopub_welcome");
    return kernel;
  }

  /** A second client of the same kernel. */
  another(): TestKernel {
    const sockets = connect(this.info);
    return new TestKernel(this.process, this.info, new Signer(this.info.key), sockets, this.folder);
  }

  close(): void {
    TestKernel.#open.delete(this);
    for (const socket of Object.values(this.sockets)) socket.close();
  }

  send(
    channel: Channel,
    msg_type: string,
    content: object,
    buffers: Uint8Array[] = [],
    header: object = {},
  ): string {
    const msg_id = randomUUID();
    const message: Message = {
      header: {
        msg_id,
        msg_type,
        session: this.session,
        username: "test",
        date: new Date().toISOString(),
        version: "5.4",
        ...header,
      },
      parent_header: {},
      metadata: {},
      content,
      buffers,
    };
    this.sendFrames(channel, this.signer.pack(message));
    return msg_id;
  }

  sendFrames(channel: Channel, frames: Uint8Array[]): void {
    const before = this.#sending[channel] ?? Promise.resolve();
    this.#sending[channel] = before.then(() => this.sockets[channel].send(frames));
  }

  /** The first message, heard already or yet to come, that fits. @throws Error after `ms` */
  async wait(
    fits: (heard: { channel: string; message: Message }) => boolean,
    ms = 15_000,
  ): Promise<Message> {
    const end = Date.now() + ms;
    for (;;) {
      const found = this.heard.find(fits);
      if (found) return found.message;
      if (Date.now() > end)
        throw new Error(
          `nothing fit in ${ms} ms among ${this.heard.map(({ message }) => message.header.msg_type)}`,
        );
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, Math.max(1, end - Date.now()));
        const listeners = this.#listeners;
        listeners.add(done);
        function done() {
          clearTimeout(timer);
          listeners.delete(done);
          resolve();
        }
      });
    }
  }

  async ask(
    channel: Channel,
    type: string,
    content: object,
    header: object = {},
  ): Promise<Record<string, any>> {
    const id = this.send(channel, type, content, [], header);
    const isReply = ({ channel: from, message }: { channel: string; message: Message }) =>
      from === channel && message.parent_header.msg_id === id;
    return (await this.wait(isReply)).content;
  }

  async finished(id: string, ms?: number): Promise<Ran> {
    const mine = ({ message }: { message: Message }) => message.parent_header.msg_id === id;
    const idle = await this.wait(
      (heard) => mine(heard) && heard.message.content.execution_state === "idle",
      ms,
    );
    const reply = await this.wait((heard) => mine(heard) && heard.channel === "shell", ms);
    const messages = this.heard
      .filter((heard) => mine(heard) && heard.channel === "iopub")
      .map(({ message }) => message);
    const until = messages.indexOf(idle);
    const outputs = messages.slice(0, until).filter(({ header }) => header.msg_type !== "status");
    const stream = (name: string) =>
      outputs
        .filter(({ content }) => content.name === name)
        .map(({ content }) => content.text)
        .join("");
    return {
      reply: reply.content,
      outputs,
      states: messages.map(({ content }) => content.execution_state).filter(Boolean),
      result: outputs.find(({ header }) => header.msg_type === "execute_result")?.content.data[
        "text/plain"
      ],
      stdout: stream("stdout"),
    };
  }

  run(code: string, options: object = {}, ms?: number): Promise<Ran> {
    return this.finished(
      this.send("shell", "execute_request", { code, silent: false, ...options }),
      ms,
    );
  }

  async end(): Promise<void> {
    const { exitCode, signalCode } = this.process;
    const exited =
      exitCode === null && signalCode === null ? once(this.process, "exit") : undefined;
    this.send("control", "shutdown_request", { restart: false });
    const late = setTimeout(() => this.process.kill("SIGKILL"), 4000);
    await exited;
    clearTimeout(late);
    this.close();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  async #listen(channel: keyof TestKernel["sockets"]): Promise<void> {
    for await (const frames of this.sockets[channel]) {
      const { message } = this.signer.unpack(frames as Buffer[]);
      validate(channel, message);
      this.heard.push({ channel, message });
      for (const listener of [...this.#listeners]) listener();
    }
  }
}

after(() => TestKernel.endAll());

function connect(info: ConnectionInfo) {
  const options = { linger: 0, routingId: randomUUID() };
  const sockets = {
    shell: new zmq.Dealer(options),
    control: new zmq.Dealer(options),
    stdin: new zmq.Dealer(options),
    iopub: new zmq.Subscriber({ linger: 0, receiveHighWaterMark: 0 }),
  };
  for (const [channel, socket] of Object.entries(sockets))
    socket.connect(endpoint(info, channel as Channel));
  sockets.iopub.subscribe();
  return sockets;
}
