// Controls that choose among options. The protocol knows labels and an index; here they have options and a value.

import { Control, specOf } from "./control.js";
import "./generated.js";

/** A list of values, or an object from labels to values. */
export type Options<T> = readonly T[] | Readonly<Record<string, T>>;

export interface SelectionState<T> {
  options: Options<T>;
  /** One of the options. Default: the first. */
  value?: T;
  description?: string;
  disabled?: boolean;
  layout?: Record<string, unknown>;
  style?: Record<string, unknown>;
}

/** What chooses one of several values. */
export class Selection<T> extends Control<{ value: T; description: string; disabled: boolean }> {
  readonly options: readonly T[];

  /** @param name Which of Jupyter's controls. */
  constructor(name: string, { options, value, ...state }: SelectionState<T>) {
    const labels = Array.isArray(options) ? options.map(String) : Object.keys(options);
    const values = (Array.isArray(options) ? options : Object.values(options)) as T[];
    const index = value === undefined ? 0 : values.indexOf(value);
    if (labels.length === 0) throw new RangeError(`${name}: needs at least one option`);
    if (index < 0) throw unknownOption(name, value, values);
    super(specOf(name), { ...state, index, _options_labels: labels });
    this.options = values;
  }

  get value(): T {
    return this.options[this.get("index") as number];
  }

  set value(value: T) {
    const index = this.options.indexOf(value);
    if (index < 0) throw unknownOption(this.toString(), value, this.options);
    this.set({ index });
  }

  override on(
    name: "value" | "description" | "disabled",
    listener: (value: any, old: any) => void,
  ) {
    if (name !== "value") return super.on(name, listener);
    return this.observe("index", (index: number, old: number) =>
      listener(this.options[index], this.options[old]),
    );
  }
}

function unknownOption(name: string, value: unknown, options: readonly unknown[]): RangeError {
  return new RangeError(`${name}: ${String(value)} is none of the options ${options.join(", ")}`);
}

/** One of several values, from a list that folds out. */
export class Dropdown<T = unknown> extends Selection<T> {
  constructor(state: SelectionState<T>) {
    super("Dropdown", state);
  }
}

/** One of several values, all in sight. */
export class RadioButtons<T = unknown> extends Selection<T> {
  constructor(state: SelectionState<T>) {
    super("RadioButtons", state);
  }
}

/** One of several values, from a list with a scroll bar. */
export class Select<T = unknown> extends Selection<T> {
  constructor(state: SelectionState<T>) {
    super("Select", state);
  }
}

/** One of several values in order, along a slider. */
export class SelectionSlider<T = unknown> extends Selection<T> {
  constructor(state: SelectionState<T>) {
    super("SelectionSlider", state);
  }
}

/** One of several values, each a button. */
export class ToggleButtons<T = unknown> extends Selection<T> {
  constructor(state: SelectionState<T>) {
    super("ToggleButtons", state);
  }
}

export interface MultipleState<T> extends Omit<SelectionState<T>, "value"> {
  /** The chosen options. */
  value?: readonly T[];
}

/** Choices of several options. */
export class Selections<T> extends Control<{
  value: readonly T[];
  description: string;
  disabled: boolean;
}> {
  readonly options: readonly T[];

  /** @param least How many are chosen where no value is given: none, or the first twice (a range). */
  constructor(name: string, { options, value, ...state }: MultipleState<T>, least: 0 | 2) {
    const labels = Array.isArray(options) ? options.map(String) : Object.keys(options);
    const values = (Array.isArray(options) ? options : Object.values(options)) as T[];
    if (labels.length === 0) throw new RangeError(`${name}: needs at least one option`);
    const index = value ? placesOf(name, value, values) : Array<number>(least).fill(0);
    super(specOf(name), { ...state, index, _options_labels: labels });
    this.options = values;
  }

  get value(): readonly T[] {
    return (this.get("index") as number[]).map((i) => this.options[i]);
  }

  set value(value: readonly T[]) {
    this.set({ index: placesOf(this.toString(), value, this.options) });
  }

  override on(
    name: "value" | "description" | "disabled",
    listener: (value: any, old: any) => void,
  ) {
    if (name !== "value") return super.on(name, listener);
    const optionsAt = (index: number[]) => index.map((i) => this.options[i]);
    return this.observe("index", (index: number[], old: number[]) =>
      listener(optionsAt(index), optionsAt(old)),
    );
  }
}

function placesOf<T>(name: string, chosen: readonly T[], options: readonly T[]): number[] {
  return chosen.map((value) => {
    const index = options.indexOf(value);
    if (index < 0) throw unknownOption(name, value, options);
    return index;
  });
}

/** Any number of the options: `value` is the list of them. */
export class SelectMultiple<T = unknown> extends Selections<T> {
  constructor(state: MultipleState<T>) {
    super("SelectMultiple", state, 0);
  }
}

/** From one option to another: `value` is both. */
export class SelectionRangeSlider<T = unknown> extends Selections<T> {
  constructor(state: MultipleState<T>) {
    super("SelectionRangeSlider", state, 2);
  }
}
