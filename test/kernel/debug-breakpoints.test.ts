// Breakpoints that count, that print, and that lie in the notebook's own files; variables copied out of a frame.
import { expect } from "chai";
import path from "node:path";
import { TestKernel } from "./support/client.js";
import { DebugClient } from "./support/debug-client.js";

const module = `// A file of the notebook.
interface Point { x: number; y: number }

export function sum({ x, y }: Point): number {
  const both: number = x + y;
  return both;
}`;

describe("a breakpoint", function () {
  this.timeout(20_000);
  let kernel: TestKernel;
  let client: DebugClient;
  before(async () => {
    kernel = await TestKernel.start({ "mod.ts": module });
    client = new DebugClient(kernel);
    await client.attach();
  });
  after(() => kernel.end());

  const set = async (code: string, ...breakpoints: object[]) => {
    const { sourcePath: path } = await client.dap("dumpCell", { code });
    return client.dap("setBreakpoints", { source: { path }, breakpoints });
  };
  /** Goes on at every stop. @returns the values of `i` at the stops, and what was printed */
  const through = async (code: string) => {
    const values: string[] = [];
    const { ran } = await client.through(code, async () => {
      const [frame] = await client.frames();
      const { result } = await client.dap("evaluate", { expression: "i", frameId: frame!.id });
      values.push(result);
    });
    return { values: values.join(" "), stdout: ran.stdout };
  };

  for (const [hitCondition, values] of [
    ["3", "2"],
    ["== 2", "1"],
    [">= 5", "4 5 6"],
    ["> 5", "5 6"],
    ["<=2", "0 1"],
    ["% 3", "2 5"],
  ]) {
    it(`with the hit count ${hitCondition} stops at the turns ${values}`, async () => {
      const code = `let all = "${hitCondition}"\nfor (let i = 0; i < 7; i++) {\n  all += i\n}`;
      await set(code, { line: 3, hitCondition });
      expect((await through(code)).values).to.equal(values);
    });
  }

  it("counts only where its condition holds, and from none when it is set again", async () => {
    const code = "let odd = 0\nfor (let i = 0; i < 9; i++) {\n  odd += i\n}";
    for (const hitCondition of ["2", "3"]) {
      await set(code, { line: 3, condition: "i % 2 === 1", hitCondition });
      expect((await through(code)).values).to.equal(hitCondition === "2" ? "3" : "5");
    }
  });

  it("refuses a hit count that is none", async () => {
    const { breakpoints } = await set("let none = 1", { line: 1, hitCondition: "often" });
    expect(breakpoints[0].verified).to.equal(false);
    expect(breakpoints[0].message).to.include('"often" is no count');
  });

  it("with a message prints it, with the values in it, and does not stop", async () => {
    const code = "const two = 2\nfor (let i = 0; i < 3; i++) {\n  void i\n}";
    await set(code, {
      line: 3,
      logMessage: "i is {i}, twice {i * two}: {[i]}",
      condition: "i > 0",
    });
    const { values, stdout } = await through(code);
    expect(values).to.equal("");
    expect(stdout).to.equal("i is 1, twice 2: [ 1 ]\ni is 2, twice 4: [ 2 ]\n");
  });

  it("in a file that a cell imports stops there, by the file's own lines", async () => {
    const file = path.join(kernel.folder, "mod.ts");
    const source = { path: file };
    const code = "import { sum } from './mod'\nconst three = sum({ x: 1, y: 2 })\nthree";
    const answer = await client.dap("setBreakpoints", { source, breakpoints: [{ line: 5 }] });
    expect(answer.breakpoints[0]).to.include({ verified: true, line: 5 });
    const id = client.send(code);
    await client.event("stopped");
    const [inFile, inCell] = await client.frames();
    expect(inFile).to.include({ name: "sum", line: 5 });
    expect(inFile!.source.path).to.equal(file);
    expect(inCell).to.include({ name: "<cell>", line: 2 });
    expect((await client.dap("source", { source })).content).to.equal(module);
    await client.dap("next", { threadId: 1 });
    await client.event("stopped");
    expect((await client.stack())[0]).to.equal("sum:6");
    await client.dap("continue");
    expect((await kernel.finished(id)).result).to.equal("3");

    await client.dap("setBreakpoints", { source, breakpoints: [] });
    expect((await client.through(code)).stops).to.eql([]);
  });

  it("lets a variable of its frame be copied to the session, also under another name", async () => {
    const code = "function inner(secret: number[]) {\n  return secret.length\n}\ninner([7, 8])";
    await set(code, { line: 2 });
    const id = client.send(code);
    await client.event("stopped");
    const srcFrameId = (await client.frames())[0]!.id;
    const copy = (dstVariableName: string) =>
      client.dap("copyToGlobals", { srcVariableName: "secret", dstVariableName, srcFrameId });
    await copy("secret");
    await copy("found");
    expect(await copy("no name").catch((error) => String(error))).to.include("no name");
    await client.dap("continue");
    await kernel.finished(id);
    expect((await kernel.run("found.push(9); secret")).result).to.equal("[ 7, 8, 9 ]");
    expect((await client.dap("debugInfo")).copyToGlobals).to.equal(true);
  });
});
