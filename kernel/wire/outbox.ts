// One queue for each socket that sends: zeromq.js refuses (EBUSY) a second send while one is under way.

interface Sender {
  send(frames: Uint8Array[]): Promise<void>;
}

export class Outbox {
  readonly #socket: Sender;
  #queue: Uint8Array[][] = [];
  #draining: Promise<void> | null = null;
  #held: NodeJS.Timeout | undefined;

  constructor(socket: Sender) {
    this.#socket = socket;
  }

  push(frames: Uint8Array[]): void {
    this.#queue.push(frames);
    if (!this.#held) this.#draining ??= this.#drain();
  }

  /** Keeps what is pushed, in its order, until it is let go or so many milliseconds have passed. */
  hold(ms: number): void {
    this.#held ??= setTimeout(() => this.letGo(), ms);
  }

  letGo(): void {
    clearTimeout(this.#held);
    this.#held = undefined;
    if (this.#queue.length > 0) this.#draining ??= this.#drain();
  }

  /** Done when all that was pushed so far is with ZeroMQ. */
  async flushed(): Promise<void> {
    this.letGo();
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
