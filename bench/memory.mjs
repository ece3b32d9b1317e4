// What reclaiming costs, and what it leaves: node bench/memory.mjs
// Each loop drops what it computes. "by hand" gives the result back in the loop itself, which only this file may do.
import * as torch from "../dist/lib/index.js";
import { arenaBytes } from "../dist/lib/compute/arena.js";
import { reclaimingTime } from "../dist/lib/compute/reclaim.js";

torch.setNumThreads(1);
torch.manualSeed(0);
const { nn, optim } = torch;
const F = nn.functional;
const [million, page, few] = [
  [1000, 1000],
  [64, 64],
  [4, 4],
].map((shape) => torch.randn(shape));

const block = (inputs, outputs, stride) =>
  new nn.Sequential(
    new nn.Conv2d(inputs, outputs, 3, { stride, padding: 1 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
  );
const W = new nn.Sequential(
  ...[block(3, 16, 2), block(16, 32, 1), new nn.Flatten(), new nn.Linear(32768, 10)],
);
class LeNet extends nn.Module {
  conv1 = new nn.Conv2d(1, 6, 5, { padding: 2 });
  conv2 = new nn.Conv2d(6, 16, 5);
  fc1 = new nn.Linear(400, 120);
  fc2 = new nn.Linear(120, 10);
  forward(x) {
    x = F.maxPool2d(F.relu(this.conv1(x)), 2);
    x = F.maxPool2d(F.relu(this.conv2(x)), 2);
    return this.fc2(F.relu(this.fc1(x.flatten(1))));
  }
}
const lenet = new LeNet();
const training = (model, x) => {
  const target = torch.randint(0, 10, [x.shape[0]]);
  const optimizer = new optim.SGD(model.parameters(), { lr: 1e-4, momentum: 0.9 });
  return () => {
    optimizer.zeroGrad();
    F.crossEntropy(model(x), target).backward();
    optimizer.step();
  };
};
const digits = torch.rand(64, 1, 28, 28);
const held = [];

const loops = {
  "ReLU of 1M": { step: () => million.relu(), count: 2000, byHand: true },
  "add of 4,096": { step: () => page.add(1), count: 100_000, byHand: true },
  "add of 16": { step: () => few.add(1), count: 500_000, byHand: true },
  "LeNet, training": { step: training(lenet, digits), count: 400 },
  "LeNet, inference": { step: () => torch.noGrad(() => lenet(digits)), count: 1000 },
  "W, training": { step: training(W, torch.rand(8, 3, 256, 256)), count: 60 },
  "LeNet, awaiting": { step: training(lenet, digits), count: 400, awaits: true },
  "LeNet, 2,000 tensors held": {
    step: () => torch.noGrad(() => held.push(lenet(digits)) > 2000 && held.shift()),
    count: 3000,
  },
};

async function run({ step, count, awaits }, byHand) {
  const spent = reclaimingTime();
  const start = performance.now();
  for (let i = 0; i < count; i++) {
    const y = step();
    if (byHand) y.storage.free();
    if (awaits) await new Promise(setImmediate);
  }
  const time = performance.now() - start;
  return { step: (1000 * time) / count, share: (reclaimingTime() - spent) / time };
}

const megabytes = (bytes) => (bytes / 1e6).toFixed(0);
console.log(
  "| loop | a step | by hand | share of reclaiming | RSS, fifths of the loop (MB) | arena |",
);
console.log("| --- | --- | --- | --- | --- | --- |");
for (const [name, loop] of Object.entries(loops)) {
  const fifth = { ...loop, count: Math.ceil(loop.count / 5) };
  await run(fifth); // warm
  const [auto, hand, rss] = [[], [], []];
  for (let round = 0; round < 5; round++) {
    auto.push(await run(fifth));
    rss.push(megabytes(process.memoryUsage().rss));
    if (loop.byHand) hand.push(await run(fifth, true));
  }
  const mean = (runs, key) => runs.reduce((sum, run) => sum + run[key], 0) / runs.length;
  const time = (runs) => (runs.length > 0 ? `${mean(runs, "step").toPrecision(3)} µs` : "");
  const share = `${(100 * mean(auto, "share")).toFixed(1)} %`;
  const arena = megabytes(arenaBytes());
  console.log(`| ${[name, time(auto), time(hand), share, rss.join(" "), arena].join(" | ")} |`);
}
process.exit(0);
