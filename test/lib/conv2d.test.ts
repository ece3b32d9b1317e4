import { expect } from "chai";
import * as torch from "kernelbook";

describe("conv2d(x, weight, bias, options)", () => {
  const x = torch.arange(9, { dtype: "float32" }).reshape([1, 1, 3, 3]);
  const weight = torch.arange(4, { dtype: "float32" }).reshape([1, 1, 2, 2]);

  it("gives the numbers worked by hand", () => {
    expect([...torch.conv2d(x, weight).data]).to.deep.equal([19, 25, 37, 43]);
  });

  it("names both numbers when the channels differ", () => {
    expect(() => torch.conv2d(torch.zeros(1, 3, 8, 8), torch.zeros(6, 1, 5, 5))).to.throw(
      torch.ShapeError,
      "conv2d: x [1, 3, 8, 8] has 3 channels but weight [6, 1, 5, 5] takes 1",
    );
  });
});
