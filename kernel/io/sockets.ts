// The five sockets of a kernel, bound where the connection file says.
import * as zmq from "zeromq";
import type { Message } from "../protocol/message.js";
import { endpoint, type ConnectionInfo } from "../wire/connection.js";
import { Signer } from "../wire/frames.js";
import { Outbox } from "../wire/outbox.js";

export type RequestChannel = "shell" | "control" | "stdin";
export type OnRequest = (channel: RequestChannel, identities: Buffer[], message: Message) => void;

const largestRequest = 2 ** 30; // bytes; ZeroMQ drops the peer that sends more

export class Sockets {
  /** Frames that were no message of ours. */
  dropped = 0;
  readonly #signer: Signer;
  readonly #sockets;
  readonly #outboxes;

  constructor(
    readonly info: ConnectionInfo,
    readonly onRequest: OnRequest,
    /** A client has subscribed: it hears iopub from now on. */
    readonly onSubscribe: (topic: Uint8Array) => void,
    /** So many bytes went out or came in. */
    readonly onBytes: (count: number) => void = () => {},
  ) {
    this.#signer = new Signer(info.key);
    // No high water mark: a burst of output waits in memory, it is never dropped.
    const options = { linger: 1000, sendHighWaterMark: 0, maxMessageSize: largestRequest };
    const router = () => new zmq.Router({ ...options, receiveHighWaterMark: 0, handover: true });
    const sockets = {
      shell: router(),
      control: router(),
      stdin: router(),
      iopub: new zmq.XPublisher({ ...options, verbosity: "allSubs" }),
      hb: new zmq.Router({ linger: 0 }),
    };
    this.#sockets = sockets;
    this.#outboxes = {
      shell: new Outbox(sockets.shell),
      control: new Outbox(sockets.control),
      stdin: new Outbox(sockets.stdin),
      iopub: new Outbox(sockets.iopub),
    };
  }

  async bind(): Promise<void> {
    const channels = ["shell", "control", "stdin", "iopub", "hb"] as const;
    await Promise.all(
      channels.map((channel) => this.#sockets[channel].bind(endpoint(this.info, channel))),
    );
    for (const channel of ["shell", "control", "stdin"] as const) void this.#listen(channel);
    void this.#welcome();
    void this.#beat();
  }

  send(channel: RequestChannel, identities: readonly Buffer[], message: Message): void {
    this.#push(channel, this.#signer.pack(message, identities));
  }

  publish(message: Message, topic: string | Uint8Array = message.header.msg_type): void {
    this.#push("iopub", this.#signer.pack(message, [Buffer.from(topic)]));
  }

  #push(channel: RequestChannel | "iopub", frames: Uint8Array[]): void {
    this.onBytes(bytesOf(frames));
    this.#outboxes[channel].push(frames);
  }

  /** What is published from now on leaves together: when it is let go, or after so many milliseconds. */
  holdPublished(ms: number): void {
    this.#outboxes.iopub.hold(ms);
  }

  letGoPublished(): void {
    this.#outboxes.iopub.letGo();
  }

  /** All sent, then all closed: a process that ends before that aborts in ZeroMQ's destructor. */
  async close(): Promise<void> {
    await Promise.all(Object.values(this.#outboxes).map((outbox) => outbox.flushed()));
    for (const socket of Object.values(this.#sockets)) socket.close();
  }

  async #listen(channel: RequestChannel): Promise<void> {
    const socket = this.#sockets[channel];
    while (!socket.closed) {
      try {
        for await (const frames of socket) this.#take(channel, frames);
      } catch {
        this.dropped++; // a receive that failed; the socket lives on
      }
    }
  }

  #take(channel: RequestChannel, frames: Buffer[]): void {
    this.onBytes(bytesOf(frames));
    try {
      const { identities, message } = this.#signer.unpack(frames);
      this.onRequest(channel, identities, message);
    } catch {
      this.dropped++; // torn, foreign or replayed: not to be answered
    }
  }

  async #welcome(): Promise<void> {
    for await (const [frame] of this.#sockets.iopub) {
      if (frame?.[0] === 1) this.onSubscribe(frame.subarray(1));
    }
  }

  /** Heartbeat: the same bytes back. */
  async #beat(): Promise<void> {
    for await (const frames of this.#sockets.hb) await this.#sockets.hb.send(frames);
  }
}

function bytesOf(frames: readonly Uint8Array[]): number {
  return frames.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
