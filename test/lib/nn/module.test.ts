import { expect } from "chai";
import { inspect } from "node:util";
import * as torch from "kernelbook";

const { nn } = torch;
const F = nn.functional;

class Net extends nn.Module {
  conv = new nn.Conv2d(1, 2, 3);
  bn = new nn.BatchNorm2d(2);
  head = new nn.Sequential({ flat: new nn.Flatten(), fc: new nn.Linear(8, 3) });
  forward(x: torch.Tensor): torch.Tensor {
    return this.head(this.bn(this.conv(x)).relu());
  }
}

/** Two inputs, two outputs. */
class Pair extends nn.Module {
  forward(a: torch.Tensor, b: torch.Tensor): [torch.Tensor, torch.Tensor] {
    return [a.mul(b), a.add(b)];
  }
}

describe("Module", () => {
  const x = torch.ones([2, 1, 4, 4]);

  it("finds its parts by PyTorch's names, in its order", () => {
    const net = new Net();
    expect(Object.keys(net.stateDict())).to.deep.equal([
      ...["conv.weight", "conv.bias", "bn.weight", "bn.bias"],
      ...["bn.running_mean", "bn.running_var", "bn.num_batches_tracked"],
      ...["head.fc.weight", "head.fc.bias"],
    ]);
    expect(net.namedModules().map(([path]) => path)).to.deep.equal([
      ...["", "conv", "bn", "head", "head.flat", "head.fc"],
    ]);
    expect(net.getSubmodule("head.fc")).to.equal(net.head.at(-1));
    expect(net.stateDict()["bn.num_batches_tracked"].dtype).to.equal("int64");
    expect(() => net.getSubmodule("head.nose")).to.throw('Sequential has no module "nose"');
  });

  it("gives what is shared once, and the state dict twice", () => {
    const fc = new nn.Linear(2, 2);
    const net = new nn.Sequential(fc, fc);
    expect(net.parameters().length).to.equal(2);
    expect(Object.keys(net.stateDict()).length).to.equal(4);
  });

  it("prints as PyTorch does, also for console.log", () => {
    const text =
      "Sequential(\n  (0): ModuleList(\n    (0-1): 2 x Linear(in_features=2, out_features=2, bias=True)\n    (2): ReLU()\n  )\n  (1): ModuleDict(\n    (a): Identity()\n  )\n)";
    const list = new nn.ModuleList([new nn.Linear(2, 2), new nn.Linear(2, 2), new nn.ReLU()]);
    const model = new nn.Sequential(list, new nn.ModuleDict({ a: new nn.Identity() }));
    expect(String(model)).to.equal(text);
    expect(inspect(model)).to.equal(text);
  });

  it("takes an activation's first number without its name, and options behind it", () => {
    expect(String(new nn.PReLU(4))).to.equal("PReLU(num_parameters=4)");
    expect(String(new nn.LeakyReLU(0.2, { inplace: true }))).to.equal(
      "LeakyReLU(negative_slope=0.2, inplace=True)",
    );
    expect(String(new nn.ELU(0.5, { inplace: true }))).to.equal("ELU(alpha=0.5, inplace=True)");
  });

  it("loads a state, or says all that does not fit and changes nothing", () => {
    const [one, two] = [new Net(), new Net()];
    two.loadStateDict(one.stateDict());
    expect([...two.conv.weight.data]).to.deep.equal([...one.conv.weight.data]);

    const before = [...two.head.parameters()[1].data];
    const { "conv.bias": _, ...state } = one.stateDict();
    const wrong = { ...state, extra: torch.ones(1), "head.fc.weight": torch.zeros(3, 7) };
    expect(() => two.loadStateDict({ ...wrong, "head.fc.bias": torch.ones(3) })).to.throw(
      nn.StateDictError,
      'Error(s) in loading state_dict for Net:\n\tMissing key(s) in state_dict: "conv.bias". \n\tUnexpected key(s) in state_dict: "extra". \n\tsize mismatch for head.fc.weight: copying a param with shape [3, 7] from checkpoint, the shape in current model is [3, 8].',
    );
    expect([...two.head.parameters()[1].data]).to.deep.equal(before);
    const result = two.loadStateDict({ ...state, extra: x }, { strict: false });
    expect(result).to.deep.equal({ missingKeys: ["conv.bias"], unexpectedKeys: ["extra"] });
  });

  it("calls hooks in order, lets them replace, and forgets removed ones", () => {
    const relu = new nn.ReLU();
    const pre = relu.registerForwardPreHook((_, [input]) => input.mul(-1));
    const post = relu.registerForwardHook((_, __, y) => y.add(1));
    expect(relu(torch.tensor([-2, 3])).tolist()).to.deep.equal([3, 1]);
    pre.remove();
    post.remove();
    expect(relu(torch.tensor([-2, 3])).tolist()).to.deep.equal([0, 3]);
  });

  it("tells a backward hook the gradients of inputs and outputs", () => {
    const net = new Net();
    const seen: (number[] | null)[][] = [];
    const shapes = (list: (torch.Tensor | null)[]) => list.map((g) => g && [...g.shape]);
    net.conv.registerFullBackwardHook((_, gradInput, gradOutput) => {
      seen.push(shapes(gradInput), shapes(gradOutput));
    });
    net(x).sum().backward();
    expect(seen).to.deep.equal([[null], [[2, 2, 2, 2]]]);
  });

  it("lets a backward hook replace the gradients of several inputs", () => {
    const pair = new Pair();
    pair.registerFullBackwardHook((_, [ga, gb], [first, second]) => {
      expect([...first!.data, ...second!.data]).to.deep.equal([1, 1, 1, 1]);
      return [ga!.mul(10), gb];
    });
    const a = torch.tensor([1, 2], { requiresGrad: true });
    const b = torch.tensor([3, 4], { requiresGrad: true });
    const [product, sum] = pair(a, b);
    product.sum().add(sum.sum()).backward();
    expect([...a.grad!.data]).to.deep.equal([40, 50]);
    expect([...b.grad!.data]).to.deep.equal([2, 3]);
  });

  it("changes mode, dtype and requiresGrad of all its parts", () => {
    const net = new Net();
    const { weight } = net.conv;
    net.double();
    expect(net.conv.weight).to.equal(weight);
    expect(weight.dtype).to.equal("float64");
    expect(net.bn.runningMean!.dtype).to.equal("float64");
    expect(net.bn.numBatchesTracked!.dtype).to.equal("int64");
    expect(net(x.double()).dtype).to.equal("float64");
    expect(
      net
        .eval()
        .modules()
        .some((module) => module.training),
    ).to.equal(false);
    net.requiresGrad_(false);
    expect(net(x.double()).requiresGrad).to.equal(false);
  });
});

