// People's own widgets: a state here, a browser module by anywidget's contract there.

import { Widget } from "../widget.js";

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
  constructor({ state, esm, css = "", id = "kernelbook" }: AnyWidgetOptions<State>) {
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
      _esm: esm,
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
 * A widget of one's own.
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
 * @see https://anywidget.dev/en/afm/
 */
export function anyWidget<State extends object>(
  options: AnyWidgetOptions<State>,
): AnyWidget<State> {
  return new AnyWidget(options);
}
