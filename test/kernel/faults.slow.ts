// What may go wrong, at length: run by `npm run test:slow`.
import { expect } from "chai";
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import fs from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { TestKernel } from "./support/client.js";

/** Resident memory of the kernel's process, MB. */
function memory({ process: { pid } }: TestKernel): number {
  const [, pages] = fs.readFileSync(`/proc/${pid}/statm`, "utf8").split(" ");
  return (Number(pages) * 4096) / 2 ** 20;
}

function childrenOf(pid: number): number[] {
  try {
    const text = execFileSync("pgrep", ["-P", String(pid)], { encoding: "utf8" });
    return text.split("\n").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

const isAlive = (pid: number) => {
  try {
    // A zombie waits for its parent only.
    return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

async function allEnded(pids: number[]): Promise<boolean> {
  for (let turn = 0; turn < 60 && pids.some(isAlive); turn++) await delay(100);
  return !pids.some(isAlive);
}

describe("a kernel under faults", function () {
  this.timeout(240_000);
  let kernel: TestKernel;
  beforeEach(async () => {
    kernel = await TestKernel.start();
    await kernel.run("const kept = 42");
  });
  afterEach(() => kernel.end());
  const isWell = async () => expect((await kernel.run("kept")).result).to.equal("42");

  it("drops 1,000 random malformed messages on each channel, and grows by nothing", async () => {
    const before = memory(kernel);
    for (const channel of ["shell", "control", "stdin"] as const) {
      for (let i = 0; i < 1000; i++) {
        const good = kernel.signer.pack(
          {
            header: { msg_id: `${i}`, msg_type: "kernel_info_request" } as never,
            parent_header: {},
            metadata: {},
            content: {},
            buffers: [],
          },
          [],
        ) as Buffer[];
        const frames = good.map((frame) => Buffer.from(frame));
        const at = i % frames.length;
        const kind = i % 6;
        if (kind === 0) frames.splice(at, 1);
        if (kind === 1) frames[at] = randomBytes(i % 50);
        if (kind === 2) frames.splice(at, 0, randomBytes(i % 9));
        if (kind === 3) frames[1] = Buffer.from("0".repeat(64));
        if (kind === 4) frames.length = at;
        if (kind === 5) frames[5] = Buffer.from("[".repeat(i));
        kernel.sendFrames(channel, frames.length ? frames : [Buffer.alloc(0)]);
      }
    }
    await isWell();
    expect(memory(kernel) - before).to.be.below(40);
  });

  it("stops at 100 interrupts at random moments", async () => {
    for (let i = 0; i < 100; i++) {
      const code = ["for (;;) await null", "while (true) {}", "await new Promise(() => {})"][i % 3];
      const id = kernel.send("shell", "execute_request", { code });
      await delay(Math.random() * 60);
      // It may come before the cell has begun: then there is nothing to stop, and the next one does.
      await kernel.wait(({ message }) => message.parent_header.msg_id === id);
      await kernel.ask("control", "interrupt_request", {});
      expect((await kernel.finished(id, 3000)).reply.ename).to.equal("KeyboardInterrupt");
    }
    await isWell();
  });

  it("survives interrupts of all that it may be doing, 100 times", async () => {
    const codes = [
      "1 + 1",
      "console.log('x'.repeat(1000))",
      "await 1",
      "class A {}",
      "throw 1",
      "!true",
      "%who",
    ];
    for (let i = 0; i < 100; i++) {
      const id = kernel.send("shell", "execute_request", {
        code: codes[i % codes.length],
        stop_on_error: false,
      });
      await delay(Math.random() * 12);
      await kernel.ask("control", "interrupt_request", {});
      await kernel.finished(id, 4000);
    }
    await isWell();
  });

  it("prints 20,000 lines five times, all, in order, and the memory stays flat", async () => {
    const expected = Array.from({ length: 20_000 }, (_, i) => `${i}\n`).join("");
    const code = "for (let i = 0; i < 20_000; i++) console.log(i)";
    await kernel.run(code);
    const before = memory(kernel);
    for (let turn = 0; turn < 5; turn++) expect((await kernel.run(code)).stdout).to.equal(expected);
    expect(memory(kernel) - before).to.be.below(60);
  });

  it("answers 10,000 queued cells, in order", async () => {
    const ids = Array.from({ length: 10_000 }, (_, i) =>
      kernel.send("shell", "execute_request", { code: `${i}` }),
    );
    await kernel.finished(ids.at(-1)!, 120_000);
    const results = kernel.heard.filter(({ message }) => message.content.data);
    expect(results.map(({ message }) => message.content.data["text/plain"])).to.eql(
      ids.map((_, i) => `${i}`),
    );
    const replies = kernel.heard.filter(({ channel }) => channel === "shell").slice(1);
    expect(replies.map(({ message }) => message.parent_header.msg_id)).to.eql(ids);
  });

  it("shows 50 MB at once, ten times, and gives the memory back", async () => {
    const atStart = memory(kernel);
    const code = "display.mime({ 'text/plain': 'x'.repeat(50 * 2 ** 20) })";
    const show = async () => {
      const { outputs } = await kernel.run(code, {}, 60_000);
      expect(outputs.at(-1)!.content.data["text/plain"].length).to.equal(50 * 2 ** 20);
      kernel.heard.length = 0;
    };
    for (let turn = 0; turn < 3; turn++) await show();
    const before = memory(kernel);
    for (let turn = 0; turn < 10; turn++) await show();
    expect(memory(kernel) - before).to.be.below(250);
    await isWell();
    await delay(2000); // what nobody needs any more is collected
    expect(memory(kernel) - atStart).to.be.below(100);
  });

  it("sends and takes a comm's 50 MB buffer", async () => {
    await kernel.run(`const host = (globalThis as any)[Symbol.for("kernelbook.host")]
      host.comms.registerTarget("echo", (comm: any) => comm.onMsg(({ buffers }: any) => comm.send({}, { buffers })))`);
    kernel.send("shell", "comm_open", { comm_id: "c", target_name: "echo", data: {} });
    const bytes = randomBytes(50 * 2 ** 20);
    kernel.send("shell", "comm_msg", { comm_id: "c", data: {} }, [bytes]);
    const echo = await kernel.wait(({ message }) => message.header.msg_type === "comm_msg", 30_000);
    expect(Buffer.compare(echo.buffers[0]!, bytes)).to.equal(0);
  });

  it("leaves no process behind when it is killed in the middle of a cell", async () => {
    const { pid } = kernel.process;
    kernel.send("shell", "execute_request", { code: "while (true) {}" });
    await delay(500);
    const children = childrenOf(pid!);
    expect(children).to.have.length.above(0);
    kernel.process.kill("SIGKILL");
    expect(await allEnded([pid!, ...children])).to.equal(true);
  });

  it("leaves no shell command behind when it is killed", async () => {
    const code = "!echo $$; (sleep 61.5 & echo $!); sleep 61.7 & echo $!; wait";
    kernel.send("shell", "execute_request", { code });
    const printed = () =>
      kernel.heard
        .map(({ message }) => message.content.text ?? "")
        .join("")
        .match(/\d+/g) ?? [];
    await kernel.wait(() => printed().length === 3);
    kernel.process.kill("SIGKILL");
    expect(await allEnded(printed().map(Number))).to.equal(true);
  });

  it("leaves no process behind when the one that started it is gone", async () => {
    const parent = spawn("sleep", ["60"]);
    const orphan = await TestKernel.start({}, { JPY_PARENT_PID: String(parent.pid) });
    for (const code of ["while (true) {}", "!sleep 61.61"])
      orphan.send("shell", "execute_request", { code });
    await delay(500);
    const { pid } = orphan.process;
    const all = [pid!, ...childrenOf(pid!)];
    parent.kill("SIGKILL");
    await once(parent, "exit");
    expect(await allEnded(all)).to.equal(true);
    await orphan.end();
  });

  it("stops a cell before the memory is full, and keeps the rest", async () => {
    const small = await TestKernel.start({}, { NODE_OPTIONS: "--max-old-space-size=1200" });
    await small.run("const kept = 42; let hold: unknown[] = []");
    for (const code of [
      "const rows: number[][] = []; for (;;) rows.push(Array.from({ length: 1000 }, Math.random))",
      "for (;;) hold.push({ a: 1 })",
      "for (;;) { await null; for (let i = 0; i < 1000; i++) hold.push([i]) }",
    ]) {
      const { reply } = await small.run(code, {}, 60_000);
      expect(reply).to.include({ status: "error", ename: "OutOfMemory" });
      expect(reply.evalue).to.match(/the variables take .* GB of the .* GB that Node allows/);
      expect((await small.run("hold = []; kept")).result).to.equal("42");
      await small.run("rows.length = 0");
    }
    await small.end();
  });

  it("stops a cell whose array grows towards V8's end, and keeps the rest", async () => {
    for (const code of [
      "const ones: number[] = []; while (true) ones.push(1)",
      "const held = { rows: [] as number[] }; while (true) held.rows.push(Math.random())",
      "const late: number[] = []; for (;;) { await null; for (let i = 0; i < 1e5; i++) late.push(i) }",
    ]) {
      const alone = await TestKernel.start();
      await alone.run("const kept = 42");
      const { reply } = await alone.run(code, {}, 60_000);
      expect(reply.ename, code).to.equal("OutOfMemory");
      expect(reply.evalue).to.match(/^(ones|held|late|an array) has more than 80 million elements/);
      expect((await alone.run("kept")).result).to.equal("42");
      // What is so long already may stay, as long as it does not grow.
      const name = /const (\w+)/.exec(code)![1];
      const after = `let turns = 0; for (const end = Date.now() + 300; Date.now() < end;) turns++; typeof ${name}`;
      expect((await alone.run(after)).result).to.equal("'object'");
      await alone.end();
    }
  });

  it("says in its first cell why the one before died, as far as that can be known", async () => {
    const endings: [code: string, why: RegExp][] = [
      // one call that needs more than there is: nobody can stop it
      [
        "JSON.parse('[' + '{\"a\":[1,2]},'.repeat(1.5e7) + '1]').length",
        /, out of memory: .* allows/,
      ],
      [
        "'x'.repeat(2 ** 28).split('').length",
        /, by force, or because one array or text was too long/,
      ],
      [
        "process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})",
        /, by force, or because/,
      ],
    ];
    for (const [code, why] of endings) {
      const env = { NODE_OPTIONS: "--max-old-space-size=600" };
      const first = await TestKernel.start({ "mod.ts": "export const x = 1" }, env);
      await first.run("import { x } from './mod'"); // the hooks for local files have a thread, too
      first.send("shell", "execute_request", { code });
      await once(first.process, "exit");
      const second = await first.again();
      const said = (await second.run("2")).outputs.find(({ content }) => content.name === "stderr");
      expect(said?.content.text).to.match(/before ended in cell \[2\]/);
      expect(said?.content.text).to.match(why);
      expect((await second.run("3")).outputs.some(({ content }) => content.name)).to.equal(false);
      first.close();
      const left = () =>
        fs.readdirSync(first.folder).filter((name) => name.startsWith("connection"));
      expect(left()).to.have.members(
        ["", ".last", ".report"].map((end) => `connection.json${end}`),
      );
      await second.end();
    }
  });

  it("goes on when the type checker is killed, and tells the new one the cells", async () => {
    await kernel.run("interface P { x: number }; const p: P = { x: 1 }");
    for (const child of childrenOf(kernel.process.pid!)) process.kill(child, "SIGKILL");
    await delay(100);
    expect((await kernel.run("p.x + kept")).result).to.equal("43");
    expect((await kernel.run("p.nothing")).reply.evalue).to.include(
      "'nothing' does not exist on type 'P'",
    );
  });
});
