// Which identifiers of a script mean names of the top level: the binder's tables, climbed from the inside.
import ts from "typescript";
import { bind, localsOf } from "../chain/internals.js";

export function parseScript(text: string): ts.SourceFile {
  const file = ts.createSourceFile("cell.ts", text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  bind(file, { target: ts.ScriptTarget.ES2022 });
  return file;
}

/** Whether an identifier is used as a variable: not a property's, a label's or a declaration's name. */
export function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return false;
  if (ts.isMetaProperty(parent)) return false;
  if (ts.isImportSpecifier(parent) || ts.isImportClause(parent)) return false;
  if (ts.isNamespaceImport(parent) || ts.isImportAttribute(parent)) return false;
  if (ts.isExportSpecifier(parent)) return (parent.propertyName ?? parent.name) === node;
  if (isNamed(parent)) return parent.name !== node;
  return true;
}

function isNamed(node: ts.Node): node is ts.NamedDeclaration {
  return (
    ts.isFunctionLike(node) ||
    ts.isClassLike(node) ||
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isPropertyDeclaration(node)
  );
}

/** A type of the same name shadows no value. */
function hasValue(symbol: ts.Symbol | undefined): boolean {
  return symbol !== undefined && (symbol.flags & ts.SymbolFlags.Value) !== 0;
}

/** Whether a name, seen from this node, is one of the script's top level or of outside. */
export function isTopLevel(node: ts.Node, name: string): boolean {
  for (let scope: ts.Node = node.parent; scope; scope = scope.parent) {
    if (ts.isSourceFile(scope)) return true;
    if (hasValue(localsOf(scope)?.get(name))) return false;
    // A class and a function expression know themselves under their own name.
    if (knowsItself(scope) && scope.name?.text === name && node !== scope.name) return false;
  }
  return true;
}

function knowsItself(node: ts.Node): node is ts.ClassLikeDeclaration | ts.FunctionExpression {
  return ts.isClassLike(node) || ts.isFunctionExpression(node);
}
