// Documentation comments are read when someone asks, not with the files: parsed, those of Node's types, the
// standard library and ours take 10 MB, and in a snapshot twice that (snapshot.ts).
import ts from "typescript";
import { internals } from "./internals.js";

/** Files are parsed in this way; JavaScript keeps its comments, they are its types. */
export const withoutDocs = ts.JSDocParsingMode.ParseNone;

/** Read the comments of all that a symbol's documentation may come from. */
export function readDocs(symbol: ts.Symbol, at: ts.Node, checker: ts.TypeChecker): void {
  const seen = new Set<ts.Symbol>();
  readSymbol(symbol);
  if (symbol.flags & ts.SymbolFlags.Alias) readSymbol(checker.getAliasedSymbol(symbol));
  const type = checker.getTypeOfSymbolAtLocation(symbol, at);
  for (const signature of [...type.getCallSignatures(), ...type.getConstructSignatures()]) {
    if (signature.declaration) attach(signature.declaration);
  }

  function readSymbol(one: ts.Symbol): void {
    if (seen.has(one)) return;
    seen.add(one);
    for (const declaration of one.declarations ?? []) {
      attach(declaration);
      for (const inherited of inBases(declaration)) readSymbol(inherited);
    }
  }

  /** A member without a comment has that of the class or interface above. */
  function inBases(declaration: ts.Declaration): ts.Symbol[] {
    const { parent } = declaration;
    if (!parent || !(ts.isClassLike(parent) || ts.isInterfaceDeclaration(parent))) return [];
    return (parent.heritageClauses ?? []).flatMap(({ types }) =>
      types.flatMap((base) => checker.getTypeAtLocation(base).getProperty(symbol.name) ?? []),
    );
  }
}

type Documented = ts.Node & { jsDoc?: ts.JSDoc[]; jsDocCache?: unknown };

/** Give a node, and those around it up to the statement, the comments before them. */
function attach(node: Documented): void {
  const file = node.getSourceFile();
  const parsing = (file as unknown as { jsDocParsingMode: ts.JSDocParsingMode }).jsDocParsingMode;
  if (parsing !== withoutDocs) return;
  for (let one = node; one && !isBlock(one); one = one.parent) {
    if (one.jsDoc) return;
    const comments = internals.getJSDocCommentRanges(one, file.text) ?? [];
    one.jsDoc = comments.flatMap(({ pos, end }) => {
      const { jsDoc } = internals.parseIsolatedJSDocComment(file.text, pos, end - pos) ?? {};
      if (jsDoc) (jsDoc as { parent: ts.Node }).parent = one;
      return jsDoc ?? [];
    });
    one.jsDocCache = undefined;
  }
}

function isBlock(node: ts.Node): boolean {
  return ts.isSourceFile(node) || ts.isModuleBlock(node) || ts.isBlock(node);
}
