import { expect } from "chai";
import { setTimeout as delay } from "node:timers/promises";
import { TestKernel } from "./support/client.js";
import { DebugClient } from "./support/debug-client.js";

/** Cells, and where each stops if uncaught errors do; see exceptions.ts. */
const uncaught: [code: string, ...stops: string[]][] = [
  ["1\nthrow new Error()", "<cell>:2"],
  ["await null\nthrow new Error()", "<cell>:2"],
  ["async function f() {\n  await null\n  throw new Error()\n}\nawait f()", "f:3"],
  ["try { await null } catch {}\nthrow new Error()", "<cell>:2"],
  ["try {\n  throw new Error()\n} finally {}", "<cell>:2"],
  ["JSON.parse('{')", "<cell>:1"],
  [
    "import * as torch from 'kernelbook'\ntorch.ones([2, 3]).matmul(torch.ones([2, 3]))",
    "<cell>:2",
  ],
  [
    "setTimeout(() => {\n  throw new Error()\n}, 1)\nawait new Promise((r) => setTimeout(r, 30))",
    "<anonymous>:2",
  ],
  ["try { throw new Error() } catch {}"],
  ["function g() { JSON.parse('{') }\ntry { g() } catch {}"],
  ["async function h() { await null; await null; throw new Error() }\ntry { await h() } catch {}"],
  ["try { torch.ones([2, 3]).matmul(torch.ones([2, 3])) } catch {}"],
];

