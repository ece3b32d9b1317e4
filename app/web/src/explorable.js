// Draws application/vnd.kernelbook.explorable+json: an explorable that lives without a kernel.
// The output names one of kernelbook's browser modules, which the server has, and holds the state that it starts from.
import { PageConfig } from "@jupyterlab/coreutils";
import { Widget } from "@lumino/widgets";
import { mountExplorable } from "./explorable-mount.js";

const mimeType = "application/vnd.kernelbook.explorable+json";

let library;
const loadLibrary = () =>
  (library ??= import(
    /* webpackIgnore: true */ `${PageConfig.getBaseUrl()}static/notebook/export/explorables.js`
  ));

/** A named module is our own code; a module that the notebook brings runs only if the learner trusts the notebook. */
const mayRun = (model) => model.trusted || !model.data[mimeType]?.esm;

/** The still picture of an output, if it has one. */
function picture({ data }) {
  const base64 = data["image/png"];
  const alt = data["text/plain"] ?? "";
  return base64 && Object.assign(new Image(), { src: `data:image/png;base64,${base64}`, alt });
}

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

export const explorableRenderer = {
  id: "kernelbook-explorable:factory",
  rendererFactory: {
    safe: true, // see mayRun
    mimeTypes: [mimeType],
    createRenderer: () => new RenderedExplorable(),
  },
  rank: 0,
  dataType: "json",
};

/**
 * In the place of a live widget whose model is not (or not yet) there: the explorable without its kernel,
 * or the picture. Gives false if the output has neither. A null `model` takes it away again.
 */
export function showInstead(host, model) {
  if (host.standIn?.model === model && model) return true;
  host.standIn?.cleanup?.();
  host.standIn = undefined;
  if (!model) return false;

  const payload = mayRun(model) && model.data[mimeType];
  const still = picture(model);
  if (!payload && !still) return false;
  host.standIn = { model };
  const element = document.createElement("div");
  host.node.replaceChildren(element);
  if (payload) {
    void mountExplorable(element, payload, loadLibrary).then((cleanup) => {
      if (host.standIn?.model === model) host.standIn.cleanup = cleanup;
      else cleanup();
    });
  } else element.append(still);
  return true;
}
