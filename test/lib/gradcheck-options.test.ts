import { expect } from "chai";
import * as torch from "kernelbook";

const F = torch.nn.functional;
type T = torch.Tensor;

/** A float64 leaf with numbers that no kink or tie of the functions below hits. */
function leaf(shape: number[], phase = 1): T {
  const count = shape.reduce((a, b) => a * b, 1);
  const values = Float64Array.from(
    { length: count },
    (_, i) => Math.sin(i * 2.3 + phase) * 1.3 + 0.05,
  );
  return torch.tensor(values).reshape(shape).clone().detach().requiresGrad_();
}

const mask = leaf([3, 4], 4).detach().gt(0);

const onMatrix: Record<string, (x: T) => T> = {
  "slice with a step": (x) => x.slice(1, 0, 4, 2),
  select: (x) => x.select(1, 2),
  "index by places": (x) => x.index([0, 2, 0], "1:"),
  "index by pairs": (x) => x.index([0, 2], [1, 3]),
  indexPut_: (x) => {
    const y = x.mul(2);
    y.indexPut_([0], x.index(1));
    return y.mul(x);
  },
  gather: (x) =>
    x.gather(
      1,
      torch.tensor([
        [0, 1],
        [2, 2],
        [3, 0],
      ]),
    ),
  scatterAdd: (x) => x.scatterAdd(1, torch.tensor([[0], [1], [1]]), x.narrow(1, 0, 1)),
  indexSelect: (x) => x.indexSelect(1, torch.tensor([3, 3, 0])),
  maskedFill: (x) => x.maskedFill(mask, 2),
  maskedSelect: (x) => x.maskedSelect(mask),
  where: (x) => torch.where(mask, x.mul(2), x.mul(3)),
  expand: (x) => x.unsqueeze(0).expand(2, 3, 4).mul(x),
  unfold: (x) => x.unfold(1, 2, 1),
  diagonal: (x) => x.diagonal(1),
  "permute, contiguous": (x) => x.t().contiguous().mul(2),
  flip: (x) => x.flip(0, 1),
  roll: (x) => x.roll([1], [1]),
  repeat: (x) => x.repeat(2, 1, 2),
  tile: (x) => x.tile(2),
  repeatInterleave: (x) => x.repeatInterleave(2, 1),
  tril: (x) => x.tril(),
  "triu, above": (x) => x.triu(1),
  cat: (x) => torch.cat([x, x.mul(2)], 1),
  stack: (x) => torch.stack([x, x], 1),
  split: (x) => x.split([1, 3], 1)[1],
  "sum, keepdim": (x) => x.sum(0, { keepdim: true }),
  "mean of two axes": (x) => x.mean([0, 1]),
  prod: (x) => x.prod(1),
  amax: (x) => x.amax(1),
  "max with dim": (x) => x.max(1).values,
  "min with dim": (x) => x.min(0).values,
  median: (x) => x.median(1).values,
  "var, correction 0": (x) => x.var(0, { correction: 0 }),
  std: (x) => x.std(1),
  "norm 1": (x) => x.norm(1, 0),
  "norm 2": (x) => x.norm(2, 1),
  "norm 3": (x) => x.norm(3),
  "norm ∞": (x) => x.norm(Infinity, 1),
  logsumexp: (x) => x.logsumexp(1),
  cumsum: (x) => x.cumsum(1),
  cumprod: (x) => x.cumprod(1),
  sort: (x) => x.sort(1, { descending: true }).values,
  topk: (x) => x.topk(2, 1).values,
  softmax: (x) => x.softmax(1),
  logSoftmax: (x) => x.logSoftmax(0),
  matmul: (x) => x.matmul(x.t()),
  "matmul by a vector": (x) => x.matmul(x.select(0, 0)),
  bmm: (x) => x.unsqueeze(0).bmm(x.t().unsqueeze(0)),
  einsum: (x) => torch.einsum("ij,kj->ik", x, x),
  "einsum, outer": (x) => torch.einsum("ij,kl->jl", x, x),
  pow: (x) => x.pow(3),
  "pow of tensors": (x) => x.abs().add(0.2).pow(x),
  div: (x) => x.div(x.flip(0).add(2)),
  fmod: (x) => x.fmod(0.7),
  remainder: (x) => x.remainder(0.7),
  atan2: (x) => x.atan2(x.flip(1).add(3)),
  maximum: (x) => x.maximum(x.flip(0)),
  clamp: (x) => x.clamp(-0.5, 0.7),
  "in place": (x) => {
    const y = x.mul(2);
    y.mul_(x);
    y.add_(1);
    return y.mul(y);
  },
  "pad, cutting": (x) => F.pad(x, [1, 2, -1, 1]),
  "pad, circular": (x) => F.pad(x, [2, 1], { mode: "circular" }),
  "pad, replicate": (x) => F.pad(x, [2, 1], { mode: "replicate" }),
  "pad, reflect": (x) => F.pad(x.unsqueeze(0), [2, 1, 1, 1], { mode: "reflect" }),
};

