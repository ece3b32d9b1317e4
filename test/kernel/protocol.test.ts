// The Jupyter protocol, request by request, as a strict client sees it.
import { expect } from "chai";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { Message } from "../../kernel/protocol/message.js";
import { Request } from "zeromq";
import { endpoint } from "../../kernel/wire/connection.js";
import { TestKernel } from "./support/client.js";

describe("the protocol", function () {
  this.timeout(30_000);
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start();
    await kernel.run("const ready = 1");
  });
  after(() => kernel.end());

  const of = (id: string, channel?: string): Message[] =>
    kernel.heard
      .filter(
        (one) => one.message.parent_header.msg_id === id && (!channel || one.channel === channel),
      )
      .map(({ message }) => message);
  const types = (messages: Message[]) =>
    messages.map(({ header, content }) => content.execution_state ?? header.msg_type);
  const idle = (id: string) =>
    kernel.wait(
      ({ message }) =>
        message.parent_header.msg_id === id && message.content.execution_state === "idle",
    );

  const requests: [type: string, content: object][] = [
    ["kernel_info_request", {}],
    ["connect_request", {}],
    ["complete_request", { code: "Mat", cursor_pos: 3 }],
    ["inspect_request", { code: "Math", cursor_pos: 2, detail_level: 0 }],
    ["is_complete_request", { code: "1" }],
    ["history_request", { hist_access_type: "tail", n: 1, raw: true, output: false }],
    ["comm_info_request", {}],
    ["interrupt_request", {}],
    ["list_subshell_request", {}],
    ["debug_request", { type: "request", seq: 1, command: "debugInfo", arguments: {} }],
  ];
  for (const channel of ["shell", "control"] as const) {
    for (const [type, content] of requests) {
      it(`answers ${type} on ${channel}: busy, one reply of its kind, idle`, async () => {
        const id = kernel.send(channel, type, content);
        await idle(id);
        await kernel.wait(
          (one) => one.channel === channel && one.message.parent_header.msg_id === id,
        );
        expect(types(of(id, "iopub"))).to.eql(["busy", "idle"]);
        const replies = of(id, channel);
        expect(types(replies)).to.eql([type.replace("request", "reply")]);
        expect(replies[0]!.header.session).to.be.a("string").and.not.equal(kernel.session);
        expect(replies[0]!.parent_header).to.include({ msg_type: type, session: kernel.session });
      });
    }
  }

  it("execute: busy, execute_input, outputs in their order, result, idle", async () => {
    const code = "console.log(1); display(2); console.error(3); console.log(4); 5";
    const id = kernel.send("shell", "execute_request", { code });
    await kernel.finished(id);
    expect(types(of(id, "iopub"))).to.eql([
      "busy",
      "execute_input",
      "stream",
      "display_data",
      "stream",
      "stream",
      "execute_result",
      "idle",
    ]);
    const [input] = of(id, "iopub").filter(({ header }) => header.msg_type === "execute_input");
    expect(input!.content.code).to.equal(code);
  });

  it("counts cells, but no silent, unstored or empty one", async () => {
    const count = async (code: string, options = {}) =>
      (await kernel.run(code, options)).reply.execution_count;
    const first = await count("1");
    expect(await count("2")).to.equal(first + 1);
    expect(await count("3", { silent: true })).to.equal(first + 1);
    expect(await count("4", { store_history: false })).to.equal(first + 1);
    expect(await count("  ")).to.equal(first + 1);
    expect(await count("5")).to.equal(first + 2);
    const { history } = await kernel.ask("shell", "history_request", {
      hist_access_type: "tail",
      n: 3,
      output: false,
      raw: true,
    });
    expect(history.map((entry: unknown[]) => entry[2])).to.eql(["1", "2", "5"]);
  });

  it("silent: no input, result or display count, but user_expressions", async () => {
    const { outputs, reply } = await kernel.run("6", {
      silent: true,
      user_expressions: { x: "ready" },
    });
    expect(outputs).to.eql([]);
    expect(reply.user_expressions.x).to.eql({
      status: "ok",
      data: { "text/plain": "1" },
      metadata: {},
    });
    expect((await kernel.run("throw 1", { silent: true })).reply.status).to.equal("error");
  });

  it("user_expressions: each by itself, with its own error", async () => {
    const { reply } = await kernel.run("const ux = [1]", {
      user_expressions: {
        ok: "ux.length",
        type: "ux.nope",
        run: "(() => { throw new Error('inside') })()",
        late: "await Promise.resolve(7)",
      },
    });
    const { ok, type, run, late } = reply.user_expressions;
    expect(ok.data["text/plain"]).to.equal("1");
    expect(type).to.include({ status: "error", ename: "TypeError" });
    expect(run).to.include({ status: "error", ename: "Error", evalue: "inside" });
    expect(late.data["text/plain"]).to.equal("7");
    const failed = await kernel.run("throw 1", { user_expressions: { a: "1" } });
    expect(failed.reply.user_expressions).to.eql({});
  });

  it("stop_on_error: what was sent before is aborted; false: it runs; what comes after runs", async () => {
    for (const stop_on_error of [true, false]) {
      const ids = ["throw 1", "21", "22"].map((code) =>
        kernel.send("shell", "execute_request", { code, stop_on_error }),
      );
      const done = [];
      for (const id of ids) done.push(await kernel.finished(id));
      const expected = stop_on_error ? ["error", "aborted", "aborted"] : ["error", "ok", "ok"];
      expect(done.map(({ reply }) => reply.status)).to.eql(expected);
      if (stop_on_error) expect(done[1]!.outputs).to.eql([]);
      expect(done[1]!.states).to.eql(["busy", "idle"]);
    }
    for (let turn = 0; turn < 20; turn++) {
      await kernel.run("throw 1");
      expect((await kernel.run("1")).reply.status, `turn ${turn}`).to.equal("ok");
    }
  });

  it("an error has name, value and traceback, the same in message and reply", async () => {
    const { outputs, reply } = await kernel.run(
      "function deep() {\n  throw new TypeError('bad')\n}\ndeep()",
    );
    const { content } = outputs.find(({ header }) => header.msg_type === "error")!;
    expect(content).to.include({ ename: "TypeError", evalue: "bad" });
    for (const field of ["ename", "evalue", "traceback"])
      expect(reply[field]).to.eql(content[field]);
    const text = content.traceback.join("\n");
    expect(text)
      .to.include("\x1b[31m")
      .and.to.match(/deep.*line 2, column 9/);
    expect(text).not.to.match(/node:|\/kernel\/|at async/);
  });

  it("late output keeps the header of its cell; display updates find their display", async () => {
    const code =
      "setTimeout(() => { console.log('later'); display(1, { id: 'late' }) }, 100); display(0, { id: 'late' })";
    const id = kernel.send("shell", "execute_request", { code });
    await kernel.finished(id);
    await kernel.run("await new Promise((r) => setTimeout(r, 250))");
    const late = of(id, "iopub").slice(-2);
    expect(types(late)).to.eql(["stream", "display_data"]);
    const { outputs } = await kernel.run("display(2, { id: 'late', update: true })");
    expect(outputs.at(-1)!.header.msg_type).to.equal("update_display_data");
    expect(outputs.at(-1)!.content.transient).to.eql({ display_id: "late" });
    const cleared = await kernel.run("clearOutput(); clearOutput({ wait: true })");
    expect(cleared.outputs.slice(1).map(({ content }) => content)).to.eql([
      { wait: false },
      { wait: true },
    ]);
  });

  it("input: asks on stdin with the cell as its parent, also for a password, one after the other", async () => {
    const id = kernel.send("shell", "execute_request", {
      code: "[await input('a? '), prompt('b? '), await input('c? ', { password: true })]",
      allow_stdin: true,
    });
    for (const [prompt, password] of [
      ["a? ", false],
      ["b? ", false],
      ["c? ", true],
    ] as const) {
      const asked = await kernel.wait(
        ({ channel, message }) => channel === "stdin" && message.content.prompt === prompt,
      );
      expect(asked.content).to.eql({ prompt, password });
      expect(asked.parent_header.msg_id).to.equal(id);
      kernel.send("stdin", "input_reply", { status: "ok", value: prompt[0] });
    }
    expect((await kernel.finished(id)).result).to.equal("[ 'a', 'b', 'c' ]");
    for (const code of ["await input('x')", "prompt('x')"])
      expect((await kernel.run(code, { allow_stdin: false })).reply.evalue).to.include(
        "allow_stdin is false",
      );
  });

  it("is_complete: complete, incomplete with its indent, invalid", async () => {
    const cases: [code: string, status: string, indent?: string][] = [
      ["", "complete"],
      ["1 +", "incomplete", ""],
      ["f(", "incomplete", "  "],
      ["const s = `a", "incomplete", ""],
      ["if (a) {\n  b", "incomplete", "  "],
      ["if (a) {\n  if (b) {", "incomplete", "    "],
      ["(x) =>", "incomplete", "  "],
      ["/* a", "incomplete", ""],
      ["class A {", "incomplete", "  "],
      ["for (const x of [1]) x", "complete"],
      ["await f()", "complete"],
      ["a b", "invalid"],
      ["}", "invalid"],
      ["'a", "invalid"],
      ["let 1", "invalid"],
    ];
    for (const [code, status, indent] of cases) {
      const reply = await kernel.ask("shell", "is_complete_request", { code });
      expect(reply.status, code).to.equal(status);
      expect(reply.indent, code).to.equal(indent);
    }
  });

  it("complete and inspect count in code points, and say where", async () => {
    await kernel.run("/** Of a face. */ const smiles = { '😀': 1, wide: 2, wink() { return 1 } }");
    const code = "'😀😀'; smiles.wi; 1";
    const reply = await kernel.ask("shell", "complete_request", { code, cursor_pos: 15 });
    expect(reply).to.include({ cursor_start: 13, cursor_end: 15 });
    expect(reply.matches).to.eql(["wide", "wink"]);
    expect(reply.metadata._jupyter_types_experimental[1]).to.include({
      text: "wink",
      type: "method",
      start: 13,
      end: 15,
    });
    const found = await kernel.ask("shell", "inspect_request", {
      code,
      cursor_pos: 9,
      detail_level: 1,
    });
    expect(found.data["text/plain"]).to.include("Of a face.");
    await kernel.run("/** Half of it. */\nfunction halved(n: number) {\n  return n / 2\n}");
    const [brief, full] = await Promise.all(
      [0, 1].map((detail_level) =>
        kernel.ask("shell", "inspect_request", { code: "halved", cursor_pos: 3, detail_level }),
      ),
    );
    expect(brief!.data["text/plain"]).to.equal("function halved(n: number): number\n\nHalf of it.");
    expect(full!.data["text/plain"]).to.include("Half of it.").and.to.include("return n / 2");
    const nothing = await kernel.ask("shell", "inspect_request", {
      code: "nowhere",
      cursor_pos: 3,
      detail_level: 0,
    });
    expect(nothing).to.include({ status: "ok", found: false });
    for (const cursor_pos of [0, 99])
      expect(
        (await kernel.ask("shell", "complete_request", { code: "", cursor_pos })).status,
      ).to.equal("ok");
  });

  it("history: tail, range, search with patterns, unique, and outputs", async () => {
    for (const code of ["'h' + 1", "'h' + 2", "'h' + 1"]) await kernel.run(code);
    const ask = async (request: object) =>
      (await kernel.ask("shell", "history_request", { raw: true, output: false, ...request }))
        .history;
    expect(
      (await ask({ hist_access_type: "tail", n: 2, output: true })).map((one: unknown[]) => one[2]),
    ).to.eql([
      ["'h' + 2", "'h2'"],
      ["'h' + 1", "'h1'"],
    ]);
    const [[session, line]] = await ask({ hist_access_type: "tail", n: 1 });
    const range = await ask({ hist_access_type: "range", session, start: line - 2, stop: line });
    expect(range.map((one: unknown[]) => one[2])).to.eql(["'h' + 1", "'h' + 2"]);
    expect(await ask({ hist_access_type: "search", pattern: "'h' + ?" })).to.have.length(3);
    expect(await ask({ hist_access_type: "search", pattern: "'h*", unique: true })).to.have.length(
      2,
    );
    expect(await ask({ hist_access_type: "search", pattern: "'h*", n: 1 })).to.have.length(1);
    expect(await ask({ hist_access_type: "search", pattern: "nowhere*" })).to.eql([]);
  });

  it("comms: an unknown target is closed, comm_info names the open ones by target", async () => {
    const id = kernel.send("shell", "comm_open", {
      comm_id: "no",
      target_name: "nobody",
      data: {},
    });
    await idle(id);
    expect(types(of(id, "iopub"))).to.eql(["busy", "comm_close", "idle"]);
    await kernel.run(`const host2 = (globalThis as any)[Symbol.for("kernelbook.host")]
      const mine = host2.comms.open("mine", { a: 1 }, { commId: "m1" })`);
    const info = async (content: object) =>
      (await kernel.ask("shell", "comm_info_request", content)).comms;
    expect(await info({ target_name: "mine" })).to.eql({ m1: { target_name: "mine" } });
    expect(await info({ target_name: "other" })).to.eql({});
    expect(await info({})).to.not.have.property("no");
    await kernel.run("mine.close()");
    expect(await info({ target_name: "mine" })).to.eql({});
  });

  it("subshells: create, list, run beside a cell that awaits, delete", async () => {
    const { subshell_id } = await kernel.ask("control", "create_subshell_request", {});
    expect((await kernel.ask("control", "list_subshell_request", {})).subshell_id).to.eql([
      subshell_id,
    ]);
    const long = kernel.send("shell", "execute_request", {
      code: "const from = 'main'; await new Promise((r) => setTimeout(r, 700)); from",
    });
    await delay(150);
    const started = Date.now();
    const side = kernel.send(
      "shell",
      "execute_request",
      { code: "const side: number = 1; console.log('beside'); side + 1" },
      [],
      { subshell_id },
    );
    const { result, stdout } = await kernel.finished(side);
    expect([result, stdout]).to.eql(["2", "beside\n"]);
    expect(Date.now() - started).to.be.below(500);
    expect((await kernel.finished(long)).result).to.equal("'main'");
    expect((await kernel.run("from.length + side")).result).to.equal("5");
    await kernel.ask("control", "delete_subshell_request", { subshell_id });
    expect((await kernel.ask("control", "list_subshell_request", {})).subshell_id).to.eql([]);
    expect(
      (await kernel.ask("control", "delete_subshell_request", { subshell_id })).status,
    ).to.equal("error");
  });

  it("two clients at once: each has its own replies, both hear all outputs", async () => {
    const other = kernel.another();
    const [mine, theirs] = await Promise.all([kernel.run("'mine'"), other.run("'theirs'")]);
    expect([mine.result, theirs.result]).to.eql(["'mine'", "'theirs'"]);
    const replies = (one: TestKernel) =>
      one.heard
        .filter(({ channel }) => channel === "shell")
        .map(({ message }) => message.parent_header.session);
    expect(new Set(replies(other))).to.eql(new Set([other.session]));
    expect(new Set(replies(kernel))).to.eql(new Set([kernel.session]));
    await kernel.run("console.log('for both')");
    await other.wait(({ message }) => message.content.text === "for both\n");
    other.close();
  });

  it("heartbeat: the same bytes back, at once, also while a cell loops", async () => {
    const heart = new Request({ linger: 0, receiveTimeout: 2000 });
    heart.connect(endpoint(kernel.info, "hb"));
    const id = kernel.send("shell", "execute_request", { code: "for (;;);" });
    await delay(150);
    for (let beat = 0; beat < 5; beat++) {
      const started = Date.now();
      await heart.send(`beat ${beat}`);
      expect(String((await heart.receive())[0])).to.equal(`beat ${beat}`);
      expect(Date.now() - started).to.be.below(1000);
    }
    heart.close();
    await kernel.ask("control", "interrupt_request", {});
    await kernel.finished(id);
  });

  it("runs a replayed request once; a foreign or unsigned one never", async () => {
    await kernel.run("let times = 0");
    const message: Message = {
      header: {
        msg_id: "replayed",
        msg_type: "execute_request",
        session: kernel.session,
        username: "t",
        date: new Date().toISOString(),
        version: "5.4",
      },
      parent_header: {},
      metadata: {},
      content: { code: "times++" },
      buffers: [],
    };
    const frames = kernel.signer.pack(message) as Buffer[];
    for (let turn = 0; turn < 3; turn++) kernel.sendFrames("shell", frames);
    for (const signature of ["", "0".repeat(64)])
      kernel.sendFrames(
        "shell",
        frames.map((frame, at) => (at === 1 ? Buffer.from(signature) : frame)),
      );
    await idle("replayed");
    expect((await kernel.run("times")).result).to.equal("1");
  });

  it("passes over messages that it does not know, on every channel", async () => {
    for (const channel of ["shell", "control", "stdin"] as const)
      kernel.send(channel, "tomorrow_request", { a: 1 });
    kernel.send("stdin", "input_reply", { value: "nobody asked" });
    kernel.send("shell", "execute_request", {}); // no code
    kernel.send("shell", "complete_request", {});
    kernel.send("shell", "history_request", { hist_access_type: "other" });
    kernel.send("shell", "comm_msg", { comm_id: "unknown", data: {} });
    kernel.send("control", "delete_subshell_request", {});
    expect((await kernel.run("1 + 1")).result).to.equal("2");
  });

  for (const restart of [true, false]) {
    for (const channel of ["control", "shell"] as const) {
      it(`shutdown on ${channel}, restart ${restart}: replies, says goodbye on iopub, ends by itself`, async () => {
        const one = await TestKernel.start();
        const ended = once(one.process, "exit");
        const reply = await one.ask(channel, "shutdown_request", { restart });
        expect(reply).to.eql({ status: "ok", restart });
        await one.wait(
          (heard) =>
            heard.channel === "iopub" && heard.message.header.msg_type === "shutdown_reply",
        );
        const [code, signal] = await ended;
        expect([code, signal]).to.eql([0, null]);
        await one.end();
      });
    }
  }

  it("ends also in the middle of a loop", async () => {
    const one = await TestKernel.start();
    one.send("shell", "execute_request", { code: "for (;;);" });
    await delay(400);
    const ended = once(one.process, "exit");
    await one.ask("control", "shutdown_request", { restart: false });
    await ended;
    await one.end();
  });
});
