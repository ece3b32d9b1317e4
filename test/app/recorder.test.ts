import { expect } from "chai";
import { EventEmitter } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Kernel } from "../../app/server/kernels/kernel.js";
import { KernelMessage, createMessage } from "../../app/server/kernels/message.js";
import type { Header } from "../../kernel/protocol/message.js";
import { Recorder } from "../../app/server/kernels/recorder.js";

describe("Recorder", () => {
  const stateDir = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-recorder-"));
  after(() => fs.rmSync(stateDir, { recursive: true }));

  const kernel = Object.assign(new EventEmitter(), { id: "k" }) as unknown as Kernel;
  const create = () => new Recorder("/root", stateDir, () => "a.ipynb");
  const recorder = create();
  recorder.follow(kernel);

  /** A page runs a cell; gives the header that the kernel's answers name as their parent. */
  function execute(cellId: string, code: string): Header {
    const plain = createMessage("shell", "execute_request", { code }, "page");
    const [header, parent, , content] = plain.parts;
    const metadata = Buffer.from(JSON.stringify({ cellId }));
    const withCell = new KernelMessage("shell", [header, parent, metadata, content]);
    kernel.emit("request", withCell);
    return plain.header;
  }
  const say = (parent: Header, type: string, content: object) =>
    kernel.emit("message", createMessage("iopub", type, content, "kernel", parent));

  it("keeps what a running cell puts out, as a notebook would", async () => {
    const parent = execute("cell", "train()");
    say(parent, "status", { execution_state: "busy" });
    say(parent, "execute_input", { code: "train()", execution_count: 4 });
    say(parent, "stream", { name: "stdout", text: "epoch 1\n" });
    say(parent, "stream", { name: "stdout", text: "epoch 2\n" });
    const transient = { display_id: "d" };
    say(parent, "display_data", { data: { "text/plain": "old" }, metadata: {}, transient });
    say(parent, "update_display_data", { data: { "text/plain": "new" }, metadata: {}, transient });

    const [run] = await recorder.of("a.ipynb");
    expect(run).to.include({
      cell_id: "cell",
      source: "train()",
      execution_count: 4,
      running: true,
    });
    expect(run!.outputs).to.deep.equal([
      { output_type: "stream", name: "stdout", text: "epoch 1\nepoch 2\n" },
      { output_type: "display_data", data: { "text/plain": "new" }, metadata: {} },
    ]);
  });

  it("keeps a progress line's last form, and waits with clearing for the next output", async () => {
    const parent = execute("bar", "bar()");
    say(parent, "stream", { name: "stdout", text: "10 %\r" });
    say(parent, "stream", { name: "stdout", text: "20 %" });
    const text = async () =>
      ((await recorder.of("a.ipynb")).at(-1)!.outputs[0] as { text: string }).text;
    expect(await text()).to.equal("20 %");
    say(parent, "clear_output", { wait: true });
    expect(await text()).to.equal("20 %");
    say(parent, "stream", { name: "stdout", text: "done" });
    expect(await text()).to.equal("done");
    say(parent, "status", { execution_state: "idle" });
  });

  it("forgets what is saved, and keeps what still runs", async () => {
    await recorder.saved("a.ipynb");
    const runs = await recorder.of("a.ipynb");
    expect(runs.map((run) => run.cell_id)).to.deep.equal(["cell"]);
  });

  it("finds unsaved outputs after the server died", async () => {
    const runs = await create().of("a.ipynb");
    expect(runs.map((run) => [run.cell_id, run.running])).to.deep.equal([["cell", false]]);
  });
});
