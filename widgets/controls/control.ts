// The base of the stock controls: names in camelCase here, the protocol's on the wire; layouts and styles from plain objects.

import { Widget } from "../widget.js";
import { wireName } from "../wire.js";

type Triple = readonly string[]; // module, version, name

export interface ControlSpec {
  readonly model: Triple;
  readonly view: Triple | null;
  /** By the protocol's names. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Widgets that belong to every instance: its layout, its style. */
  readonly references: Readonly<Record<string, string>>;
}

let specs: Readonly<Record<string, ControlSpec>> = {};

/** @internal */
export function registerSpecs(all: Readonly<Record<string, ControlSpec>>): void {
  specs = all;
}

/** @internal What the schema says of a control. */
export function specOf(name: string): ControlSpec {
  return specs[name];
}

export class Control<State> extends Widget {
  constructor(spec: ControlSpec, given: Record<string, unknown>) {
    super(initialState(spec, given));
    for (const name of Object.keys({ ...spec.defaults, ...spec.references })) this.#property(name);
  }

  /** Calls `listener(value, old)` after every change of one of the control's values: `slider.on("value", …)`. */
  on<K extends keyof State & string>(
    name: K,
    listener: (value: State[K], old: State[K]) => void,
  ): () => void {
    return this.observe(wireName(name), listener);
  }

  #property(name: string): void {
    const property = name.replace(/(?<=[a-z0-9])_([a-z])/g, (_, letter) => letter.toUpperCase());
    // a subclass may have its own idea of a value (a dropdown's is an option)
    if (property in this) return;
    Object.defineProperty(this, property, {
      get: () => this.get(name),
      set: (value: unknown) => this.set({ [name]: value }),
      enumerable: true,
    });
  }
}

function initialState(spec: ControlSpec, given: Record<string, unknown>): Record<string, unknown> {
  const state = { ...nameState(spec), ...structuredClone(spec.defaults) } as Record<
    string,
    unknown
  >;
  const wire = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [wireName(name), value]),
  );
  for (const name of Object.keys(wire)) {
    if (!(name in state) && !(name in spec.references) && name !== "value") {
      const known = [...Object.keys(spec.defaults), ...Object.keys(spec.references)];
      throw new TypeError(
        `${spec.model[2].replace(/Model$/, "")}: there is no option "${name}"; there are ${known.filter((k) => !k.startsWith("_")).join(", ")}`,
      );
    }
  }
  for (const [name, kind] of Object.entries(spec.references)) {
    const value = wire[name] ?? {};
    wire[name] =
      value instanceof Widget ? value : new Control(specs[kind], value as Record<string, unknown>);
  }
  return { ...state, ...wire };
}

function nameState({ model, view }: ControlSpec): Record<string, unknown> {
  const [viewModule, viewVersion, viewName] = view ?? [model[0], model[1], null];
  return {
    _model_module: model[0],
    _model_module_version: model[1],
    _model_name: model[2],
    _view_module: viewModule,
    _view_module_version: viewVersion,
    _view_name: viewName,
  };
}
