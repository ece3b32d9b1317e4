// A cell made ready to run: an async function without types that keeps its top-level variables in boxes.
//
//   const y = x + 1        ->   y$.v = x$.v + 1
//   import fs from "fs"    ->   const m = await __kb.import("fs"); fs$.v = m.default
//   for (;;) { … }         ->   for (;;) {if (__i[0]) __kb.stop(); … }
//   await p                ->   await __kb.wait(p)
//
// Every name has one box for the whole session, so a function of an old cell sees the new value, and
// anything can be declared again as anything. A box is a plain field: a loop over one costs 2-6 ns.
import ts from "typescript";
import { Edits, type Edit } from "./edits.js";
import { endStatement, eraseTypes } from "./erase.js";
import { Imports } from "./imports.js";
import { boundNames } from "./names.js";
import { isReference, isTopLevel } from "./scopes.js";
import {
  isAnonymous,
  isAssignment,
  isCalled,
  isDynamicImport,
  isScriptLevel,
  isTopLevelVar,
} from "./shapes.js";

export interface Rewritten {
  code: string;
  places: Edit[];
}

/** Around the expression whose value is the cell's. */
export const resultStart = "__kb.result=(";
export const resultEnd = ")";

/**
 * @param file the cell, bound; without what only TypeScript's emitter can make JavaScript of (erase.ts)
 * @param own names that the cell declares at its top level
 * @param known names that former cells declared
 * @param result the statement whose value is the cell's
 */
export function rewriteCell(
  file: ts.SourceFile,
  own: ReadonlySet<string>,
  known: ReadonlySet<string>,
  result?: ts.ExpressionStatement,
): Rewritten {
  return new Rewriter(file, own, known, result).run();
}

class Rewriter {
  readonly #edits = new Edits();
  readonly #used = new Set<string>();
  readonly #hoisted: string[] = [];
  readonly #imports = new Imports((name) => this.#box(name));

  constructor(
    readonly file: ts.SourceFile,
    readonly own: ReadonlySet<string>,
    readonly known: ReadonlySet<string>,
    readonly result: ts.ExpressionStatement | undefined,
  ) {}

  run(): Rewritten {
    for (const statement of this.file.statements) this.#topLevel(statement);

    const boxes = [...this.#used].map((name) => `${name}$=__kb.box(${JSON.stringify(name)})`);
    const head =
      `(async (__kb,__i)=>{"use strict";` +
      (boxes.length > 0 ? `const ${boxes.join(",")};` : "") +
      this.#hoisted.join("") +
      this.#imports.code.join("");
    const { text, places } = this.#edits.apply(this.file.text);
    return { code: `${head}${text}\n})`, places: [{ start: 0, end: 0, text: head }, ...places] };
  }

  #boxed(name: string): boolean {
    return this.own.has(name) || this.known.has(name);
  }

