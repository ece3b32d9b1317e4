// Whether a cell can run as it is, or waits for more lines: what a console asks at Enter.
import ts from "typescript";
import { parseErrors } from "./chain/internals.js";
import type { Completeness } from "./engine.js";

/** Messages that the parser gives when the text ended too early. */
const unterminated = new Set([
  1002, // unterminated string literal … only when it is a template or at the very end
  1010, // '*/' expected
  1126, // unexpected end of text
  1160, // unterminated template literal
]);

export function isComplete(source: string): Completeness {
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest, true);
  const errors = parseErrors(file);
  if (errors.length === 0) {
    // `function f()` without its body, `if (x) {}` at the console: both are whole.
    return { status: "complete" };
  }
  // The parser has other words for these, though they only wait for more.
  if (/(^|[\s;])(import|export)\s*$/.test(source)) return { status: "incomplete", indent: "" };
  const end = source.trimEnd().length;
  const [first] = errors;
  const atEnd = first!.start >= end && first!.code !== 1002;
  if (atEnd || (unterminated.has(first!.code) && first!.code !== 1002)) {
    return { status: "incomplete", indent: indentFor(source) };
  }
  return { status: "invalid" };
}

/** The indentation of the last line, and two more if it opens something. */
function indentFor(source: string): string {
  const last = source.trimEnd().split("\n").at(-1) ?? "";
  const indent = /^\s*/.exec(last)![0];
  return /[{[(]\s*(\/\/.*)?$/.test(last) || /=>\s*$/.test(last) ? `${indent}  ` : indent;
}
