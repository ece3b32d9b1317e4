// The parts of TypeScript 6.0.3 that its declarations leave out and that the cell chain stands on.
// The version is pinned in package.json; test/kernel/internals checks that all of these are there.
import ts from "typescript";

interface Internals {
  createTypeChecker(host: object): ts.TypeChecker & CheckerInternals;
  bindSourceFile(file: ts.SourceFile, options: ts.CompilerOptions): void;
  Completions: {
    getCompletionsAtPosition(
      host: object,
      program: object,
      log: (line: string) => void,
      file: ts.SourceFile,
      position: number,
      preferences: ts.UserPreferences,
      triggerKind: undefined,
      completionKind: undefined,
      cancellation: ts.CancellationToken,
    ): ts.CompletionInfo | undefined;
  };
  SignatureHelp: {
    getSignatureHelpItems(
      program: object,
      file: ts.SourceFile,
      position: number,
      reason: undefined,
      cancellation: ts.CancellationToken,
    ): ts.SignatureHelpItems | undefined;
  };
  SymbolDisplay: {
    getSymbolDisplayPartsDocumentationAndSymbolKind(
      checker: ts.TypeChecker,
      symbol: ts.Symbol,
      file: ts.SourceFile,
      enclosing: ts.Node | undefined,
      location: ts.Node,
    ): {
      displayParts: ts.SymbolDisplayPart[];
      documentation: ts.SymbolDisplayPart[];
      symbolKind: string;
      tags: ts.JSDocTagInfo[] | undefined;
    };
  };
  getTouchingPropertyName(file: ts.SourceFile, position: number): ts.Node;
  findPrecedingToken(position: number, file: ts.SourceFile): ts.Node | undefined;
  skipTrivia(text: string, position: number): number;
  getJSDocCommentRanges(node: ts.Node, text: string): ts.CommentRange[] | undefined;
  parseIsolatedJSDocComment(
    text: string,
    start: number,
    length: number,
  ): { jsDoc?: ts.JSDoc } | undefined;
}

interface CheckerInternals {
  getDiagnostics(file: ts.SourceFile): ts.Diagnostic[];
}

export const internals = ts as unknown as Internals;

export type Checker = ts.TypeChecker & CheckerInternals;

/** Make the symbol tables of a file that belongs to no program. */
export function bind(file: ts.SourceFile, options: ts.CompilerOptions): void {
  internals.bindSourceFile(file, options);
}

export function localsOf(node: ts.Node): Map<string, ts.Symbol> | undefined {
  return (node as unknown as { locals?: Map<string, ts.Symbol> }).locals;
}

export function parseErrors(file: ts.SourceFile): ts.DiagnosticWithLocation[] {
  return (file as unknown as { parseDiagnostics: ts.DiagnosticWithLocation[] }).parseDiagnostics;
}

/** Whether a file mentions a name; the parser has made this table anyway. */
export function hasIdentifier(file: ts.SourceFile, name: string): boolean {
  return (file as unknown as { identifiers: Map<string, string> }).identifiers.has(name);
}

export function bindErrors(file: ts.SourceFile): ts.Diagnostic[] {
  return (file as unknown as { bindDiagnostics: ts.Diagnostic[] }).bindDiagnostics;
}

/** TransformFlags: what a tree contains, known since it was parsed. */
const contents = { typeScript: 1 << 0, jsx: 1 << 1, esNext: 1 << 2, decorators: 1 << 25 };

export function contains(node: ts.Node, what: keyof typeof contents): boolean {
  const { transformFlags } = node as unknown as { transformFlags: number };
  return (transformFlags & contents[what]) !== 0;
}
