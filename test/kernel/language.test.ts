// What cells may say, run in a real kernel: what tslab promises in its README and tests, in our own words, and
// what it cannot do. Each group is a session of its own names.
import { expect } from "chai";
import fs from "node:fs";
import path from "node:path";
import { TestKernel } from "./support/client.js";

/** A cell and its value as text; undefined where it has none, an error's text where it fails. */
type Cell = [code: string, value?: string | { error: string | RegExp } | { prints: string }];

const files = {
  "mod.ts":
    "export const one: number = 1;\nexport class K { private p = 2; get v() { return this.p } }\nexport type Pair = { a: number; b: number };",
  "all.ts":
    'export * from "./plain.js";\nexport default function hello(name: string): string { return "hi " + name }',
  "plain.js": "export const five = 5;",
  "common.cjs": "module.exports = { c: 1 };",
  "data.json": '{ "x": 5 }',
  "view.tsx": "export const same = <T,>(x: T): T => x;",
  "mod2.mts": "export const two: number = 2;",
  "node_modules/esm-only/package.json":
    '{ "name": "esm-only", "version": "1.0.0", "type": "module", "exports": { ".": { "types": "./t/i.d.ts", "import": "./i.js" }, "./part": { "types": "./t/p.d.ts", "import": "./p.js" } } }',
  "node_modules/esm-only/i.js":
    "export const late = await Promise.resolve(8); export default class E {}",
  "node_modules/esm-only/p.js": "export const part = 'p';",
  "node_modules/esm-only/t/i.d.ts": "export declare const late: number; export default class E {}",
  "node_modules/esm-only/t/p.d.ts": "export declare const part: string;",
  "node_modules/cjs-pkg/package.json":
    '{ "name": "cjs-pkg", "version": "1.0.0", "main": "i.js", "types": "i.d.ts" }',
  "node_modules/cjs-pkg/i.js":
    "module.exports = function twice(n) { return n * 2 }; module.exports.named = 'n';",
  "node_modules/cjs-pkg/i.d.ts":
    "declare function twice(n: number): number; declare namespace twice { const named: string } export = twice;",
};

