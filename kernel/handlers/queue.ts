// Cells run one after the other, in the order of their requests.
import type { Request } from "../io/io.js";

export class Queue {
  #waiting: Request[] = [];
  #running = false;

  constructor(
    /** Runs one; true if what waits behind it is to be aborted. */
    readonly run: (request: Request) => Promise<boolean>,
    readonly abort: (request: Request) => void,
  ) {}

  get busy(): boolean {
    return this.#running;
  }

  push(request: Request): void {
    this.#waiting.push(request);
    if (!this.#running) void this.#drain();
  }

  abortWaiting(): void {
    const aborted = this.#waiting;
    this.#waiting = [];
    aborted.forEach(this.abort);
  }

  async #drain(): Promise<void> {
    this.#running = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      if (await this.run(next)) {
        // What the client sent before it could know of the error may still be on its way.
        await new Promise((resolve) => setImmediate(resolve));
        this.abortWaiting();
      }
    }
    this.#running = false;
  }
}
