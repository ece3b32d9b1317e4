// The API reference, from the docstrings:  node scripts/docs.mjs [--check]
// Writes dist/docs; --check says instead which public names lack a docstring, and how many functions lack an example.
import fs from "node:fs";
import path from "node:path";
import { collect } from "./docs/collect.mjs";
import { missing } from "./docs/missing.mjs";
import { render } from "./docs/render.mjs";

const root = path.join(import.meta.dirname, "..");

export function writeDocs() {
  const { version } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
  const folder = path.join(root, "dist/docs");
  const pages = render(collect(root), version);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, text] of pages) fs.writeFileSync(path.join(folder, name), text);
  return pages;
}

if (process.argv[1] === import.meta.filename) {
  if (process.argv.includes("--check")) {
    const problems = missing(collect(root));
    for (const problem of problems) console.log(problem);
    process.exitCode = problems.length > 0 ? 1 : 0;
    if (problems.length === 0) console.log("every public name is documented");
  } else console.log(`dist/docs: ${writeDocs().size} pages`);
}
