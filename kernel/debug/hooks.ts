/** What the main thread offers to the debugger, for expressions that the inspector evaluates there: run/debug-hooks. */
export const hooks = `globalThis[Symbol.for("kernelbook.debug")]`;
