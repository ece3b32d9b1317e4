import { expect } from "chai";
import fs from "node:fs";
import * as torch from "kernelbook";
import { expectNumbers, type Numbers } from "../support/numbers.js";

const { nn, optim } = torch;
type Any = any; // the fixture's calls, by name

const fixture = JSON.parse(fs.readFileSync("test/fixtures/nn-training.json", "utf8"));

/** Options as they are called: tensors from their numbers, Infinity from its name. */
function given(options: Record<string, Any>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [
      key,
      value?.tensor
        ? torch.tensor(value.tensor, { dtype: "float32" })
        : value === "Infinity"
          ? Infinity
          : value,
    ]),
  );
}

describe("losses, against PyTorch", () => {
  for (const name of new Set<string>(fixture.losses.map((c: Any) => c.loss))) {
    const cases: Any[] = fixture.losses.filter((c: Any) => c.loss === name);
    it(`${name}: ${cases.length} cases`, () => {
      for (const c of cases) checkLoss(c);
    });
  }
});

function checkLoss(c: Any): void {
  const what = `${c.loss} ${JSON.stringify(c.options)} of [${c.shape}] (${c.seed})`;
  torch.manualSeed(c.seed);
  let x = torch.randn(c.shape);
  if (c.loss === "BCELoss") x = torch.rand(c.shape);
  if (c.loss === "KLDivLoss" || c.loss === "NLLLoss") x = x.logSoftmax(x.ndim > 1 ? 1 : 0);
  let t: torch.Tensor;
  if (c.target === "randn") t = torch.randn(c.shape);
  else if (c.target === "rand") t = torch.rand(c.shape);
  else if (c.target === "softmax")
    t = torch.randn(c.shape).softmax(c.loss === "KLDivLoss" ? -1 : 1);
  else if (c.target === "logs") t = torch.randn(c.shape).logSoftmax(-1);
  else t = torch.tensor(c.target);
  x.requiresGrad = true;
  if (c.gt) t.requiresGrad = true;

  const criterion = new (nn as Any)[c.loss](given(c.options));
  const y: torch.Tensor = criterion(x, t);
  if (y.ndim > 0) {
    y.mul(torch.arange(1, y.numel() + 1).reshape(y.shape))
      .sum()
      .backward();
  } else y.backward();

  expect(String(criterion)).to.equal(c.text);
  expectNumbers(`${what}: y`, y, c.y);
  expectNumbers(`${what}: gradient`, x.grad!, c.gx);
  if (c.gt) expectNumbers(`${what}: gradient of the target`, t.grad!, c.gt);
  // PyTorch counts its overloads: DivBackward0 is by a tensor, DivBackward1 by a number
  const kind = (name: string) => name.replace(/[01]$/, "");
  expect(kind(y.gradFn!.name), `${what}: grad_fn`).to.equal(kind(c.gradFn));
}

/** The same little problem as in the fixture's script. */
function problem() {
  torch.manualSeed(1);
  const [w, b] = [torch.randn([3, 4]), torch.randn([3])];
  const [x, t] = [torch.randn([8, 4]), torch.randn([8, 3])];
  w.requiresGrad = true;
  b.requiresGrad = true;
  const loss = () => nn.functional.mseLoss(nn.functional.linear(x, w, b), t);
  return { w, b, loss };
}

function train(optimizer: Any, loss: () => torch.Tensor, schedule: Any = null, steps = 20) {
  const rates: number[][] = [];
  let value = NaN;
  for (let i = 0; i < steps; i++) {
    optimizer.zeroGrad();
    const y = loss();
    y.backward();
    optimizer.step();
    value = y.item();
    if (!schedule) continue;
    rates.push(optimizer.paramGroups.map((group: Any) => group.lr));
    if (schedule instanceof optim.lrScheduler.ReduceLROnPlateau) {
      schedule.step(i < 12 ? Math.abs(10 - i) : 3);
    } else schedule.step();
  }
  return { value, rates };
}

describe("optimizers, 20 steps against PyTorch", () => {
  for (const c of fixture.optimizers as Any[]) {
    it(`${c.name}(${JSON.stringify(c.options)})${c.grouped ? ", two groups" : ""}`, () => {
      const { w, b, loss } = problem();
      const params = c.grouped ? [{ params: [w] }, { params: [b], lr: 0.003 }] : [w, b];
      const optimizer = new (optim as Any)[c.name](params, c.options);
      const { value } = train(optimizer, loss);

      expect(value).to.be.closeTo(c.loss, 1e-5 + 1e-4 * Math.abs(c.loss));
      expectNumbers("w", w, c.w);
      expectNumbers("b", b, c.b);
      const state = optimizer.stateDict();
      expect(Object.keys(state.state[0] ?? {}).sort()).to.deep.equal(Object.keys(c.state).sort());
      for (const key of Object.keys(c.state)) expectNumbers(key, state.state[0][key], c.state[key]);
      // PyTorch has more options, about its own implementation
      const own = Object.keys(state.param_groups[0]);
      expect(own.filter((key) => !c.groupKeys.includes(key))).to.deep.equal([]);
    });
  }

  it(`reach the same after a state dict halfway: ${fixture.optimizers.length} cases`, () => {
    for (const c of fixture.optimizers as Any[]) {
      const { w, b, loss } = problem();
      const params = () => (c.grouped ? [{ params: [w] }, { params: [b], lr: 0.003 }] : [w, b]);
      const first = new (optim as Any)[c.name](params(), c.options);
      train(first, loss, null, 10);
      const second = new (optim as Any)[c.name](params());
      second.loadStateDict(first.stateDict());
      train(second, loss, null, 10);
      const what = `${c.name}(${JSON.stringify(c.options)})`;
      expectNumbers(`${what}: w`, w, c.w);
      expectNumbers(`${what}: b`, b, c.b);
    }
  });

  it("go on from a state dict as if nothing had been", () => {
    const one = problem();
    const first = new optim.Adam([one.w, one.b], { lr: 0.05, amsgrad: true });
    train(first, one.loss, null, 5);
    const two = problem();
    torch.noGrad(() => {
      two.w.copy_(one.w);
      two.b.copy_(one.b);
    });
    const second = new optim.Adam([two.w, two.b]);
    second.loadStateDict(first.stateDict());
    train(first, one.loss, null, 5);
    train(second, two.loss, null, 5);
    expect([...two.w.data]).to.deep.equal([...one.w.data]);
  });
});

