import { expect } from "chai";
import ndarray from "ndarray";
import * as torch from "kernelbook";

describe("ndarrays and tensors share memory", () => {
  it("whatever the strides and the offset, also negative ones", () => {
    const numbers = Float32Array.from({ length: 12 }, (_, i) => i);
    const nd = ndarray(numbers, [3, 4]).step(1, -1).transpose(1, 0).lo(1, 0);
    const x = torch.fromNdarray(nd);
    expect(x.tolist()).to.deep.equal([
      [2, 6, 10],
      [1, 5, 9],
      [0, 4, 8],
    ]);
    x.select(0, 0).mul_(10);
    expect(nd.get(0, 1)).to.equal(60);
    expect(numbers[6]).to.equal(60);
  });

  it("out of a view, at its offset", () => {
    const x = torch.arange(12).reshape(3, 4).slice(1, 1, 3).t();
    const nd = x.numpy();
    nd.set(1, 2, -1);
    expect(x.storageOffset()).to.equal(1);
    expect(x.tolist()).to.deep.equal([
      [1, 5, 9],
      [2, 6, -1],
    ]);
  });

  it("refuses one that requires grad, and says what to do", () => {
    const x = torch.ones(2, { requiresGrad: true });
    expect(() => x.ndarray()).to.throw(TypeError, "x.detach().ndarray()");
    expect(x.detach().ndarray().get(1)).to.equal(1);
  });
});
