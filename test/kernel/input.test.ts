// Questions to the reader: which answer belongs to which, and what comes in place of an answer.
import { expect } from "chai";
import { TestKernel } from "./support/client.js";

describe("input()", function () {
  this.timeout(30_000);
  let kernel: TestKernel;
  let heard = 0;
  before(async () => (kernel = await TestKernel.start()));
  after(() => kernel.end());
  beforeEach(() => (heard = kernel.heard.length));

  const ask = (code: string, from = kernel) =>
    from.send("shell", "execute_request", { code, allow_stdin: true });
  /** The next question. */
  const question = async (from = kernel) => {
    const isNext = (one: { channel: string }) =>
      one.channel === "stdin" && (from !== kernel || kernel.heard.indexOf(one as never) >= heard);
    const message = await from.wait(isNext);
    heard = kernel.heard.findIndex((one) => one.message === message) + 1;
    return message;
  };
  const answer = (content: object, from = kernel) => from.send("stdin", "input_reply", content);
  /** As front ends do that say which question they answer. */
  const answerTo = ({ header }: { header: object }, value: string) =>
    kernel.sendFrames(
      "stdin",
      kernel.signer.pack({
        header: { ...header, msg_id: `reply ${Math.random()}`, msg_type: "input_reply" } as never,
        parent_header: header as never,
        metadata: {},
        content: { value },
        buffers: [],
      }),
    );

  it("asks two questions of a cell one after the other, and mixes up no answer", async () => {
    const id = ask("await Promise.all([input('a'), input('b')])");
    for (const value of ["first", "second"]) {
      expect((await question()).content.prompt).to.equal(value === "first" ? "a" : "b");
      answer({ value });
    }
    expect((await kernel.finished(id)).result).to.equal("[ 'first', 'second' ]");
  });

  for (const call of ["await input('?')", "prompt('?')"]) {
    it(`${call} fails in words at the end of the input`, async () => {
      const id = ask(call);
      await question();
      answer({ value: "\x04" }); // Ctrl-D in a console
      expect((await kernel.finished(id)).reply.evalue).to.include("end of file");
    });

    it(`${call} is ended by an interrupt, and a late answer is nobody's`, async () => {
      const id = ask(call);
      const old = await question();
      await kernel.ask("control", "interrupt_request", {});
      expect((await kernel.finished(id)).reply.ename).to.equal("KeyboardInterrupt");

      const next = ask(call);
      const open = await question();
      answerTo(old, "late");
      answerTo(open, "in time");
      expect((await kernel.finished(next)).result).to.equal("'in time'");
    });
  }

  it("fails in words where the front end could not ask", async () => {
    const id = ask("await input('?')");
    await question();
    answer({ status: "error", ename: "E", evalue: "", traceback: [] });
    expect((await kernel.finished(id)).reply.evalue).to.include("could not ask");
  });

  it("keeps the cells behind it waiting", async () => {
    const id = ask("const name1 = await input('?')");
    const behind = ask("name1 + '!'");
    await question();
    answer({ value: "Ann" });
    await kernel.finished(id);
    expect((await kernel.finished(behind)).result).to.equal("'Ann!'");
  });

  it("asks the client whose cell it is, and hears no other", async () => {
    const other = kernel.another();
    const id = ask("await input('?')", other);
    await question(other);
    answer({ value: "not asked" });
    await kernel.ask("control", "kernel_info_request", {}); // that answer has come by now
    answer({ value: "asked" }, other);
    expect((await other.finished(id)).result).to.equal("'asked'");
    other.close();
  });

  it("does not keep the kernel from its end", async () => {
    const short = await TestKernel.start();
    ask("prompt('?')", short);
    await question(short);
    const start = Date.now();
    await short.end();
    expect(Date.now() - start).to.be.below(2000);
  });
});
