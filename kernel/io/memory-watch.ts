// Watches the memory while a cell runs: V8 ends the whole process when its heap is full, or one array too long, and so
// does the system when its memory is; a cell is stopped a little before that, and the variables live on.
import os from "node:os";

const everyMs = 25;
const heapShare = 0.75; // of V8's limit
const growth = 0.03; // a cell that only frees what former ones left must be let run
/** With less memory than this, in bytes, no array can be near its end. */
export const manyBytes = 500 * 2 ** 20;
/** An array of 2^27 elements is V8's end (FixedArray::kMaxLength), and each time one is full it grows by half. */
const lastGrowth = (2 ** 27 * 8) / 1.5; // bytes

/** What the main thread knows of its memory. */
export interface HeapUsage {
  /** Bytes. */
  usedSize: number;
  /** Of those, in values of more than half a MB: long arrays and texts. */
  largeSize?: number;
  /** A variable whose array grows towards V8's end. */
  longArray?: string;
}

export class MemoryWatch {
  #timer: NodeJS.Timeout | undefined;
  #asking = false;

  constructor(
    /** V8's limit for the main thread's heap, in bytes. */
    readonly limit: number,
    /** The main thread's heap, asked for the first time in a cell or again; it answers also in the middle of a loop. */
    readonly heap: (isFirst: boolean) => Promise<HeapUsage>,
    /** Stop the cell, for this reason. */
    readonly stop: (why: string) => void,
    /** Told of the resident memory, in bytes, each time. */
    readonly seen: (rss: number) => void = () => {},
  ) {}

  /** A cell begins, perhaps beside others. */
  begin(): void {
    if (this.#timer !== undefined) return;
    let atStart: number | undefined;
    let before: number | undefined;
    const startRss = process.memoryUsage.rss();
    const timer = setInterval(async () => {
      const rss = process.memoryUsage.rss();
      this.seen(rss);
      const why = systemIsFull(rss, startRss);
      if (why) this.#stop(why);
      if (this.#asking || rss < Math.min(this.limit * 0.5, manyBytes)) return;
      this.#asking = true;
      const { usedSize, longArray, largeSize = 0 } = await this.heap(before === undefined);
      this.#asking = false;
      if (this.#timer !== timer) return; // the cell has ended meanwhile
      const isLeap = before !== undefined && usedSize - before > lastGrowth;
      before = usedSize;
      if (longArray !== undefined || (isLeap && largeSize > lastGrowth)) {
        this.#stop(
          `${longArray ?? "an array"} has more than 80 million elements, and Node ends when one grows beyond 134 million; ` +
            "give it up (xs = []) before you go on, and take typed arrays or tensors for so many numbers",
        );
      }
      atStart ??= Math.min(usedSize, startRss);
      if (usedSize < this.limit * heapShare || usedSize < atStart + this.limit * growth) return;
      this.#stop(
        `the variables take ${gigabytes(usedSize)} of the ${gigabytes(this.limit)} that Node allows; ` +
          "give some of them up (xs = [], or %reset), or start Jupyter with NODE_OPTIONS=--max-old-space-size=… (MB)",
      );
    }, everyMs);
    this.#timer = timer.unref();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #stop(why: string): void {
    if (this.#timer === undefined) return; // the cell has ended meanwhile
    this.end();
    this.stop(why);
  }
}

/** Typed arrays and WebAssembly lie outside of V8's heap: there the machine is the limit. */
function systemIsFull(rss: number, startRss: number): string | undefined {
  const whole = machineMemory();
  const free = Math.min(os.freemem(), whole - rss);
  if (free > whole * 0.03 || rss < whole * 0.4 || rss < startRss * 1.05) return undefined;
  return `the kernel takes ${gigabytes(rss)}, and of the machine's ${gigabytes(whole)} only ${gigabytes(free)} are left`;
}

/** In bytes: the machine's, or what a container may have of it. */
export function machineMemory(): number {
  return Math.min(process.constrainedMemory?.() || os.totalmem(), os.totalmem());
}

export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
