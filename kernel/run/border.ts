// The border at which a termination ends. The I/O worker stops code that does not listen by the inspector's
// Runtime.terminateExecution, which unwinds all JavaScript up to a border of C++: a call through the same
// thread's own inspector is one. Without it the kernel's own frames would go too; and in a timer Node's
// bookkeeping of async hooks would, and Node abort.
import inspector from "node:inspector";

const enterSymbol = Symbol.for("kernelbook.enter");

export class Border {
  readonly #session = new inspector.Session();

  constructor() {
    this.#session.connect();
  }

  /** Call it, at once. @returns false if it was terminated; what it throws is thrown on (7 µs) */
  enter(call: () => void): boolean {
    let thrown: { error: unknown } | undefined;
    const holder = globalThis as Record<symbol, unknown>;
    holder[enterSymbol] = () => {
      try {
        call();
      } catch (error) {
        thrown = { error };
      }
    };
    let ended = true;
    // With a name, so that a debugger does not step into it.
    const expression = `globalThis[Symbol.for("kernelbook.enter")]()//# sourceURL=node:kernelbook`;
    this.#session.post("Runtime.evaluate", { expression }, (failure) => {
      ended = !failure;
    });
    if (thrown) throw (thrown as { error: unknown }).error;
    return ended;
  }

  disconnect(): void {
    this.#session.disconnect();
  }
}
