// Type errors as the error of a cell: each at its line, with the place underlined.
import type { Diagnostic } from "../language/engine.js";
import type { ErrorContent } from "../protocol/message.js";

const red = (text: string) => `\x1b[31m${text}\x1b[0m`;
const bold = (text: string) => `\x1b[1m${text}\x1b[0m`;
const dim = (text: string) => `\x1b[2m${text}\x1b[0m`;
const shown = 10;

export function diagnosticsError(
  source: string,
  cell: number,
  diagnostics: readonly Diagnostic[],
): ErrorContent {
  const isSyntax = diagnostics.every(({ code }) => code < 2000);
  const ename = isSyntax ? "SyntaxError" : "TypeError";
  const traceback = diagnostics.slice(0, shown).map((diagnostic) => {
    const { line, column, text } = placeOf(source, diagnostic.start);
    const length = Math.max(1, Math.min(diagnostic.length, text.length - column));
    const number = String(line + 1);
    const gutter = " ".repeat(number.length);
    return [
      `${red(`TS${diagnostic.code}`)} In [${cell}], line ${number}, column ${column + 1}: ${diagnostic.message}`,
      `${dim(`${number} |`)} ${text}`,
      `${gutter}   ${" ".repeat(column)}${red("~".repeat(length))}`,
      ...(diagnostic.hint ? [`${bold("hint:")} ${diagnostic.hint}`] : []),
    ].join("\n");
  });
  const more = diagnostics.length - shown;
  if (more > 0) traceback.push(`and ${more} more`);
  const [first] = diagnostics;
  const evalue = [first?.message ?? "", ...(first?.hint ? [`hint: ${first.hint}`] : [])].join("\n");
  return { ename, evalue, traceback };
}

function placeOf(source: string, at: number): { line: number; column: number; text: string } {
  const before = source.slice(0, at).split("\n");
  const line = before.length - 1;
  return { line, column: before.at(-1)!.length, text: source.split("\n")[line] ?? "" };
}
