import { expect } from "chai";
import { makeHeader } from "../../kernel/protocol/message.js";
import { Signer } from "../../kernel/wire/frames.js";
import { Outbox } from "../../kernel/wire/outbox.js";

const message = {
  header: makeHeader("comm_msg", "s"),
  parent_header: {},
  metadata: {},
  content: { text: "é" },
  buffers: [new Uint8Array([1, 2])],
};
const frames = (key = "k") => new Signer(key).pack(message, [Buffer.from("id")]) as Buffer[];

describe("Signer", () => {
  it("reads what it wrote, identities and buffers too", () => {
    const { identities, message: read } = new Signer("k").unpack(frames());
    expect(identities.map(String)).to.eql(["id"]);
    expect(read.content).to.eql({ text: "é" });
    expect([...read.buffers[0]!]).to.eql([1, 2]);
  });

  it("refuses what is foreign, changed, torn, replayed or no JSON object", () => {
    const signer = new Signer("k");
    expect(() => signer.unpack(frames("other"))).to.throw("not made with our key");
    const changed = frames();
    changed[6] = Buffer.from('{"text":"x"}');
    expect(() => signer.unpack(changed)).to.throw("not made with our key");
    expect(() => signer.unpack(frames().slice(0, 5))).to.throw("parts after its signature");
    expect(() => signer.unpack([Buffer.from("x")])).to.throw("no <IDS|MSG>");
    const once = frames();
    signer.unpack(once);
    expect(() => signer.unpack(once)).to.throw("second time");
    expect(() =>
      new Signer("").unpack([Buffer.from("<IDS|MSG>"), ...Array(5).fill(Buffer.from("[]"))]),
    ).to.throw("not a JSON object");
  });
});

describe("Outbox", () => {
  it("sends one at a time, in order, and goes on after a failure", async () => {
    let underWay = 0;
    const sent: number[] = [];
    const outbox = new Outbox({
      async send([frame]) {
        expect(++underWay).to.equal(1);
        await new Promise((resolve) => setTimeout(resolve, 1));
        underWay--;
        if (frame![0] === 3) throw new Error("gone");
        sent.push(frame![0]!);
      },
    });
    for (let i = 0; i < 6; i++) outbox.push([new Uint8Array([i])]);
    await outbox.flushed();
    expect(sent).to.eql([0, 1, 2, 4, 5]);
  });

  it("holds what is pushed until it is let go, or the time is over", async () => {
    const sent: number[] = [];
    const outbox = new Outbox({ send: async ([frame]) => void sent.push(frame![0]!) });
    const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
    outbox.hold(60_000);
    outbox.push([new Uint8Array([0])]);
    outbox.push([new Uint8Array([1])]);
    await turn();
    expect(sent).to.eql([]);
    outbox.letGo();
    await turn();
    expect(sent).to.eql([0, 1]);

    outbox.hold(10);
    outbox.push([new Uint8Array([2])]);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(sent).to.eql([0, 1, 2]);
    outbox.hold(60_000);
    outbox.push([new Uint8Array([3])]);
    await outbox.flushed(); // the kernel ends
    expect(sent).to.eql([0, 1, 2, 3]);
  });
});
