import { expect } from "chai";
import * as torch from "kernelbook";

const { nn } = torch;

/** The same layers, with a hook that makes Sequential run them one by one. */
function watched(model: InstanceType<typeof nn.Sequential>) {
  for (const layer of model) layer.registerForwardHook(() => undefined);
  return model;
}

describe("Sequential, fused", () => {
  for (const [name, layers] of [
    [
      "conv → relu → pool, direct",
      () => [new nn.Conv2d(3, 6, 3, { stride: 2, padding: 1 }), new nn.ReLU(), new nn.MaxPool2d(2)],
    ],
    [
      "conv → relu → pool, Winograd",
      () => [new nn.Conv2d(8, 9, 3, { padding: 1 }), new nn.ReLU(), new nn.MaxPool2d(2)],
    ],
    ["conv → relu", () => [new nn.Conv2d(8, 9, 3, { padding: 1 }), new nn.ReLU()]],
  ] as const) {
    it(`${name}: gives what the layers give one by one, gradients included`, () => {
      torch.manualSeed(0);
      const list = layers();
      const x = torch.rand(2, (list[0] as InstanceType<typeof nn.Conv2d>).inChannels, 21, 18);
      const results = [new nn.Sequential(...list), watched(new nn.Sequential(...list))].map(
        (model) => {
          const input = x.mul(1) as typeof x;
          input.requiresGrad = true;
          model.zeroGrad();
          const y = model(input);
          y.mul(y).sum().backward();
          return [y, input.grad!, ...model.parameters().map((p) => p.grad!)];
        },
      );
      results[0].forEach((tensor, i) => {
        const [got, wanted] = [tensor.data, results[1][i].data];
        expect(tensor.shape).to.deep.equal(results[1][i].shape);
        wanted.forEach((v, k) => expect(got[k]).to.be.closeTo(v, 1e-4 * Math.max(1, Math.abs(v))));
      });
    });
  }

  it("knows the gradient of a gradient", () => {
    torch.manualSeed(0);
    const list = [new nn.Conv2d(1, 2, 3), new nn.ReLU(), new nn.MaxPool2d(2)];
    const x = torch.rand(1, 1, 8, 8);
    const [fused, single] = [new nn.Sequential(...list), watched(new nn.Sequential(...list))].map(
      (model) => {
        model.zeroGrad();
        const y = model(x);
        const [g] = torch.autograd.grad(y.mul(y).sum(), model.parameters()[0], {
          createGraph: true,
        });
        g.mul(g).sum().backward();
        return [...model.parameters()[0].grad!.data];
      },
    );
    fused.forEach((v, i) =>
      expect(v).to.be.closeTo(single[i], 1e-3 * Math.max(1, Math.abs(single[i]))),
    );
  });

  it("keeps the graph when asked to", () => {
    const model = new nn.Sequential(new nn.Conv2d(1, 2, 3), new nn.ReLU(), new nn.MaxPool2d(2));
    const y = model(torch.ones(1, 1, 8, 8)).sum();
    y.backward({ retainGraph: true });
    const once = [...model.parameters()[1].grad!.data];
    y.backward();
    expect([...model.parameters()[1].grad!.data]).to.deep.equal(once.map((v) => 2 * v));
  });
});
