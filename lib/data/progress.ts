// A bar of text that fills while a loop runs, as tqdm's.

interface Sized {
  readonly length?: number;
}

export interface ProgressOptions {
  /** What stands before the bar. */
  description?: string;
  /** How many rounds, if the thing itself has no `length`. */
  total?: number;
  /** Where the text goes. Default: standard output. Each text begins with "\r". */
  write?: (text: string) => void;
  /** Milliseconds from one text to the next. Default 100. */
  intervalMs?: number;
  /** The time now, in milliseconds. */
  now?: () => number;
}

/**
 * The same items, with a bar that shows how far the loop is and how long it will take. Works with `for` and, over
 * what has it (a DataLoader), with `for await`.
 *
 * ```ts
 * const texts: string[] = []
 * for (const x of torch.utils.data.progress([1, 2], { write: (text) => texts.push(text), now: () => 0 })) void x
 * texts.at(-1) // → "\r100%|██████████████████████████████| 2/2 [00:00<00:00]\n"
 * ```
 */
export function progress<T>(
  items: Iterable<T> & Partial<AsyncIterable<T>> & Sized,
  options: ProgressOptions = {},
) {
  return {
    *[Symbol.iterator](): Generator<T, void, undefined> {
      const bar = new Bar(items, options);
      for (const item of items) {
        yield item;
        bar.step();
      }
      bar.end();
    },
    async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
      const bar = new Bar(items, options);
      for await (const item of items as AsyncIterable<T>) {
        yield item;
        bar.step();
      }
      bar.end();
    },
  };
}

class Bar {
  private count = 0;
  private shown = -Infinity;
  private readonly total: number | undefined;
  private readonly now: () => number;
  private readonly start: number;

  constructor(
    items: Sized,
    private readonly options: ProgressOptions,
  ) {
    this.total = options.total ?? items.length;
    this.now = options.now ?? (() => performance.now());
    this.start = this.now();
    this.show("");
  }

  step(): void {
    this.count++;
    if (this.now() - this.shown >= (this.options.intervalMs ?? 100)) this.show("");
  }

  end(): void {
    this.show("\n");
  }

  private show(after: string): void {
    const { count, total, start, options } = this;
    this.shown = this.now();
    const seconds = (this.shown - start) / 1000;
    const before = options.description ? `${options.description}: ` : "";
    const WIDTH = 30;
    const text =
      total === undefined
        ? `${before}${count} [${clock(seconds)}]`
        : `${before}${String(Math.floor((100 * count) / Math.max(total, 1))).padStart(3)}%|${"█".repeat(Math.min(WIDTH, Math.floor((WIDTH * count) / Math.max(total, 1)))).padEnd(WIDTH)}| ${count}/${total} [${clock(seconds)}<${count ? clock((seconds / count) * (total - count)) : "?"}]`;
    const write =
      options.write ?? ((words: string) => void globalThis.process?.stdout?.write(words));
    write(`\r${text}${after}`);
  }
}

function clock(seconds: number): string {
  const two = (n: number): string => String(Math.floor(n)).padStart(2, "0");
  return `${two(seconds / 60)}:${two(seconds % 60)}`;
}
