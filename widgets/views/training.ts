// Watching a training: curves that grow, a bar that fills. By display updates, at most ten a second, so that nothing flickers
// and the last picture stays in the notebook.

import { displaySymbol, Figure, type Displayable } from "../bundle.js";
import { host } from "../host.js";
import { chartFigure } from "./charts.js";
import { kindOf } from "./tensor-maps.js";
import { short } from "../plot/statistics.js";
import type { Series } from "../plot/chart.js";

/** Milliseconds between two pictures. */
const pause = 100;

/** A place in the notebook's outputs whose content is replaced, not too often. */
class Place {
  readonly #id = globalThis.crypto.randomUUID();
  #shown = false;
  #last = -Infinity;

  /** @param now Milliseconds, from a clock that a test may replace. */
  constructor(readonly now: () => number = () => performance.now()) {}

  /** Puts a value there; skipped if the last one is younger than a tenth of a second, unless `force`. */
  put(make: () => Displayable, force = false): void {
    const kernel = host();
    const time = this.now();
    if (!kernel || (!force && time - this.#last < pause)) return;
    this.#last = time;
    const { data, metadata = {} } = make()[displaySymbol]() as Figure["bundle"];
    kernel.display({ data, metadata }, { displayId: this.#id, update: this.#shown });
    this.#shown = true;
  }
}

export interface TrainingChartOptions {
  title?: string;
  /** What the steps are. Default "epoch". */
  xLabel?: string;
  /** Logarithmic loss. Default false. */
  logY?: boolean;
  /** A clock in milliseconds. */
  now?: () => number;
}

/** Curves by name; `valLoss` is drawn dashed, in the colour of `loss`. */
export class TrainingChart implements Displayable {
  readonly #curves = new Map<string, { x: number[]; y: number[] }>();
  readonly #place: Place;
  #step = 0;

  constructor(private readonly options: TrainingChartOptions) {
    this.#place = new Place(options.now);
  }

  /** Adds a point to each curve: `chart.log({ loss, valLoss, accuracy })`. `step` counts by itself, from 1. */
  log(values: Readonly<Record<string, number>>, step?: number): void {
    this.#step = step ?? this.#step + 1;
    for (const [name, value] of Object.entries(values)) {
      if (typeof value !== "number") {
        throw new TypeError(
          `trainingChart: ${name} is a ${typeof value}, not a number: take it out with .item()`,
        );
      }
      const curve = this.#curves.get(name) ?? { x: [], y: [] };
      curve.x.push(this.#step);
      curve.y.push(value);
      this.#curves.set(name, curve);
    }
    this.#place.put(() => this.figure());
  }

  /** Draws the last picture, with all points. */
  done(): void {
    this.#place.put(() => this.figure(), true);
  }

  /** The numbers so far, by name. */
  get history(): Readonly<Record<string, readonly number[]>> {
    return Object.fromEntries([...this.#curves].map(([name, { y }]) => [name, y]));
  }

  figure(): Figure {
    const bases: string[] = [];
    const series = [...this.#curves].map(([name, { x, y }]): Series => {
      const base = baseOf(name);
      if (!bases.includes(base)) bases.push(base);
      return { name, x, y, dashed: base !== name, colour: bases.indexOf(base) };
    });
    const parts = [...this.#curves].map(([name, { y }]) => {
      const finite = y.filter(Number.isFinite);
      const bad = y.length - finite.length;
      return `${name} ${short(y.at(-1)!)} (least ${short(Math.min(...finite))}, greatest ${short(Math.max(...finite))}${bad ? `, ${bad} not finite` : ""})`;
    });
    const { title, xLabel = "epoch", logY } = this.options;
    return chartFigure(
      series,
      { title, xLabel, logY },
      `training, ${this.#step} ${xLabel}s: ${parts.join("; ") || "no points yet"}`,
    );
  }

  [displaySymbol](): Figure["bundle"] {
    return this.figure().bundle;
  }

  toString(): string {
    return this.figure().text;
  }
}

/**
 * Curves that grow while a model learns.
 *
 * ```ts
 * const chart = trainingChart()
 * chart.log({ loss: 2, valLoss: 2.5 })
 * chart.log({ loss: 1, valLoss: 1.5 })
 * chart.done()
 * chart.history.loss // → [2, 1]
 * ```
 */
export function trainingChart(options: TrainingChartOptions = {}): TrainingChart {
  return new TrainingChart(options);
}

/** valLoss, val_loss and validationLoss belong to loss. */
function baseOf(name: string): string {
  const rest = name.replace(/^(validation|val|test)_?(?=[A-Z_])/, "").replace(/^_/, "");
  return rest === name ? name : rest[0].toLowerCase() + rest.slice(1);
}

export interface ProgressOptions {
  /** How many there will be. Default: the iterable's length or size, if it has one. */
  total?: number;
  /** Written after the bar. */
  comment?: string;
  now?: () => number;
}

/**
 * Goes through an iterable (or an async one, by `for await`) behind a bar: share, count, time used and time left. The bar
 * is text, and stays in the notebook; it says so if the loop ended early.
 *
 * ```ts
 * let sum = 0
 * for (const i of progress([1, 2, 3])) sum += i
 * sum // → 6
 * ```
 */
export function progress<T>(items: Iterable<T>, options?: ProgressOptions): Iterable<T>;
export function progress<T>(items: AsyncIterable<T>, options?: ProgressOptions): AsyncIterable<T>;
export function progress<T>(
  items: Iterable<T> | AsyncIterable<T>,
  options: ProgressOptions = {},
): Iterable<T> | AsyncIterable<T> {
  const isAsync = Symbol.asyncIterator in Object(items);
  if (!isAsync && !(Symbol.iterator in Object(items))) {
    throw new TypeError(`progress: takes something to go through, got ${kindOf(items)}`);
  }
  return isAsync ? later(items as AsyncIterable<T>, options) : now(items as Iterable<T>, options);
}

function* now<T>(items: Iterable<T>, options: ProgressOptions): Generator<T> {
  const bar = new Bar(items, options);
  try {
    for (const item of items) {
      yield item;
      bar.step();
    }
    bar.finish();
  } finally {
    bar.end();
  }
}

async function* later<T>(items: AsyncIterable<T>, options: ProgressOptions): AsyncGenerator<T> {
  const bar = new Bar(items, options);
  try {
    for await (const item of items) {
      yield item;
      bar.step();
    }
    bar.finish();
  } finally {
    bar.end();
  }
}

/** @internal */
export class Bar {
  readonly #place: Place;
  readonly #total: number | undefined;
  readonly #comment: string;
  readonly #start: number;
  #count = 0;
  #finished = false;

  constructor(items: unknown, { total, comment = "", now }: ProgressOptions) {
    const { length, size } = items as { length?: number; size?: number };
    this.#place = new Place(now);
    this.#total = total ?? length ?? (typeof size === "number" ? size : undefined);
    this.#comment = comment;
    this.#start = this.#place.now();
    this.#place.put(() => this.#figure(), true);
  }

  step(): void {
    this.#count++;
    this.#place.put(() => this.#figure());
  }

  finish(): void {
    this.#finished = true;
  }

  end(): void {
    this.#place.put(() => this.#figure(true), true);
  }

  #figure(ended = false): Figure {
    const used = (this.#place.now() - this.#start) / 1000;
    const stopped = ended && !this.#finished ? "   stopped" : "";
    if (this.#total === undefined) {
      return textFigure(`${this.#count} [${clock(used)}] ${this.#comment}${stopped}`);
    }
    const share = this.#total === 0 ? 1 : Math.min(1, this.#count / this.#total);
    const width = 30;
    const full = Math.floor(share * width);
    const bar = "█".repeat(full) + "░".repeat(width - full);
    const left = this.#count > 0 ? (used / this.#count) * (this.#total - this.#count) : NaN;
    const times = `${clock(used)}<${Number.isFinite(left) ? clock(left) : "?"}`;
    return textFigure(
      `${String(Math.floor(100 * share)).padStart(3)} % ${bar} ${this.#count}/${this.#total} [${times}] ${this.#comment}${stopped}`,
    );
  }
}

const textFigure = (text: string) => new Figure({ data: { "text/plain": text.trimEnd() } });

/** Seconds as mm:ss. */
function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
}
