// Small repairs of packages that we bundle: file → [what stands there, what shall stand there].
// The build stops where a text is no longer found.
module.exports = {
  // Its last statement is define(["@jupyter-widgets/base"], factory): make the factory the default export.
  "anywidget/dist/index.js": [
    [/define\(\["@jupyter-widgets\/base"\],\s*([\w$]+)\);?\s*$/, "export default $1;"],
  ],
  // Settings of other plugins may arrive before the shortcuts' own: an uncaught error on some loads.
  "@jupyterlab/shortcuts-extension/lib/index.js": [
    [
      "const schema = registry.plugins[shortcuts.id].schema;",
      "const schema = registry.plugins[shortcuts.id]?.schema; if (!schema) return;",
    ],
  ],
  // No learner's setting: only defaults, no compiling of schemas. See src/setting-defaults.js.
  "@jupyterlab/settingregistry/lib/settingregistry.js": [
    [/^/, 'import { withDefaults } from "kernelbook-web-src/setting-defaults.js";\n'],
    [
      "const validate = this._validator.getSchema(plugin.id);",
      `if (plugin.raw.trim() === "{}" && plugin.schema.type === "object") {
        if (populate) plugin.data = { composite: withDefaults({}, plugin.schema), user: {} };
        return null;
      }
      const validate = this._validator.getSchema(plugin.id);`,
    ],
  ],
  // A cell that is run while the kernel is still being started waits for it. See src/kernel-wait.js.
  "@jupyterlab/notebook/lib/cellexecutor.js": [
    [/^/, 'import { untilKernel } from "kernelbook-web-src/kernel-wait.js";\n'],
    [
      "if (sessionContext.isTerminating) {",
      `const kernel = untilKernel(sessionContext);
                if (kernel) {
                    cell.model.executionState = "running";
                    await kernel;
                    cell.model.executionState = "idle";
                }
                if (sessionContext.isTerminating) {`,
    ],
  ],
  // As it is documented: no shortcuts below an element that suppresses them, also where the focused element itself matches.
  "@lumino/commands/dist/index.es6.js": [
    [
      "let targ = event.target;\n        let curr = event.currentTarget;",
      `let targ = event.target;
        let curr = event.currentTarget;
        if (targ?.closest?.("[data-lm-suppress-shortcuts]")) return -1;`,
    ],
  ],
  // A widget whose kernel is gone: show its kernel-less form or its picture. See src/explorable.js.
  "@jupyter-widgets/jupyterlab-manager/lib/renderer.js": [
    [/^/, 'import { showInstead } from "kernelbook-web-src/explorable.js";\n'],
    [
      "this.node.textContent = 'Loading widget...';",
      "if (!showInstead(this, model)) this.node.textContent = 'Loading widget...';",
    ],
    [
      "this.node.textContent = 'Error displaying widget: model not found';",
      "if (showInstead(this, model)) return;\nthis.node.textContent = 'This widget needs its kernel: run the cell again.';",
    ],
    ["                console.error(err);\n                return;", "                return;"],
    [
      "this.node.textContent = '';\n        this.addWidget",
      // keys belong to the widget that has the focus: the notebook's shortcut for → would keep sliders from moving
      "showInstead(this, null);\n        this.node.dataset.lmSuppressShortcuts = 'true';\n        this.node.textContent = '';\n        this.addWidget",
    ],
  ],
};
