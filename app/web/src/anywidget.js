// anywidget for this page. Its npm package holds only an AMD module, define(["@jupyter-widgets/base"],
// factory), which build/anywidget-loader.cjs turns into an ES module; the plugin that registers it
// is in the Python wheel only, so here it is again.
import * as base from "@jupyter-widgets/base";
import createAnywidget from "anywidget";

// A kernel names the version that it speaks (`~0.9.*` and so on); the model has not changed since.
const versions = ["0.9.0", "0.10.0", "0.11.0"];

export const anywidgetPlugin = {
  id: "anywidget:plugin",
  requires: [base.IJupyterWidgetRegistry],
  autoStart: true,
  activate(_app, registry) {
    const exports = createAnywidget(base);
    for (const version of versions)
      registry.registerWidget({ name: "anywidget", version, exports });
  },
};
