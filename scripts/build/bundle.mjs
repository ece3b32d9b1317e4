// One file for each entry that learners import, so that `import "kernelbook"` opens one file and not 240: loading them
// takes most of the time of starting a cell. The modules stay beside it, for the tests and for who wants to read them.
//
// Every class must be there once: the widgets' bundle imports the library's bundle and holds nothing of lib itself.
// dist/package.json lets what lies in dist (tests) import "kernelbook" as modules.
import { rspack } from "@rspack/core";
import fs from "node:fs";
import path from "node:path";

const dist = path.resolve("dist");
/** Beside team-worker.js, and one folder below front/: both are found by import.meta.url. */
const bundles = { lib: "lib/compute/bundle.js", widgets: "widgets/bundle/index.js" };

export async function bundleEntries() {
  await bundle("lib/index.js", bundles.lib);
  await bundle("widgets/index.js", bundles.widgets, `../../${bundles.lib}`);
  const inside = {
    name: "kernelbook",
    type: "module",
    exports: {
      ".": "./lib/index.js",
      "./widgets": "./widgets/index.js",
      "./kernel": "./kernel/index.js",
    },
  };
  fs.writeFileSync(path.join(dist, "package.json"), `${JSON.stringify(inside, null, 2)}\n`);
}

/** @param lib where the bundle finds the library, if it is not to hold it */
function bundle(entry, output, lib) {
  const libFolder = path.join(dist, "lib") + path.sep;
  const externals = ({ context, request }, answer) => {
    const isRelative = request.startsWith(".");
    if (!isRelative && !path.isAbsolute(request) && request !== "kernelbook")
      return answer(null, request, "module");
    const file = isRelative ? path.resolve(context, request) : request;
    if (lib && (request === "kernelbook" || file.startsWith(libFolder)))
      return answer(null, lib, "module");
    answer();
  };
  const options = {
    mode: "production",
    target: ["es2022"],
    context: dist,
    entry: path.join(dist, entry),
    externals: [externals],
    devtool: "source-map",
    experiments: { outputModule: true },
    output: {
      path: path.dirname(path.join(dist, output)),
      filename: path.basename(output),
      library: { type: "module" },
      module: true,
    },
    module: {
      // import.meta.url and import(name) are left as they are written
      parser: {
        javascript: { url: false, importMeta: false, worker: false, importDynamic: false },
      },
      rules: [{ test: /\.js$/, extractSourceMap: true }],
    },
    // Comments go (they take a third of the time to read); names and lines stay, errors show them. In one scope
    // (concatenateModules) functions of one name would be renamed: torch.relu.name would be "activations_relu".
    optimization: {
      concatenateModules: false,
      mangleExports: false,
      minimize: true,
      minimizer: [
        new rspack.SwcJsMinimizerRspackPlugin({
          extractComments: false,
          minimizerOptions: {
            ...{ compress: false, mangle: false, minify: false },
            format: { comments: false, beautify: true },
          },
        }),
      ],
    },
    performance: false,
  };
  return new Promise((resolve, reject) => {
    rspack(options, (error, stats) => {
      if (error) return reject(error);
      if (stats.hasErrors()) return reject(new Error(stats.toString({ preset: "errors-only" })));
      resolve();
    });
  });
}
