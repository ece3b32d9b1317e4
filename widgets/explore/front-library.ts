// The browser modules of front/ as one text, an ES module: { default: { convolution: { render }, … }, css }. Each file once and in a
// scope of its own. No build tool: our modules keep to the few forms of import and export seen here.

import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "front");

export interface FrontLibrary {
  readonly text: string;
  /** Of the text: a page loads each library once. */
  readonly hash: string;
}

let made: FrontLibrary | undefined;

/** All explorables and what they share, with their style. */
export function frontLibrary(): FrontLibrary {
  return (made ??= bundle());
}

function bundle(): FrontLibrary {
  const order: string[] = [];
  const sources = new Map<string, string>();
  const visit = (file: string) => {
    if (sources.has(file)) return;
    const source = fs.readFileSync(path.join(folder, file), "utf8");
    sources.set(file, source);
    for (const [, , from] of source.matchAll(importForm)) visit(from);
    order.push(file);
  };
  fs.readdirSync(folder)
    .filter((file) => file.endsWith(".js"))
    .sort()
    .forEach(visit);

  const parts = order.map((file) => {
    const body = sources.get(file)!.replace(importForm, (_, names: string, from: string) => {
      return `const {${names.replaceAll(" as ", ": ")}} = ${variableOf(from)};`;
    });
    const names = [...body.matchAll(exportForm)].map(([, , name]) => name);
    const inside = body.replace(exportForm, "$1 $2").replace(/^export default/m, "const widget =");
    if (/^const widget =/m.test(inside)) names.push("widget");
    return `const ${variableOf(file)} = (() => {\n${inside}\nreturn { ${names.join(", ")} };\n})();`;
  });
  const widgets = order
    .filter((file) => /^export default/m.test(sources.get(file)!))
    .map((file) => `"${file.replace(/\.js$/, "")}": ${variableOf(file)}.widget`);
  const css = withoutMargins(fs.readFileSync(path.join(folder, "style.css"), "utf8"));
  const text = [
    withoutMargins(parts.join("\n")),
    `export default { ${widgets.join(", ")} };`,
    `export const css = ${JSON.stringify(css)};`,
  ].join("\n");
  return { text, hash: createHash("sha256").update(text).digest("hex").slice(0, 16) };
}

const importForm = /^import \{([^}]*)\} from "\.\/([\w-]+\.js)";$/gm;
const exportForm = /^export (function\*?|const|class) (\w+)/gm;

const variableOf = (file: string) => `$${file.replace(/\.js$/, "").replaceAll("-", "_")}`;

/** Without indentation and the lines that are comments: this text travels to every page. */
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
