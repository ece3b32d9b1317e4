// One file for each entry that learners import, so that `import "kernelbook"` opens one file and not 300: loading them
// takes most of the time of starting a cell. The modules stay beside it, for the tests and for who wants to read them.
// The library's file holds the small packages that it uses as well; their licences lie beside it.
//
// All modules are put into one scope (bench/import.mjs: 51 ms of CPU instead of 97 with a function around each).
// Every class must be there once: the widgets' bundle imports the library's bundle and holds nothing of lib itself.
// dist/package.json lets what lies in dist (tests) import "kernelbook" as modules.
import { rspack } from "@rspack/core";
import fs from "node:fs";
import path from "node:path";

const dist = path.resolve("dist");
/** Beside team-worker.js, and one folder below front/: both are found by import.meta.url. */
const bundles = { lib: "lib/compute/bundle.js", widgets: "widgets/bundle/index.js" };

/** What lib imports of others, and what those import. */
const packed = ["fflate", "ndarray", "iota-array", "is-buffer", "pickleparser"];

export async function bundleEntries() {
  await bundle("lib/index.js", bundles.lib);
  await bundle("widgets/index.js", bundles.widgets, `../../${bundles.lib}`);
  for (const file of Object.values(bundles)) giveNamesBack(path.join(dist, file));
  writeLicences(path.join(dist, `${bundles.lib}.licences.txt`));
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
    const isOther = !isRelative && !path.isAbsolute(request) && request !== "kernelbook";
    if (isOther && !packed.some((name) => request.startsWith(name)))
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
    resolve: { alias: { fflate$: path.resolve("scripts/build/late/fflate.cjs") } },
    experiments: { outputModule: true },
    output: {
      path: path.dirname(path.join(dist, output)),
      filename: path.basename(output),
      library: { type: "modern-module" },
      module: true,
    },
    module: {
      // import.meta.url and import(name) are left as they are written
      parser: {
        javascript: { url: false, importMeta: false, worker: false, importDynamic: false },
      },
      rules: [{ test: /\.js$/, extractSourceMap: true }],
    },
    // Comments go (they take a third of the time to read); names and lines stay, errors show them.
    optimization: {
      concatenateModules: true,
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

/**
 * In one scope, functions of one name were renamed: relu of activations.js is activations_relu there, and says so in
 * every stack. So lines at the file's end give each its name again.
 */
function giveNamesBack(file) {
  const text = fs.readFileSync(file, "utf8");
  const declared = /^(?:export )?(?:async )?(?:function\*?|class|const|let) ([\w$]+)/gm;
  const own = new Set();
  for (const module of modulesBelow("lib").concat(modulesBelow("widgets")))
    for (const [, name] of fs.readFileSync(module, "utf8").matchAll(declared)) own.add(name);

  const renamed = [];
  for (const [, name] of text.matchAll(declared)) {
    const before = name.replace(/^.*_(?=[^_]+_?$)/, "").replace(own.has(name) ? "" : /\d+$/, "");
    if (!own.has(name) && own.has(before)) renamed.push(`[${name}, "${name}", "${before}"],`);
  }
  const lines = [
    "for (const [value, name, before] of [",
    ...renamed,
    ']) if (value?.name === name) Object.defineProperty(value, "name", { value: before, configurable: true });',
  ];
  fs.appendFileSync(file, `\n${lines.join("\n")}\n`);
}

function modulesBelow(room) {
  const folder = path.join(dist, room);
  const isBundle = (file) => Object.values(bundles).includes(path.relative(dist, file));
  return fs
    .readdirSync(folder, { recursive: true })
    .map((name) => path.join(folder, name))
    .filter((file) => file.endsWith(".js") && !isBundle(file));
}

function writeLicences(file) {
  const texts = packed.map((name) => {
    const folder = path.join("node_modules", name);
    const { license, version } = JSON.parse(fs.readFileSync(path.join(folder, "package.json")));
    const text = fs.readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const words = text ? fs.readFileSync(path.join(folder, text), "utf8") : `${license}\n`;
    return `${name} ${version}\n\n${words}`;
  });
  fs.writeFileSync(file, texts.join("\n-----\n\n"));
}
