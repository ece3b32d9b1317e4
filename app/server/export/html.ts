// A notebook as one HTML file that needs neither a kernel nor the network: pictures and scripts are in it,
// plotly's figures and the explorables stay alive.
import fs from "node:fs";
import path from "node:path";
import type { Cell, JsonObject, Notebook } from "../contents/notebook-format.js";
import { isObject } from "../contents/notebook-format.js";
import { escapeHtml } from "../pages/html.js";
import { ansiToHtml } from "./ansi.js";
import { markdownToHtml } from "./markdown.js";

const explorableMime = "application/vnd.kernelbook.explorable+json";
const plotlyMime = "application/vnd.plotly.v1+json";

export interface ExportOptions {
  title: string;
  /** The built page: dist/web. Holds the scripts that an export takes along. */
  webDir: string;
}

/** @throws Error if the page, whose scripts the export needs, is not built. */
export function notebookToHtml(notebook: Notebook, { title, webDir }: ExportOptions): string {
  const live = new LiveOutputs();
  const cells = notebook.cells.map((cell) => cellHtml(cell, live)).join("\n");
  const language =
    notebook.metadata.kernelspec?.language ?? notebook.metadata.language_info?.name ?? "";
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="kernelbook">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main data-language="${escapeHtml(String(language))}">
${cells}
</main>
${live.scripts(webDir)}</body>
</html>
`;
}

function cellHtml(cell: Cell, live: LiveOutputs): string {
  if (cell.cell_type === "markdown") {
    return `<section class="markdown">\n${markdownToHtml(cell.source, cell.attachments)}</section>`;
  }
  if (cell.cell_type === "raw")
    return `<section class="raw"><pre>${escapeHtml(cell.source)}</pre></section>`;
  const count = cell.execution_count ?? " ";
  const outputs = (cell.outputs ?? []).map((output) => outputHtml(output, live)).join("\n");
  return `<section class="code">
<div class="prompt">[${count}]</div>
<pre class="source"><code>${escapeHtml(cell.source)}</code></pre>
<div class="outputs">${outputs}</div>
</section>`;
}

function outputHtml(output: JsonObject, live: LiveOutputs): string {
  switch (output.output_type) {
    case "stream":
      return `<pre class="${output.name === "stderr" ? "stderr" : "stdout"}">${ansiToHtml(String(output.text))}</pre>`;
    case "error": {
      const lines =
        Array.isArray(output.traceback) && output.traceback.length > 0
          ? output.traceback
          : [`${output.ename}: ${output.evalue}`];
      return `<pre class="error">${ansiToHtml(lines.join("\n"))}</pre>`;
    }
    default:
      return isObject(output.data) ? dataHtml(output.data, output.metadata ?? {}, live) : "";
  }
}

/** The richest form that works without a kernel. */
function dataHtml(data: JsonObject, metadata: JsonObject, live: LiveOutputs): string {
  const still = stillHtml(data, metadata);
  if (isObject(data[explorableMime])) return live.explorable(data[explorableMime], still);
  if (isObject(data[plotlyMime])) return live.plotly(data[plotlyMime], still);
  return still;
}

function stillHtml(data: JsonObject, metadata: JsonObject): string {
  const alt = escapeHtml(String(data["text/plain"] ?? ""));
  for (const type of ["image/png", "image/jpeg", "image/gif", "image/webp"]) {
    if (typeof data[type] !== "string") continue;
    const { width, height } = isObject(metadata[type]) ? metadata[type] : {};
    const size = [
      Number(width) > 0 && ` width="${Number(width)}"`,
      Number(height) > 0 && ` height="${Number(height)}"`,
    ];
    return `<img alt="${alt}"${size.filter(Boolean).join("")} src="data:${type};base64,${data[type].replace(/[^A-Za-z0-9+/=]/g, "")}">`;
  }
  if (typeof data["text/html"] === "string") return `<div class="html">${data["text/html"]}</div>`;
  if (typeof data["image/svg+xml"] === "string") {
    return `<img alt="${alt}" src="data:image/svg+xml;base64,${Buffer.from(data["image/svg+xml"]).toString("base64")}">`;
  }
  if (typeof data["text/markdown"] === "string") return markdownToHtml(data["text/markdown"]);
  if (typeof data["text/latex"] === "string") return markdownToHtml(data["text/latex"]);
  return `<pre>${ansiToHtml(String(data["text/plain"] ?? ""))}</pre>`;
}

/** Outputs that run: each a place in the page, and its data in a block at the end. Modules stand there once: kernelbook's own, which
 * an output names, and those that an output brings. */
class LiveOutputs {
  readonly #modules = new Map<string, number>();
  readonly #explorables: JsonObject[] = [];
  readonly #figures: JsonObject[] = [];

  explorable({ esm, css, module, ...rest }: JsonObject, still: string): string {
    if (typeof esm === "string") {
      const source = JSON.stringify({ esm, css });
      if (!this.#modules.has(source)) this.#modules.set(source, this.#modules.size);
      this.#explorables.push({ ...rest, brought: this.#modules.get(source) });
    } else if (typeof module === "string") this.#explorables.push({ ...rest, module });
    else return still;
    return `<div class="explorable" data-explorable="${this.#explorables.length - 1}">${still}</div>`;
  }

  plotly(figure: JsonObject, still: string): string {
    this.#figures.push(figure);
    return `<div class="plotly" data-plotly="${this.#figures.length - 1}">${still}</div>`;
  }

  scripts(webDir: string): string {
    const take = (file: string) => {
      const place = path.join(webDir, "export", file);
      if (!fs.existsSync(place))
        throw new Error(
          "the page is not built, and the export takes scripts of it: run `npm run build`",
        );
      return fs.readFileSync(place, "utf8").replace(/<\/script/gi, "<\\/script");
    };
    let html = "";
    if (this.#explorables.length > 0) {
      const modules = [...this.#modules.keys()].map((source) => JSON.parse(source));
      const named = this.#explorables.some(({ module }) => module !== undefined);
      const library = named ? take("explorables.js") : "";
      html += block("explorables", { modules, library, outputs: this.#explorables });
      html += `<script type="module">\n${take("explorable-mount.js")}
const { modules, library, outputs } = JSON.parse(document.getElementById("explorables").textContent);
const shared = library && import(URL.createObjectURL(new Blob([library], { type: "text/javascript" })));
for (const place of document.querySelectorAll("[data-explorable]")) {
  const output = outputs[Number(place.dataset.explorable)];
  mountExplorable(place, { ...output, ...modules[output.brought] }, () => shared).catch(console.error);
}
</script>\n`;
    }
    if (this.#figures.length > 0) {
      html += block("figures", this.#figures);
      html += `<script>${take("plotly.js")}</script>\n<script>
const figures = JSON.parse(document.getElementById("figures").textContent);
for (const place of document.querySelectorAll("[data-plotly]")) {
  const { data, layout, config } = figures[Number(place.dataset.plotly)];
  place.replaceChildren();
  Plotly.newPlot(place, data, layout ?? {}, { responsive: true, displaylogo: false, ...config });
}
</script>\n`;
    }
    return html;
  }
}

function block(id: string, value: unknown): string {
  return `<script type="application/json" id="${id}">${JSON.stringify(value).replace(/</g, "\\u003c")}</script>\n`;
}

const style = `
:root { color-scheme: light dark; --ink: #1d2430; --paper: #fff; --soft: #f4f5f7; --line: #dfe2e8; --error: #fdecea; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e7ec; --paper: #14171c; --soft: #1f242c; --line: #343b46; --error: #3b2023; }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, sans-serif; }
main { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
section { margin: 1rem 0; }
.code { display: grid; grid-template-columns: 3.5rem minmax(0, 1fr); }
.code > * { grid-column: 2; }
.code > .prompt { grid-column: 1; font: 0.8rem/1.9 monospace; opacity: 0.6; }
pre { margin: 0; overflow-x: auto; font: 0.85rem/1.5 ui-monospace, monospace; }
.source { padding: 0.6rem 0.8rem; background: var(--soft); border: 1px solid var(--line); border-radius: 4px; }
.outputs > * { margin: 0.5rem 0 0 0.8rem; }
.error, .stderr { padding: 0.4rem 0.6rem; background: var(--error); }
img { max-width: 100%; }
table { border-collapse: collapse; }
td, th { padding: 0.25rem 0.6rem; border: 1px solid var(--line); }
blockquote { margin-left: 0; padding-left: 1rem; border-left: 3px solid var(--line); }
.markdown code { background: var(--soft); padding: 0 0.2rem; }
.markdown pre { padding: 0.6rem 0.8rem; background: var(--soft); border-left: 3px solid var(--line); }
.markdown pre code { padding: 0; background: none; }
`;
