import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { arenaBytes, arenaStats } from "../../../lib/compute/arena.js";
import { reclaim, settle } from "../../../lib/compute/reclaim.js";
import { Storage, view } from "../../../lib/compute/storage.js";

const MEGABYTE = 1 << 20;

describe("reclaiming", () => {
  it("gives back, at once and from synchronous code, what nobody can reach", () => {
    reclaim();
    const before = arenaStats.usedBytes;
    const kept = new Storage("float32", MEGABYTE / 4);
    const array = (() => view(new Storage("float32", MEGABYTE / 4), 10, 5))();
    for (let i = 0; i < 20; i++) new Storage("float32", MEGABYTE / 4);
    expect(arenaStats.usedBytes - before).to.be.at.least(22 * MEGABYTE);
    reclaim();
    expect(arenaStats.usedBytes - before).to.be.within(2 * MEGABYTE, 2.1 * MEGABYTE);
    expect(kept.length + array.length).to.equal(MEGABYTE / 4 + 5); // alive until here
  });

  it("leaves alone what outlived a collection, and gives it back by hand as well", () => {
    const kept = new Storage("float32", MEGABYTE / 4);
    reclaim();
    const before = arenaStats.usedBytes;
    reclaim();
    expect(arenaStats.usedBytes).to.equal(before);
    kept.free();
    kept.free();
    expect(arenaStats.usedBytes).to.equal(before - MEGABYTE);
    reclaim();
    expect(arenaStats.usedBytes).to.equal(before - MEGABYTE);
  });

  it("gives back all but one of 300 results, of which a typed array is kept, with and without a nursery", () => {
    const script = `
      import * as torch from "kernelbook";
      const w = torch.ones(256, 1024);
      let kept;
      for (let i = 0; i < 300; i++) { const y = w.add(w); if (i === 7) kept = y.data; }
      console.log(process.memoryUsage().rss < 200e6, kept[5]);`;
    for (const way of ["nursery", "full"]) {
      const { stdout, stderr } = spawnSync(
        process.execPath,
        ["--input-type=module", "-e", script],
        { encoding: "utf8", env: { ...process.env, KERNELBOOK_RECLAIM: way } },
      );
      expect(stderr).to.equal("");
      expect(stdout.trim()).to.equal("true 2");
    }
  });

  it("a long synchronous loop keeps to the memory of its beginning", () => {
    let early = 0;
    for (let i = 0; i < 2000; i++) {
      new Storage("float32", MEGABYTE / 4);
      settle();
      if (i === 500) early = arenaBytes();
    }
    expect(arenaBytes()).to.be.at.most(1.1 * early);
  });
});
