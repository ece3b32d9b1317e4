// The built-in data set is hard enough: a linear model stays clearly behind the chapter's network.

import { expect } from "chai";
import * as torch from "../../../lib/index.js";

const { nn, optim } = torch;
const { DataLoader, Shapes } = torch.utils.data;

const linear = (): torch.nn.Module =>
  new nn.Sequential(new nn.Flatten(), new nn.Linear(3 * 32 * 32, 10));
const chapter = (): torch.nn.Module =>
  new nn.Sequential(
    new nn.Conv2d(3, 16, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2, { stride: 2 }),
    new nn.Conv2d(16, 32, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2, { stride: 2 }),
    new nn.Flatten(),
    new nn.Linear(32 * 8 * 8, 10),
  );

/** The share of 1000 test pictures that a model reads right after ten epochs over 2000. */
function accuracy(make: () => torch.nn.Module): number {
  torch.manualSeed(0);
  const model = make() as torch.nn.Module & ((x: torch.Tensor) => torch.Tensor);
  const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
  const loader = new DataLoader(new Shapes({ size: 2000 }), { batchSize: 32, shuffle: true });
  for (let epoch = 0; epoch < 10; epoch++) {
    for (const [x, y] of loader) {
      optimizer.zeroGrad();
      nn.functional.crossEntropy(model(x), y).backward();
      optimizer.step();
    }
  }
  let right = 0;
  torch.noGrad(() => {
    for (const [x, y] of new DataLoader(new Shapes({ train: false, size: 1000 }), {
      batchSize: 100,
    }))
      right += model(x).argmax(1).eq(y).sum().item();
  });
  return right / 1000;
}

describe("utils.data.Shapes, after ten epochs", () => {
  it("a linear model reads less than 55 %, the chapter's network more than 80 %", () => {
    const [line, network] = [accuracy(linear), accuracy(chapter)];
    console.log(`      linear ${line}, the chapter's network ${network}`);
    expect(line).to.be.lessThan(0.55);
    expect(network).to.be.greaterThan(0.8);
  });
});
