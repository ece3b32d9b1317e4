// Drives widgets in real pages: node test/widgets/browser/run.mjs [file.check.mjs …]
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

process.chdir(path.join(import.meta.dirname, "../../.."));
const folder = "test/widgets/browser";
const given = process.argv.slice(2);
const checks = given.length
  ? given
  : fs
      .readdirSync(folder)
      .filter((name) => name.endsWith(".check.mjs"))
      .map((name) => `${folder}/${name}`);
if (!process.env.PYTHON) console.log("PYTHON is not set: JupyterLab and nbconvert are not tried");
const mocha = "node_modules/mocha/bin/mocha.js";
const { status } = spawnSync(
  process.execPath,
  [mocha, "--no-config", "--timeout", "120000", ...checks],
  { stdio: "inherit" },
);
process.exit(status ?? 1);
