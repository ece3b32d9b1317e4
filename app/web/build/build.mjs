// Builds the notebook page into dist/web: the bundle, the themes, the setting schemas, compressed copies.
import fs from "node:fs";
import path from "node:path";
import { rspack } from "@rspack/core";
import { compressBelow } from "./compress.mjs";
import { collectSchemas, generateModules, themeEntries } from "./generate.mjs";
import { configurations } from "./rspack.config.mjs";

/** `onProgress` hears how far it is, from 0 to 1, and what it is doing. */
export async function buildWeb(onProgress = () => {}) {
  const output = path.resolve("dist/web");
  const generated = path.resolve(".cache/web");
  fs.rmSync(output, { recursive: true, force: true });
  generateModules(generated);

  const stats = await bundle(
    configurations({
      generated,
      output,
      themes: themeEntries(),
      onProgress: (part, message) => onProgress(part * 0.9, message),
    }),
  );
  fs.rmSync(path.join(output, "themes/.empty"), { recursive: true, force: true });
  collectSchemas(path.join(output, "schemas.json"));
  fs.cpSync("app/web/static", path.join(output, "static"), { recursive: true });
  copyForExport(path.join(output, "export"));
  onProgress(0.92, "compressing");
  await compressBelow(output);
  writeLabExtension(path.join(output, "labextension"));
  writeManifest(stats, path.join(output, "manifest.json")); // last: its presence says that all is there
}

function bundle(configuration) {
  return new Promise((resolve, reject) => {
    rspack(configuration, (error, stats) => {
      if (error) return reject(error);
      if (stats.hasErrors()) {
        return reject(new Error(stats.toString({ all: false, errors: true, errorDetails: true })));
      }
      resolve(stats);
    });
  });
}

/** What the server's page must load: { scripts: [...], styles: [...] }. */
function writeManifest(stats, file) {
  const page = stats.stats
    .find(({ compilation }) => compilation.name === "page")
    .toJson({ all: false, entrypoints: true });
  const files = page.entrypoints.main.assets.map(({ name }) => name);
  fs.writeFileSync(
    file,
    JSON.stringify({
      scripts: files.filter((name) => name.endsWith(".js")),
      styles: files.filter((name) => name.endsWith(".css")),
    }),
  );
}

/** What an exported notebook takes along; the page itself loads explorables.js from here. */
function copyForExport(folder) {
  fs.mkdirSync(folder, { recursive: true });
  fs.copyFileSync("app/web/src/explorable-mount.js", path.join(folder, "explorable-mount.js"));
  fs.copyFileSync("dist/widgets/explorables.js", path.join(folder, "explorables.js"));
  fs.copyFileSync(
    "node_modules/plotly.js-cartesian-dist-min/plotly-cartesian.min.js",
    path.join(folder, "plotly.js"),
  );
}

/** The folder that `kernelbook install` copies into Jupyter's `labextensions`. */
function writeLabExtension(folder) {
  const files = {
    "remoteEntry.js": "app/web/src/labextension.js",
    "explorable-renderer.js": "app/web/src/explorable-renderer.js",
    "explorable-mount.js": "app/web/src/explorable-mount.js",
    "explorables.js": "dist/widgets/explorables.js",
  };
  fs.mkdirSync(path.join(folder, "static"), { recursive: true });
  for (const [name, source] of Object.entries(files))
    fs.copyFileSync(source, path.join(folder, "static", name));
  const { name, version, description, license } = JSON.parse(
    fs.readFileSync("package.json", "utf8"),
  );
  const load = "static/remoteEntry.js";
  const jupyterlab = { _build: { load, mimeExtension: "./mimeExtension" } };
  const about = { name, version, description, license, jupyterlab };
  fs.writeFileSync(path.join(folder, "package.json"), JSON.stringify(about, null, 2));
}
