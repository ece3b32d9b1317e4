// People's own widgets: a state here, a browser module by anywidget's contract there.

import { kindOf } from "../views/tensor-maps.js";
import { Widget } from "../widget.js";
import { guardedModule } from "./guarded-module.js";

export interface AnyWidgetOptions<State> {
  /** The values that both sides share; binary ones (typed arrays) travel as they are. */
  state: State;
  /** The browser module's text: `export default { render({ model, el }) { … } }`. */
  esm: string;
  css?: string;
  /** A name for the style, so that it replaces its former self. */
  id?: string;
}

/** What anywidget's front end is asked for: its model has been the same since 0.9, and a page may have any of these. */
const version = "0.*";

/** A widget with a browser module of your own; see {@link anyWidget}. */
export class AnyWidget<State extends object> extends Widget {
  constructor(options: AnyWidgetOptions<State>) {
    const { state, esm, css = "", id = "kernelbook" } = checked(options);
    super({
      _model_module: "anywidget",
      _model_module_version: version,
      _model_name: "AnyModel",
      _view_module: "anywidget",
      _view_module_version: version,
      _view_name: "AnyView",
      _dom_classes: [],
      layout: null,
      tabbable: null,
      tooltip: null,
      _esm: guardedModule(esm),
      _css: css,
      _anywidget_id: id,
      ...state,
    });
  }

  /** A value of the state. */
  override get<K extends keyof State & string>(
    name: K | (string & {}),
  ): K extends keyof State ? State[K] : any {
    return super.get(name);
  }

  /** Calls `listener(value, old)` after every change of a value. */
  on<K extends keyof State & string>(
    name: K,
    listener: (value: State[K], old: State[K]) => void,
  ): () => void {
    return this.observe(name, listener);
  }

  override toString(): string {
    return "AnyWidget()";
  }
}

/**
 * A widget of one's own. What its module throws while it loads, in `initialize` or in `render`, is read in the widget's place.
 *
 * ```ts
 * const counter = anyWidget({
 *   state: { count: 1 },
 *   esm: `export default { render({ model, el }) {
 *     el.textContent = model.get("count")
 *   } }`,
 * })
 * counter.get("count") // → 1
 * ```
 *
 * @throws TypeError if `esm` is no text, or the state holds what a page cannot be told of (a function, a loop).
 * @see https://anywidget.dev/en/afm/
 */
export function anyWidget<State extends object>(
  options: AnyWidgetOptions<State>,
): AnyWidget<State> {
  return new AnyWidget(options);
}

function checked<State extends object>(options: AnyWidgetOptions<State>): AnyWidgetOptions<State> {
  if (typeof options?.esm !== "string") {
    throw new TypeError(
      `anyWidget: esm is the browser module's text, got ${options ? kindOf(options.esm) : "nothing at all"}`,
    );
  }
  for (const [name, value] of Object.entries(options.state ?? {})) requireShared(name, value, []);
  return options;
}

/** @throws TypeError if a page cannot be told of this value. */
function requireShared(path: string, value: unknown, above: readonly object[]): void {
  if (above.includes(value as object))
    throw new TypeError(`anyWidget: state.${path} holds itself, a page cannot be told of it`);
  if (typeof value === "function" || typeof value === "symbol" || typeof value === "bigint") {
    throw new TypeError(
      `anyWidget: state.${path} is a ${typeof value}: a page is told of numbers, texts, lists, objects and typed arrays`,
    );
  }
  const isNested = typeof value === "object" && value !== null;
  if (!isNested || value instanceof Widget || ArrayBuffer.isView(value)) return;
  for (const [key, part] of Object.entries(value))
    requireShared(`${path}.${key}`, part, [...above, value]);
}
