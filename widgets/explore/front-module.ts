// The browser modules of front/ as single texts: what a module imports from its neighbours is put in front of it, each file
// once and in a scope of its own. No build tool: our modules keep to the few forms of import and export seen here.

import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "front");
const texts = new Map<string, { esm: string; css: string; id: string }>();

/** The text of front/<name>.js with all that it needs, and the style that all share. */
export function frontModule(name: string): { esm: string; css: string; id: string } {
  const there = texts.get(name);
  if (there) return there;
  const css = withoutMargins(fs.readFileSync(path.join(folder, "style.css"), "utf8"));
  const made = { esm: bundle(`${name}.js`), css, id: "kernelbook" };
  texts.set(name, made);
  return made;
}

/** @internal */
export function bundle(entry: string): string {
  const order: string[] = [];
  const sources = new Map<string, string>();
  const visit = (file: string) => {
    if (sources.has(file)) return;
    const source = fs.readFileSync(path.join(folder, file), "utf8");
    sources.set(file, source);
    for (const [, , from] of source.matchAll(importForm)) visit(from);
    order.push(file);
  };
  visit(entry);

  const parts = order.map((file) => {
    const body = sources.get(file)!.replace(importForm, (_, names: string, from: string) => {
      return `const {${names.replaceAll(" as ", ": ")}} = ${variableOf(from)};`;
    });
    if (file === entry) return body;
    const names = [...body.matchAll(exportForm)].map(([, , name]) => name);
    const inside = body.replace(exportForm, "$1 $2");
    return `const ${variableOf(file)} = (() => {\n${inside}\nreturn { ${names.join(", ")} };\n})();`;
  });
  return withoutMargins(parts.join("\n"));
}

const importForm = /^import \{([^}]*)\} from "\.\/([\w-]+\.js)";$/gm;
const exportForm = /^export (function\*?|const|class) (\w+)/gm;

const variableOf = (file: string) => `$${file.replace(/\.js$/, "").replaceAll("-", "_")}`;

/** Without indentation and the lines that are comments: these texts travel with every widget. */
function withoutMargins(text: string): string {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(
      (line) =>
        line !== "" && !line.startsWith("// ") && !/^\/?\*\*? .*$|^\/\*\*$|^\*\/$/.test(line),
    )
    .join("\n");
}
