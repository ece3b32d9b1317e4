import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const compute = (name: string) =>
  fileURLToPath(new URL(`../../../lib/compute/${name}`, import.meta.url));

/** Trains as in a page, where nobody says what is dead, with at most `limit` bytes of blocks; prints JSON. */
const train = (way: string, limit: number) => {
  const script = `
    import * as torch from ${JSON.stringify(compute("../index.js"))};
    import { setLimit } from ${JSON.stringify(compute("attic.js"))};
    import { arenaBytes } from ${JSON.stringify(compute("arena.js"))};
    setLimit(${limit});
    torch.setNumThreads(1);
    torch.manualSeed(0);
    const { nn } = torch, F = nn.functional;
    const first = new nn.Conv2d(1, 4, 3), last = new nn.Linear(4 * 13 * 13, 10);
    const parameters = [...first.parameters(), ...last.parameters()];
    const optimizer = new torch.optim.Adam(parameters, { lr: 0.01 });
    const x = torch.rand(16, 1, 28, 28), target = torch.randint(0, 10, [16]);
    const seen = x.narrow(0, 3, 1).data, losses = [];
    let early;
    for (let step = 0; step < 120; step++) {
      optimizer.zeroGrad();
      const maps = F.relu(first(x.add(0)));
      const loss = F.crossEntropy(last(F.maxPool2d(maps, 2).flatten(1)), target);
      loss.backward();
      optimizer.step();
      losses.push(loss.detach());
      if (step === 40) early = arenaBytes();
    }
    console.log(JSON.stringify({
      losses: losses.map((loss) => loss.item()), grown: arenaBytes() - early,
      same: seen[5] === x.narrow(0, 3, 1).flatten().tolist()[5], sum: first.weight.sum().item(),
    }));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
    env: { ...process.env, KERNELBOOK_RECLAIM: way },
  });
  expect(stderr).to.equal("");
  return JSON.parse(stdout) as { losses: number[]; grown: number; same: boolean; sum: number };
};

describe("blocks in a page", () => {
  it("move out and come back: a synchronous loop keeps to its memory and to its numbers", () => {
    const here = train("nursery", 1 << 30);
    const roomy = train("page", 8 << 20);
    const narrow = train("page", 1000);
    expect(here.losses.at(-1)).to.be.below(here.losses[0] / 2);
    for (const { losses, sum, same, grown } of [roomy, narrow]) {
      expect(losses).to.deep.equal(here.losses);
      expect(sum).to.equal(here.sum);
      expect(same, "what a user's typed array shows").to.equal(true);
      expect(grown).to.be.below(4 << 20);
    }
    expect(train("page", 1 << 30).grown, "without a limit").to.be.above(10 << 20);
  }).timeout(60_000);
});
