import { createHash } from "node:crypto";
import fs from "node:fs";
import { inspect } from "node:util";
import { expect } from "chai";
import * as torch from "kernelbook";
import { Generator, type DType } from "kernelbook";
import { dropoutMask } from "../../lib/random/dropout.js";

interface Case {
  call: [string, ...any[]];
  dtype: DType;
  shape: number[];
  hex?: string;
  values?: (number | string)[];
  sha256?: string;
}
interface Sequence {
  seed: string;
  generator: boolean;
  cases: Case[];
  state: string;
  spare: number;
}

const sequences: Sequence[] = JSON.parse(
  fs.readFileSync("test/fixtures/random-numbers.json", "utf8"),
);

/** The calls of test/fixtures/random-numbers.py, in our spelling. */
function run([name, ...args]: Case["call"], options: { generator?: Generator }): torch.Tensor {
  switch (name) {
    case "rand":
      return torch.rand(args[0], { dtype: args[1], ...options });
    case "randn":
      return torch.randn(args[0], { dtype: args[1], ...options });
    case "randint":
      return torch.randint(args[0], args[1], args[2], { dtype: args[3], ...options });
    case "randperm":
      return torch.randperm(args[0], options);
    case "normal":
      return torch.normal(args[0], args[1], args[2], options);
    case "normalEach": {
      const mean = torch.arange(0, args[0], 1, { dtype: args[1] });
      return torch.normal(mean, mean.mul(0.25).add(1), options);
    }
    case "bernoulli":
      return torch.linspace(0, 1, args[0], { dtype: args[1] }).bernoulli(undefined, options);
    case "multinomial":
      return torch.tensor(args[0], { dtype: args[1] }).multinomial(args[2], args[3], options);
    case "dropout":
      return dropoutMask(args[0], args[2], args[1]);
    case "inplace":
      return inPlace(args as Parameters<typeof inPlace>[0], options);
  }
  throw new Error(`no such call: ${name}`);
}

function inPlace(
  [method, args, shape, dtype, layout]: [string, number[], number[], DType, string],
  options: { generator?: Generator },
): torch.Tensor {
  const x = torch.zeros(shape, { dtype });
  const name = method.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const view = {
    dense: () => x,
    transposed: () => strided(x, [1, 0]),
    permuted: () => strided(x, [2, 0, 1]),
    stepped: () => new torch.Tensor(x.storage, [3, 5], [10, 1], 0),
    columns: () => new torch.Tensor(x.storage, [6, 2], [5, 1], 1),
  }[layout]!();
  const defaults: Record<string, unknown[]> = {
    exponential_: [1],
    logNormal_: [1, 2],
    cauchy_: [0, 1],
    bernoulli_: [0.5],
  };
  const given = args.length > 0 ? args : (defaults[name] ?? []);
  (view as any)[name](...given, options);
  return x;
}

function strided(x: torch.Tensor, axes: number[]): torch.Tensor {
  const [shape, strides] = [axes.map((a) => x.shape[a]), axes.map((a) => x.strides[a])];
  return new torch.Tensor(x.storage, shape, strides, x.offset);
}

/** In float64 these need no logarithm or sine, whose last bit JavaScript leaves open. */
const exact64 = new Set(["rand", "randint", "bernoulli", "multinomial", "dropout"]);

/** Within 8 units in the last place of the largest factor (the mean is at most 24 here). */
function closeTo(y: torch.Tensor, hex: string, name: string): void {
  const bytes = Buffer.from(hex, "hex");
  for (let i = 0; i < bytes.length / 8; i++) {
    const expected = bytes.readDoubleBE(8 * i);
    expect(y.data[i], name).to.be.closeTo(expected, 2e-15 * Math.max(1, Math.abs(expected)));
  }
}

/** The numbers as the fixture writes them. */
function packed(y: torch.Tensor, count: number): { hex?: string; values?: (number | string)[] } {
  const values = Array.from(y.data).slice(0, count);
  if (y.dtype !== "float32" && y.dtype !== "float64") return { values };
  const size = y.dtype === "float32" ? 4 : 8;
  const bytes = Buffer.alloc(values.length * size);
  values.forEach((value, i) =>
    size === 4 ? bytes.writeFloatBE(value, 4 * i) : bytes.writeDoubleBE(value, 8 * i),
  );
  return { hex: bytes.toString("hex") };
}

function sha256(bytes: ArrayBufferView): string {
  const { buffer, byteOffset, byteLength } = bytes;
  return createHash("sha256")
    .update(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength).slice())
    .digest("hex");
}

