// Terminal colours as HTML: what errors and `console` outputs carry.
import { escapeHtml } from "../pages/html.js";

const colours = [
  "#3e424d",
  "#c2362b",
  "#00804a",
  "#a0660a",
  "#1c6aa8",
  "#a03196",
  "#258f8f",
  "#8a8a8a",
];

/** Text with ANSI escapes to HTML. Colours and bold are kept; other escapes vanish. */
export function ansiToHtml(text: string): string {
  let style = { bold: false, colour: "" };
  let html = "";
  for (const piece of text.split(/(\x1b\[[0-9;]*[A-Za-z])/)) {
    const codes = /^\x1b\[([0-9;]*)m$/.exec(piece)?.[1];
    if (codes !== undefined) style = apply(style, codes.split(";").map(Number));
    else if (!piece.startsWith("\x1b[") && piece !== "") html += span(style, escapeHtml(piece));
  }
  return html;
}

function apply(style: { bold: boolean; colour: string }, codes: number[]) {
  let { bold, colour } = style;
  for (const code of codes) {
    if (code === 0) [bold, colour] = [false, ""];
    else if (code === 1) bold = true;
    else if (code === 22) bold = false;
    else if (code === 39) colour = "";
    else if (code >= 30 && code <= 37) colour = colours[code - 30]!;
    else if (code >= 90 && code <= 97) colour = colours[code - 90]!;
  }
  return { bold, colour };
}

function span({ bold, colour }: { bold: boolean; colour: string }, html: string): string {
  if (!bold && !colour) return html;
  const rules = [bold && "font-weight:bold", colour && `color:${colour}`].filter(Boolean).join(";");
  return `<span style="${rules}">${html}</span>`;
}
