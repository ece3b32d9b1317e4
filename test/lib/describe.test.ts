import { expect } from "chai";
import * as torch from "kernelbook";

describe("describe(tensor)", () => {
  it("says shape, size, range, mean and deviation, as PyTorch computes them", () => {
    torch.manualSeed(0);
    const x = torch.randn(3, 196, 196);
    // torch.manual_seed(0); x = torch.randn(3, 196, 196); x.min(), x.max(), x.mean(), x.std()
    expect(torch.describe(x)).to.equal(
      "tensor[3, 196, 196] n=115248 (0.4 MiB) x∈[-4.343, 4.563] μ=-0.002 σ=1.001",
    );
  });

  const cases: [string, torch.Tensor, string][] = [
    ["zeros", torch.zeros(2, 2), "tensor[2, 2] n=4 x∈[0.000, 0.000] μ=0.000 σ=0.000 all_zeros"],
    [
      "NaN and Inf",
      torch.tensor([1.5, NaN, -Infinity, 2.5]),
      "tensor[4] n=4 x∈[1.500, 2.500] μ=2.000 σ=0.707 NaN! Inf!",
    ],
    ["only NaN", torch.tensor([NaN]), "tensor[1] n=1 NaN!"],
    ["no elements", torch.zeros(0, 3), "tensor[0, 3] n=0 empty"],
    ["a number", torch.tensor(7), "tensor[] int64 n=1 x∈[7, 7] μ=7.000"],
    ["bools", torch.tensor([true, false]), "tensor[2] bool n=2 x∈[0, 1] μ=0.500 σ=0.707"],
    [
      "small numbers",
      torch.tensor([1e-5, 2e-5]),
      "tensor[2] n=2 x∈[1.000e-5, 2.000e-5] μ=1.500e-5 σ=7.071e-6",
    ],
    [
      "views",
      torch.arange(6, { dtype: "float32" }).reshape(2, 3).select(1, 2),
      "tensor[2] n=2 x∈[2.000, 5.000] μ=3.500 σ=2.121",
    ],
    [
      "what has a gradient",
      torch.ones([2], { requiresGrad: true }),
      "tensor[2] n=2 x∈[1.000, 1.000] μ=1.000 σ=0.000 grad",
    ],
  ];
  for (const [name, x, text] of cases) {
    it(`describes ${name}`, () => expect(torch.describe(x)).to.equal(text));
  }
});
