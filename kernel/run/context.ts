// Which request is being served: output belongs to the cell that made it, also when it comes late.
// Carried by hand over awaits of cells and over timers. (AsyncLocalStorage would do it, but Node 20
// aborts when the inspector terminates code while it is in use.)

import { KeyboardInterrupt } from "./keyboard-interrupt.js";

let current: string | undefined;

export function currentParent(): string | undefined {
  return current;
}

export function setParent(parent: string | undefined): void {
  current = parent;
}

export function withParent<T>(parent: string | undefined, run: () => T): T {
  const before = current;
  current = parent;
  try {
    return run();
  } finally {
    current = before;
  }
}

/**
 * Timers of the learner's code run as part of the cell that set them.
 * @param enter calls its argument; throws what it throws, or a KeyboardInterrupt if it was terminated
 */
export function carryOverTimers(enter: (call: () => void) => void): void {
  for (const name of ["setTimeout", "setInterval", "setImmediate", "queueMicrotask"] as const) {
    const original = globalThis[name] as (callback: Function, ...rest: unknown[]) => unknown;
    // In a microtask Node keeps no books; and there may be very many.
    const call = name === "queueMicrotask" ? (run: () => void) => run() : enter;
    const carried = (callback: unknown, ...rest: unknown[]) => {
      if (typeof callback !== "function") return original(callback as Function, ...rest);
      const parent = current;
      const fire = function (this: NodeJS.Timeout, ...args: unknown[]) {
        try {
          withParent(parent, () => call(() => callback.apply(this, args)));
        } catch (error) {
          // Interrupted: an interval would begin the same loop again.
          if (name === "setInterval" && error instanceof KeyboardInterrupt) clearInterval(this);
          throw error;
        }
      };
      return original(fire, ...rest);
    };
    Object.defineProperties(carried, Object.getOwnPropertyDescriptors(original)); // promisify.custom
    Object.assign(globalThis, { [name]: carried });
  }
}
