// This library as operations.mjs asks it: each line is a case in JSON; the answer is the best time of a call in ms, or why none.
import readline from "node:readline";
import * as torch from "kernelbook";

const { nn } = torch;
const F = nn.functional;
torch.setNumThreads(1);
torch.manualSeed(0);

const x = torch.randn(1000, 1000);
const parameters = [torch.randn(1000, 1000)];
const stepping = (make) => {
  const parameter = torch.randn(1000, 1000, { requiresGrad: true });
  parameter.grad = torch.randn(1000, 1000);
  return make([parameter]);
};
parameters[0].requiresGrad = true;
parameters[0].grad = torch.randn(1000, 1000);
const { optim } = torch;
const names = {
  torch,
  nn,
  F,
  x,
  parameters,
  y: torch.randn(1000, 1000),
  small: torch.randn(8, 8),
  odd: torch.randn(333, 777),
  t: torch.randn(1000, 1000).t(),
  step: torch.randn(1000, 2000).slice(1, 0, 2000, 2),
  wide: torch.randn(1000).expand(1000, 1000),
  flat: torch.randn(1000000),
  positive: torch.rand(1000, 1000).add(0.1),
  share: torch.rand(1000, 1000),
  mask: torch.randn(1000, 1000).gt(0),
  row: torch.randn(1000),
  column: torch.randn(1000, 1),
  image: torch.randn(8, 64, 56, 56),
  channel: torch.randn(64, 1, 1),
  weights: torch.randn(64),
  means: torch.zeros(64),
  ones: torch.ones(64),
  quarter: torch.full([1], 0.25),
  grid: torch.rand(8, 56, 56, 2).mul(2).sub(1),
  places: torch.randint(0, 1000, [1000]),
  index: torch.randint(0, 1000, [1000, 1000]),
  whole: torch.randint(0, 10, [1000000]),
  bytes: torch.randint(0, 255, [1000000]).to("uint8"),
  double: torch.randn(1000, 1000).double(),
  target: torch.randn(1000, 1000),
  tiny: torch.randn(8, 8),
  batch: torch.randn(32, 64, 64),
  heads: torch.randn(256, 16, 16),
  optimizers: {
    sgd: stepping((p) => new optim.SGD(p, { lr: 1e-3 })),
    momentum: stepping((p) => new optim.SGD(p, { lr: 1e-3, momentum: 0.9 })),
    adam: stepping((p) => new optim.Adam(p)),
    adamw: stepping((p) => new optim.AdamW(p)),
    rmsprop: stepping((p) => new optim.RMSprop(p)),
    adagrad: stepping((p) => new optim.Adagrad(p)),
    nadam: stepping((p) => new optim.NAdam(p)),
    adadelta: stepping((p) => new optim.Adadelta(p)),
  },
};

for await (const line of readline.createInterface({ input: process.stdin })) {
  const { text, leaf, ms } = JSON.parse(line);
  try {
    console.log(JSON.stringify({ best: best(call(text, leaf), ms) }));
  } catch (error) {
    console.log(JSON.stringify({ skip: String(error.message ?? error) }));
  }
}

function call(text, leaf) {
  const run = new Function(...Object.keys(names), `return ${text}`);
  if (!leaf) return () => run(...Object.values(names));
  const leaves = { ...names, [leaf]: names[leaf].detach() };
  const parameter = leaves[leaf];
  parameter.requiresGrad = true;
  const values = Object.values(leaves);
  const ones = torch.onesLike(run(...values).detach());
  return () => {
    parameter.grad = null;
    run(...values).backward(ones);
  };
}

function best(f, ms) {
  for (let i = 0; i < 3; i++) f();
  let least = Infinity;
  for (let end = performance.now() + ms, n = 0; n < 4 || performance.now() < end; n++) {
    // a call of a microsecond is repeated until the clock can see it
    const repeats = Math.max(1, Math.min(1000, Math.floor(0.02 / least)));
    const start = performance.now();
    for (let i = 0; i < repeats; i++) f();
    least = Math.min(least, (performance.now() - start) / repeats);
  }
  return least;
}
