// Runs the study notebooks from top to bottom, each in a fresh kernel, without Jupyter or a browser:
//   node scripts/notebooks.mjs [--write] [NAME ...]
// compares with the committed outputs, and keeps the Korean edition in step. --write renews both.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { isFused } from "./notebooks/arithmetic.mjs";
import { differences } from "./notebooks/compare.mjs";
import { inKorean } from "./notebooks/korean.mjs";

const folder = path.join(import.meta.dirname, "..", "notebooks");
const command = path.join(import.meta.dirname, "..", "bin", "kernelbook.js");
const LIMIT_BYTES = 3e6;

const write = process.argv.includes("--write");
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const names = fs
  .readdirSync(folder)
  .filter((file) => /^\d\d-.*\.ipynb$/.test(file))
  .map((file) => file.replace(/\.ipynb$/, ""))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  .sort();

const alike = isFused();
if (!alike) {
  console.log(
    'this machine rounds between multiply and add: of cells tagged "trained" only the kinds of output are compared',
  );
  if (write) throw new Error("notebooks: --write needs a machine with fused multiply-add");
}

let passed = 0;
let failed = 0;
for (const name of names) {
  const started = performance.now();
  const problems = checkNotebook(name);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${problems.length === 0 ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
  for (const problem of problems) console.log(`       ${problem}`);
  if (problems.length === 0) passed++;
  else failed++;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || names.length === 0 ? 1 : 0;

/** What is wrong with one notebook, a line each. */
function checkNotebook(name) {
  const file = path.join(folder, `${name}.ipynb`);
  const koreanFile = path.join(folder, "ko", `${name}.ipynb`);
  const committed = read(file);
  const { notebook, problem } = run(file, name);
  if (problem) return [problem];

  try {
    const korean = inKorean(
      write ? notebook : committed,
      fs.readFileSync(path.join(folder, "ko", "text", `${name}.md`), "utf8"),
      name,
    );
    if (write) {
      save(file, notebook);
      save(koreanFile, korean);
      return tooLarge(file);
    }
    const found = differences(committed, notebook, alike);
    if (!fs.existsSync(koreanFile) || fs.readFileSync(koreanFile, "utf8") !== text(korean)) {
      found.push("the Korean edition is not made from the committed notebook: run with --write");
    }
    return [...found, ...tooLarge(file)];
  } catch (error) {
    return [error.message];
  }
}

/** The notebook with the outputs of a fresh run. It runs beside the original, so that its paths hold. */
function run(file, name) {
  const copy = path.join(folder, `.running-${name}.ipynb`);
  fs.copyFileSync(file, copy);
  try {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [command, "run", copy, "--write", "--timeout", "300"],
      {
        encoding: "utf8",
        cwd: folder,
      },
    );
    if (status !== 0)
      return {
        problem: `stopped with status ${status}: ${(stderr || stdout).trim().slice(-1500)}`,
      };
    return { notebook: withoutRunTraces(read(copy)) };
  } finally {
    fs.rmSync(copy, { force: true });
  }
}

/** What differs from run to run is not kept. */
function withoutRunTraces(notebook) {
  for (const cell of notebook.cells) {
    delete cell.metadata.execution;
    for (const output of cell.outputs ?? []) {
      if (output.output_type === "error")
        output.traceback = output.traceback.map((line) => line.replace(/\.running-/g, ""));
      delete output.data?.["application/vnd.jupyter.widget-view+json"];
    }
  }
  delete notebook.metadata.widgets;
  return notebook;
}

function tooLarge(file) {
  const { size } = fs.statSync(file);
  return size > LIMIT_BYTES ? [`${size} bytes, more than ${LIMIT_BYTES}`] : [];
}

function read(file) {
  return JSON.parse(fs.readFileSync(file, "utf8"));
}

function text(notebook) {
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

function save(file, notebook) {
  fs.writeFileSync(`${file}.new`, text(notebook));
  fs.renameSync(`${file}.new`, file);
}
