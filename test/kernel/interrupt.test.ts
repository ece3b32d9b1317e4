import { expect } from "chai";
import { setTimeout as delay } from "node:timers/promises";
import { TestKernel } from "./support/client.js";

const loopBytes =
  "0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,8,1,4,108,111,111,112,0,0,10,9,1,7,0,3,64,12,0,11,11";

const cases: Record<string, string> = {
  "a loop": "while (true) {}",
  "a loop that swallows errors": "for (;;) { try { for (;;) {} } catch {} finally {} }",
  "a loop after an await": "await 1; while (true) {}",
  "a loop in a timer":
    "setTimeout(() => { while (true) {} }, 10); await new Promise((r) => setTimeout(r, 9000))",
  "an await that never ends": "await new Promise(() => {})",
  "an endless async loop": "for (;;) await null",
  WebAssembly: `// @ts-nocheck\nnew WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([${loopBytes}]))).exports.loop()`,
  "a regular expression": '/^(a+)+$/.test("a".repeat(40) + "b")',
  "Atomics.wait": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  "a child process that is waited for": 'require("child_process").execSync("sleep 9")',
  "a loop in other code": 'require("vm").runInThisContext("while (true) {}")',
};

describe("interrupt_request", function () {
  this.timeout(30_000);
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start();
    await kernel.run("const kept = 42");
  });
  after(() => kernel.end());

  for (const [what, code] of Object.entries(cases)) {
    it(`stops ${what}, and keeps the variables`, async () => {
      const id = kernel.send("shell", "execute_request", { code });
      await delay(400);
      const asked = Date.now();
      await kernel.ask("control", "interrupt_request", {});
      const { reply } = await kernel.finished(id, 5000);
      expect(reply).to.include({ status: "error", ename: "KeyboardInterrupt" });
      expect(Date.now() - asked).to.be.below(2000); // 300 ms when the machine is idle
      expect((await kernel.run("kept")).result).to.equal("42");
    });
  }

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