describe("messages of layers that do not fit", () => {
  const table: [string, () => unknown, string][] = [
    [
      "forgotten flatten",
      () => new nn.Linear(400, 2)(torch.zeros(2, 16, 5, 5)),
      "Linear: x ends in 5 but the layer takes 400: did you forget flatten(1)?",
    ],
    [
      "flattened batch",
      () => new nn.Linear(8, 2)(torch.zeros(2, 8).flatten()),
      "Linear: x ends in 16 but the layer takes 8: did you mean flatten(1)? flatten() also flattens the batch axis, here of 2",
    ],
    [
      "wide padding",
      () => F.maxPool2d(torch.zeros(1, 4, 4), 2, { padding: 2 }),
      "maxPool2d: padding 2 is more than half the kernel of 2: take at most 1",
    ],
    [
      "groups",
      () => new nn.Conv2d(3, 4, 1, { groups: 2 }),
      "Conv2d: groups 2 does not divide inChannels 3",
    ],
    ["3-D images", () => new nn.Conv2d(1, 2, 3)(torch.zeros(8, 28, 28)), "x.unsqueeze(1)"],
    [
      "2-D image",
      () => new nn.Conv2d(1, 2, 3)(torch.zeros(28, 28)),
      "conv2d: x needs 4 axes [N, C, H, W], or 3 without a batch [C, H, W], but has 2: [28, 28]: x.unsqueeze(0) adds the channel axis",
    ],
    [
      "target dtype",
      () => F.crossEntropy(torch.zeros(2, 3), torch.zeros(2)),
      'target [2] is float32 but class numbers are int64: target.to("int64")',
    ],
    [
      "target range",
      () => F.crossEntropy(torch.zeros(2, 3), torch.tensor([0, 3])),
      "crossEntropy: target 3 is out of range: with 3 scores for each sample, classes go from 0 to 2",
    ],
    [
      "one number per channel",
      () => new nn.BatchNorm2d(2)(torch.zeros(1, 2, 1, 1)),
      "in training each channel needs more than 1 number",
    ],
  ];
  for (const [what, call, message] of table) {
    it(what, () => {
      expect(call).to.throw(message);
    });
  }
});

