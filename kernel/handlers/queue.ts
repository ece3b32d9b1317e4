// Cells run one after the other, in the order of their requests. After an error those are aborted that
// were sent before the client could know of it: what waits here, and what is still on its way.
import type { Request } from "../io/io.js";

export class Queue {
  #waiting: Request[] = [];
  #doomed: Request[] = [];
  #running = false;
  /** The least that a request took from its date to here: the clocks' difference, and the way. */
  #lag = Infinity;
  /** When the last error was published, by our clock. */
  #errorAt = -Infinity;

  constructor(
    /** Runs one; calls `failed`, before it replies, if those behind it are to be aborted. */
    readonly run: (request: Request, failed: (errorAt: number) => void) => Promise<void>,
    readonly abort: (request: Request) => void,
  ) {}

  get busy(): boolean {
    return this.#running;
  }

  push(request: Request): void {
    if (this.#sentAt(request) < this.#errorAt) {
      this.abort(request);
      return;
    }
    this.#waiting.push(request);
    if (!this.#running) void this.#drain();
  }

  /** When it was sent, by our clock; at the earliest. */
  #sentAt({ message }: Request): number {
    const now = Date.now();
    const date = Date.parse(message.header.date);
    if (!Number.isFinite(date)) return now;
    this.#lag = Math.min(this.#lag, now - date);
    return date + this.#lag + 1; // dates are cut to milliseconds
  }

  async #drain(): Promise<void> {
    this.#running = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      await this.run(next, (errorAt) => this.#failed(errorAt)).catch((fault: unknown) => {
        console.error("kernelbook kernel:", fault); // ours; the cells behind it still get their turn
      });
      this.#doomed.forEach(this.abort);
      this.#doomed = [];
    }
    this.#running = false;
  }

  /** What is here before the client has the reply; its next request may come faster than we end. */
  #failed(errorAt: number): void {
    this.#errorAt = errorAt;
    this.#doomed = this.#waiting;
    this.#waiting = [];
  }
}