describe("random numbers are PyTorch's, bit for bit", () => {
  let checked = 0;
  for (const [i, { seed, generator, cases, state, spare }] of sequences.entries()) {
    const title = cases
      .slice(0, 2)
      .map(({ call }) => JSON.stringify(call))
      .join(" ")
      .slice(0, 90);
    it(`${i}: seed ${seed}: ${title} … ${cases.length} calls`, () => {
      const source = new Generator().manualSeed(BigInt(seed));
      if (!generator) torch.manualSeed(BigInt(seed));
      for (const expected of cases) {
        const options = generator ? { generator: source } : {};
        const name = JSON.stringify(expected.call);
        if (expected.call[0] === "seed63") {
          const drawn = (generator ? source : torch.defaultGenerator).u63();
          expect(String(drawn), name).to.equal(String(expected.values![0]));
          continue;
        }
        const y = run(expected.call, options);
        expect(y.dtype, name).to.equal(expected.dtype);
        expect(y.shape, name).to.deep.equal(expected.shape);
        checked += y.numel();
        const [kind, method] = expected.call;
        if (y.dtype === "float64" && !exact64.has(kind) && method !== "uniform_") {
          closeTo(y, expected.hex!, name);
          continue;
        }
        const got = packed(y, expected.sha256 ? 40 : y.numel());
        const rounded = expected.values?.map(Number);
        expect(got, name).to.deep.equal(rounded ? { values: rounded } : { hex: expected.hex });
        if (expected.sha256 && y.dtype !== "int64")
          expect(sha256(y.data), name).to.equal(expected.sha256);
      }
      const after = generator ? source.getState() : torch.getRngState();
      const bytes = after.data as Uint8Array;
      const view = new DataView(bytes.buffer, bytes.byteOffset + 24 + 624 * 8 + 8, 8);
      expect(view.getFloat64(0, true)).to.be.closeTo(spare, 4e-16 * Math.abs(spare));
      view.setFloat64(0, 0);
      expect(sha256(bytes), "state afterwards").to.equal(state);
    });
  }
  after(() => expect(checked).to.be.greaterThan(10000));
});

describe("Generator", () => {
  it("goes on from a saved state, spare normal included", () => {
    const generator = new Generator().manualSeed(5);
    torch.randn(3, { generator });
    const state = generator.getState();
    const first = Array.from(torch.randn(4, { generator }).data);
    torch.randn(100, { generator });
    generator.setState(state);
    expect(Array.from(torch.randn(4, { generator }).data)).to.deep.equal(first);
  });

  it("keeps its seed and starts from PyTorch's default", () => {
    expect(new Generator().initialSeed()).to.equal(67280421310721);
    expect(new Generator().manualSeed(7).initialSeed()).to.equal(7);
    const seed = torch.seed();
    expect(torch.initialSeed()).to.equal(seed);
  });

  it("is shown by its seed, as the last value of a cell", () => {
    const generator = new Generator().manualSeed(7);
    expect(inspect(generator)).to.equal("<torch.Generator, initialSeed 7>");
    expect(`${generator}`).to.equal(inspect(generator));
  });

  it("refuses what is no state", () => {
    expect(() => new Generator().setState(torch.zeros(3))).to.throw(
      /setState: a state is 5056 uint8 numbers, this is float32 \[3\]/,
    );
  });
});

describe("random arguments", () => {
  const refused: [string, () => unknown, RegExp][] = [
    ["randint(5, 5)", () => torch.randint(5, 5, [2]), /randint: low 5 must be below high 5/],
    [
      "randint past uint8",
      () => torch.randint(0, 300, [2], { dtype: "uint8" }),
      /0 … 299 does not fit uint8/,
    ],
    [
      "rand of int64",
      () => torch.rand([2], { dtype: "int64" }),
      /rand: gives floating-point numbers, not int64/,
    ],
    ["rand(-1)", () => torch.rand(-1), /a size must be a whole number/],
    ["randperm(-1)", () => torch.randperm(-1), /randperm: n is -1/],
    ["normal std -1", () => torch.normal(0, -1, [2]), /normal: std is -1, it must be ≥ 0/],
    ["normal without shape", () => torch.normal(0, 1), /needs a shape/],
    ["bernoulli_(2)", () => torch.zeros(2).bernoulli_(2), /the probability is 2/],
    ["uniform_(1, 0)", () => torch.zeros(2).uniform_(1, 0), /from 1 must not be above to 0/],
    [
      "normal_ on int64",
      () => torch.zeros([2], { dtype: "int64" }).normal_(),
      /the tensor is int64/,
    ],
    [
      "uniform_ on a leaf",
      () => torch.zeros([2], { requiresGrad: true }).uniform_(),
      /cannot be changed in place/,
    ],
    ["multinomial too many", () => torch.ones(3).multinomial(4), /4 draws from 3 categories/],
    ["multinomial zeros", () => torch.zeros(3).multinomial(1), /all weights are 0/],
    ["manualSeed(NaN)", () => torch.manualSeed(NaN), /the seed is NaN/],
  ];
  for (const [name, call, message] of refused) {
    it(`refuses ${name}`, () => expect(call).to.throw(message));
  }

  it("gives no gradient to what a redrawn tensor was computed from", () => {
    const x = torch.ones([3], { requiresGrad: true });
    const y = x.mul(2);
    y.uniform_();
    y.sum().backward();
    expect(Array.from(x.grad!.data)).to.deep.equal([0, 0, 0]);
  });
});
