// kernelbook export <notebook> --to html: a file that shows the notebook anywhere.
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { writeAtomically } from "../server/contents/atomic.js";
import { faultMessage } from "../server/contents/models.js";
import { parseNotebook } from "../server/contents/notebook-format.js";
import { notebookToHtml } from "../server/export/html.js";
import { completeSettings } from "../server/settings.js";
import { refuse } from "./refusal.js";

export const usage = `kernelbook export <notebook.ipynb> …

  --to html            the form (html is the only one so far)
  --output <file>      where to (default: beside the notebook, ending in .html)`;

const options = {
  to: { type: "string", default: "html" },
  output: { type: "string", short: "o" },
} as const;

export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (positionals.length === 0) refuse(`no notebook given\n\n${usage}`);
  if (values.to !== "html") refuse(`--to is ${values.to}; only html is possible`);
  if (values.output && positionals.length > 1) refuse("--output needs exactly one notebook");

  for (const file of positionals) {
    if (!fs.existsSync(file)) refuse(`there is no file ${file}`);
    const output = values.output ?? file.replace(/\.ipynb$/, "") + ".html";
    try {
      const notebook = parseNotebook(fs.readFileSync(file, "utf8"), file);
      const fault = faultMessage(notebook);
      if (fault) throw new Error(fault);
      const { webDir } = completeSettings({});
      await writeAtomically(
        output,
        notebookToHtml(notebook, { title: path.basename(file, ".ipynb"), webDir }),
      );
    } catch (error) {
      refuse(`${file}: ${(error as Error).message}`);
    }
    console.log(`${output} (${Math.ceil(fs.statSync(output).size / 1000)} kB)`);
  }
}
