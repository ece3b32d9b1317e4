import { expect } from "chai";
import { murmur2 } from "../../kernel/debug/murmur.js";
import { TestKernel } from "./support/client.js";
import { DebugClient } from "./support/debug-client.js";

describe("murmur2(text, seed)", () => {
  it("is the hash that JupyterLab and ipykernel use", () => {
    // ipykernel.compiler.murmur2_x86("…", 0xc70f6907)
    const known: [string, number][] = [
      ["", 3990065800],
      ["a", 2167009006],
      ["ab", 2805137849],
      ["abc", 3350977461],
      ["abcd", 804720481],
      ["const x = 1;\nx + 1", 2374132807],
      ["Grüße 😀 世界", 434433683],
    ];
    for (const [text, hash] of known) expect(murmur2(text, 0xc70f6907), text).to.equal(hash);
  });
});

describe("debug_request", function () {
  this.timeout(30_000);
  let kernel: TestKernel;
  let client: DebugClient;
  before(async () => {
    kernel = await TestKernel.start();
    client = new DebugClient(kernel);
  });
  after(() => kernel.end());

  const dap = (command: string, args?: object) => client.dap(command, args);
  const event = (name: string) => client.event(name);
  const variables = (reference: number) => client.variables(reference);

  it("is offered by kernel_info_reply", async () => {
    const info = await kernel.ask("shell", "kernel_info_request", {});
    expect(info.debugger).to.equal(true);
    expect(info.supported_features).to.include("debugger");
    expect(await dap("debugInfo")).to.include({ isStarted: false, hashMethod: "Murmur2" });
  });

  it("shows variables without a start, also as pictures", async () => {
    await kernel.run("const width = 3; const list = [1, { deep: 'x' }]; class Net {}");
    const { variables: all } = await dap("inspectVariables");
    const byName = Object.fromEntries(all.map((one: any) => [one.name, one]));
    expect(byName.width).to.include({ value: "3", variablesReference: 0 });
    expect(await variables(byName.list.variablesReference)).to.include({ 0: "1", length: "2" });
    const { data } = await dap("richInspectVariables", { variableName: "list" });
    expect(data["text/plain"]).to.equal("[ 1, { deep: 'x' } ]");
    expect((await dap("evaluate", { expression: "width * 2" })).result).to.equal("6");
  });

  it("stops at a breakpoint, steps, shows frames and variables, goes on", async () => {
    await client.attach();
    const code = [
      "interface Pair { a: number; b: number }",
      "function add(pair: Pair): number {",
      "  const sum: number = pair.a + pair.b;",
      "  return sum * width;",
      "}",
      "const total = add({ a: 1, b: 2 });",
      "total;",
    ].join("\n");
    const path = await client.breakAt(code, 3);
    const id = kernel.send("shell", "execute_request", { code });
    expect(await event("stopped")).to.include({ reason: "breakpoint", threadId: 1 });

    const frames = await client.frames();
    expect(frames.map(({ name, line }: any) => [name, line])).to.eql([
      ["add", 3],
      ["<cell>", 6],
    ]);
    expect(frames[0].source.path).to.equal(path);
    const { scopes } = await dap("scopes", { frameId: frames[0].id });
    expect(scopes.map(({ name }: any) => name)).to.eql(["Locals", "Globals"]);
    expect(await variables(scopes[0].variablesReference)).to.have.property("pair");
    expect(await variables(scopes[1].variablesReference)).to.include({ width: "3" });
    expect(
      (await dap("evaluate", { expression: "pair.a + width", frameId: frames[0].id })).result,
    ).to.equal("4");

    await dap("next", { threadId: 1 });
    expect(await event("stopped")).to.include({ reason: "step" });
    const [next] = await client.frames();
    expect(next.line).to.equal(4);
    const locals = await dap("scopes", { frameId: next.id });
    expect(await variables(locals.scopes[0].variablesReference)).to.include({ sum: "3" });

    await dap("stepOut", { threadId: 1 });
    await event("stopped");
    expect((await client.frames())[0].line).to.be.oneOf([6, 7]); // in the call, or behind it
    expect((await dap("source", { source: { path } })).content).to.equal(code);
    await dap("continue", { threadId: 1 });
    await event("continued");
    expect((await kernel.finished(id)).result).to.equal("9");
  });

  it("stops in a function of an earlier cell, and at top-level lines after an await", async () => {
    const code =
      "const before = 1\nawait null\nconst after: number = before + 1\nfor (let i = 0; i < 2; i++) {\n  total.toFixed(i)\n}\nafter";
    await client.breakAt(code, 3, 5);
    const id = kernel.send("shell", "execute_request", { code });
    for (const line of [3, 5, 5]) {
      await event("stopped");
      expect((await client.frames())[0].line).to.equal(line);
      await dap("continue", { threadId: 1 });
    }
    expect((await kernel.finished(id)).result).to.equal("2");
  });

  it("stops where a condition holds", async () => {
    const code = "let turns = 0\nfor (let i = 0; i < 5; i++) {\n  turns += i\n}\nturns";
    const { sourcePath } = await dap("dumpCell", { code });
    const breakpoints = [{ line: 3, condition: "i === 3" }];
    await dap("setBreakpoints", { source: { path: sourcePath }, breakpoints });
    const id = kernel.send("shell", "execute_request", { code });
    await event("stopped");
    const [frame] = await client.frames();
    expect(
      (await dap("evaluate", { expression: "[i, turns]", frameId: frame.id })).variablesReference,
    ).to.be.above(0);
    expect((await dap("evaluate", { expression: "i", frameId: frame.id })).result).to.equal("3");
    await dap("continue", { threadId: 1 });
    expect((await kernel.finished(id)).result).to.equal("10");
  });

  it("steps into a call", async () => {
    const code = "const again = add({ a: 2, b: 3 })\nagain";
    await client.breakAt(code, 1);
    const id = kernel.send("shell", "execute_request", { code });
    await event("stopped");
    await dap("stepIn", { threadId: 1 });
    await event("stopped");
    const [frame] = await client.frames();
    expect([frame.name, frame.line]).to.eql(["add", 3]);
    await dap("continue", { threadId: 1 });
    expect((await kernel.finished(id)).result).to.equal("15");
  });

  it("stops where an error is thrown, if asked to", async () => {
    await dap("setExceptionBreakpoints", { filters: ["raised"] });
    const id = kernel.send("shell", "execute_request", { code: "1;\nthrow new Error('here')" });
    expect(await event("stopped")).to.include({ reason: "exception" });
    expect((await client.frames())[0].line).to.equal(2);
    await dap("continue", { threadId: 1 });
    expect((await kernel.finished(id)).reply.evalue).to.equal("here");
    await dap("setExceptionBreakpoints", { filters: [] });
  });

  it("answers other requests while it is paused, and can be interrupted", async () => {
    const code = "const paused = 1\nfor (;;) {\n  paused + 1\n}";
    await client.breakAt(code, 3);
    const id = kernel.send("shell", "execute_request", { code });
    await event("stopped");
    const reply = await kernel.ask("shell", "complete_request", {
      code: "Math.flo",
      cursor_pos: 8,
    });
    expect(reply.matches).to.eql(["floor"]);
    await kernel.ask("control", "interrupt_request", {});
    expect((await kernel.finished(id)).reply.ename).to.equal("KeyboardInterrupt");
  });

  it("refuses what it does not know, and runs freely after disconnect", async () => {
    expect(String(await dap("nonsense").catch(String))).to.include("no command nonsense");
    expect(String(await dap("next").catch(String))).to.include("nothing is paused");
    await dap("disconnect", { restart: false });
    expect(await dap("debugInfo")).to.include({ isStarted: false });
    expect((await kernel.run("add({ a: 1, b: 1 })")).result).to.equal("6");
  });
});
