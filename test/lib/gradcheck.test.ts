// The gradients of operations against differences, in float64, and the gradients of their gradients.
import { expect } from "chai";
import * as torch from "kernelbook";

type Op = (...xs: torch.Tensor[]) => torch.Tensor;

function values(shape: number[], shift = 0): torch.Tensor {
  const n = shape.reduce((a, b) => a * b, 1);
  const numbers = Array.from({ length: n }, (_, i) => Math.sin(2.3 * i + shift) + 0.05 * i + 0.21);
  return torch.tensor(numbers, { dtype: "float64" }).reshape(shape).detach().requiresGrad_();
}

const F = torch.nn.functional;
const unary: Record<string, Op> = {
  sigmoid: (x) => x.sigmoid(),
  tanh: (x) => x.tanh(),
  exp: (x) => x.exp(),
  log: (x) => x.abs().add(0.5).log(),
  sqrt: (x) => x.abs().add(0.5).sqrt(),
  erf: (x) => x.erf(),
  pow: (x) => x.pow(3),
  softmax: (x) => F.softmax(x, 1),
  logSoftmax: (x) => F.logSoftmax(x, 1),
  logsumexp: (x) => x.logsumexp(0),
  var: (x) => x.var(1),
  std: (x) => x.std(0, { correction: 0 }),
  norm: (x) => x.norm(),
  prod: (x) => x.prod(1),
  cumsum: (x) => x.cumsum(1),
  amax: (x) => x.amax(1),
  sort: (x) => x.sort(1).values,
  topk: (x) => x.topk(2, 1).values,
  clamp: (x) => x.clamp(-0.5, 0.6),
  "pad reflect": (x) => F.pad(x, [2, 1], { mode: "reflect" }),
  "pad constant": (x) => F.pad(x, [1, -1], { value: 2 }),
  unfold: (x) => x.unfold(1, 2, 1),
  "view and slice": (x) => x.t().slice(0, 0, null, 2).reshape(-1),
  diagonal: (x) => x.diagonal(),
  tril: (x) => x.tril(),
  roll: (x) => x.roll(1, 0),
};
const binary: Record<string, Op> = {
  mul: (a, b) => a.mul(b),
  div: (a, b) => a.div(b.mul(b).add(1)),
  matmul: (a, b) => a.matmul(b.t()),
  maximum: (a, b) => a.maximum(b),
  where: (a, b) => torch.where(a.detach().gt(0.3), a, b),
  cat: (a, b) => torch.cat([a, b], 1),
  einsum: (a, b) => torch.einsum("ij,kj->ik", a, b),
  "in place": (a, b) => a.mul(2).indexPut_([":", 1], b.select(1, 0)),
};

describe("gradcheck(fn, inputs)", () => {
  for (const [name, op] of Object.entries({ ...unary, ...binary })) {
    const inputs = name in unary ? [values([3, 4])] : [values([3, 4]), values([3, 4], 1.1)];
    it(`${name}: the gradient`, () => {
      expect(torch.autograd.gradcheck(op, inputs)).to.equal(true);
    });

    it(`${name}: the gradient of the gradient`, () => {
      // a bent function of the result, so that the second derivative is not zero
      const slope: Op = (...xs) =>
        torch.enableGrad(() => {
          const y = op(...xs);
          const total = y.mul(y).sum();
          const gs = torch.autograd.grad(total, xs, { createGraph: true });
          return torch.cat(gs.map((g) => g.reshape(-1)));
        });
      expect(torch.autograd.gradcheck(slope, inputs)).to.equal(true);
    });
  }
});
