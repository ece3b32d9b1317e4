// What the debugger asks of the main thread, by the inspector: the session's variables.
import { toBundleNow } from "./display.js";
import type { Scope } from "./scope.js";

export function offerDebugHooks({ boxes }: Scope): void {
  let hidden: [name: string, former: PropertyDescriptor | undefined][] = [];
  const hooks = {
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
    /** The session's variables as globals, for what is evaluated next: a frame's own names come before them. */
    expose() {
      hooks.hide();
      for (const [name, box] of boxes) {
        const former = Object.getOwnPropertyDescriptor(globalThis, name);
        if (former && !former.configurable) continue;
        hidden.push([name, former]);
        const get = () => box.v;
        const set = (value: unknown) => (box.v = value);
        Object.defineProperty(globalThis, name, { get, set, configurable: true });
      }
    },
    hide() {
      for (const [name, former] of hidden) {
        if (former) Object.defineProperty(globalThis, name, former);
        else Reflect.deleteProperty(globalThis, name);
      }
      hidden = [];
    },
    /** For the condition of a breakpoint. */
    within(call: () => unknown): unknown {
      hooks.expose();
      try {
        return call();
      } finally {
        hooks.hide();
      }
    },
  };
  Object.defineProperty(globalThis, Symbol.for("kernelbook.debug"), { value: hooks });
}
