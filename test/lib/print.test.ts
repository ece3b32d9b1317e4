import fs from "node:fs";
import { inspect } from "node:util";
import { expect } from "chai";
import * as torch from "kernelbook";
import { nn } from "kernelbook";
import { fixed, scientific } from "../../lib/print/numbers.js";

interface Case {
  values: string | number;
  dtype: torch.DType;
  shape: number[];
  text: string;
  view?: [string, ...(number | number[])[]][];
  options?: Parameters<typeof torch.setPrintoptions>[0];
  wants?: "grad" | "parameter";
}

const cases: Case[] = JSON.parse(fs.readFileSync("test/fixtures/printing.json", "utf8"));

function valuesOf({ values }: Case): number[] {
  if (typeof values === "number") return Array.from({ length: values }, (_, i) => i);
  const bytes = Buffer.from(values, "hex");
  return Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleBE(8 * i));
}

describe("String(tensor)", () => {
  afterEach(() => torch.setPrintoptions({ profile: "default" }));

  it(`gives PyTorch's text for ${cases.length} tensors`, () => {
    expect(cases.length).to.be.greaterThan(400);
    for (const [i, expected] of cases.entries()) {
      const { dtype, shape, view = [], options, wants } = expected;
      let x: torch.Tensor = torch
        .tensor(new Float64Array(valuesOf(expected)), { dtype })
        .reshape(shape);
      if (wants === "grad") x.requiresGrad = true;
      if (wants === "parameter") x = new nn.Parameter(x);
      for (const [method, ...args] of view) x = (x as any)[method](...args);

      torch.setPrintoptions({ profile: "default" });
      if (options) torch.setPrintoptions(options);
      const label = JSON.stringify({ i, dtype, shape, view, options, wants });
      expect(String(x), label).to.equal(expected.text);
    }
  });

  it("names the operation that made the tensor", () => {
    const x = torch.ones([2], { requiresGrad: true });
    expect(String(x.relu())).to.equal("tensor([1., 1.], grad_fn=<ReluBackward0>)");
    expect(String(x)).to.equal("tensor([1., 1.], requires_grad=True)");
  });

  it("is what console.log shows", () => {
    expect(inspect(torch.ones(2))).to.equal("tensor([1., 1.])");
    expect(inspect(new nn.Parameter(torch.ones(2)))).to.equal(
      "Parameter containing:\ntensor([1., 1.], requires_grad=True)",
    );
  });
});

describe("setPrintoptions(options)", () => {
  afterEach(() => torch.setPrintoptions({ profile: "default" }));

  it("resets sciMode with every call that does not name it, as PyTorch", () => {
    torch.setPrintoptions({ sciMode: true });
    expect(String(torch.tensor([1.5]))).to.equal("tensor([1.5000e+00])");
    torch.setPrintoptions({ precision: 2 });
    expect(String(torch.tensor([1.5]))).to.equal("tensor([1.50])");
  });

  it("holds for the time of printoptions(options, fn)", () => {
    const text = torch.printoptions({ precision: 1 }, () => String(torch.tensor([1.26])));
    expect(text).to.equal("tensor([1.3])");
    expect(torch.getPrintoptions().precision).to.equal(4);
  });

  it("refuses what it does not know", () => {
    expect(() => torch.setPrintoptions({ profile: "tiny" as never })).to.throw(
      /no profile "tiny"; there are default, short, full/,
    );
    expect(() => torch.setPrintoptions({ digits: 3 } as never)).to.throw(/no option "digits"/);
    expect(() => torch.setPrintoptions({ precision: -1 })).to.throw(/precision is -1/);
  });
});

describe("numbers as Python writes them", () => {
  it("rounds ties to even", () => {
    expect([0.03125, 0.15625, 2.5, 0.5].map((v, i) => fixed(v, i < 2 ? 4 : 0))).to.deep.equal([
      "0.0312",
      "0.1562",
      "2",
      "0",
    ]);
    expect(scientific(31250 + 0.5 * 3, 4)).to.equal("3.1252e+04");
    expect(scientific(1e-5, 4)).to.equal("1.0000e-05");
  });
});
