// What PyTorch's users write without a name, containers with a forward of their own, and a warning that they know.
import { expect } from "chai";
import * as torch from "kernelbook";
import { nn, type Tensor } from "kernelbook";

const F = torch.nn.functional;

describe("layers, as PyTorch's users write them", () => {
  it("take inplace as a last true", () => {
    const written = [
      new nn.ReLU(true),
      new nn.ReLU6(true),
      new nn.LeakyReLU(0.2, true),
      new nn.ELU(1, true),
      new nn.SiLU(true),
      new nn.Dropout(0.1, true),
      new nn.ReLU(false),
      new nn.ReLU({ inplace: true }),
    ];
    expect(written.map(String)).to.deep.equal([
      "ReLU(inplace=True)",
      "ReLU6(inplace=True)",
      "LeakyReLU(negative_slope=0.2, inplace=True)",
      "ELU(alpha=1.0, inplace=True)",
      "SiLU(inplace=True)",
      "Dropout(p=0.1, inplace=True)",
      "ReLU()",
      "ReLU(inplace=True)",
    ]);
  });

  it("dropout takes training as a last boolean", () => {
    const x = torch.ones(50);
    expect(F.dropout(x, 0.5, false).sum().item()).to.equal(50);
    expect(
      F.dropout2d(x.reshape(1, 50, 1, 1), 0.5, false)
        .sum()
        .item(),
    ).to.equal(50);
    expect(F.alphaDropout(x, 0.5, false).sum().item()).to.equal(50);
    expect(F.dropout(x, 0.5, true).eq(0).any().item()).to.equal(1);
  });

  it("ModuleDict and ModuleList can be the base of a block with a forward", () => {
    class Dense extends nn.ModuleDict {
      override forward(x: Tensor): Tensor {
        return torch.cat([x, ...this.values().map((layer) => layer(x))]);
      }
    }
    class Sum extends nn.ModuleList {
      override forward(x: Tensor): Tensor {
        return [...this].map((layer): Tensor => layer(x)).reduce((a, b) => a.add(b));
      }
    }
    const x = torch.tensor([-1, 2]);
    expect(new Dense({ a: new nn.ReLU(), b: new nn.Identity() })(x).tolist()).to.deep.equal([
      -1, 2, 0, 2, -1, 2,
    ]);
    expect(new Sum([new nn.ReLU(), new nn.Identity()])(x).tolist()).to.deep.equal([-1, 4]);
    expect(() => new nn.ModuleDict()(x)).to.throw("ModuleDict: has no forward");
  });
});

describe("losses of a pair, on shapes that differ", () => {
  it("warn once that they broadcast, and say what is probably meant", () => {
    const { warn } = console;
    const said: unknown[] = [];
    console.warn = (text: unknown) => said.push(text);
    try {
      for (let i = 0; i < 2; i++) F.mseLoss(torch.zeros(7, 1), torch.zeros(7));
      F.mseLoss(torch.zeros(7), torch.zeros(7));
    } finally {
      console.warn = warn;
    }
    expect(said).to.deep.equal([
      "mseLoss: x [7, 1] and target [7] broadcast to [7, 7]: if each number of x has one target, give both one shape, target.reshape(7, 1)",
    ]);
  });
});

describe("options by position, as JavaScript would pass over them", () => {
  const weights = [torch.zeros(1)];
  const loosely: Record<string, () => unknown> = {
    "Conv2d: options go into one object, { stride: 2, padding: 1 }, not 2": () =>
      // @ts-expect-error
      new nn.Conv2d(3, 16, 3, 2, 1),
    "ConvTranspose2d: options go into one object, { stride: 2, padding: 1 }, not 2": () =>
      // @ts-expect-error
      new nn.ConvTranspose2d(3, 16, 3, 2),
    "MaxPool2d: options go into one object, { stride: 2 }, not 2": () =>
      // @ts-expect-error
      new nn.MaxPool2d(3, 2),
    "Linear: options go into one object, { bias: false }, not false": () =>
      // @ts-expect-error
      new nn.Linear(2, 2, false),
    "SGD: options go into one object, { lr: 0.01 }, not 0.1": () =>
      // @ts-expect-error
      new torch.optim.SGD(weights, 0.1),
    "AdamW: options go into one object, { lr: 0.01 }, not 0.1": () =>
      // @ts-expect-error
      new torch.optim.AdamW(weights, 0.1),
  };
  for (const [message, make] of Object.entries(loosely)) {
    it(message, () => {
      expect(make).to.throw(TypeError, message);
    });
  }
});
