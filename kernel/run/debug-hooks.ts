// What the debugger asks of the main thread, by the inspector: the session's variables, and whether to stop; and
// what the watch on the memory does.
import { inspect } from "node:util";
import { LongArrays, largeSize } from "./long-arrays.js";
import { toBundleNow } from "./display.js";
import type { Scope } from "./scope.js";

interface StopCondition {
  name: string;
  holds?: () => unknown;
  hits?: (count: number) => boolean;
  message?: () => unknown[];
}

export function offerDebugHooks({ boxes }: Scope): void {
  let hidden: [name: string, former: PropertyDescriptor | undefined][] = [];
  const longArrays = new LongArrays();
  /** How often each breakpoint was met. */
  const met = new Map<string, number>();
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
    set(name: string, value: unknown): void {
      const box = boxes.get(name);
      if (box) box.v = value;
      else boxes.set(name, { v: value });
    },
    memory: (isFirst: boolean) => {
      if (isFirst) longArrays.forget(); // what the cells before this one did to them
      return { largeSize: largeSize(), longArray: longArrays.growing(boxes) };
    },
    /** Whether a breakpoint stops here; see debug/stop-conditions. */
    stops({ name, holds, hits, message }: StopCondition): boolean {
      hooks.expose();
      try {
        if (holds && !holds()) return false;
        const count = (met.get(name) ?? 0) + 1;
        met.set(name, count);
        if (hits && !hits(count)) return false;
        if (!message) return true;
        const parts = message().map((part) => (typeof part === "string" ? part : inspect(part)));
        process.stdout.write(`${parts.join("")}\n`);
        return false;
      } finally {
        hooks.hide();
      }
    },
  };
  Object.defineProperty(globalThis, Symbol.for("kernelbook.debug"), { value: hooks });
}
