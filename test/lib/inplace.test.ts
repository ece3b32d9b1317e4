// In-place operations and views: the numbers are those that PyTorch 2.13 gives for the same lines.
import { expect } from "chai";
import * as torch from "kernelbook";

const leaf = (...values: number[]) =>
  torch.tensor(values, { dtype: "float64", requiresGrad: true });

describe("in-place operations and autograd", () => {
  it("change a computed tensor and its history", () => {
    const x = leaf(1, 2, 3);
    const y = x.mul(2);
    const z = y.sum(); // recorded before the change
    y.mul_(y.detach().clone()); // 2x · a constant that equals 2x
    y.mul(torch.tensor([1, 10, 100], { dtype: "float64" }))
      .sum()
      .add(z)
      .backward();
    expect(x.grad!.tolist()).to.deep.equal([2 * 2 + 2, 2 * 4 * 10 + 2, 2 * 6 * 100 + 2]);
  });

  it("through a view change the base: the part's gradient goes to the new value", () => {
    const x = leaf(1, 2, 3, 4);
    const w = leaf(5, 6);
    const y = x.mul(3);
    y.slice(0, 1, 3).copy_(w);
    expect(y.gradFn!.name).to.equal("CopySlices");
    y.mul(y).sum().backward();
    expect(y.tolist()).to.deep.equal([3, 5, 6, 12]);
    expect(x.grad!.tolist()).to.deep.equal([18, 0, 0, 72]);
    expect(w.grad!.tolist()).to.deep.equal([10, 12]);
  });

  it("change other views of the same base, too", () => {
    const x = leaf(1, 2, 3, 4);
    const y = x.clone();
    const even = y.slice(0, 0, 4, 2);
    const matrix = y.view(2, 2);
    even.mul_(10);
    matrix.select(1, 0).sum().backward();
    expect(matrix.tolist()).to.deep.equal([
      [10, 2],
      [30, 4],
    ]);
    expect(x.grad!.tolist()).to.deep.equal([10, 0, 10, 0]);
  });

  it("bring a constant base into the graph", () => {
    const w = leaf(2, 3);
    const y = torch.zeros(2, 2, { dtype: "float64" });
    y.indexPut_([":", 1], w);
    y.select(0, 0).mul_(7);
    expect(y.requiresGrad).to.equal(true);
    y.sum().backward();
    expect(w.grad!.tolist()).to.deep.equal([7, 1]);
  });

  it("fill with zeros cuts what was before off, with zero gradient", () => {
    const x = leaf(1, 2);
    const y = x.mul(3);
    y.zero_();
    y.add(x).sum().backward();
    expect(x.grad!.tolist()).to.deep.equal([1, 1]);
  });

  it("keep what was recorded before apart from what comes after", () => {
    const x = leaf(1, 2);
    const y = x.add(0);
    const z = y.sum();
    y.add_(x.mul(x));
    z.backward({ retainGraph: true });
    expect(x.grad!.tolist()).to.deep.equal([1, 1]);
    x.grad = null;
    y.sum().backward();
    expect(x.grad!.tolist()).to.deep.equal([3, 5]);
  });

  it("are refused on leaves, on views of leaves, and where backward needs the old values", () => {
    const x = leaf(1, 2);
    expect(() => x.add_(1)).to.throw(TypeError, "add_: a leaf tensor [2] that requires grad");
    expect(() => x.select(0, 0).add_(1)).to.throw(TypeError, "a view of a leaf tensor [2]");
    const y = x.exp();
    const z = y.mul(y).sum();
    y.add_(1);
    expect(() => z.backward()).to.throw(TypeError, "was changed in place after it was used");
    torch.noGrad(() => x.select(0, 0).add_(1));
    expect(x.tolist()).to.deep.equal([2, 2]);
  });

  it("add gradients up in the same grad tensor", () => {
    const x = leaf(1, 2);
    x.sum().backward();
    const { grad } = x;
    x.mul(3).sum().backward();
    expect(x.grad).to.equal(grad);
    expect(grad!.tolist()).to.deep.equal([4, 4]);
  });
});
