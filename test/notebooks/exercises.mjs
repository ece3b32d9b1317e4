// Does every exercise tell right from wrong? Unanswered it says whose turn it is; a wrong answer earns a hint, a second wrong
// one another hint; the right answer is confirmed.   node test/notebooks/exercises.mjs [NAME ...]
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { answers } from "./answers.mjs";

const root = path.join(import.meta.dirname, "../..");
const folder = path.join(root, "notebooks");
const wanted = process.argv.slice(2);
const names = fs
  .readdirSync(folder)
  .filter((file) => /^\d\d-.*\.ipynb$/.test(file))
  .map((file) => file.replace(/\.ipynb$/, ""))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)));

let passed = 0;
const failures = [];
for (const name of names) checkNotebook(name);
for (const failure of failures) console.log(failure);
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length > 0 || passed === 0 ? 1 : 0;

function checkNotebook(name) {
  const notebook = JSON.parse(fs.readFileSync(path.join(folder, `${name}.ipynb`), "utf8"));
  const exercises = notebook.cells.filter(
    ({ cell_type, id }) => cell_type === "code" && id.startsWith("exercise-"),
  );
  const known = Object.keys(answers[name] ?? {});
  const ids = exercises.map(({ id }) => id);
  if (ids.length < 2)
    failures.push(`${name}: has ${ids.length} exercises, two at least are wanted`);
  if (ids.join() !== known.join()) {
    failures.push(`${name}: exercises ${ids.join(", ")}, answers to ${known.join(", ")}`);
    return;
  }

  // In place of each exercise and its check: unanswered, wrong, wrong, right, each with the check.
  const cells = [];
  const checks = new Map();
  for (const cell of notebook.cells) {
    if (/^check-\d/.test(cell.id)) {
      const exercise = exercises.find(({ id }) => id === cell.id.replace("check", "exercise"));
      const { right, wrong } = answers[name][exercise.id];
      for (const [what, source] of Object.entries({ empty: null, wrong, again: wrong, right })) {
        if (source !== null) cells.push(code(`${exercise.id}-${what}`, source));
        const check = code(`${cell.id}-${what}`, cell.source.join(""));
        cells.push(check);
        checks.set(`${exercise.id} ${what}`, check.id);
      }
    } else cells.push(cell);
  }
  const run = path.join(folder, `.exercises-${name}.ipynb`);
  fs.writeFileSync(run, JSON.stringify({ ...notebook, cells }));
  try {
    const { status, stderr } = spawnSync(
      process.execPath,
      [path.join(root, "bin/kernelbook.js"), "run", run, "--write", "--timeout", "300"],
      { encoding: "utf8" },
    );
    if (status !== 0) return void failures.push(`${name}: ${stderr.trim().slice(-800)}`);
    const done = JSON.parse(fs.readFileSync(run, "utf8"));
    for (const [what, id] of checks) expect(name, what, shown(done.cells.find((c) => c.id === id)));
  } finally {
    fs.rmSync(run, { force: true });
  }
}

function code(id, source) {
  return { cell_type: "code", id, metadata: {}, source: [source], outputs: [], execution_count: 0 };
}

function shown({ outputs }) {
  return outputs
    .map(({ text = "", data }) => [data?.["text/plain"] ?? text].flat().join(""))
    .join("");
}

function expect(name, what, text) {
  const hints = text.split("Hint:").length - 1;
  const kind = what.split(" ")[1];
  const fine = {
    // An exercise that begins with a mistake to repair stops at first, which is a wrong answer, too.
    empty:
      text.startsWith("○ Your turn") || (text.startsWith("✗ Not yet: it stops") && hints === 1),
    wrong: text.startsWith("✗ Not yet:") && hints >= 1,
    again: text.startsWith("✗ Not yet:") && hints === 2,
    right: text.startsWith("✓ Right."),
  }[kind];
  if (fine) passed++;
  else failures.push(`${name}, ${what}: ${text || "(nothing)"}`);
}
