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
