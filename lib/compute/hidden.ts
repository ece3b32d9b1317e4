// Functions that V8 has but shows only where a flag asks for them. Node only.

const { versions } = globalThis.process ?? {};

/** Node, and not one of those that only claim to be. */
export const isNode = versions?.node !== undefined && !("bun" in versions) && !("deno" in versions);

/**
 * How dead blocks are found: by looking through the nursery and by full collections ("nursery"), by full ones alone
 * ("full"), or as in a page, where there is no way to ask for any ("page"). KERNELBOOK_RECLAIM chooses, for tests.
 */
export const way = isNode ? (process.env.KERNELBOOK_RECLAIM ?? "nursery") : "page";

type Collect = (options?: { type: "minor" }) => void;

let gc: Collect | undefined;
let endJob: (() => void) | undefined;
let youngCollections = 0;

/** A full collection of V8's garbage, which WeakRefs notice at once. */
export function collectAll(): void {
  // What was put into a WeakRef, or taken out of one, is kept until a job ends: here one ends.
  endJob ??= makeEndJob();
  endJob();
  gc ??= exposedGc();
  gc();
}

/** A minor collection. */
export function collectYoung(): void {
  gc ??= exposedGc();
  // a thread that started since has set V8's own value again
  if (++youngCollections % 16 === 0) keepYoungGeneration();
  gc({ type: "minor" });
}

/** Bytes of V8's own heap that hold objects, garbage included. */
export function heapUsed(): number {
  return process.getBuiltinModule("v8").getHeapStatistics().used_heap_size;
}

/**
 * V8 lets its young generation grow to 32 MB, of which a long loop touches every page, only to throw all of it away.
 * What it has grown to so far is enough: loops are not slower (measured 2026-11, Node 20 to 24). So little is collected
 * by this thread alone: waking V8's helpers takes longer than the work (60 instead of 30 µs), and waiting for one on a
 * busy machine far longer (a loop of LeNet's forward under load 11: 3 ms a collection, 0.9 without).
 */
export function keepYoungGeneration(): void {
  const v8 = process.getBuiltinModule("v8");
  v8.setFlagsFromString("--semi-space-growth-factor=1");
  v8.setFlagsFromString("--no-parallel-scavenge");
  v8.setFlagsFromString("--no-concurrent-array-buffer-sweeping");
}

/** From a fresh context, made while the flag is set. */
function exposedGc(): Collect {
  const v8 = process.getBuiltinModule("v8");
  v8.setFlagsFromString("--expose-gc");
  const found = process.getBuiltinModule("vm").runInNewContext("gc") as Collect;
  v8.setFlagsFromString("--no-expose-gc");
  return found;
}

function makeEndJob(): () => void {
  const vm = process.getBuiltinModule("vm");
  const context = vm.createContext({}, { microtaskMode: "afterEvaluate" });
  const script = new vm.Script("0");
  return () => script.runInContext(context);
}
