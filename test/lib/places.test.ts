// A function that PyTorch has in several places is ours in all of them: test/fixtures/places.py asks PyTorch.
import { expect } from "chai";
import fs from "node:fs";
import * as torch from "kernelbook";

type Place = "torch" | "F" | "Tensor";
const places: Record<string, Place[]> = JSON.parse(
  fs.readFileSync("test/fixtures/places.json", "utf8"),
);
const homes = {
  torch,
  F: torch.nn.functional,
  Tensor: torch.Tensor.prototype,
} as unknown as Record<Place, Record<string, unknown>>;

/** In torch these are PyTorch's bare kernels, undocumented, with other arguments (reduction as a number). */
const onlyInF = new Set([
  ...["binaryCrossEntropyWithLogits", "cosineEmbeddingLoss", "embedding", "hingeEmbeddingLoss"],
  ...["klDiv", "marginRankingLoss", "poissonNllLoss", "tripletMarginLoss"],
]);

describe("torch.X, torch.nn.functional.X and Tensor.X", () => {
  const ours = (name: string) =>
    (["torch", "F", "Tensor"] as const).filter((home) => typeof homes[home][name] === "function");

  it("are there wherever PyTorch has them", () => {
    const known = Object.keys(places).filter((name) => ours(name).length > 0);
    expect(known.length).to.be.greaterThan(200);
    const missing = known.flatMap((name) =>
      places[name]
        .filter((home) => !ours(name).includes(home) && !(home === "torch" && onlyInF.has(name)))
        .map((home) => `${home}.${name}`),
    );
    expect(missing).to.deep.equal([]);
  });

  it("answer alike from each place", () => {
    const x = torch.tensor([
      [2, 1],
      [0.5, 3],
    ]);
    expect(x.det().item()).to.equal(torch.det(x).item());
    expect(x.inverse().tolist()).to.deep.equal(torch.inverse(x).tolist());
    expect(x.matrixPower(2).tolist()).to.deep.equal(x.matmul(x).tolist());
    expect(x.slogdet()[1].item()).to.be.closeTo(Math.log(5.5), 1e-6);
    expect(torch.numel(x)).to.equal(4);
    expect(torch.nn.functional.relu_(torch.tensor([-1, 2])).tolist()).to.deep.equal([0, 2]);
    const maps = torch.arange(16).reshape([1, 4, 2, 2]);
    expect(torch.pixelUnshuffle(torch.pixelShuffle(maps, 2), 2).equal(maps)).to.equal(true);
  });
});
