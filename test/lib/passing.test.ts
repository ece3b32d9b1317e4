import { expect } from "chai";
import * as torch from "kernelbook";

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
});
