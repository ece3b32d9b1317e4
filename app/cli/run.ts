// kernelbook run notebook.ipynb [--write] [--timeout SECONDS]: execute a notebook, without Jupyter.
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { runNotebook, type Notebook } from "./run-notebook.js";

export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { write: { type: "boolean" }, timeout: { type: "string" } },
  });
  const [file, ...more] = positionals;
  if (!file || more.length > 0) {
    throw new Error(`run: one notebook is to be named, ${positionals.length} were given`);
  }
  const timeout = values.timeout === undefined ? Infinity : Number(values.timeout);
  if (!(timeout > 0))
    throw new Error(`run: --timeout is ${values.timeout}, not a number of seconds`);

  const notebook = JSON.parse(fs.readFileSync(file, "utf8")) as Notebook;
  const name = path.basename(file);
  const problem = await runNotebook(notebook, {
    folder: path.dirname(path.resolve(file)),
    timeoutMs: timeout * 1000,
    onCell: (index, count) => process.stderr.write(`${name}: cell ${index} of ${count}\n`),
  });
  if (values.write) writeAtomically(file, `${JSON.stringify(notebook, null, 1)}\n`);
  if (!problem) return;
  console.error(`${name}: cell ${problem.cell} failed\n${problem.text}`);
  process.exitCode = 1;
}

function writeAtomically(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, text);
  fs.renameSync(draft, file);
}
