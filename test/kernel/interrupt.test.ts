import { expect } from "chai";
import os from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { TestKernel } from "./support/client.js";

const loopBytes =
  "0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,8,1,4,108,111,111,112,0,0,10,9,1,7,0,3,64,12,0,11,11";

/** Every case ends within 300 ms; where others want the processors too, within as much more as they want. */
const limit = () => 300 * Math.max(1, (2 * os.loadavg()[0]!) / os.availableParallelism());

const wasmLoop = `new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([${loopBytes}]))).exports.loop()`;
const forever = "await new Promise(() => {})";

/** What a cell may hang in; most are in no other TypeScript kernel's power to stop. */
const cases: Record<string, string> = {
  "a loop": "while (true) {}",
  "a loop that swallows errors": "for (;;) { try { for (;;) {} } catch {} finally {} }",
  "a loop in a function of a function": "const f = () => { for (;;); }; const g = () => f(); g()",
  "a loop in a callback": "[1].forEach(() => { while (true); })",
  "an endless generator": "for (const _ of (function* () { for (;;) yield 1 })());",
  "a loop after an await": "await 1; while (true) {}",
  "a loop after a timer": "await new Promise((r) => setTimeout(r, 5)); while (true) {}",
  "a loop after reading a file": `await require("fs").promises.readFile("net.ts"); while (true) {}`,
  "a loop in a timer": `setTimeout(() => { while (true) {} }, 10); ${forever}`,
  "a loop in an interval": `setInterval(() => { for (;;); }, 10); ${forever}`,
  "a loop in setImmediate": `setImmediate(() => { for (;;); }); ${forever}`,
  "a loop in nextTick": `process.nextTick(() => { for (;;); }); ${forever}`,
  "a loop in a microtask": `queueMicrotask(() => { for (;;); }); ${forever}`,
  "a loop in a promise": `Promise.resolve().then(() => { for (;;); }); ${forever}`,
  "a loop in a file's callback": `require("fs").readFile("net.ts", () => { for (;;); }); ${forever}`,
  "a loop in a stream": `require("fs").createReadStream("net.ts").on("data", () => { for (;;); }); ${forever}`,
  "an await that never ends": forever,
  "an endless async loop": "for (;;) await null",
  "an endless for await":
    "for await (const _ of (async function* () { for (;;) { await new Promise((r) => setTimeout(r, 5)); yield 1 } })());",
  WebAssembly: `// @ts-nocheck\n${wasmLoop}`,
  "WebAssembly after an await": `// @ts-nocheck\nawait 1; ${wasmLoop}`,
  "a regular expression": '/^(a+)+$/.test("a".repeat(40) + "b")',
  "sorting without end": "for (;;) [...Array(1e6).keys()].sort((a, b) => b - a)",
  "Atomics.wait": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  "a child process that is waited for": 'require("child_process").execSync("sleep 9")',
  "a loop in other code": 'require("vm").runInThisContext("while (true) {}")',
  "a loop in other code's timer": `require("vm").runInThisContext("setTimeout(() => { for (;;); }, 5)"); ${forever}`,
  "a timer under AsyncLocalStorage": `const als = new (require("async_hooks").AsyncLocalStorage)()
    als.run(1, () => require("vm").runInThisContext("setTimeout(() => { for (;;); }, 5)")); ${forever}`,
  "a shell command": "!sleep 9",
  "a timed cell": "%time while (true) {}",
};

describe("interrupt_request", function () {
  this.timeout(30_000);
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start({ "net.ts": "export {}" });
    await kernel.run(`const kept = 42
      const host = (globalThis as any)[Symbol.for("kernelbook.host")]
      host.comms.registerTarget("echo", (comm: any) => comm.onMsg(({ content }: any) => comm.send(content.data)))`);
    kernel.send("shell", "comm_open", { comm_id: "widget", target_name: "echo", data: {} });
  });
  after(() => kernel.end());

  for (const [what, code] of Object.entries(cases)) {
    it(`stops ${what}, within 300 ms, and keeps the variables`, async () => {
      const id = kernel.send("shell", "execute_request", { code });
      await delay(200);
      const asked = Date.now();
      await kernel.ask("control", "interrupt_request", {});
      const { reply } = await kernel.finished(id, 5000);
      const ms = Date.now() - asked;
      expect(reply).to.include({ status: "error", ename: "KeyboardInterrupt" });
      expect(ms).to.be.below(limit());
      expect((await kernel.run("kept")).result).to.equal("42");
    });
  }

  it("has kept the widgets through all of that", async () => {
    kernel.send("shell", "comm_msg", { comm_id: "widget", data: { still: "here" } });
    await kernel.wait(({ message }) => message.content.data?.still === "here");
  });

  it("answers completion and kernel_info while a cell loops", async () => {
    const id = kernel.send("shell", "execute_request", { code: "while (true) {}" });
    await delay(200);
    const reply = await kernel.ask("shell", "complete_request", {
      code: "Math.flo",
      cursor_pos: 8,
    });
    expect(reply.matches).to.eql(["floor"]);
    expect(await kernel.ask("control", "kernel_info_request", {})).to.include({ status: "ok" });
    await kernel.ask("control", "interrupt_request", {});
    await kernel.finished(id);
  });

  it("stops a cell at whatever moment it comes", async () => {
    for (let pause = 0; pause < 60; pause += 4) {
      const code = pause % 8 === 0 ? "for (;;) await null" : "while (true) {}";
      const id = kernel.send("shell", "execute_request", { code });
      await delay(pause);
      const isMine = ({ message }: { message: { parent_header: { msg_id?: string } } }) =>
        message.parent_header.msg_id === id;
      await kernel.wait(isMine); // it has begun
      await kernel.ask("control", "interrupt_request", {});
      expect((await kernel.finished(id, 3000)).reply.ename, `after ${pause} ms`).to.equal(
        "KeyboardInterrupt",
      );
    }
  });

  it("does nothing to a kernel that is idle", async () => {
    await kernel.ask("control", "interrupt_request", {});
    await delay(300);
    expect((await kernel.run("kept + 1")).result).to.equal("43");
  });
});