describe("a stop of the debugger", function () {
  this.timeout(30_000);
  let kernel: TestKernel;
  let client: DebugClient;
  beforeEach(async () => {
    kernel = await TestKernel.start();
    client = new DebugClient(kernel);
  });
  afterEach(() => kernel.end());

  it("is known to be possible as soon as initialize was sent: JupyterLab asks before it attaches", async () => {
    const [, info] = await Promise.all([client.dap("initialize"), client.dap("debugInfo")]);
    expect(info.isStarted).to.equal(true);
  });

  it("comes also for breakpoints that were set before the debugger was started", async () => {
    const code = "let early = 1\nearly += 1";
    await client.breakAt(code, 2);
    await kernel.run(code);
    await client.attach();
    expect((await client.through(code)).stops).to.eql(["<cell>:2"]);
  });

  it("comes at the next line with code, and the client is told", async () => {
    const code = "const a = 1\n\n// nothing\n/* nor\nhere */\nconst b = a\n}".slice(0, -2);
    const { sourcePath: path } = await client.dap("dumpCell", { code });
    const asked = [{ line: 2 }, { line: 7 }];
    const answer = await client.dap("setBreakpoints", { source: { path }, breakpoints: asked });
    expect(answer.breakpoints[0]).to.include({ verified: true, line: 6 });
    expect(answer.breakpoints[1]).to.include({ verified: false });
    expect((await client.dap("debugInfo")).breakpoints).to.eql([
      { source: path, breakpoints: [{ line: 6 }] },
    ]);
    await client.attach();
    expect((await client.through(code)).stops).to.eql(["<cell>:6"]);
  });

  it("comes in a cell with magics, by the lines of the whole cell", async () => {
    await client.attach();
    const code = "let n = 1\n%who\nn++\n!true\nn += 10\nn";
    await client.breakAt(code, 1, 3, 5);
    const { stops, ran } = await client.through(code);
    expect(stops).to.eql(["<cell>:1", "<cell>:3", "<cell>:5"]);
    expect(ran.result).to.equal("12");
  });

  it("comes in an edited cell, and no longer in the cell as it was", async () => {
    await client.attach();
    const [before, after] = ["let v = 1\nv = 2", "let v = 1\nv = 3\nv"];
    const path = await client.breakAt(before, 2);
    expect((await client.through(before)).stops).to.eql(["<cell>:2"]);
    await client.dap("setBreakpoints", { source: { path }, breakpoints: [] });
    await client.breakAt(after, 2);
    expect((await client.through(before)).stops).to.eql([]);
    expect((await client.through(after)).stops).to.eql(["<cell>:2"]);
  });

  it("comes where a condition holds, also one on a variable of the session", async () => {
    await client.attach();
    await kernel.run("let limit = 3");
    const code = "for (let i = 0; i < 9; i++) {\n  limit += i % 2\n}";
    await client.breakAt(code, [2, "limit === 6 && i === 2"]);
    await kernel.run("limit = 5");
    expect((await client.through(code)).stops).to.eql(["<cell>:2"]);
  });

  it("evaluates like the cell: strings, shorthand, assignment to a variable of the session", async () => {
    await client.attach();
    await kernel.run("let outer = 1; let shadowed = 'session'");
    const code = "function f(shadowed: string) {\n  return shadowed + outer\n}\nf('local')";
    await client.breakAt(code, 2);
    const id = client.send(code);
    await client.event("stopped");
    const [frame] = await client.frames();
    const value = async (expression: string, frameId = frame!.id) =>
      (await client.dap("evaluate", { expression, frameId })).result;
    expect(await value("'outer' + outer")).to.equal('"outer1"');
    expect(await value("JSON.stringify({ outer, shadowed })")).to.equal(
      JSON.stringify('{"outer":1,"shadowed":"local"}'),
    );
    expect(await value("outer = 7")).to.equal("7");
    await client.dap("continue");
    expect((await kernel.finished(id)).result).to.equal("'local7'");
    expect((await client.dap("evaluate", { expression: "shadowed" })).result).to.equal('"session"');
    expect((await kernel.run("// @ts-nocheck\nglobalThis.outer")).result).to.equal(undefined);
  });

  it("ends by stepping over the last line, and the next cells run", async () => {
    await client.attach();
    const code = "const one = 1\nconst two = 2";
    await client.breakAt(code, 2);
    const id = client.send(code);
    let ended = false;
    const finished = kernel.finished(id).then((ran) => ((ended = true), ran));
    for (let steps = 0; !ended; steps++) {
      await Promise.race([client.event("stopped"), finished]);
      if (!ended) await client.dap("next", { threadId: 1 });
      expect(steps).to.be.below(4);
    }
    expect((await kernel.run("one + two")).result).to.equal("3");
  });

  it("can be asked for in a loop that runs", async () => {
    await client.attach();
    const id = client.send("let turns = 0\nfor (;;) {\n  turns++\n}");
    await delay(300);
    await client.dap("pause", { threadId: 1 });
    expect(await client.event("stopped")).to.include({ reason: "pause" });
    expect((await client.stack())[0]).to.match(/^<cell>:[23]$/);
    await kernel.ask("control", "interrupt_request", {});
    expect((await kernel.finished(id)).reply.ename).to.equal("KeyboardInterrupt");
  });

  it("comes where errors are not caught, if asked for", async () => {
    await client.attach();
    await client.dap("setExceptionBreakpoints", { filters: ["uncaught"] });
    for (const [code, ...stops] of uncaught)
      expect((await client.through(code)).stops, code).to.eql(stops);
    await client.dap("setExceptionBreakpoints", { filters: [] });
    expect((await client.through("throw new Error()")).stops).to.eql([]);
  });

  it("ends by an interrupt, whatever stands behind it, and no later breakpoint stops that", async () => {
    await client.attach();
    const code = "let i = 0\nfor (;;) {\n  i++\n  i--\n}";
    await client.breakAt(code, 3, 4);
    const id = client.send(code);
    await client.event("stopped");
    await kernel.ask("control", "interrupt_request", {});
    expect((await kernel.finished(id, 3000)).reply.ename).to.equal("KeyboardInterrupt");
    expect(await client.dap("debugInfo")).to.deep.include({ isStarted: true, stoppedThreads: [] });
    expect((await client.through("i\n1")).stops).to.eql([]);
  });

  it("does not keep a second client from its turn, nor the kernel from its end", async () => {
    await client.attach();
    const code = "let held = 1\nheld = 2";
    await client.breakAt(code, 2);
    client.send(code);
    await client.event("stopped");
    // As a page that was loaded anew.
    const info = await client.dap("debugInfo");
    expect(info).to.deep.include({ isStarted: true, stoppedThreads: [1] });
    await client.attach();
    expect(await client.stack()).to.eql(["<cell>:2"]);
    const asked = Date.now();
    await kernel.end();
    expect(Date.now() - asked).to.be.below(3000);
  });
});
