import { expect } from "chai";
import * as torch from "kernelbook";
import { nn, optim, type Tensor } from "kernelbook";

const F = nn.functional;
const { zeros, tensor } = torch;
const images = () => zeros(2, 1, 8, 8);
const leaf = (...shape: number[]) => torch.ones(shape, { requiresGrad: true });

interface Mistake {
  what: string;
  wrong: () => unknown;
  /** The kind of error. */
  kind: new (...args: any[]) => Error;
  /** What the message must name: the operation first, then the numbers, then the remedy as it is applied below. */
  says: string[];
  /** The same call with the remedy applied. Gives something to look at. */
  right: () => unknown;
  gives: unknown;
}

const { ShapeError, DTypeError } = torch;
const shape = (x: Tensor) => [...x.shape];

const mistakes: Mistake[] = [
  {
    what: "another number of channels than the convolution takes",
    wrong: () => new nn.Conv2d(3, 16, 3)(images()),
    kind: ShapeError,
    says: ["conv2d: ", "[2, 1, 8, 8]", "1 channels", "takes 3", "inChannels 1"],
    right: () => shape(new nn.Conv2d(1, 16, 3)(images())),
    gives: [2, 16, 6, 6],
  },
  {
    what: "no flatten before Linear",
    wrong: () => new nn.Linear(64, 10)(images()),
    kind: ShapeError,
    says: ["Linear: ", "ends in 8", "takes 64", "flatten(2)"],
    right: () => shape(new nn.Linear(64, 10)(images().flatten(2))),
    gives: [2, 1, 10],
  },
  {
    what: "flatten without startDim before Linear",
    wrong: () => new nn.Linear(64, 10)(images().flatten()),
    kind: ShapeError,
    says: ["Linear: ", "ends in 128", "takes 64", "flatten(1)", "batch axis, here of 2"],
    right: () => shape(new nn.Linear(64, 10)(images().flatten(1))),
    gives: [2, 10],
  },
  {
    what: "a Linear of another size than the maps have",
    wrong: () => new nn.Linear(100, 10)(zeros(2, 72)),
    kind: ShapeError,
    says: ["Linear: ", "ends in 72", "takes 100", "give the layer 72 inputs"],
    right: () => shape(new nn.Linear(72, 10)(zeros(2, 72))),
    gives: [2, 10],
  },
  {
    what: "pool padding over half the kernel",
    wrong: () => F.maxPool2d(images(), 2, { padding: 2 }),
    kind: RangeError,
    says: ["maxPool2d: ", "padding 2", "half the kernel", "at most 1"],
    right: () => shape(F.maxPool2d(images(), 2, { padding: 1 })),
    gives: [2, 1, 5, 5],
  },
  {
    what: "reflect padding larger than the picture",
    wrong: () => F.pad(images(), [8, 8, 8, 8], { mode: "reflect" }),
    kind: ShapeError,
    says: ["pad: ", '"reflect"', "at most 7", "asked for 8"],
    right: () => shape(F.pad(images(), [7, 7, 7, 7], { mode: "reflect" })),
    gives: [2, 1, 22, 22],
  },
  {
    what: "groups that do not divide the input channels",
    wrong: () => new nn.Conv2d(6, 8, 3, { groups: 4 }),
    kind: ShapeError,
    says: ["Conv2d: ", "groups 4", "inChannels 6"],
    right: () => shape(new nn.Conv2d(6, 8, 3, { groups: 2 }).weight),
    gives: [8, 3, 3, 3],
  },
  {
    what: "groups that do not divide the output channels",
    wrong: () => new nn.Conv2d(4, 6, 3, { groups: 4 }),
    kind: ShapeError,
    says: ["Conv2d: ", "groups 4", "outChannels 6"],
    right: () => shape(new nn.Conv2d(4, 8, 3, { groups: 4 }).weight),
    gives: [8, 1, 3, 3],
  },
  {
    what: "a picture without a channel axis",
    wrong: () => new nn.Conv2d(1, 4, 3)(zeros(28, 28)),
    kind: ShapeError,
    says: ["conv2d: ", "4 axes [N, C, H, W]", "3 without a batch", "has 2", "x.unsqueeze(0)"],
    right: () => shape(new nn.Conv2d(1, 4, 3)(zeros(28, 28).unsqueeze(0))),
    gives: [4, 26, 26],
  },
  {
    what: "a batch of gray pictures, 3-D where 4-D is meant",
    wrong: () => new nn.Conv2d(1, 4, 3)(zeros(5, 28, 28)),
    kind: ShapeError,
    says: ["conv2d: ", "5 channels", "takes 1", "x.unsqueeze(1)"],
    right: () => shape(new nn.Conv2d(1, 4, 3)(zeros(5, 28, 28).unsqueeze(1))),
    gives: [5, 4, 26, 26],
  },
  {
    what: "a kernel larger than the picture",
    wrong: () => new nn.Conv2d(1, 4, 5)(zeros(1, 4, 4)),
    kind: ShapeError,
    says: ["conv2d: ", "5×5 kernel", "4×4", "more padding"],
    right: () => shape(new nn.Conv2d(1, 4, 5, { padding: 1 })(zeros(1, 4, 4))),
    gives: [4, 2, 2],
  },
  {
    what: 'padding "same" with a stride',
    wrong: () => new nn.Conv2d(3, 4, 3, { padding: "same", stride: 2 }),
    kind: RangeError,
    says: ["Conv2d: ", '"same"', "stride is 2", "padding as a number"],
    right: () => shape(new nn.Conv2d(3, 4, 3, { padding: 1, stride: 2 })(zeros(3, 8, 8))),
    gives: [4, 4, 4],
  },
  {
    what: "bytes of a picture into a convolution",
    wrong: () => new nn.Conv2d(1, 4, 3)(zeros([1, 8, 8], { dtype: "uint8" })),
    kind: DTypeError,
    says: ["conv2d: ", "[1, 8, 8] is uint8", "floating point", 'x.to("float32")'],
    right: () => shape(new nn.Conv2d(1, 4, 3)(zeros([1, 8, 8], { dtype: "uint8" }).to("float32"))),
    gives: [4, 6, 6],
  },
  {
    what: "float64 numbers into a float32 layer",
    wrong: () => new nn.Linear(4, 2)(zeros([3, 4], { dtype: "float64" })),
    kind: DTypeError,
    says: ["Linear: ", "x is float64", "weight is float32", 'x.to("float32")'],
    right: () => shape(new nn.Linear(4, 2)(zeros([3, 4], { dtype: "float64" }).to("float32"))),
    gives: [3, 2],
  },
  {
    what: "an array where a tensor is meant",
    wrong: () => new nn.Linear(4, 2)([1, 2, 3, 4.5] as never),
    kind: TypeError,
    says: ["Linear: ", "x must be a tensor", "torch.tensor(x)"],
    right: () => shape(new nn.Linear(4, 2)(tensor([1, 2, 3, 4.5]))),
    gives: [2],
  },
  {
    what: "class numbers of the wrong dtype",
    wrong: () => F.crossEntropy(zeros(2, 3), tensor([1, 2], { dtype: "float32" })),
    kind: DTypeError,
    says: ["crossEntropy: ", "[2] is float32", "int64", 'target.to("int64")'],
    right: () =>
      F.crossEntropy(zeros(2, 3), tensor([1, 2], { dtype: "float32" }).to("int64")).item(),
    gives: Math.fround(Math.log(3)),
  },
  {
    what: "class numbers from 1 instead of 0",
    wrong: () => F.crossEntropy(zeros(2, 3), tensor([1, 3])),
    kind: RangeError,
    says: ["crossEntropy: ", "target 3", "3 scores", "from 0 to 2"],
    right: () => F.crossEntropy(zeros(2, 3), tensor([1, 3]).sub(1)).item(),
    gives: Math.fround(Math.log(3)),
  },
  {
    what: "fewer targets than samples",
    wrong: () => F.crossEntropy(zeros(2, 3), tensor([1])),
    kind: ShapeError,
    says: ["crossEntropy: ", "[2, 3]", "[1]"],
    right: () => F.crossEntropy(zeros(2, 3), tensor([1, 1])).item(),
    gives: Math.fround(Math.log(3)),
  },
  {
    what: "backward twice",
    wrong: () => {
      const loss = leaf(3).exp().sum();
      loss.backward();
      loss.backward();
    },
    kind: TypeError,
    says: ["backward: ", "already walked and freed", "{ retainGraph: true }"],
    right: () => {
      const x = leaf(1);
      const loss = x.mul(3).sum();
      loss.backward({ retainGraph: true });
      loss.backward();
      return x.grad!.item();
    },
    gives: 6,
  },
  {
    what: "in-place on a leaf",
    wrong: () => leaf(3).add_(1),
    kind: TypeError,
    says: ["add_: ", "leaf tensor [3]", "torch.noGrad(() => …)"],
    right: () => {
      const x = leaf(3);
      torch.noGrad(() => x.add_(1));
      return x.tolist();
    },
    gives: [2, 2, 2],
  },
  {
    what: "backward from more than one number",
    wrong: () => leaf(3).mul(2).backward(),
    kind: ShapeError,
    says: ["backward: ", "one element", "has 3", ".sum()"],
    right: () => {
      const x = leaf(3);
      x.mul(2).sum().backward();
      return x.grad!.tolist();
    },
    gives: [2, 2, 2],
  },
  {
    what: "backward where nothing requires grad",
    wrong: () => zeros(3).sum().backward(),
    kind: TypeError,
    says: ["backward: ", "does not require grad", "set requiresGrad"],
    right: () => {
      const x = zeros(3);
      x.requiresGrad = true;
      x.sum().backward();
      return x.grad!.tolist();
    },
    gives: [1, 1, 1],
  },
  {
    what: "changing a result that the way back needs",
    wrong: () => {
      const y = leaf(3).exp();
      y.mul_(2);
      y.sum().backward();
    },
    kind: TypeError,
    says: ["backward: ", "[3]", "ExpBackward0", "version 1, expected 0", ".clone()"],
    right: () => {
      const x = zeros([2], { requiresGrad: true });
      const y = x.exp().clone();
      y.mul_(2);
      y.sum().backward();
      return x.grad!.tolist();
    },
    gives: [2, 2],
  },
  {
    what: "an ndarray of a tensor that requires grad",
    wrong: () => leaf(3).ndarray(),
    kind: TypeError,
    says: ["ndarray: ", "requires grad", "x.detach().ndarray()"],
    right: () => leaf(3).detach().ndarray().shape,
    gives: [3],
  },
  {
    what: "a gradient for whole numbers",
    wrong: () => tensor([1, 2], { dtype: "int64", requiresGrad: true }),
    kind: DTypeError,
    says: ["requiresGrad: ", "float32 and float64", "int64", '.to("float32")'],
    right: () => {
      const x = tensor([1, 2], { dtype: "int64" }).to("float32");
      x.requiresGrad = true;
      return x.requiresGrad;
    },
    gives: true,
  },
  {
    what: "matmul with the second matrix lying down",
    wrong: () => zeros(2, 3).matmul(zeros(4, 3)),
    kind: ShapeError,
    says: ["matmul: ", "[2, 3] ends in 3", "[4, 3] takes 4", "b.t()"],
    right: () => shape(zeros(2, 3).matmul(zeros(4, 3).t())),
    gives: [2, 4],
  },
  {
    what: "adding shapes that do not broadcast",
    wrong: () => zeros(2, 3).add(zeros(2)),
    kind: ShapeError,
    says: ["add: ", "[2, 3] and [2]", "axis 1 is 3", "2 in the other", "equal or 1"],
    right: () => shape(zeros(2, 3).add(zeros(2).reshape(2, 1))),
    gives: [2, 3],
  },
  {
    what: "a reshape that does not come out even",
    wrong: () => zeros(2, 6).reshape(5, 2),
    kind: ShapeError,
    says: ["reshape: ", "[2, 6] has 12 elements", "[5, 2]", "one size may be -1"],
    right: () => shape(zeros(2, 6).reshape(-1, 2)),
    gives: [6, 2],
  },
  {
    what: "view of a transposed tensor",
    wrong: () => zeros(2, 3).transpose(0, 1).view(6),
    kind: ShapeError,
    says: ["view: ", "[3, 2]", "strides [1, 3]", "use reshape"],
    right: () => shape(zeros(2, 3).transpose(0, 1).reshape(6)),
    gives: [6],
  },
  {
    what: "cat along the wrong axis",
    wrong: () => torch.cat([zeros(2, 3), zeros(2, 4)]),
    kind: ShapeError,
    says: ["cat: ", "[2, 4]", "[2, 3]", "did you mean dim 1?"],
    right: () => shape(torch.cat([zeros(2, 3), zeros(2, 4)], 1)),
    gives: [2, 7],
  },
  {
    what: "stack of different sizes",
    wrong: () => torch.stack([zeros(2), zeros(3)]),
    kind: ShapeError,
    says: ["stack: ", "[3]", "[2]", "use cat"],
    right: () => shape(torch.cat([zeros(2), zeros(3)])),
    gives: [5],
  },
  {
    what: "item of several numbers",
    wrong: () => zeros(2, 2).item(),
    kind: ShapeError,
    says: ["item: ", "[2, 2] has 4 elements", "exactly one", "tolist()"],
    right: () => zeros(2, 2).tolist(),
    gives: [
      [0, 0],
      [0, 0],
    ],
  },
  {
    what: "the mean of whole numbers",
    wrong: () => tensor([1, 2, 3]).mean(),
    kind: DTypeError,
    says: ["mean: ", "[3] is int64", "floating point", 'x.to("float32")'],
    right: () => tensor([1, 2, 3]).to("float32").mean().item(),
    gives: 2,
  },
  {
    what: "an axis that is not there",
    wrong: () => zeros(2, 3).sum(2),
    kind: ShapeError,
    says: ["sum: ", "dim 2", "2 axes", "from -2 to 1"],
    right: () => shape(zeros(2, 3).sum(1)),
    gives: [2],
  },
  {
    what: "an index past the end",
    wrong: () => zeros(3).select(0, 3),
    kind: ShapeError,
    says: ["select: ", "index 3", "[3]", "from -3 to 2"],
    right: () => zeros(3).select(0, 2).item(),
    gives: 0,
  },
  {
    what: "a state dict of another model",
    wrong: () => new nn.Linear(2, 2).loadStateDict({ weight: zeros(2, 2), scale: zeros(2) }),
    kind: Error,
    says: [
      "loadStateDict: ",
      'Missing key(s) in state_dict: "bias"',
      '"scale"',
      "{ strict: false }",
    ],
    right: () =>
      new nn.Linear(2, 2).loadStateDict({ weight: zeros(2, 2), scale: zeros(2) }, { strict: false })
        .missingKeys,
    gives: ["bias"],
  },
  {
    what: "an optimizer without parameters",
    wrong: () => new optim.SGD(new nn.ReLU().parameters(), { lr: 0.1 }),
    kind: RangeError,
    says: ["SGD: ", "no parameters", "model.parameters()"],
    right: () => new optim.SGD(new nn.Linear(1, 1).parameters(), { lr: 0.1 }).paramGroups.length,
    gives: 1,
  },
  {
    what: "a model without forward",
    wrong: () => {
      class Net extends (nn.Module as new () => any) {
        layer = new nn.ReLU();
      }
      return (new Net() as any)(zeros(2));
    },
    kind: TypeError,
    says: ["Net: ", "no forward", "forward(x) { return"],
    right: () => {
      class Net extends nn.Module {
        layer = new nn.ReLU();
        forward(x: Tensor): Tensor {
          return this.layer(x);
        }
      }
      return new Net()(zeros(2)).tolist();
    },
    gives: [0, 0],
  },
  {
    what: "a list of modules called as a model",
    wrong: () => (new nn.ModuleList([new nn.ReLU()]) as any)(zeros(2)),
    kind: TypeError,
    says: ["ModuleList: ", "no forward", "for (const m of list)"],
    right: () => {
      let x: Tensor = zeros(2);
      for (const m of new nn.ModuleList([new nn.ReLU()])) x = m(x);
      return x.tolist();
    },
    gives: [0, 0],
  },
];

describe(`${mistakes.length} typical mistakes`, () => {
  it("are thirty at least", () => expect(mistakes.length).to.be.at.least(30));

  for (const { what, wrong, kind, says, right, gives } of mistakes) {
    it(`${what}: names the operation, the numbers and a remedy that works`, () => {
      let error: unknown = null;
      try {
        wrong();
      } catch (thrown) {
        error = thrown;
      }
      expect(error).to.be.instanceOf(kind);
      const { message } = error as Error;
      expect(message.startsWith(says[0]), message).to.equal(true);
      for (const part of says) expect(message).to.contain(part);
      expect(right()).to.deep.equal(gives);
    });
  }
});