const onImages: Record<string, (x: T) => T> = {
  "interpolate, nearest": (x) => F.interpolate(x, { scaleFactor: 2 }),
  "interpolate, bilinear": (x) => F.interpolate(x, { size: [4, 7], mode: "bilinear" }),
  "interpolate, corners": (x) =>
    F.interpolate(x, { size: [4, 7], mode: "bilinear", alignCorners: true }),
  "unfold into columns": (x) => F.unfold(x, [2, 3], { padding: 1, stride: 2 }),
  fold: (x) => F.fold(F.unfold(x, 2), [4, 5], 2),
  maxPool2d: (x) => F.maxPool2d(x, 2, { stride: 1, padding: 1, dilation: 1, ceilMode: true }),
  "maxPool2d, dilated": (x) => F.maxPool2d(x, 2, { stride: 1, dilation: 2 }),
  avgPool2d: (x) =>
    F.avgPool2d(x, 2, { stride: 2, padding: 1, countIncludePad: false, ceilMode: true }),
  "avgPool2d, divisor": (x) => F.avgPool2d(x, 2, { divisorOverride: 3 }),
  adaptiveAvgPool2d: (x) => F.adaptiveAvgPool2d(x, [3, 2]),
  adaptiveMaxPool2d: (x) => F.adaptiveMaxPool2d(x, [3, 2]),
};

const activations = [
  "relu",
  "leakyRelu",
  "relu6",
  "hardtanh",
  "elu",
  "celu",
  "selu",
  "gelu",
  "silu",
  "mish",
  "softplus",
  "softsign",
  "logsigmoid",
  "hardsigmoid",
  "hardswish",
  "softshrink",
  "hardshrink",
  "tanhshrink",
  "sigmoid",
  "tanh",
] as const;

const functions = [
  "exp",
  "expm1",
  "exp2",
  "sin",
  "cos",
  "tan",
  "atan",
  "sinh",
  "cosh",
  "tanh",
  "asinh",
  "sigmoid",
  "erf",
  "abs",
  "square",
  "neg",
  "reciprocal",
] as const;

const ofPositive = ["log", "log2", "log10", "log1p", "sqrt", "rsqrt"] as const;

describe("gradcheck over options", () => {
  for (const [name, f] of Object.entries(onMatrix)) {
    it(name, () => expect(torch.autograd.gradcheck(f, leaf([3, 4]))).to.equal(true));
  }
  for (const [name, f] of Object.entries(onImages)) {
    it(name, () => expect(torch.autograd.gradcheck(f, leaf([1, 2, 4, 5]))).to.equal(true));
  }
  for (const name of activations) {
    it(name, () =>
      expect(torch.autograd.gradcheck((x) => F[name](x), leaf([3, 4]))).to.equal(true),
    );
  }
  for (const name of functions) {
    it(name, () => expect(torch.autograd.gradcheck((x) => x[name](), leaf([3, 4]))).to.equal(true));
  }
  for (const name of ofPositive) {
    it(name, () =>
      expect(torch.autograd.gradcheck((x) => x.abs().add(0.3)[name](), leaf([3, 4]))).to.equal(
        true,
      ),
    );
  }
  for (const padding of [0, [1, 2] as [number, number], "same" as const]) {
    for (const groups of [1, 2]) {
      it(`conv2d, padding ${String(padding)}, ${groups} groups, dilated`, () => {
        const [x, w, b] = [leaf([2, 4, 5, 6]), leaf([4, 4 / groups, 3, 2], 2), leaf([4], 3)];
        const f = (x: T, w: T, b: T) => F.conv2d(x, w, b, { padding, groups, dilation: [1, 2] });
        expect(torch.autograd.gradcheck(f, [x, w, b])).to.equal(true);
      });
    }
  }

  it("maxPool2d keeps its winners for a gradient of a gradient", () => {
    const x = leaf([1, 1, 4, 4]);
    const [gx] = torch.autograd.grad(F.maxPool2d(x, 2).mul(F.maxPool2d(x, 2)).sum(), x, {
      createGraph: true,
    });
    F.maxPool2d(leaf([1, 1, 4, 4], 5), 2)
      .sum()
      .backward(); // takes blocks that were given back
    const [ggx] = torch.autograd.grad(gx.sum(), x);
    expect(ggx.sum().item()).to.equal(8); // d²(y²)/dy² = 2 at each of the four winners
  });
});
