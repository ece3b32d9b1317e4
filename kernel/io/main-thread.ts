// The I/O worker's end of the bridge to the main thread, and the brake on the learner's code.
import { setTimeout as delay } from "node:timers/promises";
import { parentPort } from "node:worker_threads";
import { flags, type FromMain, type Outcome, type RunCell, type ToMain } from "../bridge.js";
import { hooks } from "../debug/hooks.js";
import { Inspected } from "../debug/inspected.js";
import { signalChildren } from "./children.js";
import { manyBytes, MemoryWatch, type HeapUsage } from "./memory-watch.js";

/** An idle main thread must never be terminated: that would kill whatever it does next. */
const gentleMs = 100;
const againMs = 100;

export class MainThread {
  readonly #flags: Int32Array;
  readonly #outcomes = new Map<
    number,
    (outcome: { outcome: Outcome; assigned: string[] }) => void
  >();
  readonly #texts = new Map<number, (text: string) => void>();
  readonly inspected = new Inspected();
  #runs = 0;
  #interrupts = 0;
  readonly #memory: MemoryWatch;
  /** Why the cell was stopped, if not by the reader. */
  #outOfMemory: string | undefined;

  /** @param grown told of the resident memory while a cell runs, in bytes */
  constructor(buffer: SharedArrayBuffer, heapLimit: number, grown: (rss: number) => void) {
    this.#flags = new Int32Array(buffer);
    this.#memory = new MemoryWatch(
      heapLimit,
      (isFirst) => this.#heap(isFirst),
      (why) => {
        this.#outOfMemory = why;
        void this.interrupt([]);
      },
      grown,
    );
  }

  post(message: ToMain): void {
    parentPort!.postMessage(message);
  }

  listen(onMessage: (message: FromMain) => void): void {
    parentPort!.on("message", (message: FromMain) => {
      if (message.type === "outcome") {
        this.#memory.end();
        const { assigned } = message;
        const outcome = this.#explained(message.outcome);
        this.#outcomes.get(message.run)?.({ outcome, assigned });
        this.#outcomes.delete(message.run);
      } else if (message.type === "magic-done") {
        this.#texts.get(message.run)?.(message.text);
        this.#texts.delete(message.run);
      } else onMessage(message);
    });
  }

  run(cell: Omit<RunCell, "type" | "run">): Promise<{ outcome: Outcome; assigned: string[] }> {
    const run = this.#runs++;
    return new Promise((resolve) => {
      this.#outcomes.set(run, resolve);
      this.#memory.begin();
      this.post({ type: "run", run, ...cell });
    });
  }

  /** The main thread answers also in the middle of a loop. */
  async #heap(isFirst: boolean): Promise<HeapUsage> {
    const usage = (await this.inspected.post("Runtime.getHeapUsage")) as HeapUsage;
    if (usage.usedSize < manyBytes) return usage;
    const { result } = await this.inspected.post("Runtime.evaluate", {
      expression: `${hooks}.memory(${isFirst})`,
      returnByValue: true,
      silent: true,
    });
    return { ...usage, ...result.value };
  }

  /** What looks to the main thread like the reader's interrupt may have been ours. */
  #explained(outcome: Outcome): Outcome {
    const evalue = this.#outOfMemory;
    this.#outOfMemory = undefined;
    if (evalue === undefined || outcome.status !== "error") return outcome;
    this.post({ type: "collect" });
    const [, ...frames] = outcome.error.traceback;
    const traceback = [`\x1b[31mOutOfMemory\x1b[0m: ${evalue}`, ...frames];
    return { status: "error", error: { ename: "OutOfMemory", evalue, traceback } };
  }

  /** A magic that concerns the main thread; the text that it prints. */
  ask(name: string, rest: string, parent: string): Promise<string> {
    const run = this.#runs++;
    return new Promise((resolve) => {
      this.#texts.set(run, resolve);
      this.post({ type: "magic", run, name, rest, parent });
    });
  }

  /**
   * Stop the learner's code, in stages: a flag that loops and awaits of cells look at; if the main
   * thread does not answer, termination by the inspector; then a signal to the children it waits for.
   */
  async interrupt(spared: readonly number[]): Promise<void> {
    const answered = (id: number) => Atomics.load(this.#flags, flags.acknowledged) >= id;
    if (!answered(this.#interrupts)) return; // one is on its way
    const id = ++this.#interrupts;
    Atomics.store(this.#flags, flags.interrupt, id);
    Atomics.add(this.#flags, flags.input, 1); // wakes a synchronous input()
    Atomics.notify(this.#flags, flags.input);
    this.post({ type: "interrupt", id });
    await delay(gentleMs);
    while (!answered(id)) {
      signalChildren(process.pid, spared); // it may wait for one
      this.#terminate();
      await delay(againMs);
    }
  }

  #terminate(): void {
    // It answers only when there was something to end.
    void this.inspected.post("Runtime.terminateExecution").catch(() => {});
  }

  disconnect(): void {
    this.inspected.disconnect();
  }
}
