// The same renderer for JupyterLab and pip's Notebook 7, as a prebuilt extension that `kernelbook install` puts beside the kernelspec:
// so outputs can be hovered over there, and explorables live without a kernel. Written as webpack's module federation would.
// https://jupyterlab.readthedocs.io/en/stable/extension/extension_dev.html#deriving-a-labextension
(() => {
  const here = document.currentScript.src;
  let shared;
  (globalThis._JUPYTERLAB ??= {}).kernelbook = {
    init(modules) {
      shared = modules;
    },
    async get() {
      const beside = (name) => import(new URL(name, here));
      const { explorableExtension } = await beside("./explorable-renderer.js");
      const [{ get }] = Object.values(shared["@lumino/widgets"]);
      const { Widget } = (await get())();
      let library;
      const loadLibrary = () => (library ??= beside("./explorables.js"));
      const extension = explorableExtension(Widget, loadLibrary);
      return () => ({ __esModule: true, default: extension });
    },
  };
})();