  #box(name: string): string {
    this.#used.add(name);
    return `${name}$.v`;
  }

  #topLevel(statement: ts.Statement): void {
    if (eraseTypes(statement, this.file, this.#edits)) return;
    if (ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement)) {
      this.#edits.blank(this.file.text, statement.getStart(), statement.end);
      this.#imports.add(statement);
    } else if (ts.isExportAssignment(statement)) {
      this.#edits.replace(statement.getStart(), statement.expression.getStart(), "__kb.result=");
      this.#walk(statement.expression);
    } else if (ts.isFunctionDeclaration(statement)) this.#function(statement);
    else if (ts.isClassDeclaration(statement)) this.#class(statement);
    else if (statement === this.result) {
      const { expression } = this.result;
      this.#edits.insert(expression.getStart(), resultStart);
      this.#walk(expression);
      this.#edits.insert(expression.end, resultEnd);
    } else {
      if (ts.isVariableStatement(statement)) this.#dropModifiers(statement);
      this.#inside(statement);
    }
    endStatement(statement, this.file, this.#edits);
  }

  #dropModifiers(node: ts.Statement & { modifiers?: ts.NodeArray<ts.ModifierLike> }): void {
    for (const modifier of node.modifiers ?? []) {
      if (
        modifier.kind !== ts.SyntaxKind.ExportKeyword &&
        modifier.kind !== ts.SyntaxKind.DefaultKeyword
      )
        continue;
      this.#edits.blank(this.file.text, modifier.getStart(), modifier.end);
    }
  }

  #function(node: ts.FunctionDeclaration): void {
    this.#dropModifiers(node);
    if (!node.name) this.#edits.insert(node.modifiers?.end ?? 0, "__kb.result=");
    if (node.name && this.#boxed(node.name.text)) {
      this.#hoisted.push(`${this.#box(node.name.text)}=${node.name.text};`);
    }
    ts.forEachChild(node, this.#walk);
  }

  #class(node: ts.ClassDeclaration): void {
    this.#dropModifiers(node);
    if (node.name && this.#boxed(node.name.text)) {
      const keyword = node.modifiers?.length ? node.modifiers.end : node.getStart();
      this.#edits.insert(keyword, `${this.#box(node.name.text)}=`);
      this.#edits.insert(node.end, ";");
    } else if (!node.name) this.#edits.insert(node.modifiers?.end ?? 0, "__kb.result=");
    ts.forEachChild(node, this.#walk);
  }

  readonly #walk = (node: ts.Node): void => {
    if (eraseTypes(node, this.file, this.#edits)) return;
    this.#inside(node);
    endStatement(node, this.file, this.#edits);
  };

  #inside(node: ts.Node): void {
    if (ts.isIdentifier(node)) this.#identifier(node);
    else if (ts.isVariableDeclarationList(node)) this.#declarations(node);
    else if (ts.isIterationStatement(node, false)) this.#loop(node);
    else if (ts.isAwaitExpression(node)) this.#await(node);
    else if (ts.isMetaProperty(node)) this.#meta(node);
    else if (isDynamicImport(node)) this.#dynamicImport(node);
    else if (isAssignment(node)) this.#assignment(node);
    else ts.forEachChild(node, this.#walk);
  }

  #identifier(node: ts.Identifier): void {
    const name = node.text;
    if (!this.#boxed(name) || !isReference(node) || !isTopLevel(node, name)) return;
    const { parent } = node;
    if (ts.isShorthandPropertyAssignment(parent)) {
      if (parent.name === node) this.#edits.insert(node.end, `: ${this.#box(name)}`);
      else this.#replaceReference(node);
    } else if (isCalled(node)) {
      // Called as a function, not as a method of its box.
      this.#edits.replace(node.getStart(), node.end, `(0,${this.#box(name)})`);
    } else this.#replaceReference(node);
  }

  #replaceReference(node: ts.Identifier): void {
    this.#edits.insert(node.end, "$.v");
    this.#used.add(node.text);
  }

  /** `const a = 1, { b } = o` of the top level -> `a$.v = 1, ({ b: b$.v } = o)`. */
  #declarations(list: ts.VariableDeclarationList): void {
    const names = list.declarations.flatMap(({ name }) => boundNames(name));
    const mine =
      names.length === 0 ? isScriptLevel(list) : names.every((id) => this.#isOwn(id, list));
    if (!mine) {
      ts.forEachChild(list, this.#walk);
      return;
    }
    const loop = ts.isForInStatement(list.parent) || ts.isForOfStatement(list.parent);
    // The semicolon: cells may leave theirs out, and what follows may start with a bracket.
    const before = ts.isVariableStatement(list.parent) ? ";" : "";
    this.#edits.replace(list.getStart(), list.declarations[0]!.getStart(), before);
    for (const declaration of list.declarations) {
      const { name, initializer } = declaration;
      eraseTypes(declaration, this.file, this.#edits);
      const pattern = !ts.isIdentifier(name);
      if (pattern && !loop) this.#edits.insert(name.getStart(), "(");
      this.#target(name);
      if (initializer) this.#value(name, initializer);
      else if (!loop) this.#edits.insert(name.end, "=void 0");
      if (pattern && !loop) this.#edits.insert(initializer!.end, ")");
    }
    // `let a⏎(f)()`: what was a name is a value now, and would be called.
    const endsInName = !loop && list.declarations.at(-1)!.initializer === undefined;
    if (endsInName && ts.isVariableStatement(list.parent)) this.#edits.insert(list.parent.end, ";");
  }

  /** `const f = () => 1` names its function f, `f$.v = () => 1` would not: `f$.v = {f:() => 1}.f` does. */
  #value(name: ts.Node, value: ts.Expression): void {
    const isNamed = ts.isIdentifier(name) && name.text !== "__proto__" && isAnonymous(value);
    if (isNamed) this.#edits.insert(value.getStart(), `{${name.text}:`);
    this.#walk(value);
    if (isNamed) this.#edits.insert(value.end, `}.${name.text}`);
  }

  #isOwn(id: ts.Identifier, list: ts.VariableDeclarationList): boolean {
    return this.own.has(id.text) && (isScriptLevel(list) || isTopLevelVar(list, id.text));
  }

  /** A binding pattern becomes the assignment pattern to the boxes. */
  #target(name: ts.BindingName): void {
    if (ts.isIdentifier(name)) {
      this.#replaceReference(name);
      return;
    }
    for (const element of name.elements) {
      if (ts.isOmittedExpression(element)) continue;
      if (element.propertyName && ts.isComputedPropertyName(element.propertyName)) {
        this.#walk(element.propertyName.expression);
      }
      const shorthand =
        ts.isObjectBindingPattern(name) && !element.propertyName && !element.dotDotDotToken;
      if (shorthand && ts.isIdentifier(element.name)) {
        this.#edits.insert(element.name.end, `: ${this.#box(element.name.text)}`);
      } else this.#target(element.name);
      if (element.initializer) this.#value(element.name, element.initializer);
    }
  }

  /** `f = () => 1`, of a variable of the top level. */
  #assignment({ left, operatorToken, right }: ts.BinaryExpression): void {
    this.#walk(left);
    this.#walk(operatorToken);
    const isBoxed = ts.isIdentifier(left) && this.#boxed(left.text) && isTopLevel(left, left.text);
    if (isBoxed) this.#value(left, right);
    else this.#walk(right);
  }

  #loop(node: ts.IterationStatement): void {
    ts.forEachChild(node, (child) => {
      const awaited = ts.isForOfStatement(node) && node.awaitModifier && child === node.expression;
      if (awaited) this.#edits.insert(child.getStart(), "__kb.each(");
      this.#walk(child);
      if (awaited) this.#edits.insert(child.end, ")");
    });
    const body = node.statement;
    const guard = "if(__i[0])__kb.stop();";
    if (ts.isBlock(body)) this.#edits.insert(body.getStart() + 1, guard);
    else {
      this.#edits.insert(body.getStart(), `{${guard}`);
      this.#edits.insert(body.end, "}");
    }
  }

  #await(node: ts.AwaitExpression): void {
    this.#edits.insert(node.expression.getStart(), "__kb.wait(");
    this.#walk(node.expression);
    this.#edits.insert(node.expression.end, ")");
  }

  #meta(node: ts.MetaProperty): void {
    if (node.keywordToken !== ts.SyntaxKind.ImportKeyword) return;
    this.#edits.replace(node.getStart(), node.end, "__kb.meta");
  }

  #dynamicImport(node: ts.CallExpression): void {
    this.#edits.replace(node.expression.getStart(), node.expression.end, "__kb.import");
    node.arguments.forEach(this.#walk);
  }
}
