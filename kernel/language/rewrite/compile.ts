// A cell's TypeScript -> the script that the main thread runs.
import ts from "typescript";
import { bind } from "../chain/internals.js";
import { Edits, type Edit } from "./edits.js";
import { needsEmitter } from "./erase.js";
import { resultEnd, resultStart, rewriteCell } from "./rewrite.js";
import { parseScript } from "./scopes.js";

/** How a place in the script leads back to the cell. Travels as JSON. */
export interface ScriptMap {
  /** The edits that the rewriting made. */
  places: Edit[];
  /** The emitter's JavaScript before them, if the cell went through it. */
  javascript?: string;
  /** The emitter's source map to that JavaScript. */
  sourceMap?: string;
  /** The edits made to the cell before the emitter saw it: those around its last expression. */
  marks: Edit[];
}

export interface Compiled {
  code: string;
  map: ScriptMap;
}

export function compileCell(
  file: ts.SourceFile,
  own: ReadonlySet<string>,
  known: ReadonlySet<string>,
  options: ts.CompilerOptions = {},
): Compiled {
  if (!needsEmitter(file)) {
    bind(file, options);
    const { code, places } = rewriteCell(file, own, known, lastExpression(file));
    return { code, map: { places, marks: [] } };
  }
  const { text: marked, places: marks } = markResult(file);
  const { outputText, sourceMapText } = ts.transpileModule(marked, {
    fileName: "cell.ts",
    compilerOptions: {
      experimentalDecorators: options.experimentalDecorators,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      sourceMap: true,
      alwaysStrict: false,
    },
  });
  const javascript = outputText.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "");
  const { code, places } = rewriteCell(parseScript(javascript), own, known);
  return { code, map: { places, javascript, sourceMap: sourceMapText, marks } };
}

/** The result of the cell: its last statement, if that is an expression. */
function lastExpression(file: ts.SourceFile): ts.ExpressionStatement | undefined {
  const last = file.statements.findLast((statement) => !ts.isEmptyStatement(statement));
  return last && ts.isExpressionStatement(last) ? last : undefined;
}

function isRequire(
  statement: ts.Statement,
): statement is ts.ImportEqualsDeclaration & { moduleReference: ts.ExternalModuleReference } {
  return (
    ts.isImportEqualsDeclaration(statement) &&
    !statement.isTypeOnly &&
    ts.isExternalModuleReference(statement.moduleReference)
  );
}

/** What the emitter would not keep, written so that it does: the result, and `require`. */
function markResult(file: ts.SourceFile): { text: string; places: Edit[] } {
  const edits = new Edits();
  for (const statement of file.statements) {
    // `import fs = require("fs")`: of CommonJS, which TypeScript does not make of modules.
    if (!isRequire(statement)) continue;
    const call = statement.moduleReference.getText(file);
    edits.replace(
      statement.getStart(file),
      statement.end,
      `const ${statement.name.text}=__kb.${call};`,
    );
  }
  const last = lastExpression(file);
  if (last) {
    edits.insert(last.expression.getStart(file), resultStart);
    edits.insert(last.expression.end, resultEnd);
  }
  return edits.apply(file.text);
}
