import { expect } from "chai";
import * as torch from "kernelbook";
import { arenaStats } from "../../lib/compute/arena.js";

describe("backward gives memory back", () => {
  it("leaves alone what a hook, retainGrad or a user's Function holds", () => {
    const x = torch.ones([1000], { requiresGrad: true });
    const held: torch.Tensor[] = [];
    class Watch extends torch.autograd.Function {
      static override forward(_ctx: unknown, v: torch.Tensor) {
        return v.mul(1);
      }
      static override backward(_ctx: unknown, g: torch.Tensor) {
        const given = g.mul(3);
        held.push(g, given);
        return given;
      }
    }
    const y = x.mul(2);
    y.registerHook((g: torch.Tensor) => void held.push(g));
    const z = Watch.apply(y.reshape([10, 100])).mul(5);
    z.sum().backward();
    for (let i = 0; i < 20; i++) torch.zeros(1000); // would take the blocks that were given back

    expect(held.map((g) => g.data[7])).to.deep.equal([5, 15, 15]);
    expect(x.grad!.data[7]).to.equal(30);
  });

  it("a leaf's gradient stays its own when the same gradient goes two ways", () => {
    const a = torch.ones([500], { requiresGrad: true });
    const b = torch.ones([500], { requiresGrad: true });
    a.add(b).mul(2).sum().backward();
    a.grad!.storage.array.fill(7);
    expect(b.grad!.data[0]).to.equal(2);
  });

  it("gives back gradients that nobody has looked at, and leaves alone those that were seen", () => {
    const a = torch.ones([5000], { requiresGrad: true });
    const b = torch.ones([5000], { requiresGrad: true });
    const optimizer = new torch.optim.SGD([a, b], { lr: 0.1 });
    a.mul(b).sum().backward();
    const seen = b.grad!;
    optimizer.step();
    const before = arenaStats.usedBytes;
    optimizer.zeroGrad();
    expect(before - arenaStats.usedBytes).to.equal(20480); // a's, of its size class
    torch.full([5000], 7);
    expect(seen.data[4999]).to.equal(1);
  });

  it("gives back what a way back makes for itself, and keeps packed weights", () => {
    const conv = new torch.nn.Conv2d(4, 4, 3, { padding: 1 });
    const x = torch.randn(2, 4, 16, 16, { requiresGrad: true });
    const gradients = () => {
      conv.zeroGrad();
      x.grad = null;
      torch.nn.functional.crossEntropy(conv(x), torch.ones(2, 16, 16).long()).backward();
      return [x.grad!, conv.weight.grad!, conv.bias!.grad!].map((g) => g.tolist());
    };
    expect(gradients()).to.deep.equal(gradients());
  });

  it("gives back what passes between layers of a Sequential, but not where a hook or a layer of the user's looks", () => {
    const held: torch.Tensor[] = [];
    class Keep extends torch.nn.Module {
      forward(x: torch.Tensor) {
        held.push(x);
        return x.mul(1);
      }
    }
    const { Linear, Sequential, Sigmoid, Tanh } = torch.nn;
    const seen = new Tanh();
    seen.registerForwardHook((_module, _inputs, y) => void held.push(y as torch.Tensor));
    const model = new Sequential(new Linear(50, 50), new Sigmoid(), new Tanh(), seen, new Keep());
    const last = new Sequential(model, new Linear(50, 1));
    const x = torch.randn(40, 50);
    const run = () => {
      held.length = 0;
      last.zeroGrad();
      last(x).sum().backward();
      return [held.map((y) => y.tolist()), [...last.parameters()].map((p) => p.grad!.tolist())];
    };
    const first = run();
    const before = arenaStats.usedBytes;
    const kept = [...held];
    const second = run();
    torch.full([40, 50], 7);
    expect(second).to.deep.equal(first);
    expect(kept[0].data[3]).to.equal(held[0].data[3]);
    expect(arenaStats.usedBytes - before).to.be.below(7 * 40 * 50 * 4);

    const evaluated = torch.noGrad(() =>
      new Sequential(new Sigmoid(), new Tanh(), new torch.nn.Flatten())(x),
    );
    torch.full([40, 50], 7);
    expect(evaluated.equal(x.sigmoid().tanh())).to.equal(true);
  });
});