const sessions: Record<string, Cell[]> = {
  "declaring again, anything as anything": [
    ["const a1 = 1"],
    ["let a1 = 'text'; a1.length", "4"],
    ["function a1() { return 2 }"],
    ["a1()", "2"],
    ["class a1 { v = 3 }"],
    ["new a1().v", "3"],
    ["enum a1 { A = 4 }; a1.A", "4"],
    ["a1[4]", "'A'"],
    ["namespace a1 { export const n = 5 }; a1.n", "5"],
    ["import * as a1 from 'node:path'; a1.sep", "'/'"],
    ["type a1 = string; const a2: a1 = 's'; a2", "'s'"],
    ["var a1 = 6; var a1 = 7; a1", "7"],
  ],
  "names of former cells": [
    ["const b1 = 1, b2 = 2"],
    ["({ b1, b2 })", "{ b1: 1, b2: 2 }"],
    ["let [b3, b4] = [b1, b2]; [b3, b4] = [b4, b3]; [b3, b4]", "[ 2, 1 ]"],
    ["b3++; b3 += 10; --b4; [b3, b4]", "[ 13, 0 ]"],
    ["const bf = () => b3; for (const b3 of [1]) void b3; bf()", "13"],
    ["const b5 = (s: TemplateStringsArray, ...v: number[]) => s.raw.join('|') + v"],
    ["b5`x${b1}y`", "'x|y1'"],
    ["const maybe: (() => number) | undefined = () => b2"],
    ["maybe?.()", "2"],
    ["typeof b1", "'number'"],
    ["const b6 = { b1, m() { return b2 }, get g() { return b3 } }; [b6.m(), b6.g]", "[ 2, 13 ]"],
    ["b1 = 3", { error: /constant of a former cell/ }],
  ],
  "classes over cells": [
    [
      "abstract class C1 { #s = 1; protected constructor(readonly n: string) {} abstract say(): string; peek() { return this.#s } static { console.log('static') } }",
      { prints: "static\n" },
    ],
    [
      "class C2 extends C1 { constructor(n: string) { super(n) } say() { return this.n + this.peek() } }; new C2('a').say()",
      "'a1'",
    ],
    ["class C1 { constructor(public n: string) {} say() { return 'new' } }"],
    ["new C2('b').say()", "'b1'"],
    ["new C1('c').say()", "'new'"],
    [
      "class C3 { accessor v = 1; static #count = 0; static next() { return ++C3.#count } }; [new C3().v, C3.next(), C3.next()]",
      "[ 1, 1, 2 ]",
    ],
    ["new C2('x').n = 'y'", { error: /read-only/ }],
    [
      "function logged(f: any, c: ClassMethodDecoratorContext) { console.log('decorates', String(c.name)); return f }\nclass C4 { @logged m() { return 1 } }; new C4().m()",
      "1",
    ],
    ["function make() { return class { private p = 1; q() { return this.p } } }"],
    ["new (make())().q()", "1"],
  ],
  "types over cells": [
    ["interface P1 { x: number }\ninterface P1 { y?: number }\nconst p1: P1 = { x: 1, y: 2 }"],
    ["const p2: P1 = {}", { error: /'x' is missing/ }],
    ["type Shape = 'a' | 'b'; let s1: Shape = 'a'"],
    ["s1 = 'c'", { error: /not assignable to type 'Shape'/ }],
    [
      "function o1(a: string): string; function o1(a: number): number; function o1(a: any) { return a }",
    ],
    ["o1(1).toFixed() + o1('a').length", "'11'"],
    ["o1(true)", { error: /No overload matches/ }],
    ["const sat = { a: 1 } satisfies Record<string, number>; sat.a.toFixed()", "'1'"],
    ["const enum E1 { A = 1, B = 2 }"],
    ["E1.B", "2"],
    ["namespace N1 { export const q = 1; export namespace Inner { export const z = 9 } }"],
    ["N1.q + N1.Inner.z", "10"],
    [
      "declare global { interface Array<T> { second(): T } }\nArray.prototype.second = function () { return this[1] };0",
      "0",
    ],
    ["[1, 2].second().toFixed()", "'2'"],
    ["function g1<T>(x: T): T[] { return [x] }"],
    ["g1('a')[0].nope", { error: /'nope' does not exist on type 'string'/ }],
    ["// @ts-nocheck\nconst wrong: number = 'w'; wrong", "'w'"],
    ["// @ts-expect-error\nconst w2: number = 'w'; w2", "'w'"],
    ["let unknownYet; unknownYet"],
    ["const list1 = []; list1.push(1); list1", "[ 1 ]"],
  ],
  "awaiting and iterating": [
    ["const w1 = await Promise.resolve(3); w1", "3"],
    [
      "for await (const v of (async function* () { yield 1; yield 2 })()) console.log(v)",
      { prints: "1\n2\n" },
    ],
    [
      "using r1 = { [Symbol.dispose]() { console.log('disposed') } }; console.log('in')",
      { prints: "in\ndisposed\n" },
    ],
    [
      "await using r2 = { async [Symbol.asyncDispose]() { console.log('gone') } }; 1",
      { prints: "gone\n" },
    ],
    [
      "outer: for (let i = 0; i < 3; i++) for (;;) { if (i === 1) break outer; continue outer }\n'out'",
      "'out'",
    ],
    [
      "const fs1: (() => number)[] = []; for (let i = 0; i < 3; i++) fs1.push(() => i); fs1.map((f) => f())",
      "[ 0, 1, 2 ]",
    ],
    ["if (true) { var h1 = 5 }\nh1", "5"],
    ["for (var h2 = 0; h2 < 3; h2++);\nh2", "3"],
    ["const e7 = early1(); function early1() { return 7 }\ne7", "7"],
    ["const ok1 = 1; throw new Error('after')", { error: "after" }],
    ["ok1", "1"],
    [
      "const slow = async (n: number) => { await null; return n * 2 }; await Promise.all([1, 2].map(slow))",
      "[ 2, 4 ]",
    ],
    [
      "function* gen1() { const got: number = yield 1; yield got }\nconst g = gen1(); [g.next().value, g.next(9).value]",
      "[ 1, 9 ]",
    ],
  ],
  importing: [
    ["import { one, K } from './mod'; new K().v + one", "3"],
    ["import { one as o2 } from './mod.ts'; import { one as o3 } from './mod.js'; o2 + o3", "2"],
    ["import type { Pair } from './mod'; const pair: Pair = { a: 1, b: 2 }; pair.b", "2"],
    ["import { type Pair as P9, one as o4 } from './mod'; o4", "1"],
    ["(await import('./mod')).one", "1"],
    ["import hello, { five } from './all'; hello('a') + five.toFixed()", "'hi a5'"],
    ["import data from './data.json'; data.x.toFixed()", "'5'"],
    ["import d2 from './data.json' with { type: 'json' }; d2.x", "5"],
    ["data.y", { error: /'y' does not exist/ }],
    [
      "import * as whole from './data.json'; import { x as x9 } from './data.json'; whole.x + x9",
      "10",
    ],
    ["import { same } from './view'; same(4).toFixed()", "'4'"],
    ["import { two } from './mod2.mjs'; two", "2"],
    ["import common from './common.cjs'; common.c", "1"],
    ["import fs9 = require('fs'); fs9.existsSync('/')", "true"],
    ["require('./data.json').x", "5"],
    [
      "import { late } from 'esm-only'; import { part } from 'esm-only/part'; part + late.toFixed()",
      "'p8'",
    ],
    ["import { nope } from 'esm-only'", { error: /no exported member 'nope'/ }],
    ["import twice, { named } from 'cjs-pkg'; twice(2) + named", "'4n'"],
    ["import * as torch from 'kernelbook'; torch.ones([2]).sum().item()", "2"],
    ["import { not } from 'not-there'", { error: /Cannot find module 'not-there'/ }],
    ["import.meta.dirname === __dirname && process.cwd() === __dirname", "true"],
    [
      "export const e1 = 1; export function e2() { return e1 } export class E3 {} export default 42",
      "42",
    ],
    ["e2()", "1"],
    ["export { e1 as e4 } from './nothing'", { error: /Cannot find module/ }],
    ["export { one as uno, type Pair as Both } from './mod'; export * as star from './mod'"],
    ["const both: Both = { a: uno, b: star.one }; both.b.toFixed()", "'1'"],
  ],
  "names of functions, and words that are names only here or there": [
    [
      "let n1 = () => 1; n1 = () => 2; let { n2 = () => 1 } = {} as { n2?: () => number }\n[n1.name, n2.name]",
      "[ 'n1', 'n2' ]",
    ],
    ["let n3: (() => number) | undefined; n3 ??= function () { return 1 }; n3.name", "'n3'"],
    ["n1 = function inner() { return 3 }; n1.name + n1()", "'inner3'"],
    ["#!/usr/bin/env node\n1 + 1", "2"],
    ["await", { error: "Expression expected" }],
    ["const waits = { await: 1 }; waits.await", "1"],
    ["const \\u0061bc = 1; abc + \\u0061bc", "2"],
    [
      "let async = 1, of = [2], type = 3, as = 4, from = 5, declare = 6, satisfies = 7, using = 8\nfor (const x of of) type = x",
    ],
    ["type + as + from + (async as number) + (satisfies satisfies number) + using", "27"],
    ["const constructor = 1, toString = 2, hasOwnProperty = 3, __proto__ = 4"],
    ["[constructor, toString, hasOwnProperty, __proto__]", "[ 1, 2, 3, 4 ]"],
  ],
  "merging within a cell": [
    ["function mf() { return 1 }\nnamespace mf { export const k = 2 }\nmf.k + mf()", "3"],
    ["enum ME { X = 1 }\nenum ME { Y = 2 }\n[mf.k, ME.X, ME.Y]", "[ 2, 1, 2 ]"],
    ["namespace Outer.Inner { export function hi() { return 'hi' } }\nimport Short = Outer.Inner"],
    ["Short.hi() + Outer.Inner.hi()", "'hihi'"],
    ["class MC { a = 1 }\ninterface MC { b?: number }"],
    ["const merged: MC = new MC(); merged.b = 4; merged.b", "4"],
  ],
  "shadowing what is there": [
    ["let name = 'n'; name.length", "1"],
    ["const process = 3; process", "3"],
    ["const display = (n: number) => n + 1; display(1)", "2"],
    ["const Promise = 5; await 1; Promise", "5"],
    ["const module = 1, exports = 2, self = 3; [module, exports, self]", "[ 1, 2, 3 ]"],
    ["const x$ = 1, __k = 2, $ = 3, 변수 = 4; [x$, __k, $, 변수]", "[ 1, 2, 3, 4 ]"],
    ["%reset"],
    ["typeof process.version", "'string'"],
  ],
  "values and their texts": [
    ["undefined"],
    ["null", "null"],
    ["'a\\nb'", "'a\\nb'"],
    ["10n ** 20n", "100000000000000000000n"],
    ["new Map([[1, { a: [1] }]])", "Map(1) { 1 => { a: [ 1 ] } }"],
    ["({ a: 1 })", "{ a: 1 }"],
    ["1; // comment", "1"],
    ["new Float32Array(2)", "Float32Array(2) [ 0, 0 ]"],
    ["async () => {}", "[AsyncFunction (anonymous)]"],
    ["Promise.reject(new Error('kept')).catch((e) => e.message)", /./ as never],
    ["new Error('shown')", /^Error: shown\n {4}at cell\[\d+\]\.ts:1:1$/ as never],
  ],
};

