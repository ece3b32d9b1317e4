import { expect } from "chai";
import path from "node:path";
import { ChainEngine } from "../../kernel/language/chain/engine.js";
import type { Engine } from "../../kernel/language/engine.js";
import { TslabEngine } from "../../kernel/language/tslab/engine.js";

/** Sessions: cells, one after the other; a cell that must be refused is followed by the code of its error. */
type Session = (string | [cell: string, error: number])[];

/** What tslab's converter promises, in our own words. */
const promised: Record<string, Session> = {
  "keeps declarations for later cells": ["const a: number = 1", "a.toFixed()", ["a.nope", 2339]],
  "reports a wrong type": [
    ["const s: string = 1", 2322],
    ["nowhere", 2304],
  ],
  "declares again, with another type": [
    "const x = 1",
    "const x = 'a'",
    "x.length",
    "class x {}",
    "new x()",
  ],
  "declares functions and classes again": [
    "function f() { return 1 }",
    "function f() { return 'a' }",
    "f().length",
  ],
  "knows types and interfaces of former cells": [
    "interface P { x: number }",
    "const p: P = { x: 1 }",
    ["const q: P = {}", 2741],
  ],
  "knows enums and generic classes": [
    "enum E { A, B }",
    "class Box<T> { constructor(public v: T) {} }",
    "new Box(E.A).v.toFixed()",
  ],
  "assigns to a let of a former cell, by its type": ["let n = 1", "n = 2", ["n = 'a'", 2322]],
  "refuses to assign to a const of the same cell": [["const k = 1; k = 2", 2588]],
  "awaits at the top": ["const w = await Promise.resolve(3)", "w.toFixed()"],
  "imports, in all forms": [
    "import fs, { readFileSync } from 'fs'",
    "import * as p from 'path'",
    "p.join(fs.sep ?? '', 'a')".replace("fs.sep ?? ''", "'b'"),
    "readFileSync.length",
  ],
  destructures: [
    "const { u, ...others } = { u: 1, v: 2 }; const [i, j] = [1, 2]",
    "others.v + u + i + j",
  ],
  "uses type aliases and unions": [
    "type Shape = 'a' | 'b'",
    "let t: Shape = 'a'",
    ["t = 'c'", 2322],
  ],
  "refuses broken syntax": [
    ["const = 1", 1134],
    ["{x: 3, y: 4}", 1005],
  ],
  "keeps an imported value beside a later type of its name, and the type beside a later value": [
    "import { cpus, CpuInfo } from 'os'; import * as path from 'path'",
    "type cpus = number; type path = string; let CpuInfo = 10",
    "const a: cpus = cpus().length; const b: path = path.sep; CpuInfo = 11",
    "let c: CpuInfo | undefined; c?.model; CpuInfo.toFixed()",
    ["let d: CpuInfo = 1", 2322],
    "class CpuInfo { own = 1 }",
    "const e: CpuInfo = new CpuInfo(); e.own",
  ],
  "takes another type under a known name; what was made of the old one keeps it": [
    "interface A { x: number }; type B = A | string; const old: B = { x: 1 }",
    "class A { y = '' }; let B = 123",
    "new A().y + B.toFixed()",
    ["new A().x", 2339],
    "interface A { z: number }",
    "const a: A = { z: 1 }",
  ],
  "shadows what is global": [
    "let process = 1; interface Map { own(): number }\nfunction made(): Map { return null as any }",
    "process.toFixed() + made().own()",
    ["process.version", 2339],
    "let require = 123",
    "require.toFixed()",
  ],
  "refuses the same name twice in a cell": [["let x = 3; let x = 4", 2451]],
  "checks what a class promises": [
    ["interface Shape { color: string }\nclass Square implements Shape {}", 2420],
    "abstract class Base { abstract area(): number }",
    "class Round extends Base { area() { return 1 } }; new Round().area()",
    ["class None extends Base {}", 2515],
  ],
  "changes variables from functions of former cells": [
    "let counter = 0; function increment() { counter++ }",
    "increment(); counter.toFixed()",
    "const all: number[] = []; for (const one of [counter]) all.push(one)",
    ["all.push('a')", 2345],
  ],
  "knows generics, namespaces and functions that yield": [
    "function identity<T>(one: T): T { return one }",
    "function* range(n: number): IterableIterator<number> { for (let i = 0; i < n; i++) yield i }",
    "[...range(identity(3))].map((i) => i + 1)",
    "namespace N { export const a = 1 }",
    "N.a.toFixed()",
    ["identity<string>(1)", 2345],
  ],
};

