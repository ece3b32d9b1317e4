// Operations that take another loop for dense operands: both loops must give the same bits.

import { strict as assert } from "node:assert";
import * as torch from "kernelbook";

const F = torch.nn.functional;
const same = (a: torch.Tensor, b: torch.Tensor) => {
  assert.deepEqual(a.shape, b.shape);
  assert.deepEqual([...a.data], [...b.data]);
};

describe("dense operands", () => {
  it("indexSelect gives what it gives of a view, for short and long slices", () => {
    const whole = torch.randn([4, 5, 40]);
    const index = torch.tensor([3, 0, 3, 1, 2]).slice(0, 1, 4); // with an offset
    for (const x of [whole, whole.slice(0, 1, 4), whole.slice(2, 0, 1).contiguous()]) {
      for (const axis of [1, 2]) {
        if (x.shape[axis] < 4) continue;
        const turned = x.transpose(0, 2).contiguous().transpose(0, 2);
        assert.equal(turned.isContiguous(), false);
        same(x.indexSelect(axis, index), turned.indexSelect(axis, index));
      }
    }
    const none = torch.tensor([]).long();
    assert.deepEqual(whole.indexSelect(1, none).shape, [4, 0, 40]);
    assert.deepEqual(torch.zeros([3, 0]).indexSelect(0, torch.tensor([2, 2])).shape, [2, 0]);
  });

  it("the gradient of a matrix lies in memory as the matrix does", () => {
    const x = torch.randn([4, 6]).requiresGrad_();
    const weight = torch.randn([5, 6]).requiresGrad_();
    F.linear(x, weight).sum().backward();
    assert.deepEqual([x.grad!.strides, weight.grad!.strides], [x.strides, weight.strides]);
    const by = torch.randn([6, 5]).requiresGrad_();
    x.detach().matmul(by).sum().backward();
    assert.deepEqual(by.grad!.strides, by.strides);
    same(by.grad!, weight.grad!.t().contiguous());
  });

  it("nllLoss gives with and without a gradient the same", () => {
    const weight = torch.tensor([0.1, 0, 2.7, 1]);
    for (const shape of [
      [6, 4],
      [2, 4, 3],
    ]) {
      const logs = torch.randn(shape);
      logs.slice(0, 0, 1).fill_(-Infinity);
      const target =
        shape.length === 2
          ? [0, 1, 2, 3, -100, 2]
          : [
              [2, 1, -100],
              [3, 0, 2],
            ];
      const turned = logs.transpose(0, 1).contiguous().transpose(0, 1);
      for (const reduction of ["none", "sum", "mean"] as const) {
        for (const options of [{ reduction }, { reduction, weight }]) {
          const wanted = F.nllLoss(logs.clone().requiresGrad_(), torch.tensor(target), options);
          same(F.nllLoss(logs, torch.tensor(target), options), wanted.detach());
          same(F.nllLoss(turned, torch.tensor(target), options), wanted.detach());
        }
      }
    }
  });

  it("comparisons of many numbers know NaN, −0 and stretched operands", () => {
    const row = [NaN, -0, 0, 1, -1, Infinity];
    const x = torch.tensor(row).expand([600, 6]).contiguous();
    const expected = { gt: [0, 0, 0, 1, 0, 1], ne: [1, 0, 0, 1, 1, 1], le: [0, 1, 1, 0, 1, 0] };
    for (const name of ["gt", "ne", "le"] as const) {
      for (const other of [0, torch.zeros([600, 6]), torch.zeros([6])]) {
        same(x[name](other).sum(0), torch.tensor(expected[name]).mul(600));
        same(x.t()[name](0).sum(1), torch.tensor(expected[name]).mul(600));
      }
    }
  });
});
