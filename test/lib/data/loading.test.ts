import { expect } from "chai";
import fs from "node:fs";
import * as torch from "../../../lib/index.js";

const {
  DataLoader,
  RandomSampler,
  SubsetRandomSampler,
  TensorDataset,
  WeightedRandomSampler,
  defaultCollate,
  randomSplit,
} = torch.utils.data;
type Options = ConstructorParameters<typeof DataLoader<torch.Tensor[]>>[1];
const fixture = JSON.parse(fs.readFileSync("test/fixtures/loading.json", "utf8"));
const numbers = (n: number) => new TensorDataset(torch.arange(n));
const generator = (seed: number): torch.Generator => new torch.Generator().manualSeed(seed);

function epochs(k: number, n: number, options: Options): number[][][] {
  const loader = new DataLoader(numbers(n), options);
  return Array.from({ length: k }, () => [...loader].map(([x]) => x.tolist()));
}

describe("utils.data.DataLoader, as PyTorch for the same seed", () => {
  const cases: Record<string, () => unknown> = {
    plain: () => epochs(2, 10, { batchSize: 4 }),
    shuffle: () => epochs(3, 10, { batchSize: 4, shuffle: true }),
    dropLast: () => epochs(2, 10, { batchSize: 4, shuffle: true, dropLast: true }),
    generator: () => epochs(3, 10, { batchSize: 3, shuffle: true, generator: generator(5) }),
    one: () => epochs(2, 5, { shuffle: true }),
    replacement: () => [[...new RandomSampler(numbers(7), { replacement: true, numSamples: 40 })]],
    more: () => [[...new RandomSampler(numbers(4), { numSamples: 10 })]],
    subset: () => [[...new SubsetRandomSampler([3, 5, 9, 11])]],
    weighted: () => [[...new WeightedRandomSampler([0.1, 0.5, 0, 2], 12)]],
    weightedTensor: () => [
      [...new WeightedRandomSampler(torch.tensor([0.1, 0.5, 0, 2], { dtype: "float64" }), 12)],
    ],
    weightedOnce: () => [
      [...new WeightedRandomSampler([0.1, 0.5, 0.3, 2], 3, { replacement: false })],
    ],
    split: () => randomSplit(numbers(10), [7, 3]).map((part) => [...part.indices]),
    fractions: () =>
      randomSplit(numbers(11), [0.5, 0.3, 0.2], { generator: generator(3) }).map((part) => [
        ...part.indices,
      ]),
  };
  for (const [name, run] of Object.entries(cases)) {
    it(`${name}, and the numbers drawn after it`, () => {
      torch.manualSeed(7);
      expect(run()).to.deep.equal((fixture[name] ?? fixture.weighted).got);
      expect(torch.randint(1000, [3]).tolist()).to.deep.equal(
        (fixture[name] ?? fixture.weighted).next,
      );
    });
  }
});

describe("utils.data.DataLoader", () => {
  it("counts batches, and goes through the set again with each for", () => {
    const loader = new DataLoader(numbers(10), { batchSize: 4 });
    expect(loader.length).to.equal(3);
    expect([...loader]).to.have.length(3);
    expect([...loader]).to.have.length(3);
  });

  it("lets others have their turn with for await", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    for await (const [x] of new DataLoader(numbers(3))) {
      const until = performance.now() + 5;
      while (performance.now() < until) void x;
    }
    clearInterval(timer);
    expect(turns).to.be.greaterThan(0);
  });

  it("gives single samples without batches, and batches of one's own", () => {
    const singles = [
      ...new DataLoader(numbers(3), { batchSize: null }),
    ] as unknown as torch.Tensor[][];
    expect(singles.map(([x]) => x.shape)).to.deep.equal([[], [], []]);
    const sums = new DataLoader(numbers(4), {
      batchSize: 2,
      collateFn: (rows) => rows.map(([x]) => x.item()).join(),
    });
    expect([...sums]).to.deep.equal(["0,1", "2,3"]);
  });

  it("refuses what contradicts itself", () => {
    const loader = (options: Options) => () => new DataLoader(numbers(4), options);
    expect(loader({ batchSize: 0 })).to.throw(RangeError, "batchSize is 0");
    expect(loader({ shuffle: true, sampler: new RandomSampler(numbers(4)) })).to.throw(
      TypeError,
      "sampler and shuffle",
    );
    expect(() => new DataLoader({} as never)).to.throw(TypeError, "length and get");
    expect(loader({ batchsize: 2 } as never)).to.throw(
      TypeError,
      'there is no option "batchsize"; there are batchSize, shuffle',
    );
    expect(loader({ numWorkers: -1 })).to.throw(RangeError, "numWorkers is -1");
    expect([...loader({ numWorkers: 4, batchSize: 4, pinMemory: true })()]).to.have.length(1);
  });
});

describe("utils.data.defaultCollate(samples)", () => {
  it("goes through arrays and objects", () => {
    const batch = defaultCollate([
      { x: torch.zeros(2), y: 1, name: "a", more: [true, 0.5] },
      { x: torch.ones(2), y: 2, name: "b", more: [false, 2] },
    ] as { x: torch.Tensor; y: number; name: string; more: [boolean, number] }[]);
    expect(batch.x.shape).to.deep.equal([2, 2]);
    expect(batch.y.dtype).to.equal("int64");
    expect(batch.name).to.deep.equal(["a", "b"]);
    expect(batch.more.map((part) => part.dtype)).to.deep.equal(["bool", "float64"]);
  });

  it("says which samples differ", () => {
    expect(() => defaultCollate([[torch.zeros(2)], [torch.zeros(3)]])).to.throw(
      RangeError,
      "collate: the samples[0] differ: float32 [2] and, at place 1 of the batch, float32 [3]",
    );
  });
});

describe("data sets from parts", () => {
  it("concatenates, cuts out, and counts from the end", () => {
    const both = new torch.utils.data.ConcatDataset([numbers(2), numbers(3)]);
    expect([...both].map(([x]) => x.item())).to.deep.equal([0, 1, 0, 1, 2]);
    expect(both.get(-1)[0].item()).to.equal(2);
    expect(() => new torch.utils.data.Subset(both, [5])).to.throw(
      RangeError,
      "index 5 is outside of 5 samples",
    );
    expect(() => randomSplit(both, [2, 2])).to.throw(RangeError, "add up to 4, the data set has 5");
    expect(() => new TensorDataset(torch.zeros(2), torch.zeros(3))).to.throw(
      RangeError,
      "[2] and [3]",
    );
  });
});
