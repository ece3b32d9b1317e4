// The mime renderer of application/vnd.kernelbook.explorable+json, for our page (explorable.js) and JupyterLab (labextension.js):
// an output that names one of kernelbook's browser modules, and holds the state that it starts from.
import { mountExplorable } from "./explorable-mount.js";

export const mimeType = "application/vnd.kernelbook.explorable+json";

/** A named module is our own code; a module that the notebook brings runs only if the learner trusts the notebook. */
export const mayRun = (model) => model.trusted || !model.data[mimeType]?.esm;

/** The still picture of an output, if it has one. */
export function picture({ data }) {
  const base64 = data["image/png"];
  const alt = data["text/plain"] ?? "";
  return base64 && Object.assign(new Image(), { src: `data:image/png;base64,${base64}`, alt });
}

/** `Widget` is the page's own class of @lumino/widgets; `loadLibrary()` gives kernelbook's modules. */
export function explorableExtension(Widget, loadLibrary) {
  class RenderedExplorable extends Widget {
    async renderModel(model) {
      this.addClass("jp-RenderedExplorable");
      this.cleanup?.();
      this.cleanup = undefined;
      if (!mayRun(model)) return void this.node.replaceChildren(picture(model) ?? "");
      this.cleanup = await mountExplorable(this.node, model.data[mimeType], loadLibrary);
    }

    dispose() {
      if (this.isDisposed) return;
      this.cleanup?.();
      super.dispose();
    }
  }
  return {
    id: "kernelbook-explorable:factory",
    rendererFactory: {
      safe: true, // see mayRun
      mimeTypes: [mimeType],
      createRenderer: () => new RenderedExplorable(),
    },
    rank: 0,
    dataType: "json",
  };
}
