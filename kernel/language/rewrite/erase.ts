// Types taken out of a cell by their places: what is left is the JavaScript that was written. Cheaper than
// TypeScript's emitter (0.1 ms for 2), and every place finds its way back without a source map.
// What has no JavaScript of its own (enums, namespaces, decorators …) is the emitter's: needsEmitter.
import ts from "typescript";
import { contains, internals } from "../chain/internals.js";
import type { Edits } from "./edits.js";

/** Whether a cell holds more than JavaScript with types in it. */
export function needsEmitter(file: ts.SourceFile): boolean {
  if (contains(file, "jsx") || contains(file, "esNext") || contains(file, "decorators"))
    return true;
  return isForEmitter(file);

  function isForEmitter(node: ts.Node): boolean {
    if (isType(node) || isTypeOnly(node)) return false;
    if (ts.isEnumDeclaration(node) || ts.isModuleDeclaration(node)) return true;
    if (ts.isImportEqualsDeclaration(node) || ts.isTypeAssertionExpression(node)) return true;
    if (ts.isExportAssignment(node) && node.isExportEquals) return true;
    if (ts.isPropertyDeclaration(node) && hasModifier(node, ts.SyntaxKind.AccessorKeyword))
      return true;
    if (ts.isConstructorDeclaration(node) && parameterProperties(node).length > 0) {
      const isHeir = node.parent.heritageClauses?.some(isExtends);
      if (isHeir && !superCall(node)) return true;
    }
    if (ts.isArrowFunction(node) && node.type) {
      // No line may end between its brackets and its arrow.
      const between = file.text.slice(node.parameters.end, node.equalsGreaterThanToken.pos);
      if (between.includes("\n")) return true;
    }
    return ts.forEachChild(node, isForEmitter) ?? false;
  }
}

/**
 * Take out what of this node is type; its children are not looked at.
 * @returns whether nothing is left of it
 */
export function eraseTypes(node: ts.Node, file: ts.SourceFile, edits: Edits): boolean {
  if (!contains(node, "typeScript")) return false;
  if (isType(node)) return true; // whoever has a type takes it out
  if (isTypeOnly(node)) {
    edits.replace(node.getStart(file), node.end, ";");
    return true;
  }
  if (ts.isHeritageClause(node) && !isExtends(node)) {
    edits.replace(node.getStart(file), node.end, "");
    return true;
  }
  if (ts.isParameter(node) && node.name.getText(file) === "this") {
    const { parameters } = node.parent;
    edits.replace(node.getStart(file), parameters[1]?.getStart(file) ?? parameters.end, "");
    return true;
  }

  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isNonNullExpression(node)) {
    edits.replace(node.expression.end, node.end, "");
  }
  if (ts.canHaveModifiers(node)) eraseModifiers(node, file, edits);
  const { typeParameters, typeArguments } = node as Generic;
  for (const list of [typeParameters, typeArguments]) {
    if (!list) continue;
    const end = skipBlanks(file, list.end) + 1;
    // `return <T>⏎(x) => x`: the line must not end behind `return`.
    edits.replace(list.pos - 1, ts.isArrowFunction(node) ? skipBlanks(file, end) : end, "");
  }
  if (isAnnotated(node)) {
    const mark = (node as Optional).questionToken ?? (node as Optional).exclamationToken;
    if (mark) edits.replace(mark.getStart(file), mark.end, "");
    if (node.type) edits.replace(node.type.pos - 1, node.type.end, "");
  }
  if (ts.isConstructorDeclaration(node)) setParameterProperties(node, file, edits);
  return false;
}

/** A statement that was ended by a type and the end of its line gets its semicolon: `x as T⏎(y)`. */
export function endStatement(node: ts.Node, file: ts.SourceFile, edits: Edits): void {
  const mayEndWithoutSemicolon =
    ts.isExpressionStatement(node) ||
    ts.isVariableStatement(node) ||
    ts.isReturnStatement(node) ||
    ts.isThrowStatement(node) ||
    ts.isExportAssignment(node) ||
    ts.isPropertyDeclaration(node);
  if (!mayEndWithoutSemicolon || !contains(node, "typeScript")) return;
  if (file.text[node.end - 1] !== ";") edits.insert(node.end, ";");
}

