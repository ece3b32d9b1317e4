// A markdown cell as HTML: GitHub's markdown, with TeX between dollars as MathML, which browsers draw themselves.
import { Marked, type TokenizerAndRendererExtension } from "marked";
import temml from "temml";
import { escapeHtml } from "../pages/html.js";

/** `attachments` are the cell's own pictures, named attachment:<name> in its text. */
export function markdownToHtml(
  text: string,
  attachments: Record<string, Record<string, string>> = {},
): string {
  const html = marked.parse(text, { async: false });
  return html.replace(/(src=")attachment:([^"]*)"/g, (whole, start: string, name: string) => {
    const [type, data] = Object.entries(attachments[decodeURIComponent(name)] ?? {})[0] ?? [];
    return type ? `${start}data:${type};base64,${data}"` : whole;
  });
}

const marked = new Marked({ gfm: true });
marked.use({
  extensions: [
    math("blockMath", "block", /^\$\$([^]+?)\$\$(?:\n|$)/, true),
    math("displayMath", "inline", /^\$\$([^]+?)\$\$/, true),
    math("inlineMath", "inline", /^\$(?!\s)((?:\\.|[^$\\])+?)(?<!\s)\$(?!\d)/, false),
  ],
});

function math(
  name: string,
  level: "block" | "inline",
  pattern: RegExp,
  displayMode: boolean,
): TokenizerAndRendererExtension {
  return {
    name,
    level,
    start: (source) => (level === "block" ? source.search(/(?<=^|\n)\$\$/) : source.indexOf("$")),
    tokenizer(source) {
      const match = pattern.exec(source);
      return match ? { type: name, raw: match[0], tex: match[1] } : undefined;
    },
    renderer: ({ tex }) => tex2mathml(String(tex), displayMode),
  };
}

function tex2mathml(tex: string, displayMode: boolean): string {
  try {
    return temml.renderToString(tex, { displayMode, throwOnError: true });
  } catch {
    return `<code>${escapeHtml(tex)}</code>`; // TeX that only a full TeX understands: shown as written
  }
}
