import { expect } from "chai";
import { spawnSync } from "node:child_process";
import * as torch from "kernelbook";
import { arenaStats } from "../../../lib/compute/arena.js";
import { youngBytes } from "../../../lib/compute/nursery.js";
import { reclaim } from "../../../lib/compute/reclaim.js";
import { seeded } from "./guarded.js";

const MEGABYTE = 1 << 20;

describe("the nursery", () => {
  it("uses a dead block again soon, in synchronous code", () => {
    reclaim();
    const x = torch.ones(512, 512); // 1 MB
    const places = new Set<number>();
    for (let i = 0; i < 500; i++) places.add(x.relu().storage.pointer);
    expect(places.size).to.be.below(200);
    expect(youngBytes()).to.be.below(100 * MEGABYTE);
  });

  it("never takes the block of a tensor that anybody can reach, however it is held", () => {
    const random = seeded(11);
    const kept = new Map<number, () => readonly number[]>();
    const old = new Map<number, torch.Tensor>();
    const hold = (i: number, x: torch.Tensor): (() => readonly number[]) => {
      if (i % 5 === 1) {
        const array = x.data; // only the array
        return () => [array[0], array[array.length - 1]];
      }
      if (i % 5 === 2) {
        const part = x.narrow(0, 1, 2); // only a view
        return () => [...part.data];
      }
      if (i % 5 === 3) {
        old.set(i % 100, x); // in an object that is old already
        return () => (old.get(i % 100) === x ? [x.data[0], x.data[2]] : [i]);
      }
      if (i % 5 === 4) {
        const one = torch.ones([1], { requiresGrad: true });
        const product = one.mul(x.narrow(0, 0, 1)); // only a graph
        return () => {
          one.grad = null;
          product.backward(torch.ones(1), { retainGraph: true });
          return [...one.grad!.data];
        };
      }
      return () => [x.data[0], x.data[x.numel() - 1]];
    };

    let looks = 0;
    const check = (i: number) => {
      for (const value of kept.get(i)?.() ?? [])
        if (value !== i) throw new Error(`${i} is ${value}`);
      looks++;
    };
    for (let i = 0; i < 6000; i++) {
      const x = torch.full([random() < 0.3 ? 50_000 : 3], i, { dtype: "float32" });
      if (random() < 0.4) kept.set(i, hold(i, x));
      const some = Math.floor(random() * (i + 1));
      if (random() < 0.5) check(some);
      else kept.delete(some);
    }
    for (const i of kept.keys()) check(i);
    expect(looks).to.be.above(3000);
  });

  it("keeps what is in use when an operation fails in the middle", () => {
    reclaim();
    const before = arenaStats.usedBytes;
    const a = torch.ones(300, 200);
    for (let i = 0; i < 200; i++) {
      expect(() => a.matmul(torch.ones(300, 200))).to.throw("the inner sizes must be equal");
      expect(() => torch.cat([a, torch.ones(10, 10)])).to.throw();
      expect(() =>
        torch.nn.functional.conv2d(torch.ones(1, 3, 4, 4), torch.ones(4, 3, 9, 9)),
      ).to.throw();
    }
    reclaim();
    expect(arenaStats.usedBytes - before).to.be.below(MEGABYTE);
    expect(a.sum().item()).to.equal(60_000);
  });

  it("works where the stack is nearly full, and whatever util.inspect is told", () => {
    const script = `
      import * as torch from "kernelbook";
      import util from "node:util";
      Object.assign(util.inspect.defaultOptions, { customInspect: false, depth: 0, maxArrayLength: 1, showHidden: false });
      const w = torch.ones(400, 1000);
      const kept = [];
      let deepest = 0;
      const descend = (depth) => {
        deepest = depth;
        if (depth % 50 === 0) { const y = w.mul(depth + 1); if (depth % 500 === 0) kept.push([depth + 1, y]); }
        descend(depth + 1);
      };
      for (let i = 0; i < 3; i++) try { descend(0); } catch (error) { if (!(error instanceof RangeError)) throw error; }
      for (let i = 0; i < 300; i++) w.mul(0);
      console.log(kept.length > 3, kept.every(([value, y]) => y.data.every((v) => v === value)), process.memoryUsage().rss < 900e6);`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
    });
    expect(stderr).to.equal("");
    expect(stdout.trim()).to.equal("true true true");
  });
});
