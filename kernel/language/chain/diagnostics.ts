// The mistakes in a cell, at their places in it, in words that fit a notebook.
import ts from "typescript";
import type { Diagnostic } from "../engine.js";
import type { CellModule, Cells } from "./cells.js";
import { hintFor, isTuple } from "./hints.js";
import { isReference } from "../rewrite/scopes.js";
import { bindErrors, hasIdentifier, parseErrors, type Checker } from "./internals.js";

/** Complaints that a notebook does not have: a later cell may still use or fill what they speak of. */
const ignored = new Set([
  7034, // variable implicitly has type any[] in some locations: `const xs = []`, filled by a later cell
  7005,
  1202, // import assignment: the cell is given `require`
  2528, // a module cannot have multiple default exports
]);

export function cellDiagnostics(module: CellModule, cells: Cells, checker: Checker): Diagnostic[] {
  const { file, start, alone } = module;
  const syntax = [...parseErrors(alone), ...lonelyAwaits(alone)];
  if (syntax.length > 0) {
    return withoutRepeatedHints(syntax.map((diagnostic) => toDiagnostic(diagnostic, 0, alone)));
  }

  const directive = (alone as unknown as { checkJsDirective?: { enabled: boolean } })
    .checkJsDirective;
  if (directive?.enabled === false) return []; // @ts-nocheck

  const end = start + alone.end;
  const found = [...bindErrors(file), ...checker.getDiagnostics(file)].filter(
    ({ category, code, start: at = 0 }) =>
      category === ts.DiagnosticCategory.Error && at >= start && at <= end && !ignored.has(code),
  );
  const shown = withoutSuppressed(found, module)
    .filter(({ code, start: at = 0 }) => code !== 2695 || isTuple(alone, at - start))
    .map((diagnostic) => toDiagnostic(diagnostic, start, alone));
  return withoutRepeatedHints(shown.map((diagnostic) => reworded(diagnostic, cells, alone)));
}

function toDiagnostic(diagnostic: ts.Diagnostic, shift: number, cell: ts.SourceFile): Diagnostic {
  const message = withoutPaths(ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"));
  const { code, length = 0, relatedInformation } = diagnostic;
  const said = { message, code, start: (diagnostic.start ?? shift) - shift, length };
  const hint = hintFor(said, cell, relatedInformation);
  return hint ? { ...said, hint } : said;
}

/** `import("…/nb/cell-3").Net` is to the reader just `Net`; a whole module is its file's name. */
export function withoutPaths(text: string): string {
  return text
    .replace(/(typeof )?import\("[^"]*"\)\./g, "$1")
    .replace(/import\("[^"]*\/dist\/(?:lib|widgets|kernel)\/index"\)/g, "kernelbook")
    .replace(/import\("[^"]*\/([^"/]+)"\)/g, '"$1"');
}

/** One mistake gives several complaints; what would be right is said once. */
function withoutRepeatedHints(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const said = new Set<string>();
  return diagnostics.map(({ hint, ...diagnostic }) => {
    if (hint === undefined || said.has(hint)) return diagnostic;
    said.add(hint);
    return { ...diagnostic, hint };
  });
}

function reworded(diagnostic: Diagnostic, cells: Cells, cell: ts.SourceFile): Diagnostic {
  if (diagnostic.code === 2305 || diagnostic.code === 2614 || diagnostic.code === 2724) {
    // A module is named as the cell names it, not by the file it was found in.
    const inside = cell.statements.find(
      ({ pos, end }) => pos <= diagnostic.start && diagnostic.start < end,
    );
    const from =
      inside && ts.isImportDeclaration(inside) ? inside.moduleSpecifier.getText(cell) : undefined;
    return from
      ? { ...diagnostic, message: diagnostic.message.replace(/'?"[^"]*"'?/, () => from) }
      : diagnostic;
  }
  if (diagnostic.code !== 2632) return diagnostic; // cannot assign because it is an import
  const name = cell.text.slice(diagnostic.start, diagnostic.start + diagnostic.length);
  const kind = cells.kindOf(name);
  if (kind !== "const" && kind !== "value") return diagnostic;
  const what = kind === "const" ? "a constant" : "a function, a class or an enum";
  const message = `Cannot assign to '${name}' because it is ${what} of a former cell.`;
  return { ...diagnostic, message, code: 2588 };
}

/** `await` without anything to wait for is a name to the parser of scripts; in a cell it is a mistake. */
function lonelyAwaits(cell: ts.SourceFile): ts.Diagnostic[] {
  const found: ts.Diagnostic[] = [];
  if (!hasIdentifier(cell, "await")) return found;
  const look = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === "await" && isReference(node)) {
      const [start, length] = [node.end, 1];
      const category = ts.DiagnosticCategory.Error;
      found.push({
        file: cell,
        start,
        length,
        category,
        code: 1109,
        messageText: "Expression expected.",
      });
    }
    ts.forEachChild(node, look);
  };
  look(cell);
  return found;
}

interface Directive {
  range: ts.TextRange;
  type: number; // 0: @ts-expect-error, 1: @ts-ignore
}

/** `// @ts-ignore` and `// @ts-expect-error` quiet the line below them. */
function withoutSuppressed(found: ts.Diagnostic[], { file }: CellModule): ts.Diagnostic[] {
  const directives = (file as unknown as { commentDirectives?: Directive[] }).commentDirectives;
  if (!directives?.length) return found;
  const lineOf = (at: number) => ts.getLineAndCharacterOfPosition(file, at).line;
  const lines = file.text.split("\n");
  const quieted = new Map<number, Directive>();
  for (const directive of directives) {
    let line = lineOf(directive.range.end) + 1;
    while (line < lines.length && /^\s*(\/\/.*)?$/.test(lines[line]!)) line++;
    quieted.set(line, directive);
  }
  const used = new Set<Directive>();
  const left = found.filter(({ start = 0 }) => {
    const directive = quieted.get(lineOf(start));
    if (directive) used.add(directive);
    return !directive;
  });
  for (const directive of directives) {
    if (directive.type !== 0 || used.has(directive)) continue;
    const { pos, end } = directive.range;
    const messageText = "Unused '@ts-expect-error' directive.";
    const category = ts.DiagnosticCategory.Error;
    left.push({ file, start: pos, length: end - pos, code: 2578, category, messageText });
  }
  return left;
}
