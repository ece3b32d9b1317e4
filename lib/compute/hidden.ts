// Functions that V8 has but shows only where a flag asks for them: gc, cleanupSome. Node only.

/** The value of `expression` in a fresh context, made while V8's `flags` are set. */
export function fromContextWith(flags: readonly string[], expression: string): unknown {
  const v8 = process.getBuiltinModule("v8");
  const vm = process.getBuiltinModule("vm");
  for (const flag of flags) v8.setFlagsFromString(`--${flag}`);
  const value: unknown = vm.runInNewContext(expression);
  for (const flag of flags) v8.setFlagsFromString(`--no-${flag}`);
  return value;
}

type Collect = (options?: { type: "minor" }) => void;

let gc: Collect | undefined;

/** A full collection of V8's garbage. */
export function collectGarbage(): void {
  gc ??= fromContextWith(["expose-gc"], "gc") as Collect;
  gc();
}

/** A minor collection, by this thread alone: waking V8's helpers takes longer than the work (60 instead of 100 µs). */
export function collectYoung(): void {
  gc ??= fromContextWith(["expose-gc"], "gc") as Collect;
  const v8 = process.getBuiltinModule("v8");
  v8.setFlagsFromString("--no-parallel-scavenge");
  gc({ type: "minor" });
  v8.setFlagsFromString("--parallel-scavenge");
}
