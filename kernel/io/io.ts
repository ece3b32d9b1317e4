// The I/O worker's state and its voice: requests come in, replies and iopub messages go out.
import { randomUUID } from "node:crypto";
import { makeHeader, type Header, type Message } from "../protocol/message.js";
import type { ConnectionInfo } from "../wire/connection.js";
import { CellDebugger } from "../debug/debugger.js";
import { LanguageClient } from "../language/client.js";
import { History } from "./history.js";
import { Leftovers } from "./leftovers.js";
import type { LastWords } from "./last-words.js";
import { MainThread } from "./main-thread.js";
import { Sockets, type RequestChannel } from "./sockets.js";
import { Streams } from "./streams.js";

export interface Request<Content = Record<string, any>> {
  channel: RequestChannel;
  identities: Buffer[];
  message: Message<Content>;
}

/** A cell at work. An interrupt of one that is not with the main thread yet waits for it. */
export interface Work {
  phase: "checking" | "running" | "stopped";
}

/** Requests whose headers are kept, so that late output finds its cell. */
const keptParents = 10_000;

export class Io {
  readonly session = randomUUID();
  readonly sockets: Sockets;
  readonly streams: Streams;
  readonly history = new History();
  readonly language: LanguageClient;
  /** Who asked last with leave to ask back: where input_request goes. */
  readonly askers = new Map<string, Request>();
  /** comm_id -> target_name, of the comms that are open. */
  readonly comms = new Map<string, string>();
  readonly subshells = new Set<string>();
  executionCount = 0;
  /** To be said in the first cell: why the kernel before this one ended. */
  obituary: string | undefined;
  /** The cells at work: one, or some in subshells beside it. */
  readonly works = new Set<Work>();
  /** Ends the shell command that runs. */
  stopCommand: ((signal?: NodeJS.Signals) => void) | undefined;
  readonly debugger: CellDebugger;
  #debugSeq = 0;
  readonly #parents = new Map<string, Header>();

  constructor(
    info: ConnectionInfo,
    readonly home: string,
    /** The folder of the notebook; %cd changes it. */
    public folder: string,
    readonly main: MainThread,
    readonly lastWords: LastWords,
    onRequest: (request: Request) => void,
  ) {
    const leftovers = new Leftovers(() => main.post({ type: "collect" }));
    this.sockets = new Sockets(
      info,
      (channel, identities, message) => onRequest({ channel, identities, message }),
      (topic) => this.#welcome(topic),
      (count) => leftovers.passed(count),
    );
    this.streams = new Streams((parent, name, text) =>
      this.#publish("stream", { name, text }, this.parentOf(parent)),
    );
    this.language = new LanguageClient(home, folder);
    this.obituary = lastWords.open();
    if (this.obituary) console.error(`kernelbook kernel: ${this.obituary}`);
    this.debugger = new CellDebugger(
      main.inspected,
      (event, body) =>
        this.publish("debug_event", { type: "event", seq: this.nextDebugSeq(), event, body }, {}),
      (code, line, column) => this.language.ask("isCaught", code, line, column),
      (name) => this.language.declare(name),
    );
  }

  nextDebugSeq(): number {
    return ++this.#debugSeq;
  }

  remember(header: Header): void {
    this.#parents.set(header.msg_id, header);
    if (this.#parents.size > keptParents) {
      this.#parents.delete(this.#parents.keys().next().value!);
    }
  }

  parentOf(id: string | undefined): Header | {} {
    return (id !== undefined && this.#parents.get(id)) || {};
  }

  /** Say something on iopub, after all that was printed before. */
  publish(
    type: string,
    content: object,
    parent: Header | {},
    metadata: object = {},
    buffers: Uint8Array[] = [],
  ): void {
    this.streams.flush();
    this.#publish(type, content, parent, metadata, buffers);
  }

  status(execution_state: "starting" | "busy" | "idle", parent: Header | {}): void {
    this.publish("status", { execution_state }, parent);
  }

  reply(request: Request, type: string, content: object, metadata: object = {}): void {
    const { channel, identities, message } = request;
    this.sockets.send(channel, identities, this.#message(type, content, message.header, metadata));
  }

  /** @returns the msg_id of the question */
  askInput(request: Request, content: object): string {
    this.streams.flush();
    const { identities, message } = request;
    const question = this.#message("input_request", content, message.header);
    this.sockets.send("stdin", identities, question);
    return question.header.msg_id;
  }

  #publish(
    type: string,
    content: object,
    parent: Header | {},
    metadata: object = {},
    buffers: Uint8Array[] = [],
  ): void {
    this.sockets.publish(this.#message(type, content, parent, metadata, buffers));
  }

  #welcome(topic: Uint8Array): void {
    const message = this.#message("iopub_welcome", {
      subscription: Buffer.from(topic).toString("utf8"),
    });
    this.sockets.publish(message, topic);
  }

  #message(
    type: string,
    content: object,
    parent: Header | {} = {},
    metadata: object = {},
    buffers: Uint8Array[] = [],
  ): Message {
    return {
      header: makeHeader(type, this.session),
      parent_header: parent as Header,
      metadata: metadata as Record<string, unknown>,
      content,
      buffers,
    };
  }
}
