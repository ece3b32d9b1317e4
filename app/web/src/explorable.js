// Explorables in our page, without a kernel: as an output, and in the place of a live widget whose model is not there.
import { PageConfig } from "@jupyterlab/coreutils";
import { Widget } from "@lumino/widgets";
import { mountExplorable } from "./explorable-mount.js";
import { explorableExtension, mayRun, mimeType, picture } from "./explorable-renderer.js";

let library;
const loadLibrary = () =>
  (library ??= import(
    /* webpackIgnore: true */ `${PageConfig.getBaseUrl()}static/notebook/export/explorables.js`
  ));

export const explorableRenderer = explorableExtension(Widget, loadLibrary);

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
