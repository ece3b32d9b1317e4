// A live widget whose browser module is one of front/. The modules' text goes to the page once, as a widget of its own that all
// others name: so a comm stays small, and so does a notebook into which the widgets' state is saved.

import { AnyWidget } from "../controls/any-widget.js";
import { frontLibrary } from "./front-library.js";

/** What every such widget brings to the page: it fetches the library, and lets the named module draw. */
const loader = `const shelf = (globalThis[Symbol.for("kernelbook.explorables")] ??= new Map());
async function load(text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try { return await import(address); } finally { URL.revokeObjectURL(address); }
}
export default {
  async render({ model, el }) {
    const library = await model.widget_manager.get_model(model.get("_library").slice("IPY_MODEL_".length));
    const hash = library.get("hash");
    if (!shelf.has(hash)) shelf.set(hash, load(library.get("text")));
    const { default: widgets, css } = await shelf.get(hash);
    const style = document.createElement("style");
    style.textContent = css;
    el.append(style);
    return widgets[model.get("_module")].render({ model, el });
  },
};`;

let library: AnyWidget<{ text: string; hash: string }> | undefined;

function sharedLibrary() {
  if (!library || library.closed) {
    library = new AnyWidget({
      esm: "export default {}",
      state: frontLibrary() as { text: string; hash: string },
    });
  }
  return library;
}

export class FrontWidget<State extends object> extends AnyWidget<State> {
  constructor(
    /** A file of front/ without its ending. */
    readonly module: string,
    state: State,
  ) {
    super({
      esm: loader,
      state: { ...state, _module: module, _library: sharedLibrary() } as State,
    });
  }
}
