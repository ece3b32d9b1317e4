import { expect } from "chai";
import fs from "node:fs";
import path from "node:path";
import { TestKernel } from "./support/client.js";

describe("a kernel process", function () {
  this.timeout(30_000);
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start({ "net.ts": "export const depth: number = 3;" });
  });
  after(() => kernel.end());

  it("runs a cell, and says busy, input, result, idle in this order", async () => {
    const { reply, outputs, states, result } = await kernel.run("1 + 1");
    expect(reply).to.include({ status: "ok", execution_count: 1 });
    expect(outputs.map(({ header }) => header.msg_type)).to.eql([
      "execute_input",
      "execute_result",
    ]);
    expect(states).to.eql(["busy", "idle"]);
    expect(result).to.equal("2");
  });

  it("stops a cell with a type error at its place", async () => {
    const { reply, outputs } = await kernel.run("let text = 'a'\nconst n: number = text");
    expect(reply).to.include({ status: "error", ename: "TypeError" });
    expect(reply.evalue).to.equal("Type 'string' is not assignable to type 'number'.");
    expect(reply.traceback[0]).to.include("line 2, column 7");
    expect(outputs.at(-1)!.header.msg_type).to.equal("error");
    expect((await kernel.run("// @ts-nocheck\nconst n: number = 'a'; n")).result).to.equal("'a'");
  });

  it("declares anything again as anything, and knows its new type", async () => {
    for (const code of [
      "const x = 1",
      "let x = 'a'",
      "function x() { return 2 }",
      "class x { private p = 3 }",
    ]) {
      expect((await kernel.run(code)).reply.status, code).to.equal("ok");
    }
    expect((await kernel.run("enum x { A, B }; x.B")).result).to.equal("1");
    expect((await kernel.run("import * as x from 'node:path'; x.sep")).result).to.equal("'/'");
    expect((await kernel.run("x.nothing")).reply.evalue).to.include("nothing");
  });

  it("uses names of former cells in shorthand, loops, closures and assignments", async () => {
    await kernel.run("let total = 0; const step = 2; function add() { total += step }");
    const { result } = await kernel.run("for (let i = 0; i < 5; i++) add(); ({ total, step })");
    expect(result).to.equal("{ total: 10, step: 2 }");
    await kernel.run("const step = 100");
    expect((await kernel.run("add(); total")).result).to.equal("110");
    expect((await kernel.run("step = 3")).reply.evalue).to.include("constant of a former cell");
  });

  it("awaits, iterates with for await, and disposes", async () => {
    const code = `for await (const n of [1, Promise.resolve(2)]) console.log(n)
      using d = { [Symbol.dispose]() { console.log("disposed") } }
      const after = await Promise.resolve(3)
      after`;
    const { stdout, result } = await kernel.run(code);
    expect(stdout).to.equal("1\n2\ndisposed\n");
    expect(result).to.equal("3");
  });

  it("names the learner's cell and line in a traceback, and nothing of ours", async () => {
    await kernel.run("function fail(n: number): never {\n  throw new RangeError(`n is ${n}`)\n}");
    const { reply } = await kernel.run("1;\nfail(3)");
    const text = reply.traceback.join("\n");
    expect(text).to.match(/at fail, .*line 2, column 9/);
    expect(text).to.match(/In \[\d+\], line 2/);
    expect(text).not.to.match(/runner|kernel\/run|node:/);
  });

  it("imports kernelbook from any folder, with its types", async () => {
    const { reply } = await kernel.run(
      'import { display as show } from "kernelbook/kernel"; show(1)',
    );
    expect(reply.status).to.equal("ok");
    expect((await kernel.run("show(1, { id: 2 })")).reply.evalue).to.include(
      "'number' is not assignable",
    );
  });

  it("imports a local file, and its new text after an edit", async () => {
    expect((await kernel.run('import { depth } from "./net"; depth')).result).to.equal("3");
    fs.writeFileSync(path.join(kernel.folder, "net.ts"), "export const depth = 'deep' as string;");
    const { result } = await kernel.run('import { depth } from "./net"; depth.length');
    expect(result).to.equal("4");
  });

  it("completes members with their kinds, counting in code points", async () => {
    await kernel.run("const smile = { width: 1, wide: 2 }");
    const code = '"😀"; smile.wi';
    const reply = await kernel.ask("shell", "complete_request", {
      code,
      cursor_pos: [...code].length,
    });
    expect(reply.matches).to.eql(["wide", "width"]);
    expect([reply.cursor_start, reply.cursor_end]).to.eql([11, 13]);
    expect(reply.metadata._jupyter_types_experimental[0]).to.include({
      text: "wide",
      type: "property",
    });
  });

  it("inspects a name, also from inside its call", async () => {
    const code = "Math.max(1, 2";
    for (const cursor_pos of [6, code.length]) {
      const reply = await kernel.ask("shell", "inspect_request", {
        code,
        cursor_pos,
        detail_level: 0,
      });
      expect(reply.found).to.equal(true);
      expect(reply.data["text/plain"]).to.include("Math.max(...values: number[]): number");
    }
  });

  it("tells a complete cell from an incomplete and an invalid one", async () => {
    const cases = { "1 + 1": "complete", "for (;;) {": "incomplete", "a b c )": "invalid" };
    for (const [code, status] of Object.entries(cases)) {
      expect(await kernel.ask("shell", "is_complete_request", { code }), code).to.include({
        status,
      });
    }
  });

  it("delivers 20,000 printed lines, all, in order, before idle", async () => {
    const { stdout } = await kernel.run("for (let i = 0; i < 20_000; i++) console.log(i)");
    expect(stdout).to.equal(Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join(""));
  });

  it("answers 100 queued cells, one after the other", async () => {
    const ids = Array.from({ length: 100 }, (_, i) =>
      kernel.send("shell", "execute_request", { code: `${i}` }),
    );
    for (const [i, id] of ids.entries())
      expect((await kernel.finished(id)).result).to.equal(`${i}`);
  });

  it("aborts what waits behind an error, and runs what comes after", async () => {
    const [bad, next] = ["throw 1", "2"].map((code) =>
      kernel.send("shell", "execute_request", { code }),
    );
    expect((await kernel.finished(bad!)).reply.status).to.equal("error");
    expect((await kernel.finished(next!)).reply.status).to.equal("aborted");
    expect((await kernel.run("3")).result).to.equal("3");
  });

  it("carries comm messages with buffers both ways while a cell awaits", async () => {
    await kernel.run(`const host = (globalThis as any)[Symbol.for("kernelbook.host")]
      host.comms.registerTarget("echo", (comm: any) =>
        comm.onMsg(({ content, buffers }: any) => comm.send({ twice: content.data.n * 2 }, { buffers })))`);
    const cell = kernel.send("shell", "execute_request", {
      code: "await new Promise((r) => setTimeout(r, 800))",
    });
    kernel.send("shell", "comm_open", { comm_id: "c1", target_name: "echo", data: {} });
    const asked = kernel.send("shell", "comm_msg", { comm_id: "c1", data: { n: 4 } }, [
      new Uint8Array([1, 2]),
    ]);
    const echo = await kernel.wait(({ message }) => message.header.msg_type === "comm_msg", 2000);
    expect(echo.content).to.eql({ comm_id: "c1", data: { twice: 8 } });
    expect([...echo.buffers[0]!]).to.eql([1, 2]);
    expect(echo.parent_header.msg_id).to.equal(asked);
    expect(await kernel.ask("shell", "comm_info_request", {})).to.have.nested.property("comms.c1");
    await kernel.finished(cell);
  });

  it("asks the reader, waiting by await or standing still", async () => {
    for (const code of ["(await input('name? ')).length", "prompt('name? ').length"]) {
      const asked = kernel.heard.length;
      const id = kernel.send("shell", "execute_request", { code, allow_stdin: true });
      await kernel.wait(
        (one) =>
          kernel.heard.indexOf(one) >= asked && one.message.header.msg_type === "input_request",
      );
      kernel.send("stdin", "input_reply", { value: "Ann" });
      expect((await kernel.finished(id)).result).to.equal("3");
    }
    const { reply } = await kernel.run("await input('x')", { allow_stdin: false });
    expect(reply.evalue).to.include("takes no input");
  });

  it("puts late output into its own cell", async () => {
    const id = kernel.send("shell", "execute_request", {
      code: "setTimeout(() => console.log('late'), 150)",
    });
    await kernel.finished(id);
    await kernel.run("await new Promise((r) => setTimeout(r, 300))");
    const late = await kernel.wait(({ message }) => message.content.text === "late\n");
    expect(late.parent_header.msg_id).to.equal(id);
  });

  it("evaluates user_expressions, and stays silent when asked to", async () => {
    const { reply } = await kernel.run("const u = 4", {
      user_expressions: { twice: "u * 2", bad: "nope" },
    });
    expect(reply.user_expressions.twice.data["text/plain"]).to.equal("8");
    expect(reply.user_expressions.bad.status).to.equal("error");
    const silent = await kernel.run("5", { silent: true });
    expect(silent.outputs).to.eql([]);
  });

  it("keeps history", async () => {
    await kernel.run("const marked = 'marked'");
    const reply = await kernel.ask("shell", "history_request", {
      hist_access_type: "search",
      pattern: "const marked*",
      raw: true,
      output: false,
    });
    expect(reply.history.at(-1)[2]).to.equal("const marked = 'marked'");
  });

  it("drops foreign, torn and random frames, and lives on", async () => {
    for (let i = 0; i < 300; i++) {
      const frames = Array.from({ length: i % 7 }, () =>
        Buffer.from(`<IDS|MSG>${Math.random()}`.slice(0, i % 20)),
      );
      kernel.sendFrames("shell", frames.length ? frames : [Buffer.from("<IDS|MSG>")]);
    }
    expect((await kernel.run("6 * 7")).result).to.equal("42");
  });

  it("refuses process.exit", async () => {
    expect((await kernel.run("process.exit(1)")).reply.evalue).to.include("cannot end the kernel");
  });

  it("shows values by their own bundle, sync or async", async () => {
    const { outputs } = await kernel.run(
      `({ [Symbol.for("Jupyter.display")]: async () => ({ "text/html": "<b>", "text/plain": "b" }) })`,
    );
    expect(outputs.at(-1)!.content.data).to.eql({ "text/html": "<b>", "text/plain": "b" });
    await kernel.run("display(1, { id: 'd' })");
    const update = await kernel.run(
      "display(2, { id: 'd', update: true }); clearOutput({ wait: true })",
    );
    const types = update.outputs.map(({ header }) => header.msg_type);
    expect(types).to.eql(["execute_input", "update_display_data", "clear_output"]);
  });

  it("offers tslab's display functions", async () => {
    const { outputs } = await kernel.run(
      'import { display as show2 } from "tslab"; show2.html("<i>")',
    );
    expect(outputs.at(-1)!.content.data).to.eql({ "text/html": "<i>" });
  });
});
