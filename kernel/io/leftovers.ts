// What large messages leave behind: texts and bytes that nobody needs any more, in both threads. V8 collects them when
// it needs the room, and an idle kernel needs none: it would keep hundreds of megabytes of a display of 50.

const enough = 32 * 2 ** 20; // bytes
const patienceMs = 500; // ZeroMQ holds what is under way

export class Leftovers {
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param collectMain asks the main thread to collect when it is free */
  constructor(readonly collectMain: () => void) {}

  /** So many bytes were sent or received. */
  passed(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes >= enough)
      this.#timer ??= setTimeout(() => this.#collect(), patienceMs).unref();
  }

  #collect(): void {
    this.#bytes = 0;
    this.#timer = undefined;
    globalThis.gc?.();
    this.collectMain();
  }
}
