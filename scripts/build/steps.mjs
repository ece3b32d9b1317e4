// The steps of the build, in order. A step: its name, what it reads, one file that it leaves, and how it runs.
// `web: true` marks what only the browser page needs.
import { compileTypeScript } from "./typescript.mjs";
import { copyAssets } from "./assets.mjs";

export const steps = [
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
    name: "assets",
    title: "Files that are shipped as they are",
    inputs: ["widgets/front", "kernel/logos", "scripts/build/assets.mjs"],
    output: "dist/.assets",
    run: copyAssets,
  },
];
