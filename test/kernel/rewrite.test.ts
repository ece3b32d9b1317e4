import { expect } from "chai";
import { placeBefore } from "../../kernel/language/rewrite/edits.js";
import { rewriteCell } from "../../kernel/language/rewrite/rewrite.js";
import { parseScript } from "../../kernel/language/rewrite/scopes.js";
import { toPoints, toUnits } from "../../kernel/protocol/cursor.js";

/** The body of a rewritten cell, without its head and its end. */
function body(source: string, own: string[] = [], known: string[] = []): string {
  const { code, places } = rewriteCell(parseScript(source), new Set(own), new Set(known));
  return code.slice(places[0]!.text.length, -"\n})".length);
}

describe("rewriteCell(source, own, known)", () => {
  const cases: [source: string, own: string[], rewritten: string][] = [
    ["const a = 1, b = a", ["a", "b"], ";a$.v = 1, b$.v = a$.v"],
    ["let a", ["a"], ";a$.v=void 0;"],
    ["f!(1); (f as any)`a`; f?.(1)", ["f"], "(0,f$.v)(1); ((0,f$.v))`a`; (0,f$.v)?.(1)"],
    ["function g<x>(y: x) { interface x {} return x }", ["x"], "function g(y) { ; return x$.v }"],
    [
      "const { a, b: [c = 1], ...d } = o",
      ["a", "c", "d"],
      ";({ a: a$.v, b: [c$.v = 1], ...d$.v } = o)",
    ],
    ["f({ x, y: x })", ["x", "f"], "(0,f$.v)({ x: x$.v, y: x$.v })"],
    ["({ x } = o)", ["x"], "({ x: x$.v } = o)"],
    ["function g(x) { return x + y }", ["x", "y", "g"], "function g(x) { return x + y$.v }"],
    ["class A { static one = new A() }", ["A"], "A$.v=class A { static one = new A() };"],
    [
      "o.x; o?.x; ({ x: 1 }); x: for (;;) break x",
      ["x"],
      "o.x; o?.x; ({ x: 1 }); x: for (;;) {if(__i[0])__kb.stop();break x}",
    ],
    ["for (const x of xs) x", ["xs", "x"], "for (const x of xs$.v) {if(__i[0])__kb.stop();x}"],
    [
      "for (var i = 0; i < 1; i++) {}",
      ["i"],
      "for (i$.v = 0; i$.v < 1; i$.v++) {if(__i[0])__kb.stop();}",
    ],
    ["try { x } catch (x) { x }", ["x"], "try { x$.v } catch (x) { x }"],
    ["await p", ["p"], "await __kb.wait(p$.v)"],
    [
      "const f = () => f, g = function h() {}",
      ["f", "g"],
      ";f$.v = {f:() => f$.v}.f, g$.v = function h() {}",
    ],
    ["let C = (class {}) as any", ["C"], ";C$.v = {C:(class {})}.C;"],
    [
      "for await (const v of s) {}",
      ["s"],
      "for await (const v of __kb.each(s$.v)) {if(__i[0])__kb.stop();}",
    ],
    ["t`a`", ["t"], "(0,t$.v)`a`"],
    ["import.meta.url", [], "__kb.meta.url"],
    ["export const a = 1", ["a"], " ;a$.v = 1"],
    ["x => x", ["x"], "x => x"],
    ["const f = function x() { return x }", ["f", "x"], ";f$.v = function x() { return x }"],
  ];
  for (const [source, own, rewritten] of cases) {
    it(`makes ${JSON.stringify(source)} to ${JSON.stringify(rewritten)}`, () => {
      expect(body(source, own)).to.equal(rewritten);
    });
  }

  it("leaves names alone that no cell declared", () => {
    expect(body("console.log(a, b)", [], ["b"])).to.equal("console.log(a, b$.v)");
  });

  it("keeps every place findable", () => {
    const source = "const { a } = f(1)\nf(a)";
    const { code, places } = rewriteCell(parseScript(source), new Set(["a"]), new Set(["f"]));
    const line2 = code.indexOf("\n") + 1;
    expect(placeBefore(places, line2)).to.equal(source.indexOf("\n") + 1);
    expect(placeBefore(places, code.lastIndexOf("a$"))).to.equal(source.lastIndexOf("a"));
  });
});

describe("cursors", () => {
  it("count code points outside, UTF-16 units inside", () => {
    const text = "a😀b";
    expect([0, 1, 2, 3].map((points) => toUnits(text, points))).to.eql([0, 1, 3, 4]);
    expect([0, 1, 3, 4].map((units) => toPoints(text, units))).to.eql([0, 1, 2, 3]);
  });
});
