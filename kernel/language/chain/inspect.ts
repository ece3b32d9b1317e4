// What a name is: its declaration and its documentation, for Shift-Tab and hovering.
import ts from "typescript";
import type { Inspection } from "../engine.js";
import type { CellModule } from "./cells.js";
import { readDocs } from "./docs.js";
import { withoutPaths } from "./diagnostics.js";
import { internals } from "./internals.js";
import type { Library } from "./library.js";

export function inspect(module: CellModule, library: Library, cursor: number): Inspection | null {
  const { file, start } = module;
  const at = start + cursor;
  return (
    inspectName(file, library, at) ??
    inspectName(file, library, at - 1) ??
    inspectCall(file, library, at)
  );
}

function inspectName(file: ts.SourceFile, library: Library, at: number): Inspection | null {
  const node = internals.getTouchingPropertyName(file, at);
  if (ts.isSourceFile(node) || !(ts.isIdentifier(node) || ts.isPrivateIdentifier(node)))
    return null;
  const symbol = library.checker.getSymbolAtLocation(node);
  if (!symbol) return null;
  readDocs(symbol, node, library.checker);
  const { displayParts, documentation, tags } =
    internals.SymbolDisplay.getSymbolDisplayPartsDocumentationAndSymbolKind(
      library.checker,
      symbol,
      file,
      containerOf(node),
      node,
    );
  return {
    signature: withoutAlias(withoutPaths(ts.displayPartsToString(displayParts))),
    documentation: ts.displayPartsToString(documentation),
    tags: tagsText(tags),
    source: sourceOf(symbol, library.checker, file),
  };
}

const longestSource = 20_000; // UTF-16 units

/** What declares it; but not the line by which this cell knows a name of another. */
function sourceOf(
  symbol: ts.Symbol,
  checker: ts.TypeChecker,
  here: ts.SourceFile,
): string | undefined {
  const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
  const { declarations = [] } = isAlias ? checker.getAliasedSymbol(symbol) : symbol;
  const texts = declarations
    .filter((node) => node.getSourceFile() !== here)
    .map((node) => (ts.isVariableDeclaration(node) ? node.parent.parent : node).getText());
  return texts.join("\n\n").slice(0, longestSource) || undefined;
}

/** Inside the brackets of a call: the function that is called. */
function inspectCall(file: ts.SourceFile, library: Library, at: number): Inspection | null {
  const token = internals.findPrecedingToken(at, file);
  for (let node: ts.Node | undefined = token; node !== undefined; node = parentOf(node)) {
    if (!isCall(node) || !node.arguments || at <= node.expression.end) continue;
    const { expression }: { expression: ts.Expression } = node;
    const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
    return inspectName(file, library, name.end - 1);
  }
  return null;
}

function isCall(node: ts.Node): node is ts.CallExpression | ts.NewExpression {
  return ts.isCallExpression(node) || ts.isNewExpression(node);
}

function containerOf(node: ts.Node): ts.Node | undefined {
  let parent = node.parent;
  while (
    parent &&
    !ts.isSourceFile(parent) &&
    !ts.isFunctionLike(parent) &&
    !ts.isClassLike(parent)
  )
    parent = parent.parent;
  return parent;
}

/** A name of a former cell is an import to TypeScript; its reader knows no import. */
function withoutAlias(text: string): string {
  return text.replace(/^\(alias\) /, "").replace(/\nimport [\w$]+$/, "");
}

export function tagsText(tags: readonly ts.JSDocTagInfo[] | undefined): string {
  return (tags ?? [])
    .map(({ name, text }) => `@${name} ${ts.displayPartsToString(text ?? [])}`.trim())
    .join("\n");
}

function parentOf(node: ts.Node): ts.Node | undefined {
  return node.parent;
}
