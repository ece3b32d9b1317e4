// What erase.ts leaves of a text is what TypeScript's own emitter makes of it: both printed in one way.
import { expect } from "chai";
import ts from "typescript";
import { parseErrors } from "../../kernel/language/chain/internals.js";
import { Edits } from "../../kernel/language/rewrite/edits.js";
import { endStatement, eraseTypes, needsEmitter } from "../../kernel/language/rewrite/erase.js";

const target = ts.ScriptTarget.ES2022;

function parse(text: string, fileName = "a.ts"): ts.SourceFile {
  const file = ts.createSourceFile(fileName, text, target, true);
  expect(parseErrors(file)[0]?.messageText, text).to.equal(undefined);
  return file;
}

function erased(source: string): string {
  const file = parse(source);
  const edits = new Edits();
  visit(file);
  return edits.apply(source).text;

  function visit(node: ts.Node): void {
    if (eraseTypes(node, file, edits)) return;
    ts.forEachChild(node, visit);
    endStatement(node, file, edits);
  }
}

function emitted(source: string): string {
  const compilerOptions = {
    target,
    module: ts.ModuleKind.ESNext,
    verbatimModuleSyntax: true,
    alwaysStrict: false,
  };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}

/** JavaScript with only the brackets that it needs, and without empty statements. */
function printed(javascript: string): string {
  const { transformed } = ts.transform(parse(javascript, "a.js"), [
    (context) => (file) => {
      const strip = (node: ts.Node): ts.Node => {
        const inside = ts.visitEachChild(node, strip, context);
        return ts.isParenthesizedExpression(inside) ? inside.expression : inside;
      };
      return strip(file) as ts.SourceFile;
    },
  ]);
  const text = ts.createPrinter({ removeComments: true }).printFile(transformed[0]!);
  return text
    .replace(/^\s*;$/gm, "")
    .replace(/^export \{\};$/gm, "")
    .replace(/\s+/g, " ")
    .trim();
}

describe("eraseTypes(node, file, edits)", () => {
  const texts = [
    "interface P { x: number }\ntype Q = P | string\nconst p: P = { x: 1 }",
    "let a: number, b!: string, c = 1 as const, d = <T,>(x: T): T => x",
    "x as any\n(y)",
    "x!\n[0]",
    "const z = x satisfies T\n`text`",
    "f<number>(1); new Map<string, number[]>(); g<T>`a`; h?.<T>(1); const i = f<string>\n(1)",
    "function f(this: Window, a?: number, ...b: string[]): asserts a is number { return a! }",
    "function f(this: void): void {}",
    "function o(a: string): string; function o(a: number): number; function o(a: any) { return a }",
    "function f() { return <T>\n(x: T) => x }",
    "const f = async <\n  T,\n>(x: T): Promise<T> => { await x; return x }",
    "declare const d: number; declare function e(): void; declare class F {}\n1",
    "abstract class A<T> extends B<T> implements C, D<T> { abstract m(): void; abstract x: number; private y?: string; protected static readonly z = 1; declare w: T; [k: string]: any; override n?(): void {} }",
    "class A { constructor(public a: number, private readonly b = 2, c?: string) { f(c) } z = 1 }",
    "class A extends B { x = 1\n constructor(readonly a: A) { 'use strict'; super(a) \n f(a) } }",
    "class A { a = b as C\n ['x'] = 1\n public ['y'] = 2\n readonly *z() {} }".replace(
      "readonly *z() {}",
      "private *z() {}",
    ),
    "class A { m(): void\n m(x?: number) {}\n get g(): number { return 1 } set g(v: number) {} static async s<T>(): Promise<T> {} #p: string = '' }",
    "try {} catch (e: unknown) { throw e as Error\n}",
    "for (const [k, v] of Object.entries(o) as [string, T][]) f(k, v!)",
    "(x as any) = 1; (<const T>(y: T) => y)(1); [(a as any), b!] = c; (x! as T)++",
    "import type { A } from 'a'; import type B from 'b'; import c from 'c'\nc",
    "const o = { m<T>(x: T): T { return x }, get g(): string { return '' }, async *a(): AsyncGenerator<T> {} }",
    "if (a) b as T\nelse c!\nwhile (x) y as T\n;(1)",
    "const f = (a: number, { b, c = 1 }: { b: string; c?: number } = {}, [d]: [number]): { x: number } => ({ x: a })",
    "type A = { [K in keyof T]: T[K] extends infer U ? U : never }; const t: typeof import('x') = y; label: for (;;) break label",
    "export default class<T> { x: T }",
    "export const e: number = 1, f = 2 as number; export abstract class G {} export function h<T>(x: T) {} export interface I {}",
    "const v = a ? (b) : c => (d) : e => f; a < b > (c)",
    "let u: unique symbol, s: `a${string}`, t: [a: string, b?: number], n: new () => X, q: abstract new () => X",
    "enumerate(); const { a, b: { c } }: T = d as unknown as T",
    "class A { static { f(x as T) } accessorOf: number = 1; 'quoted'?: string; 5: number; static async = 1 }",
    "async () => { for await (const x of y as AsyncIterable<T>) await (x as T) }",
    "x = y as any as T; x ??= y!; !x!; -x!; typeof x!; x!.y!.z![0]!(1)!; x?.y!.z; new (x as any)(); new x!(); delete (x as any).y",
    "// a comment\nlet x /* : no */ : /* type */ number /* after */ = /* value */ 1 // end",
  ];
  for (const text of texts) {
    it(`leaves of ${text.replace(/\s+/g, " ").slice(0, 70)} what the emitter makes`, () => {
      expect(needsEmitter(parse(text))).to.equal(false);
      expect(printed(erased(text))).to.equal(printed(emitted(text)));
    });
  }

  it("keeps the rest of the text at its place", () => {
    expect(erased("const a: number = 1;\nf<T>(a!, b as C);")).to.equal("const a = 1;\nf(a, b);");
  });
});

describe("needsEmitter(file)", () => {
  const texts = [
    "enum E { A }",
    "namespace N { export const x = 1 }",
    "import x = require('x')",
    "import y = N.y",
    "class A { accessor x = 1 }",
    "class A { @d m() {} }",
    "using x = y",
    "const x = <T>y",
    "class A extends B { constructor(public a: number) { if (a) { super() } else { super(a) } } }",
    "const f = (a: number)\n  : number => a",
  ];
  for (const text of texts) {
    it(`sends ${text.replace(/\s+/g, " ")} there`, () => {
      expect(needsEmitter(parse(text))).to.equal(true);
    });
  }

  it("not what is only declared", () => {
    expect(needsEmitter(parse("declare enum E { A }\ndeclare namespace N {}"))).to.equal(false);
  });
});
