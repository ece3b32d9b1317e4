// Drives the real page in Chromium: node test/browser/run.mjs [file.spec.mjs …]
// Needs a complete build. Screenshots go to dist/screenshots.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

process.chdir(path.join(import.meta.dirname, "../.."));
const given = process.argv.slice(2);
const specs =
  given.length > 0
    ? given
    : fs
        .readdirSync("test/browser")
        .filter((name) => name.endsWith(".spec.mjs"))
        .map((name) => `test/browser/${name}`);
const mocha = "node_modules/mocha/bin/mocha.js";
const { status } = spawnSync(
  process.execPath,
  [mocha, "--no-config", "--timeout", "60000", "--retries", "1", ...specs],
  { stdio: "inherit" },
);
process.exit(status ?? 1);
