// Starts Jupyter Notebook 7 in the browser, as its own app/index.js does, with the plugins of
// plugins.json, the widget manager, and the renderers that lie beside this file.
import "kernelbook-web/styles";
import "./page.css";
import { PageConfig } from "@jupyterlab/coreutils";
import { IServiceManager } from "@jupyterlab/services";
import { NotebookApp } from "@jupyter-notebook/application";
import { PluginRegistry } from "@lumino/coreutils";
import * as widgetManager from "@jupyter-widgets/jupyterlab-manager";
import { mimeExtensions, pages, pluginTable } from "kernelbook-web/plugins";
import { anywidgetPlugin } from "./anywidget.js";
import { explorableRenderer } from "./explorable.js";
import { plotlyRenderer } from "./plotly.js";
import { recoverPlugin } from "./recover.js";
import { referencePlugin } from "./reference.js";

/** A module's plugins as a list: JupyterLab packages export one, or many, or a CommonJS default. */
function pluginsOf(module) {
  const found = module.default ?? module;
  return (Array.isArray(found) ? found : [found]).filter((plugin) => plugin?.id);
}

async function start() {
  const page = "/" + PageConfig.getOption("notebookPage");
  const listed = await Promise.all(
    [pages["/"](), pages[page]?.() ?? []].flat().map(async (entry) => {
      const plugins = pluginsOf(await entry.module);
      return entry.only ? plugins.filter((plugin) => entry.only.includes(plugin.id)) : plugins;
    }),
  );
  const plugins = [
    ...listed.flat(),
    ...pluginsOf(widgetManager),
    anywidgetPlugin,
    recoverPlugin,
    referencePlugin,
  ].filter((plugin) => !PageConfig.Extension.isDisabled(plugin.id));
  // The list of plugins that the settings editor shows as present.
  PageConfig.setOption("allPlugins", JSON.stringify(pluginTable));

  const pluginRegistry = new PluginRegistry();
  pluginRegistry.registerPlugins(plugins);
  const app = new NotebookApp({
    pluginRegistry,
    serviceManager: await pluginRegistry.resolveRequiredService(IServiceManager),
    // Lists, not modules: JupyterLab calls module.hasOwnProperty, which a namespace object lacks.
    mimeExtensions: [
      ...(await Promise.all(mimeExtensions())).map((module) => [module.default ?? module].flat()),
      [plotlyRenderer],
      [explorableRenderer],
    ],
    availablePlugins: plugins.map(describe),
  });
  if (PageConfig.getOption("exposeAppInBrowser") === "true") window.jupyterapp = app;
  await app.start();
}

function describe({ id, description, requires = [], optional = [], provides = null, autoStart }) {
  return {
    id,
    description,
    requires,
    optional,
    provides,
    autoStart,
    enabled: true,
    extension: null,
  };
}

void start();
