// What the debugger asks of the main thread, by the inspector: the session's variables.
import { toBundleNow } from "./display.js";
import type { Scope } from "./scope.js";

export function offerDebugHooks({ boxes }: Scope): void {
  const hooks = {
    boxes,
    names: () => [...boxes.keys()],
    all: () =>
      Object.fromEntries(
        [...boxes].flatMap(([name, { v }]) => (v === undefined ? [] : [[name, v]])),
      ),
    bundle: (value: unknown) => {
      const bundle = toBundleNow(value);
      return bundle instanceof Promise
        ? { data: { "text/plain": String(value) }, metadata: {} }
        : bundle;
    },
  };
  Object.defineProperty(globalThis, Symbol.for("kernelbook.debug"), { value: hooks });
}
