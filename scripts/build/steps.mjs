// The steps of the build, in order. A step: its name, what it reads, one file that it leaves, and how it runs.
// `web: true` marks what only the browser page needs.
import { compileTypeScript } from "./typescript.mjs";
import { copyAssets } from "./assets.mjs";
import { bundleEntries } from "./bundle.mjs";
import { bundleWeb } from "./web.mjs";
import { compileKernels } from "./wasm.mjs";

export const steps = [
  {
    name: "wasm",
    title: "Kernels (WebAssembly)",
    inputs: ["lib/compute/assembly", "scripts/build/wasm.mjs"],
    output: "dist/lib/compute/kernels.wasm.js",
    run: compileKernels,
  },
  {
    name: "typescript",
    title: "TypeScript",
    inputs: [
      "lib",
      "widgets",
      "kernel",
      "app/server",
      "app/cli",
      "test",
      "tsconfig.json",
      "tsconfig.base.json",
      "package-lock.json",
    ],
    output: "dist/lib/index.js",
    run: compileTypeScript,
  },
  {
    name: "bundle",
    title: "The library and the widgets as one file each",
    inputs: ["lib", "widgets", "scripts/build/bundle.mjs", "scripts/build/wasm.mjs"],
    output: "dist/widgets/bundle/index.js",
    run: bundleEntries,
  },
  {
    name: "assets",
    title: "Files that are shipped as they are",
    inputs: [
      "widgets/front",
      "widgets/explore/front-library.ts",
      "kernel/logos",
      "scripts/build/assets.mjs",
    ],
    output: "dist/widgets/explorables.js",
    run: copyAssets,
  },
  {
    name: "docs",
    title: "The reference, from the docstrings",
    web: true,
    inputs: ["lib", "widgets", "scripts/docs", "scripts/docs.mjs", "package.json"],
    output: "dist/docs/index.html",
    run: async () => void (await import("../docs.mjs")).writeDocs(),
  },
  {
    name: "web",
    title: "The notebook page (Jupyter Notebook 7)",
    web: true,
    inputs: ["app/web", "package.json", "package-lock.json"],
    output: "dist/web/manifest.json",
    run: bundleWeb,
  },
];
