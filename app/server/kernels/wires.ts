// The ZeroMQ sockets to one running kernel. Made anew at each (re)start, on the same ports.
import * as zmq from "zeromq";
import type { ConnectionInfo } from "../../../kernel/wire/connection.js";
import { Signer, type Channel, type KernelMessage } from "./message.js";

export class Wires {
  readonly #signer: Signer;
  readonly #sockets: {
    shell: zmq.Dealer;
    control: zmq.Dealer;
    stdin: zmq.Dealer;
    iopub: zmq.Subscriber;
  };
  /** zeromq.js takes one message at a time: the next waits for the one before. */
  readonly #sending: Record<string, Promise<void>> = {};
  #closed = false;

  constructor(
    info: ConnectionInfo,
    identity: string,
    readonly onMessage: (message: KernelMessage) => void,
    readonly onFault: (fault: string) => void,
  ) {
    this.#signer = new Signer(info.key);
    // The same identity on shell and stdin: a kernel asks for input of whom it works for.
    const dealer = () =>
      new zmq.Dealer({
        routingId: identity,
        linger: 0,
        sendHighWaterMark: 0,
        receiveHighWaterMark: 0,
      });
    const iopub = new zmq.Subscriber({ linger: 0, receiveHighWaterMark: 0 });
    this.#sockets = { shell: dealer(), control: dealer(), stdin: dealer(), iopub };
    for (const channel of Object.keys(this.#sockets) as Channel[]) {
      const port = info[`${channel}_port`];
      this.#sockets[channel].connect(`tcp://${info.ip}:${port}`);
    }
    iopub.subscribe();
    for (const channel of Object.keys(this.#sockets) as Channel[]) void this.#listen(channel);
  }

  send(message: KernelMessage): void {
    const { channel } = message;
    if (channel === "iopub") return; // the kernel's own voice
    const socket = this.#sockets[channel];
    const before = this.#sending[channel] ?? Promise.resolve();
    this.#sending[channel] = before
      .then(async () => {
        if (!this.#closed) await socket.send(this.#signer.frames(message));
      })
      .catch((error: Error) => {
        if (!this.#closed) this.onFault(`could not send on ${channel}: ${error.message}`);
      });
  }

  close(): void {
    this.#closed = true;
    for (const socket of Object.values(this.#sockets)) socket.close();
  }

  async #listen(channel: Channel): Promise<void> {
    try {
      for await (const frames of this.#sockets[channel]) {
        if (this.#closed) return;
        try {
          this.onMessage(this.#signer.read(channel, frames));
        } catch (error) {
          this.onFault((error as Error).message);
        }
      }
    } catch (error) {
      if (!this.#closed) this.onFault(`${channel}: ${(error as Error).message}`);
    }
  }
}