interface Generic {
  typeParameters?: ts.NodeArray<ts.Node>;
  typeArguments?: ts.NodeArray<ts.Node>;
}

interface Optional {
  questionToken?: ts.Node;
  exclamationToken?: ts.Node;
}

function isType(node: ts.Node): boolean {
  if (ts.isExpressionWithTypeArguments(node)) return false;
  return ts.isTypeNode(node) || ts.isTypeParameterDeclaration(node);
}

/** Statements and members of classes that only the checker reads. */
function isTypeOnly(node: ts.Node): boolean {
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  if (ts.isIndexSignatureDeclaration(node)) return true;
  if (ts.isImportDeclaration(node)) return node.importClause?.isTypeOnly ?? false;
  if (ts.isPropertyDeclaration(node) && hasModifier(node, ts.SyntaxKind.AbstractKeyword))
    return true;
  const canLackBody =
    ts.isFunctionDeclaration(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isConstructorDeclaration(node) ||
    ts.isAccessor(node);
  if (canLackBody && !node.body) return true;
  return ts.canHaveModifiers(node) && hasModifier(node, ts.SyntaxKind.DeclareKeyword);
}

function isAnnotated(
  node: ts.Node,
): node is
  | ts.VariableDeclaration
  | ts.ParameterDeclaration
  | ts.PropertyDeclaration
  | ts.SignatureDeclaration {
  return (
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isFunctionLike(node)
  );
}

const typeModifiers = new Set([
  ts.SyntaxKind.PublicKeyword,
  ts.SyntaxKind.ProtectedKeyword,
  ts.SyntaxKind.PrivateKeyword,
  ts.SyntaxKind.ReadonlyKeyword,
  ts.SyntaxKind.OverrideKeyword,
  ts.SyntaxKind.AbstractKeyword,
]);

function eraseModifiers(node: ts.HasModifiers, file: ts.SourceFile, edits: Edits): void {
  for (const modifier of node.modifiers ?? []) {
    if (!typeModifiers.has(modifier.kind as ts.ModifierSyntaxKind)) continue;
    // `a = b⏎public ["c"]() {}`: without the word the second line would go on with the first.
    const isFirst = ts.isClassElement(node) && modifier === node.modifiers![0];
    edits.replace(modifier.getStart(file), modifier.end, isFirst ? ";" : "");
  }
}

function hasModifier(node: ts.HasModifiers, kind: ts.ModifierSyntaxKind): boolean {
  return node.modifiers?.some((modifier) => modifier.kind === kind) ?? false;
}

/** `constructor(readonly a: A)` -> a field `a`, and `this.a=a` where TypeScript puts it. */
function setParameterProperties(
  node: ts.ConstructorDeclaration,
  file: ts.SourceFile,
  edits: Edits,
): void {
  const names = parameterProperties(node).map(({ name }) => name.getText(file));
  if (names.length === 0) return;
  edits.insert(node.parent.members.pos, names.map((name) => `${name};`).join(""));
  const assignments = names.map((name) => `this.${name}=${name};`).join("");
  const call = superCall(node);
  if (call) edits.insert(call.end, `;${assignments}`);
  else edits.insert(node.body!.getStart(file) + 1, assignments);
}

function parameterProperties(node: ts.ConstructorDeclaration): ts.ParameterDeclaration[] {
  return node.parameters.filter(({ modifiers }) =>
    modifiers?.some(({ kind }) => typeModifiers.has(kind as ts.ModifierSyntaxKind)),
  );
}

function superCall({ body }: ts.ConstructorDeclaration): ts.Statement | undefined {
  return body?.statements.find(
    (statement) =>
      ts.isExpressionStatement(statement) &&
      ts.isCallExpression(statement.expression) &&
      statement.expression.expression.kind === ts.SyntaxKind.SuperKeyword,
  );
}

function isExtends({ token }: ts.HeritageClause): boolean {
  return token === ts.SyntaxKind.ExtendsKeyword;
}

function skipBlanks(file: ts.SourceFile, at: number): number {
  return internals.skipTrivia(file.text, at);
}
