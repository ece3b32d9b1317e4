// Messages as no front end should send them, and what front ends do in the wrong moment. Every answer is checked
// against the protocol's schema (support/client), and after all of it the kernel must be well.
import { expect } from "chai";
import { TestKernel } from "./support/client.js";

describe("odd messages", function () {
  this.timeout(30_000);
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start();
    await kernel.run("const kept = 42");
  });
  afterEach(async () => expect((await kernel.run("kept")).result).to.equal("42"));
  after(() => kernel.end());

  const requests: [channel: "shell" | "control", type: string, content: object, status?: string][] =
    [
      ["shell", "execute_request", {}],
      ["shell", "execute_request", { code: null }],
      ["shell", "execute_request", { code: 5 }],
      ["shell", "execute_request", { code: "1", user_expressions: null }],
      ["shell", "execute_request", { code: "1", user_expressions: { a: 5 } }],
      ["shell", "complete_request", {}],
      ["shell", "complete_request", { code: "Math.", cursor_pos: 9999 }],
      ["shell", "complete_request", { code: "Math.", cursor_pos: -4 }],
      ["shell", "complete_request", { code: "Math.", cursor_pos: "x" }],
      ["shell", "inspect_request", {}],
      ["shell", "inspect_request", { code: "Math", cursor_pos: 9999 }],
      ["shell", "is_complete_request", {}, "complete"],
      ["shell", "history_request", {}],
      ["shell", "history_request", { hist_access_type: "tail", n: -3 }],
      ["shell", "history_request", { hist_access_type: "range", session: 0, start: 5, stop: 2 }],
      ["shell", "history_request", { hist_access_type: "search", pattern: "[(*?", unique: true }],
      ["shell", "comm_info_request", { target_name: 5 }],
      ["control", "interrupt_request", { nothing: 1 }],
      ["control", "delete_subshell_request", {}, "error"],
      ["control", "delete_subshell_request", { subshell_id: "none" }, "error"],
    ];
  for (const [channel, type, content, status = "ok"] of requests)
    it(`${type} ${JSON.stringify(content)} is answered`, async () => {
      expect((await kernel.ask(channel, type, content)).status).to.equal(status);
    });

  for (const content of [
    {},
    { seq: 1, command: "toString" },
    { seq: 1, command: "setBreakpoints" },
    { seq: 1, command: "scopes", arguments: { frameId: -1 } },
  ])
    it(`debug_request ${JSON.stringify(content)} fails in words`, async () => {
      const { success, message } = await kernel.ask("control", "debug_request", content);
      expect(success).to.equal(false);
      expect(message).to.be.a("string").and.not.equal("");
    });

  it("names of JavaScript's own objects are no messages", async () => {
    for (const type of ["toString", "constructor", "__proto__", "hasOwnProperty"])
      kernel.send("shell", type, {});
  });

  it("comm messages without an id, or to a comm that is closed, change nothing", async () => {
    for (const type of ["comm_open", "comm_msg", "comm_close"]) kernel.send("shell", type, {});
    kernel.send("shell", "comm_msg", { comm_id: "closed", data: {} });
    expect((await kernel.ask("shell", "comm_info_request", {})).comms).to.eql({});
  });

  it("headers with odd dates, sessions and subshells are taken", async () => {
    for (const header of [
      { date: "yesterday" },
      { date: undefined },
      { session: 5, username: null },
      { subshell_id: "none" },
      { subshell_id: 5 },
    ])
      expect((await kernel.ask("shell", "execute_request", { code: "1" }, header)).status).to.equal(
        "ok",
      );
  });

  it("half characters pass in code and output", async () => {
    expect((await kernel.run("console.log('\\ud800|\\udc00')")).stdout).to.equal("\ud800|\udc00\n");
    expect((await kernel.run("'\ud800'.length")).result).to.equal("1");
  });

  it("a cell of 3 MB runs", async () => {
    expect((await kernel.run(`"${"x".repeat(3e6)}".length`)).result).to.equal("3000000");
  });

  it("an error aborts 1,000 queued cells, each with its reply, and the next one runs", async () => {
    const code = "await new Promise((r) => setTimeout(r, 300)); throw new Error('stop')";
    kernel.send("shell", "execute_request", { code });
    const ids = Array.from({ length: 1000 }, () =>
      kernel.send("shell", "execute_request", { code: "1" }),
    );
    await kernel.finished(ids.at(-1)!, 20_000);
    const replies = kernel.heard.filter(({ message }) => message.content.status === "aborted");
    expect(replies).to.have.length(1000);
  });

  it("a cell that is sent the moment an error is replied runs", async () => {
    for (let i = 0; i < 30; i++) {
      await kernel.ask("shell", "execute_request", { code: "throw 1" });
      const reply = await kernel.ask("shell", "execute_request", { code: "1" });
      expect(reply.status, `turn ${i}`).to.equal("ok");
    }
  });
});

describe("a name that is declared again", function () {
  this.timeout(20_000);
  let kernel: TestKernel;
  before(async () => (kernel = await TestKernel.start()));
  after(() => kernel.end());

  it("replaces the one of a former cell, as in tslab: interfaces, namespaces, enums, overloads", async () => {
    for (const code of [
      "interface A { a: number }\nnamespace N { export const a = 1 }\nenum E { One = 1 }",
      "function f(x: number): 'number'\nfunction f(x: string): 'string'\nfunction f(x: unknown): any { return typeof x }",
      "interface A { b: number }\nnamespace N { export const b = 2 }\nenum E { Two = 2 }",
    ])
      expect((await kernel.run(code)).reply.status).to.equal("ok");
    expect((await kernel.run("const one: A = { b: N.b + E.Two }; one.b")).result).to.equal("4");
    for (const code of ["const two: A = { a: 1, b: 2 }", "N.a", "E.One", "f(true)"])
      expect((await kernel.run(code)).reply.status, code).to.equal("error");
    expect((await kernel.run("f('a')")).result).to.equal("'string'");
  });

  it("merges within one cell", async () => {
    const code = "interface B { a: number }\ninterface B { b: number }\nclass C {}\n";
    const more = "namespace C { export const k = 3 }\nconst b: B = { a: 1, b: C.k }\nb.b";
    expect((await kernel.run(code + more)).result).to.equal("3");
  });
});