/** What it cannot do, and the cell chain can. */
const beyond: Record<string, Session> = {
  "for await": ["for await (const x of [1]) x"],
  "strict null checks": [["let u: string = null", 2322]],
  "private members of a class that a function returns": [
    "function make() { class Hidden { private p = 1; q() { return this.p } } return new Hidden() }",
    "const h = make()",
    "h.q().toFixed()",
    ["h.p", 2341],
  ],
  using: ["using d = { [Symbol.dispose]() {} }; 1"],
  "names of current libraries": ["[3, 1].toSorted()"],
  "export in a cell": ["export const e = 1", "e.toFixed()"],
  "names that begin with two underscores": ["const __u = 1", "__u.toFixed()"],
  "@ts-expect-error": [
    "// @ts-expect-error\nconst z: string = 1",
    ["// @ts-expect-error\nconst z = 1", 2578],
  ],
  "an import of what is not there": [["import { nope } from 'node:fs'", 2305]],
  "import.meta": ["import.meta.url"],
  "recursion over cells by redeclaration": [
    "let fold = (n: number): number => n",
    "fold = (n) => n + 1",
    "fold(1).toFixed()",
  ],
};

function play(engine: Engine, session: Session): void {
  engine.reset();
  for (const step of session) {
    const [cell, error] = typeof step === "string" ? [step, undefined] : step;
    const checked = engine.check(cell, 1);
    if (checked.ok) engine.commit(1);
    const codes = checked.ok ? [] : checked.diagnostics.map(({ code }) => code);
    if (error === undefined) expect(codes, cell).to.eql([]);
    else expect(codes, cell).to.include(error);
  }
}

describe("the engines of the language", function () {
  this.timeout(60_000);
  let chain: ChainEngine;
  let tslab: TslabEngine;
  before(() => {
    const home = path.resolve(".");
    chain = new ChainEngine(home, home);
    tslab = new TslabEngine();
  });

  after(() => tslab.close());

  for (const [what, session] of Object.entries(promised)) {
    it(`both: ${what}`, () => {
      play(tslab, session);
      play(chain, session);
    });
  }

  for (const [what, session] of Object.entries(beyond)) {
    it(`the cell chain: ${what}`, () => play(chain, session));
  }

  it("both complete the same members, and say the same of a name", () => {
    for (const engine of [chain, tslab]) {
      engine.reset();
      engine.check("/** How wide. */\nconst width = { left: 1, length: 2 }", 1);
      engine.commit(1);
      const { start, end, items } = engine.complete("width.le", 8);
      expect([start, end]).to.eql([6, 8]);
      expect(items).to.deep.include({ text: "left", type: "property" });
      expect(items.map(({ text }) => text)).to.include.members(["left", "length"]);
      const { signature, documentation } = engine.inspect("width", 2)!;
      expect(signature).to.match(/^const width: \{/);
      expect(documentation).to.include("How wide.");
    }
  });

  it("both complete where tslab's own tests do", () => {
    const asked: [source: string, names: string[]][] = [
      ["let v = { abc: 'hello', xyz: 10 }; v.|", ["abc", "xyz"]],
      ["let v: { alpha: string, beta: number } = {|};", ["alpha", "beta"]],
      ["import * as vm from 'vm'; vm.|", ["createContext", "runInThisContext", "Script"]],
      ["Arr|", ["Array", "ArrayBuffer"]],
    ];
    for (const engine of [chain, tslab]) {
      engine.reset();
      for (const [text, names] of asked) {
        const at = text.indexOf("|");
        const { items } = engine.complete(text.replace("|", ""), at);
        expect(
          items.map(({ text }) => text),
          text,
        ).to.include.members(names);
      }
    }
  });

  it("both say what tslab's own tests ask of a name", () => {
    const asked: [source: string, says: RegExp, documentation?: string][] = [
      ["/** Great. */\nlet |xyz = 10", /^let xyz: number$/, "Great."],
      ["/** Great. */\nconst |abc = 'a'", /^const abc: "a"$/, "Great."],
      ["let s = 'abc'; s.|indexOf('b')", /^\(method\) String.indexOf\(searchString/, "Returns the"],
      ["let |m: Map<string, number>", /^let m: Map<string, number>$/],
      ["enum E { one, two } E.|two", /^\(enum member\) E.two = 1$/],
    ];
    for (const engine of [chain, tslab]) {
      engine.reset();
      for (const [text, says, documentation = ""] of asked) {
        const found = engine.inspect(text.replace("|", ""), text.indexOf("|"))!;
        expect(found.signature, text).to.match(says);
        expect(found.documentation, text).to.include(documentation);
      }
    }
  });

  it("both tell complete cells from incomplete ones", () => {
    for (const engine of [chain, tslab]) {
      expect(engine.isComplete("f(1)").status).to.equal("complete");
      expect(engine.isComplete("function f() {").status).to.equal("incomplete");
    }
    expect(chain.isComplete("`a").status).to.equal("incomplete"); // to tslab it is complete
  });
});
