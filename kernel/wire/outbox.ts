// One queue for each socket that sends: zeromq.js refuses (EBUSY) a second send while one is under way.

interface Sender {
  send(frames: Uint8Array[]): Promise<void>;
}

export class Outbox {
  readonly #socket: Sender;
  #queue: Uint8Array[][] = [];
  #draining: Promise<void> | null = null;

  constructor(socket: Sender) {
    this.#socket = socket;
  }

  push(frames: Uint8Array[]): void {
    this.#queue.push(frames);
    this.#draining ??= this.#drain();
  }

  /** Done when all that was pushed so far is with ZeroMQ. */
  async flushed(): Promise<void> {
    await this.#draining;
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      for (const frames of batch) {
        try {
          await this.#socket.send(frames);
        } catch {
          // A peer that went away, or our own end: no reason to lose what is for the others.
        }
      }
    }
    this.#draining = null;
  }
}
