// The public API as HTML pages without anything from elsewhere: one page for each module, and a first page with a search.
import { marked } from "marked";

const about = {
  torch:
    'Tensors and their operations. <code>import * as torch from "kernelbook"</code>. What takes a tensor first is also its method: <code>torch.relu(x)</code> is <code>x.relu()</code>.',
  "torch.autograd":
    "Gradients on request, functions with a gradient of your own, and checks of them.",
  "torch.nn": 'Layers, losses and containers. <code>import { nn } from "kernelbook"</code>',
  "torch.nn.init": "First values for weights.",
  "torch.nn.utils": "What is done to all parameters at once.",
  "torch.nn.functional":
    "Layers without weights of their own. <code>const F = nn.functional</code>",
  "torch.optim": 'Optimizers. <code>import { optim } from "kernelbook"</code>',
  "torch.optim.lrScheduler": "Learning rates that change while a network trains.",
  "torch.utils": "Grids of pictures, and what belongs to data.",
  "torch.utils.data": "Data sets, loaders, samplers.",
  "torch.io": "Files: pictures, arrays, weights.",
  "torch.onnx": "Networks as ONNX files.",
  "torch.transforms": "Pictures made ready, with torchvision's names.",
  "torch.transforms.functional": "The same as functions.",
  widgets:
    'Pictures of tensors and networks, controls, things to touch. <code>import { show, featureMaps } from "kernelbook/widgets"</code>',
  "widgets.explore": "The chapter's explorables.",
};

/** @returns file name -> text */
export function render(modules, version) {
  const pages = new Map();
  for (const module of modules)
    pages.set(`${module.name}.html`, page(module.name, modulePage(module), modules, version));
  pages.set("index.html", page("kernelbook", indexPage(modules), modules, version));
  return pages;
}

function modulePage(module) {
  const [stock, items] = split(module.items, ({ file }) => file.endsWith("generated.ts"));
  const names = items.map(({ name }) => `<a href="#${name}">${name}</a>`).join(" ");
  return `<h1>${module.name}</h1>
<p>${about[module.name] ?? ""}</p>
<p class="names">${names}</p>
${items.map((item) => itemHtml(item)).join("\n")}
${stock.length > 0 ? stockHtml(stock) : ""}`;
}

function itemHtml({ name, kind, signatures, doc, tags, members, options = [], file }) {
  const said = tags.filter(({ name }) => name === "throws" || name === "see" || name === "param");
  const words = { throws: "Throws", see: "See", param: "" };
  return `<section id="${name}">
<h2><a href="#${name}">${name}</a> <small>${kind} · ${file}</small></h2>
${signatures.length > 0 ? `<pre class="signature"><code>${signatures.map(escape).join("\n")}</code></pre>` : ""}
${markdown(doc)}
${said.map(({ name, text }) => `<p class="tag"><b>${words[name]}</b> ${inline(text)}</p>`).join("\n")}
${options.length > 0 ? `<h3>Options</h3>${membersHtml(options)}` : ""}
${members.length > 0 ? `${options.length > 0 ? "<h3>Members</h3>" : ""}${membersHtml(members)}` : ""}
</section>`;
}

function membersHtml(members) {
  const rows = members.map(
    ({ signatures, doc, tags }) =>
      `<tr><td><code>${signatures.map((s) => escape(s.replace(/ \| undefined$/, ""))).join("<br>")}</code></td>` +
      `<td>${markdown(doc)}${tags
        .filter(({ name }) => name === "throws")
        .map(({ text }) => `<p class="tag"><b>Throws</b> ${inline(text)}</p>`)
        .join("")}</td></tr>`,
  );
  return `<table>${rows.join("\n")}</table>`;
}

/** The stock Jupyter controls, whose options ipywidgets describes. */
function stockHtml(items) {
  const rows = items
    .filter(({ kind, name }) => kind === "interface" && name.endsWith("State"))
    .map(({ name, members }) => {
      const control = name.replace(/State$/, "");
      const options = members.map(({ signatures }) => escape(signatures[0])).join("<br>");
      return `<tr id="${control}"><td><code>${control}</code></td><td><details><summary>options</summary><code>${options}</code></details></td></tr>`;
    });
  return `<h2>Stock controls</h2>
<p>Jupyter's own widgets, with their own options: <code>new IntSlider({ value: 3, min: 1, max: 7 })</code>.</p>
<table>${rows.join("\n")}</table>`;
}

