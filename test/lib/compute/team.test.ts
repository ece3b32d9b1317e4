import { expect } from "chai";
import { spawnSync } from "node:child_process";
import * as torch from "kernelbook";
import { memory } from "../../../lib/compute/arena.js";
import { boardOf, word } from "../../../lib/compute/team-protocol.js";
import * as winograd from "../../../lib/compute/convolution/winograd.js";
import * as direct from "../../../lib/compute/convolution/direct.js";
import { matmul } from "../../../lib/compute/matmul.js";
import { addressOf } from "../../../lib/compute/operand.js";
import { getNumThreads, setNumThreads } from "../../../lib/compute/team.js";
import { guarded, seeded } from "./guarded.js";

describe("the worker team", () => {
  const before = getNumThreads();
  after(() => setNumThreads(before));

  it("gives the same bits with 1, 2 and 3 threads", async () => {
    const random = seeded(8);
    const number = () => 2 * random() - 1;
    const n = 200;
    const [a, b] = [guarded([n, n], number), guarded([n, n], number)];
    const size = {
      ...{ N: 3, C: 16, H: 40, W: 40, O: 16, K: 3, L: 3, P: 40, Q: 40, groups: 1 },
      ...{ stride: [1, 1] as const, padding: [1, 1] as const, dilation: [1, 1] as const },
    };
    const x = guarded([3, 16, 40, 40], number);
    const weight = guarded([16, 16, 3, 3], number);

    const compute = () => {
      const product = guarded([n, n], () => NaN);
      const plainMatrix = (operand: typeof a) => ({
        pointer: addressOf(operand),
        rowStep: n,
        columnStep: 1,
      });
      matmul(n, n, n, plainMatrix(a), plainMatrix(b), addressOf(product), n);
      const results = [winograd, direct].flatMap((algorithm) => {
        const y = guarded(x.shape, () => NaN);
        const gw = guarded(weight.shape, () => NaN);
        algorithm.convolve(x, weight, null, y, size);
        algorithm.gradWeight(y, x, gw, size);
        return [y, gw];
      });
      return [product, ...results].map(({ values }) =>
        Buffer.from(values.slice().buffer).toString("hex"),
      );
    };

    setNumThreads(1);
    const alone = compute();
    for (const threads of [2, 3]) {
      setNumThreads(threads);
      compute(); // starts the workers
      await new Promise((done) => setTimeout(done, 100));
      for (let round = 0; round < 5; round++) expect(compute()).to.deep.equal(alone);
    }
  });

  it("does not keep a process alive, and uses no CPU while idle", () => {
    const script = `
      import * as torch from "kernelbook";
      torch.setNumThreads(2);
      const conv = () => torch.conv2d(torch.zeros(8, 16, 64, 64), torch.zeros(16, 16, 3, 3));
      conv();
      await new Promise((done) => setTimeout(done, 300));
      conv();
      await new Promise((done) => setTimeout(done, 100));
      const start = process.cpuUsage();
      await new Promise((done) => setTimeout(done, 400));
      console.log(process.cpuUsage(start).user / 1000);`;
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--input-type=module", "-e", script],
      {
        encoding: "utf8",
        timeout: 15000,
      },
    );
    expect(stderr).to.equal("");
    expect(status).to.equal(0);
    expect(Number(stdout), "milliseconds of CPU in 400 idle ones").to.be.below(40);
  });

  it("is not woken for less than 20 µs of work, but for more", () => {
    const jobs = () => Atomics.load(boardOf(memory).words, word.generation);
    const [x, image] = [torch.rand(48, 48), torch.rand(1, 4, 12, 12)];
    const [weight, large] = [torch.rand(4, 4, 3, 3), torch.rand(300, 300)];
    setNumThreads(2);
    const start = jobs();
    for (const small of [
      ...[() => x.add(1), () => x.mul(x).relu(), () => x.sum(), () => x.sum(0), () => x.exp()],
      ...[() => x.softmax(1), () => x.matmul(x), () => x.t().contiguous(), () => x.add(x.t())],
      ...[() => torch.conv2d(image, weight), () => torch.nn.functional.maxPool2d(image, 2)],
    ]) {
      small();
      expect(jobs(), String(small)).to.equal(start);
    }
    large.matmul(large);
    expect(jobs()).to.be.above(start);
  });

  it("refuses a number of threads that is none", () => {
    expect(() => setNumThreads(0)).to.throw("setNumThreads: a whole number from 1 wanted, met 0");
  });
});
