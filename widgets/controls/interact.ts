// interact(f, { name: values }): controls for a function's arguments, and its result below them.

import { Figure, type MimeBundle } from "../bundle.js";
import { FrontWidget } from "../explore/front-widget.js";
import { runsOf } from "../plot/runs.js";
import { figureOf } from "../views/show.js";
import { kindOf } from "../views/tensor-maps.js";
import { Widget } from "../widget.js";
import type { Control } from "./control.js";
import { Checkbox, FloatSlider, IntSlider, Text, VBox } from "./generated.js";
import { Dropdown } from "./selection.js";

/**
 * How an argument is abbreviated: `true` a checkbox; `3` a slider from −3 to 9; `[1, 7]` and `[1, 7, 2]` a slider
 * (least, greatest, step); `["zeros", "reflect"]` or `{ label: value }` a choice; `"text"` a text field; or a control.
 */
export type Abbreviation =
  | number
  | boolean
  | string
  | readonly number[]
  | readonly string[]
  | Readonly<Record<string, unknown>>
  | Widget;

type ValueOf<A> = A extends Widget & { value: infer V }
  ? V
  : A extends boolean
    ? boolean
    : A extends number | readonly number[]
      ? number
      : A extends string
        ? string
        : A extends readonly (infer T)[]
          ? T
          : A extends Readonly<Record<string, infer T>>
            ? T
            : never;

export type Arguments<A> = { [K in keyof A]: ValueOf<A[K]> };

/**
 * Calls `f` with the controls' values, now and after every change, and shows what it gives. If changes come faster than
 * `f` is, only the last one counts; the old picture stays until the new one is there. `f` may be async. What it prints after
 * the first call is in the page's log.
 *
 * ```ts
 * const scene = interact(({ kernel }) => kernel + 1, { kernel: [1, 7, 2] })
 * scene.values.kernel // → 3
 * ```
 *
 * @throws TypeError if an abbreviation is none.
 */
export function interact<const A extends Record<string, Abbreviation>>(
  f: (values: Arguments<A>) => unknown,
  abbreviations: A,
): Interactive<A> {
  return new Interactive(f, abbreviations);
}

/** Controls above, what the function makes of them below; see {@link interact}. */
export class Interactive<A extends Record<string, Abbreviation>> extends VBox {
  readonly controls: { readonly [K in keyof A]: Control<any> & { value: any } };
  readonly #f: (values: Arguments<A>) => unknown;
  readonly #frame: FrontWidget<FrameState>;
  #figure = new Figure({ data: {} });
  #wanted = 0;
  #running: Promise<void> | null = null;

  constructor(f: (values: Arguments<A>) => unknown, abbreviations: A) {
    if (typeof f !== "function")
      throw new TypeError(`interact: takes a function and its controls, got ${kindOf(f)}`);
    const controls = Object.fromEntries(
      Object.entries(abbreviations).map(([name, one]) => [name, controlFor(name, one)]),
    );
    const frame = new FrontWidget<FrameState>("frame", {
      ...noPicture,
      text: "",
      width: 0,
      alt: "",
    });
    super({ children: [...Object.values(controls), frame] });
    this.controls = controls as typeof this.controls;
    this.#f = f;
    this.#frame = frame;
    for (const control of Object.values(controls)) {
      (control as Control<any>).on("value", () => void this.update());
    }
    void this.update();
  }

  /** The controls' values as they are now. */
  get values(): Arguments<A> {
    return Object.fromEntries(
      Object.entries(this.controls).map(([name, control]) => [name, control.value]),
    ) as Arguments<A>;
  }

  /** Runs the function with the present values; done when the picture is of the last ones. */
  update(): Promise<void> {
    this.#wanted++;
    this.#running ??= this.#run().finally(() => (this.#running = null));
    return this.#running;
  }

  async #run(): Promise<void> {
    let done = 0;
    while (done !== this.#wanted) {
      done = this.#wanted;
      try {
        const result = this.#f(this.values);
        const given = result instanceof Promise ? await result : result;
        this.#paint(given === undefined ? nothingGiven : figureOf(given));
      } catch (error) {
        // shown where the picture would be: the next value may be a good one
        this.#paint(new Figure({ data: { "text/plain": String(error) } }));
      }
      // a turn for messages that have come in meanwhile: only the last value counts
      await new Promise((go) => setImmediate(go));
    }
  }

  #paint(figure: Figure): void {
    this.#figure = figure;
    const size = (figure.bundle.metadata?.["image/png"] ?? {}) as { width?: number; alt?: string };
    const runs = figure.pixels && runsOf(figure.pixels);
    const png = runs ? null : (figure.png ?? null);
    this.#frame.set({
      ...noPicture,
      ...runs,
      png,
      text: runs || png ? "" : figure.text,
      width: size.width ?? 0,
      alt: size.alt ?? "",
    });
    this.#frame.flush(); // before the echo of the slider's move, which has time
  }

  protected override still(): Record<string, unknown> {
    const png = this.#figure.bundle.data["image/png"];
    const values = JSON.stringify(this.values);
    return {
      ...(png ? { "image/png": png } : {}),
      "text/plain": `interact ${values}\n${this.#figure.text}`,
    };
  }

  protected override stillMetadata(): MimeBundle["metadata"] & {} {
    return this.#figure.bundle.metadata ?? {};
  }
}

/** front/frame.js shows the runs, else the PNG, else the text. */
interface FrameState {
  size: readonly [width: number, height: number] | null;
  palette: Uint8Array | null;
  runs: Uint8Array | null;
  png: Uint8Array | null;
  text: string;
  width: number;
  alt: string;
}

const nothingGiven = new Figure({
  data: { "text/plain": "the function returned nothing: what it returns is shown here" },
});
const noPicture = { size: null, palette: null, runs: null, png: null };

function controlFor(description: string, one: Abbreviation): Widget {
  if (one instanceof Widget) return one;
  if (typeof one === "boolean") return new Checkbox({ description, value: one });
  if (typeof one === "string") return new Text({ description, value: one });
  if (typeof one === "number" && Number.isFinite(one)) {
    const [min, max] = one === 0 ? [0, 1] : one > 0 ? [-one, 3 * one] : [3 * one, -one]; // as ipywidgets
    return slider(description, min, max, Number.isInteger(one) ? 1 : (max - min) / 100, one);
  }
  if (Array.isArray(one)) {
    const numbers = one as readonly number[];
    if (numbers.every((value) => typeof value === "number") && [2, 3].includes(numbers.length)) {
      const [min, max, step] = numbers;
      if (!(min <= max) || step <= 0 || !numbers.every(Number.isFinite)) {
        throw new RangeError(
          `interact: ${description}: [${numbers.join(", ")}] must be [least, greatest, step], with a step above 0`,
        );
      }
      const whole = numbers.every(Number.isInteger);
      const by = step ?? (whole ? 1 : (max - min) / 100);
      return slider(description, min, max, by, min + by * Math.floor((max - min) / by / 2));
    }
    return new Dropdown({ description, options: one as readonly unknown[] });
  }
  if (typeof one === "object" && one !== null) {
    return new Dropdown({ description, options: one as Record<string, unknown> });
  }
  throw new TypeError(
    `interact: ${description}: ${String(one)} is no abbreviation: give a number, [min, max, step], a list, true or false, a text, or a control`,
  );
}

function slider(
  description: string,
  min: number,
  max: number,
  step: number,
  value: number,
): Widget {
  const whole = [min, max, step, value].every(Number.isInteger);
  return new (whole ? IntSlider : FloatSlider)({ description, min, max, step, value });
}
