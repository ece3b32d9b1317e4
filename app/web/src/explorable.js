// Draws application/vnd.kernelbook.explorable+json: an explorable that lives without a kernel.
// The output holds the browser module itself (`esm`), its style, and the state that it starts from.
import { Widget } from "@lumino/widgets";
import { mountExplorable } from "./explorable-mount.js";

const mimeType = "application/vnd.kernelbook.explorable+json";

class RenderedExplorable extends Widget {
  async renderModel(model) {
    this.addClass("jp-RenderedExplorable");
    this.cleanup?.();
    this.cleanup = await mountExplorable(this.node, model.data[mimeType]);
  }

  dispose() {
    if (this.isDisposed) return;
    this.cleanup?.();
    super.dispose();
  }
}

export const explorableRenderer = {
  id: "kernelbook-explorable:factory",
  // Runs code, so only for notebooks that the learner trusts.
  rendererFactory: {
    safe: false,
    mimeTypes: [mimeType],
    createRenderer: () => new RenderedExplorable(),
  },
  rank: 0,
  dataType: "json",
};