describe("schedules, 30 epochs against PyTorch", () => {
  for (const c of fixture.schedules as Any[]) {
    it(`${c.name}(${JSON.stringify(c.args).slice(1, -1)} ${JSON.stringify(c.options)})`, () => {
      const { w, b, loss } = problem();
      const groups = [{ params: [w] }, { params: [b], lr: 0.02 }];
      const optimizer = new optim.SGD(groups, { lr: 0.1, momentum: 0.9 });
      const schedule = scheduleOf(c, optimizer);
      const { value, rates } = train(optimizer, loss, schedule, 30);

      rates.push(schedule.getLastLr());
      [...c.rates, c.last].forEach((wanted: number[], epoch: number) => {
        wanted.forEach((rate, i) => {
          expect(rates[epoch][i], `epoch ${epoch}`).to.be.closeTo(rate, 1e-10);
        });
      });
      expect(value).to.be.closeTo(c.loss, 1e-5 + 1e-4 * Math.abs(c.loss));
      expect(optimizer.paramGroups[0].momentum).to.be.closeTo(c.momentum, 1e-10);
    });
  }
});

describe("schedules, going on from their state", () => {
  for (const c of fixture.schedules as Any[]) {
    it(`${c.name}(${JSON.stringify(c.args).slice(1, -1)} ${JSON.stringify(c.options)})`, () => {
      const begun = () => {
        const { w, b } = problem();
        const optimizer = new optim.SGD([{ params: [w] }, { params: [b], lr: 0.02 }], {
          lr: 0.1,
          momentum: 0.9,
        });
        return { optimizer, schedule: scheduleOf(c, optimizer) };
      };
      const step = (schedule: Any, i: number) =>
        schedule instanceof optim.lrScheduler.ReduceLROnPlateau
          ? schedule.step(i < 12 ? Math.abs(10 - i) : 3)
          : schedule.step();
      const first = begun();
      for (let i = 0; i < 13; i++) step(first.schedule, i);

      const { optimizer, schedule } = begun();
      optimizer.loadStateDict(first.optimizer.stateDict());
      schedule.loadStateDict(structuredClone(first.schedule.stateDict()));
      for (let i = 13; i < 30; i++) {
        step(first.schedule, i);
        step(schedule, i);
        expect(schedule.getLastLr(), `epoch ${i}`).to.deep.equal(first.schedule.getLastLr());
        expect(optimizer.paramGroups[0].momentum).to.equal(first.optimizer.paramGroups[0].momentum);
      }
    });
  }
});

function scheduleOf(c: Any, optimizer: Any): Any {
  const s = optim.lrScheduler;
  if (c.name === "LambdaLR") return new s.LambdaLR(optimizer, (epoch) => 1 / (1 + epoch));
  if (c.name === "SequentialLR") {
    const parts = [
      new s.LinearLR(optimizer, { totalIters: 4 }),
      new s.CosineAnnealingLR(optimizer, 8),
      new s.ExponentialLR(optimizer, 0.7),
    ];
    return new s.SequentialLR(optimizer, parts, [5, 14]);
  }
  if (c.name === "ChainedScheduler") {
    const halved = new s.ConstantLR(optimizer, { factor: 0.5, totalIters: 6 });
    return new s.ChainedScheduler([halved, new s.ExponentialLR(optimizer, 0.9)]);
  }
  return new (s as Any)[c.name](optimizer, ...c.args, c.options);
}

describe("nn.init, against PyTorch", () => {
  for (const c of fixture.init as Any[]) {
    it(`${c.name}([${c.shape}], ${JSON.stringify(c.args)} ${JSON.stringify(c.options)})`, () => {
      torch.manualSeed(3);
      const options = Object.keys(c.options).length > 0 ? [c.options] : [];
      const x = (nn.init as Any)[c.name](torch.empty(c.shape), ...c.args, ...options);
      expectNumbers("x", x, c.x);
    });
  }
});

describe("nn.utils, against PyTorch", () => {
  for (const c of fixture.clips as Any[]) {
    it(`${c.name}(${JSON.stringify(c.args)} ${JSON.stringify(c.options)})`, () => {
      const { w, b, loss } = problem();
      loss().backward();
      const norm = (nn.utils as Any)[c.name]([w, b], ...c.args, given(c.options));
      if (c.norm !== null) expect(norm.item()).to.be.closeTo(c.norm, 1e-4);
      expectNumbers("w.grad", w.grad!, c.gw);
      expectNumbers("b.grad", b.grad!, c.gb);
    });
  }
});
