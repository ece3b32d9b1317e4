// A cell's TypeScript -> the script that the main thread runs.
import ts from "typescript";
import { isPlainJavaScript } from "../chain/internals.js";
import { Edits, type Edit } from "./edits.js";
import { rewriteCell } from "./rewrite.js";

/** How a place in the script leads back to the cell. Travels as JSON. */
export interface ScriptMap {
  /** The edits that the rewriting made. */
  places: Edit[];
  /** The JavaScript before them, if it is not the cell itself. */
  javascript?: string;
  /** TypeScript's source map from that JavaScript. */
  sourceMap?: string;
  /** The edits made to the cell before TypeScript saw it: those around its last expression. */
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
  const { text: marked, places: marks } = markResult(file);
  if (isPlainJavaScript(file)) {
    const { code, places } = rewriteCell(marked, own, known);
    return { code, map: { places, javascript: marked, marks } };
  }
  const { outputText, sourceMapText } = ts.transpileModule(marked, {
    fileName: "cell.tsx".slice(0, options.jsx ? 8 : 7),
    compilerOptions: {
      experimentalDecorators: options.experimentalDecorators,
      jsx: options.jsx,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      sourceMap: true,
      alwaysStrict: false,
    },
  });
  const javascript = outputText.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "");
  const { code, places } = rewriteCell(javascript, own, known);
  return { code, map: { places, javascript, sourceMap: sourceMapText, marks } };
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

/** The last statement, if it is an expression, becomes the result of the cell. */
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
  const last = file.statements.findLast((statement) => !ts.isEmptyStatement(statement));
  if (last && ts.isExpressionStatement(last)) {
    edits.insert(last.expression.getStart(file), "__kb.result=(");
    edits.insert(last.expression.end, ")");
  }
  return edits.apply(file.text);
}