describe("gradcheck of layers, float64", () => {
  const draw = (...shape: number[]) => {
    const x = torch.randn(shape, { dtype: "float64" });
    x.requiresGrad = true;
    return x;
  };
  torch.manualSeed(0);
  const chances = torch.rand([2, 3], { dtype: "float64" });
  const table: [string, (...xs: torch.Tensor[]) => torch.Tensor, torch.Tensor[]][] = [
    [
      "conv2d",
      (x, w, b) =>
        F.conv2d(x, w, b, { stride: [2, 1], padding: [1, 2], dilation: [1, 2], groups: 2 }),
      [draw(2, 4, 5, 6), draw(4, 2, 3, 2), draw(4)],
    ],
    [
      "conv2d same",
      (x, w) => F.conv2d(x, w, null, { padding: "same" }),
      [draw(2, 4, 5), draw(3, 2, 2, 4)],
    ],
    [
      "conv1d",
      (x, w, b) => F.conv1d(x, w, b, { stride: 2, padding: 1 }),
      [draw(2, 3, 7), draw(2, 3, 3), draw(2)],
    ],
    [
      "convTranspose2d",
      (x, w, b) =>
        F.convTranspose2d(x, w, b, { stride: 2, padding: 1, outputPadding: 1, groups: 2 }),
      [draw(2, 4, 3, 2), draw(4, 2, 3, 3), draw(4)],
    ],
    ["linear", (x, w, b) => F.linear(x, w, b), [draw(2, 3, 4), draw(5, 4), draw(5)]],
    [
      "maxPool2d",
      (x) => F.maxPool2d(x, 3, { stride: 2, padding: 1, ceilMode: true }),
      [draw(2, 6, 5)],
    ],
    [
      "avgPool2d",
      (x) => F.avgPool2d(x, 3, { stride: 2, padding: 1, countIncludePad: false }),
      [draw(2, 6, 5)],
    ],
    ["adaptiveAvgPool2d", (x) => F.adaptiveAvgPool2d(x, [3, 2]), [draw(2, 7, 5)]],
    ["adaptiveMaxPool1d", (x) => F.adaptiveMaxPool1d(x, 3), [draw(2, 7)]],
    [
      "batchNorm",
      (x, w, b) => F.batchNorm(x, null, null, w, b, { training: true }),
      [draw(3, 2, 2), draw(2), draw(2)],
    ],
    [
      "layerNorm",
      (x, w, b) => F.layerNorm(x, [2, 3], w, b),
      [draw(2, 2, 3), draw(2, 3), draw(2, 3)],
    ],
    ["groupNorm", (x, w, b) => F.groupNorm(x, 2, w, b), [draw(2, 4, 3), draw(4), draw(4)]],
    ["instanceNorm", (x) => F.instanceNorm(x), [draw(2, 2, 4)]],
    ["prelu", (x, w) => F.prelu(x, w), [draw(2, 3, 2), draw(3)]],
    [
      "embedding",
      (w) =>
        F.embedding(
          torch.tensor([
            [0, 2],
            [2, 1],
          ]),
          w,
        ),
      [draw(3, 2)],
    ],
    [
      "crossEntropy",
      (x) => F.crossEntropy(x, torch.tensor([0, 2]), { labelSmoothing: 0.1 }),
      [draw(2, 3)],
    ],
    ["mseLoss", (x, t) => F.mseLoss(x, t), [draw(2, 3), draw(2, 3)]],
    ["smoothL1Loss", (x, t) => F.smoothL1Loss(x, t, { beta: 0.5 }), [draw(2, 3), draw(2, 3)]],
    [
      "binaryCrossEntropyWithLogits",
      (x) => F.binaryCrossEntropyWithLogits(x, chances),
      [draw(2, 3)],
    ],
  ];
  for (const [name, f, xs] of table) {
    it(name, () => void expect(torch.autograd.gradcheck(f, xs)).to.equal(true));
  }

  it("gradients of gradients: conv2d, batchNorm, pooling", () => {
    const norm = (x: torch.Tensor, w: torch.Tensor) =>
      torch.enableGrad(() => {
        const y = F.avgPool2d(F.batchNorm(F.conv2d(x, w), null, null, { training: true }), 2);
        const [g] = torch.autograd.grad(y.mul(y).sum(), [x], { createGraph: true });
        return g.mul(g).sum();
      });
    expect(torch.autograd.gradcheck(norm, [draw(2, 2, 4, 4), draw(2, 2, 3, 3)])).to.equal(true);
  });
});
