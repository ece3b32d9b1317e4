// The main thread's side of an interrupt: awaits of cells that pend are rejected, loops stop by themselves.
import { flags } from "../bridge.js";
import { currentParent, setParent } from "./context.js";
import { KeyboardInterrupt } from "./keyboard-interrupt.js";

export class Brake {
  readonly flags: Int32Array;
  readonly #pending = new Set<(reason: Error) => void>();

  constructor(buffer: SharedArrayBuffer) {
    this.flags = new Int32Array(buffer);
  }

  /** In the learner's loops: `if (flags[0]) stop()`. */
  readonly stop = (): never => {
    this.acknowledge();
    throw new KeyboardInterrupt();
  };

  /** In place of `await x`: `await wait(x)`, which an interrupt ends. */
  readonly wait = (value: unknown): unknown => {
    if (this.flags[flags.interrupt]) this.stop();
    const parent = currentParent();
    return new Promise((resolve, reject) => {
      this.#pending.add(reject);
      const settle = (done: (value: any) => void) => (value: unknown) => {
        this.#pending.delete(reject);
        setParent(parent);
        done(value);
      };
      Promise.resolve(value).then(settle(resolve), settle(reject));
    });
  };

  /** In place of `for await (… of x)`: the same, for each step. */
  readonly each = (
    iterable: AsyncIterable<unknown> & Iterable<unknown>,
  ): AsyncIterable<unknown> => {
    const { wait } = this;
    return {
      [Symbol.asyncIterator]() {
        const iterator = iterable[Symbol.asyncIterator]?.() ?? iterable[Symbol.iterator]();
        const isAsync = Symbol.asyncIterator in iterable;
        const step = async (result: IteratorResult<unknown> | Promise<IteratorResult<unknown>>) => {
          const { done, value } = (await wait(result)) as IteratorResult<unknown>;
          return { done: done ?? false, value: isAsync ? value : await wait(value) };
        };
        return {
          next: () => step(iterator.next()),
          return: async (value?: unknown) =>
            iterator.return ? step(iterator.return(value) as never) : { done: true, value },
        };
      },
    };
  };

  /** An interrupt has arrived: end all that waits. */
  interrupt(id: number): void {
    this.#seen(id);
    const rejects = [...this.#pending];
    this.#pending.clear();
    for (const reject of rejects) reject(new KeyboardInterrupt());
  }

  /** The code that ran was stopped by the interrupt that the flag names. */
  acknowledge(): void {
    this.#seen(Atomics.load(this.flags, flags.interrupt));
  }

  /** Loops may run again; but an interrupt that has come since, and was not seen yet, stays. */
  release(): void {
    const seen = Atomics.load(this.flags, flags.acknowledged);
    Atomics.compareExchange(this.flags, flags.interrupt, seen, 0);
  }

  #seen(id: number): void {
    if (id > Atomics.load(this.flags, flags.acknowledged)) {
      Atomics.store(this.flags, flags.acknowledged, id);
    }
  }
}
