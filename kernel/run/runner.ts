// Runs the cells on the main thread: compile, call, wait for the end or for an interrupt, make the bundle.
import vm from "node:vm";
import { betweenCellsSymbol } from "../host.js";
import { flags, type CellScript, type FromMain, type Outcome, type RunCell } from "../bridge.js";
import type { Border } from "./border.js";
import { setParent } from "./context.js";
import { toBundle } from "./display.js";
import { Tracebacks } from "./errors.js";
import type { Brake } from "./interrupt.js";
import { KeyboardInterrupt } from "./keyboard-interrupt.js";
import { duration } from "./magics.js";
import type { Modules } from "./modules.js";
import { Scope, type CellApi } from "./scope.js";
import { Stacks } from "./stacks.js";

export class Runner {
  readonly scope: Scope;
  readonly #stacks = new Stacks();
  readonly tracebacks = new Tracebacks(this.#stacks);
  /** End the cells that run, from outside of them: one, or some in subshells. */
  readonly #abandon = new Set<(reason: unknown) => void>();

  constructor(
    readonly post: (message: FromMain) => void,
    readonly brake: Brake,
    readonly modules: Modules,
    readonly border: Border,
  ) {
    this.scope = new Scope(brake, modules);
    this.#stacks.install();
  }

  async run({ run, parent, script, expressions, timing }: RunCell): Promise<void> {
    setParent(parent);
    const api = this.scope.begin();
    let outcome: Outcome;
    try {
      const { result } = timing
        ? await this.#timed(api, script, timing)
        : await this.#race(() => this.#call(api, script));
      const bundle = result === undefined ? undefined : await this.#race(() => toBundle(result));
      outcome = {
        status: "ok",
        result: bundle,
        expressions: await this.#evaluate(api, expressions),
      };
    } catch (thrown) {
      // What fails because its child process was stopped, was stopped too.
      const error = this.brake.flags[flags.interrupt] ? new KeyboardInterrupt() : thrown;
      outcome = { status: "error", error: this.tracebacks.describe(error) };
    }
    this.brake.release();
    this.post({ type: "outcome", run, outcome, assigned: api.assigned() });
    const between = (globalThis as Record<symbol, unknown>)[betweenCellsSymbol];
    if (typeof between === "function") setImmediate(() => between());
  }

  /** The reader asked to stop. */
  interrupt(id: number): void {
    this.brake.interrupt(id);
    if (this.#abandon.size === 0) this.brake.release();
    for (const abandon of this.#abandon) abandon(new KeyboardInterrupt());
  }

  /** An error that no one caught: if a cell waits, it may wait for that. */
  fail(error: unknown): boolean {
    if (!(error instanceof KeyboardInterrupt) || this.#abandon.size === 0) return false;
    for (const abandon of this.#abandon) abandon(error);
    return true;
  }

  #race<T>(start: () => Promise<T> | T): Promise<T> {
    let abandon!: (reason: unknown) => void;
    return new Promise<T>((resolve, reject) => {
      abandon = reject;
      this.#abandon.add(abandon);
      this.#enter(() => Promise.resolve(start()).then(resolve, reject), reject);
    }).finally(() => this.#abandon.delete(abandon));
  }

  #enter(call: () => void, onTerminated: (reason: unknown) => void): void {
    try {
      if (this.border.enter(call)) return;
      this.brake.acknowledge();
      onTerminated(new KeyboardInterrupt());
    } catch (error) {
      onTerminated(error);
    }
  }

  #compile(script: CellScript): (scope: object, flags: Int32Array) => Promise<void> {
    this.#stacks.scripts.set(script.fileName, script);
    this.modules.offer(script.localFiles ?? []);
    return vm.runInThisContext(script.code, { filename: script.fileName });
  }

  async #call(api: CellApi, script: CellScript): Promise<{ result: unknown }> {
    const cell = this.#compile(script);
    api.result = undefined;
    await cell(api, this.brake.flags);
    return { result: api.result }; // wrapped: a promise as the last value is shown, not awaited
  }

  /** %time: once; %timeit: as often as fits into 0.2 s, seven times. */
  async #timed(
    api: CellApi,
    script: CellScript,
    timing: "once" | "often",
  ): Promise<{ result: unknown }> {
    if (timing === "once") {
      const start = performance.now();
      const { result } = await this.#race(() => this.#call(api, script));
      console.log(duration(performance.now() - start));
      return { result };
    }
    const cell = this.#compile(script);
    const measure = (loops: number) =>
      this.#race(async () => {
        const start = performance.now();
        for (let loop = 0; loop < loops; loop++) await cell(api, this.brake.flags);
        return (performance.now() - start) / loops;
      });
    await measure(1);
    const loops = Math.max(1, Math.min(1e6, Math.floor(200 / Math.max(await measure(10), 1e-4))));
    const means: number[] = [];
    for (let round = 0; round < 7; round++) means.push(await measure(loops));
    const mean = means.reduce((sum, ms) => sum + ms, 0) / means.length;
    const deviation = Math.sqrt(
      means.reduce((sum, ms) => sum + (ms - mean) ** 2, 0) / means.length,
    );
    console.log(
      `${duration(mean)} ± ${duration(deviation)} per loop (7 runs, ${loops} loops each)`,
    );
    return { result: undefined };
  }

  async #evaluate(
    api: CellApi,
    expressions: RunCell["expressions"],
  ): Promise<Record<string, unknown>> {
    const values: Record<string, unknown> = {};
    for (const [name, script] of Object.entries(expressions)) {
      if (!("code" in script)) {
        values[name] = { status: "error", ...script };
        continue;
      }
      try {
        const { result } = await this.#race(() => this.#call(api, script));
        values[name] = { status: "ok", ...(await toBundle(result)) };
      } catch (error) {
        values[name] = { status: "error", ...this.tracebacks.describe(error) };
      }
    }
    return values;
  }
}