describe("the language of cells", function () {
  this.timeout(60_000);
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start(files);
  });
  after(() => kernel.end());

  for (const [what, session] of Object.entries(sessions)) {
    it(what, async () => {
      for (const [code, expected] of session) {
        const { reply, result, stdout } = await kernel.run(code);
        if (typeof expected === "object" && "error" in expected) {
          expect(reply.status, code).to.equal("error");
          expect(reply.evalue, code).to.match(new RegExp(expected.error));
          continue;
        }
        expect(reply.status, `${code}\n${reply.evalue}`).to.equal("ok");
        if (typeof expected === "object" && "prints" in expected)
          expect(stdout, code).to.equal(expected.prints);
        else if ((expected as unknown) instanceof RegExp)
          expect(result, code).to.match(expected as never);
        else expect(result, code).to.equal(expected);
      }
    });
  }

  it("knows kernelbook with its documentation from a folder that has nothing", async () => {
    await kernel.run("import * as tensors from 'kernelbook'; const t9 = tensors.ones([2])");
    const ask = async (type: string, code: string) =>
      kernel.ask("shell", `${type}_request`, { code, cursor_pos: code.length, detail_level: 0 });
    expect((await ask("complete", "t9.matm")).matches).to.eql(["matmul"]);
    expect((await ask("complete", "tensors.zer")).matches).to.include("zeros");
    const { data } = await ask("inspect", "tensors.ones");
    expect(data["text/plain"])
      .to.match(/ones\(/)
      .and.have.length.above(80);
    const specifiers = async (typed: string) =>
      (await ask("complete", `import { one } from '${typed}`)).matches;
    expect(await specifiers("./mo")).to.eql(["mod", "mod2.mts"]);
    expect(await specifiers("./da")).to.eql(["data.json"]);
    expect(await specifiers("esm")).to.eql(["esm-only"]);
    expect(await specifiers("node:fs")).to.eql(["node:fs", "node:fs/promises"]);
    expect(await specifiers("kernelbook/w")).to.eql(["kernelbook/widgets"]);
  });

  it("honours the folder's tsconfig.json", async () => {
    const loose = await TestKernel.start({
      "tsconfig.json":
        '{ "compilerOptions": { "strict": false, "experimentalDecorators": true, "baseUrl": ".", "paths": { "@lib/*": ["src/*"] } } }',
      "src/a.ts": "export const inPaths = 1;",
    });
    expect(
      (await loose.run("function f(a) { return a }; let s: string = null; s")).result,
    ).to.equal("null");
    expect(
      (await loose.run("function tag(t: any) { t.tagged = 1 }\n@tag class T {}\n(T as any).tagged"))
        .result,
    ).to.equal("1");
    await loose.end();
  });

  it("sees an edit of a local file, and of one that it imports, at the next import", async () => {
    const write = (name: string, text: string) =>
      fs.writeFileSync(path.join(kernel.folder, name), text);
    write("deep.ts", "export const deep = 1;");
    write("top.ts", 'import { deep } from "./deep"; export const top = deep + 1;');
    expect((await kernel.run("import { top } from './top'; top")).result).to.equal("2");
    write("deep.ts", "export const deep = 41;");
    expect((await kernel.run("import { top } from './top'; top")).result).to.equal("42");
    write("deep.ts", "export const deep = 'text';");
    expect((await kernel.run("import { top } from './top'; top.length")).result).to.equal("5");
    write("deep.ts", "export const deep = ;");
    expect((await kernel.run("import { top } from './top'; top")).reply.status).to.equal("error");
  });
});
