// What a piece of a cell's syntax is, where the rewriting has to know.
import ts from "typescript";
import { isTopLevel } from "./scopes.js";

/** `f(1)`, also in brackets or with a type: `(f as any)(1)`, `f!(1)`. */
export function isCalled(node: ts.Node): boolean {
  let called = node;
  while (isWrapper(called.parent)) called = called.parent;
  const { parent } = called;
  return (
    (ts.isCallExpression(parent) && parent.expression === called) ||
    (ts.isTaggedTemplateExpression(parent) && parent.tag === called)
  );
}

/** A function or class that takes the name of what it is assigned to. */
export function isAnonymous(value: ts.Expression): boolean {
  let inner = value;
  while (isWrapper(inner)) inner = inner.expression;
  if (ts.isArrowFunction(inner)) return true;
  return (ts.isFunctionExpression(inner) || ts.isClassExpression(inner)) && !inner.name;
}

type Wrapper =
  | ts.ParenthesizedExpression
  | ts.AssertionExpression
  | ts.NonNullExpression
  | ts.SatisfiesExpression;

function isWrapper(node: ts.Node): node is Wrapper {
  return (
    ts.isParenthesizedExpression(node) ||
    ts.isAssertionExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isSatisfiesExpression(node)
  );
}

const naming = new Set([
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
]);

/** An assignment that gives an anonymous function its name. */
export function isAssignment(node: ts.Node): node is ts.BinaryExpression {
  return ts.isBinaryExpression(node) && naming.has(node.operatorToken.kind);
}

export function isDynamicImport(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
}

/** Variables of a statement that stands at the top of the script. */
export function isScriptLevel(list: ts.VariableDeclarationList): boolean {
  return ts.isVariableStatement(list.parent) && ts.isSourceFile(list.parent.parent);
}

/** `var` in a block or a loop of the top level. */
export function isTopLevelVar(list: ts.VariableDeclarationList, name: string): boolean {
  return (list.flags & ts.NodeFlags.BlockScoped) === 0 && isTopLevel(list, name);
}
