// kernelbook run notebook.ipynb [--write] [--timeout SECONDS]: execute a notebook, without Jupyter.
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { refuse } from "./refusal.js";
import { runNotebook, type Notebook } from "./run-notebook.js";

export const usage = `kernelbook run <notebook.ipynb>

  --write              put the outputs into the notebook
  --timeout <seconds>  for each cell (default: none)`;

export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { write: { type: "boolean" }, timeout: { type: "string" } },
  });
  const [file, ...more] = positionals;
  if (!file || more.length > 0) {
    refuse(`one notebook is to be named, ${positionals.length} were given`);
  }
  const timeout = values.timeout === undefined ? Infinity : Number(values.timeout);
  if (!(timeout > 0)) refuse(`--timeout is ${values.timeout}, not a number of seconds`);

  const notebook = readNotebook(file);
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

function readNotebook(file: string): Notebook {
  if (!fs.existsSync(file)) refuse(`there is no file ${file}`);
  const text = fs.readFileSync(file, "utf8");
  try {
    const notebook = JSON.parse(text) as Notebook;
    return Array.isArray(notebook?.cells) ? notebook : refuse(`${file} has no list of cells`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refuse(`${file} is not a notebook: ${error.message}`);
  }
}

function writeAtomically(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, text);
  fs.renameSync(draft, file);
}