function indexPage(modules) {
  const all = modules.flatMap(({ name: module, items }) =>
    items
      .filter(({ file }) => !file.endsWith("generated.ts"))
      .map(({ name, doc }) => [`${module}.${name}`, `${module}.html#${name}`, firstLine(doc)]),
  );
  return `<h1>kernelbook: reference</h1>
<p>PyTorch's words in camelCase, PyTorch's defaults, PyTorch's numbers. What PyTorch users write without a name stands in
order, the rest in one object. An example line ending in <code>// → value</code> is run by the tests.</p>
<p><input id="search" type="search" placeholder="conv2d, stride, softmax …" aria-label="Search" autofocus></p>
<ul id="found"></ul>
<table>${modules.map(({ name, items }) => `<tr><td><a href="${name}.html">${name}</a></td><td>${about[name] ?? ""}</td><td>${items.length}</td></tr>`).join("\n")}</table>
<script>
const all = ${JSON.stringify(all).replaceAll("<", "\\u003c")};
const [search, found] = [document.getElementById("search"), document.getElementById("found")];
search.addEventListener("input", () => {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const fits = ([name, , line]) => words.every((word) => (name + " " + line).toLowerCase().includes(word));
  const rank = ([name]) => (name.toLowerCase().split(".").at(-1) === words[0] ? 0 : name.toLowerCase().includes(words[0]) ? 1 : 2);
  const hits = words.length === 0 ? [] : all.filter(fits).sort((a, b) => rank(a) - rank(b)).slice(0, 40);
  found.replaceChildren(...hits.map(([name, href, line]) => {
    const item = document.createElement("li");
    const link = Object.assign(document.createElement("a"), { href, textContent: name });
    item.append(link, " " + line);
    return item;
  }));
});
</script>`;
}

function page(title, body, modules, version) {
  const links = ["index", ...modules.map(({ name }) => name)]
    .map((name) => `<a href="${name}.html">${name === "index" ? "kernelbook" : name}</a>`)
    .join("\n");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<nav>${links}<small>kernelbook ${escape(version)}</small></nav>
<main>${body}</main>
</body>
</html>
`;
}

function markdown(text = "") {
  return marked.parse(withoutLinkTags(text), { async: false });
}

function inline(text) {
  return marked.parseInline(withoutLinkTags(text), { async: false });
}

function withoutLinkTags(text) {
  return escapeTags(text.replace(/\{@link ([^}|]+?)\s*\}/g, (_, name) => `\`${name.trim()}\``));
}

/** Markdown leaves HTML as it is: a type such as Array<number> in a text is none. Code is escaped by marked. */
function escapeTags(text) {
  return text
    .split(/(```[\s\S]*?```|`[^`]*`)/)
    .map((part, i) => (i % 2 === 1 ? part : part.replaceAll("<", "&lt;")))
    .join("");
}

function firstLine(doc = "") {
  return doc
    .split("\n\n")[0]
    .replace(/\{@link ([^}|]+?)\s*\}/g, "$1")
    .replace(/[\n`]/g, (sign) => (sign === "`" ? "" : " "))
    .slice(0, 120);
}

function split(items, belongs) {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}

function escape(text) {
  return String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

const style = `
:root { color-scheme: light dark; --ink: #1c2430; --paper: #fff; --line: #dde1e6; --code: #f4f5f7; --link: #0b5cad; --faint: #66707c; }
@media (prefers-color-scheme: dark) { :root { --ink: #dde3ea; --paper: #14171c; --line: #343b45; --code: #1f242c; --link: #7db8f5; --faint: #98a2ae; } }
* { box-sizing: border-box; }
body { margin: 0; display: grid; grid-template-columns: 15rem minmax(0, 1fr); color: var(--ink); background: var(--paper); font: 16px/1.55 system-ui, sans-serif; }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1.5rem 1rem; border-right: 1px solid var(--line); display: flex; flex-direction: column; gap: .35rem; font-size: .9rem; }
nav small { margin-top: auto; color: var(--faint); }
main { padding: 1.5rem 2.5rem 6rem; max-width: 60rem; }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.15rem; margin: 0 0 .5rem; } h3 { font-size: .95rem; margin: .8rem 0 .3rem; color: var(--faint); } h2 small { color: var(--faint); font-weight: normal; font-size: .8rem; margin-left: .5rem; }
section { border-top: 1px solid var(--line); padding: 1.2rem 0; }
pre, code { font: .85rem/1.5 ui-monospace, monospace; }
:not(pre) > code { background: var(--code); padding: .1em .3em; border-radius: 3px; }
pre { background: var(--code); padding: .7rem .9rem; border-radius: 6px; overflow-x: auto; white-space: pre-wrap; }
pre.signature { border-left: 3px solid var(--link); }
.names { line-height: 1.9; } .tag { margin: .3rem 0; } .tag b { color: var(--faint); font-weight: 600; }
table { border-collapse: collapse; width: 100%; } td { border-top: 1px solid var(--line); padding: .4rem .6rem .4rem 0; vertical-align: top; } td p { margin: 0 0 .3rem; }
input[type=search] { width: 100%; padding: .6rem .8rem; font: inherit; border: 1px solid var(--line); border-radius: 6px; background: var(--paper); color: inherit; }
@media (max-width: 50rem) { body { grid-template-columns: minmax(0, 1fr); } nav { position: static; height: auto; border: 0; flex-flow: row wrap; } }
`;
