// node train.js small|deeper|textbook STEPS: trains without a pause (one synchronous run, no dispose, no tidy) and prints the
// memory after each tenth of the steps as JSON: {"arena": bytes[], "rss": bytes[], "loss": last loss,
// "share": of the time that looking for garbage took}.

import * as torch from "kernelbook";
import { nn, optim, type Tensor } from "kernelbook";
import { arenaBytes } from "../../../lib/compute/arena.js";
import { reclaimingTime } from "../../../lib/compute/reclaim.js";
import { Textbook } from "./models.js";

const { crossEntropy } = nn.functional;

interface Task {
  model: nn.Module;
  batch: () => [x: Tensor, target: Tensor];
  /** Scores [N, 10] of a batch. */
  scores: (model: nn.Module, x: Tensor) => Tensor;
}

const tasks: Record<string, () => Task> = {
  small: () => ({
    model: new nn.Sequential(
      new nn.Conv2d(1, 8, 3, { padding: 1 }),
      new nn.ReLU(),
      new nn.MaxPool2d(2),
      new nn.Flatten(),
      new nn.Linear(8 * 7 * 7, 10),
    ),
    batch: () => [torch.rand(4, 1, 14, 14), torch.randint(0, 10, [4])],
    scores: (model, x) => model(x),
  }),
  deeper: () => ({
    model: new nn.Sequential(
      new nn.Conv2d(1, 8, 3, { padding: 1 }),
      new nn.BatchNorm2d(8),
      new nn.ReLU(),
      new nn.MaxPool2d(2),
      new nn.Dropout(0.25),
      new nn.Conv2d(8, 16, 3, { padding: 1 }),
      new nn.BatchNorm2d(16),
      new nn.ReLU(),
      new nn.AdaptiveAvgPool2d(1),
      new nn.Flatten(),
      new nn.Linear(16, 10),
    ),
    batch: () => [torch.randn(8, 1, 16, 16), torch.randint(0, 10, [8])],
    scores: (model, x) => model(x),
  }),
  // The chapter's forward flattens without a batch axis, so its parts are called one by one.
  textbook: () => ({
    model: new Textbook(),
    batch: () => [torch.rand(8, 3, 256, 256), torch.randint(0, 10, [8])],
    scores: (model, x) => {
      const { conv1, conv2, fc } = model as Textbook;
      return fc(conv2(conv1(x)).flatten(1));
    },
  }),
};

function train(name: string, steps: number): void {
  torch.manualSeed(0);
  const { model, batch, scores } = tasks[name]();
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
  const arena: number[] = [];
  const rss: number[] = [];
  let last = NaN;
  const start = performance.now();
  for (let step = 1; step <= steps; step++) {
    const [x, target] = batch();
    optimizer.zeroGrad();
    const loss = crossEntropy(scores(model, x), target);
    loss.backward();
    optimizer.step();
    last = loss.item();
    if (step % (steps / 10) === 0) {
      arena.push(arenaBytes());
      rss.push(process.memoryUsage().rss);
    }
  }
  const share = reclaimingTime() / (performance.now() - start);
  console.log(JSON.stringify({ arena, rss, loss: last, share }));
}

const [name, steps] = process.argv.slice(2);
train(name, Number(steps));
process.exit(0);
