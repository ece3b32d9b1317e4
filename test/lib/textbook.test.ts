import { createHash } from "node:crypto";
import fs from "node:fs";
import { expect } from "chai";
import * as torch from "kernelbook";
import { nn, optim, type Tensor } from "kernelbook";
import { Textbook } from "./support/models.js";

const { crossEntropy } = nn.functional;

interface Sampled {
  shape: number[];
  mean: number;
  std: number;
  min: number;
  max: number;
  zeros: number;
  every: number;
  hex: string;
  sha256?: string;
}
interface Training {
  options: { lr: number; momentum?: number };
  losses: number[];
  weights: Record<string, Sampled>;
}
interface Fixture {
  parameters: number;
  seeds: Record<string, { sha256: string; next: number }>;
  weights: Record<string, Sampled>;
  input: Sampled;
  maps: Record<string, Sampled>;
  loss: number;
  gradients: Record<string, Sampled>;
  sgd: Training;
  momentum: Training;
}

const fixture: Fixture = JSON.parse(fs.readFileSync("test/fixtures/textbook.json", "utf8"));

function bytesOf(x: Tensor): Uint8Array {
  const { buffer, byteOffset, byteLength } = x.data;
  return new Uint8Array(buffer, byteOffset, byteLength).slice();
}

function sha256(...tensors: Tensor[]): string {
  const hash = createHash("sha256");
  for (const x of tensors) hash.update(bytesOf(x));
  return hash.digest("hex");
}

function samplesOf({ hex }: Sampled): number[] {
  const bytes = Buffer.from(hex, "hex");
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatBE(4 * i));
}

/** Samples within rtol·|value| + atol, and the moments of all. `atol` counts in the numbers' standard deviation. */
function agree(x: Tensor, expected: Sampled, name: string, rtol = 1e-4, atol = 1e-4): void {
  expect(x.shape, name).to.deep.equal(expected.shape);
  const values = Float64Array.from(x.data);
  const allowed = (value: number) => rtol * Math.abs(value) + atol * expected.std + 1e-12;
  samplesOf(expected).forEach((want, i) => {
    const at = i * expected.every;
    expect(values[at], `${name} [${at}]`).to.be.closeTo(want, allowed(want));
  });
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const std = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  for (const [what, got] of Object.entries({ mean, std, min: least, max: most })) {
    const want = expected[what as "mean"];
    expect(got, `${name} ${what}`).to.be.closeTo(want, allowed(want));
  }
}

describe("the chapter's CNN", () => {
  for (const [seed, { sha256: digest, next }] of Object.entries(fixture.seeds)) {
    it(`has PyTorch's ${fixture.parameters} weights, bit for bit, after manualSeed(${seed})`, () => {
      torch.manualSeed(Number(seed));
      const model = new Textbook();
      const count = model.parameters().reduce((sum, p) => sum + p.numel(), 0);
      expect(count).to.equal(fixture.parameters);
      expect(sha256(...model.parameters())).to.equal(digest);
      expect(torch.rand(1).item()).to.equal(next);
    });
  }

  it("names the weights as PyTorch does", () => {
    torch.manualSeed(0);
    const state = new Textbook().stateDict();
    expect(Object.keys(state)).to.deep.equal(Object.keys(fixture.weights));
    for (const [name, expected] of Object.entries(fixture.weights)) {
      expect(sha256(state[name]), name).to.equal(expected.sha256);
    }
  });

  it("gives PyTorch's feature maps, layer by layer", () => {
    torch.manualSeed(0);
    const model = new Textbook();
    let y: Tensor = torch.rand(3, 256, 256);
    expect(sha256(y)).to.equal(fixture.input.sha256);
    const whole = model(y);
    for (const [name, expected] of Object.entries(fixture.maps)) {
      if (name === "fc") continue;
      y = model.getSubmodule(name)(y);
      agree(y, expected, name);
    }
    agree(whole, fixture.maps.fc, "fc");
  });

  it("gives PyTorch's gradients of all weights and of the picture", () => {
    torch.manualSeed(0);
    const model = new Textbook();
    const x = torch.rand([3, 256, 256], { requiresGrad: true });
    const loss = crossEntropy(model(x), torch.tensor(3));
    loss.backward();
    expect(loss.item()).to.be.closeTo(fixture.loss, 1e-5);
    for (const [name, parameter] of model.namedParameters()) {
      agree(parameter.grad!, fixture.gradients[name], name);
    }
    agree(x.grad!, fixture.gradients.input, "input");
  });

  for (const key of ["sgd", "momentum"] as const) {
    it(`follows PyTorch for 30 steps of ${key}`, () => {
      const { options, losses, weights } = fixture[key];
      torch.manualSeed(0);
      const model = new Textbook();
      const optimizer = new optim.SGD(model.parameters(), options);
      const ours = losses.map(() => {
        const x = torch.rand(3, 256, 256);
        const target = torch.randint(0, 10, []);
        optimizer.zeroGrad();
        const loss = crossEntropy(model(x), target);
        loss.backward();
        optimizer.step();
        return loss.item();
      });
      losses.forEach((want, i) =>
        expect(ours[i], `loss of step ${i}`).to.be.closeTo(want, 1e-4 * (1 + want)),
      );
      for (const [name, parameter] of model.namedParameters()) {
        agree(parameter, weights[name], name, 1e-3, 1e-3);
      }
    }).timeout(60_000);
  }
});
