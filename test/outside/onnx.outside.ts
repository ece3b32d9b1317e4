// Our ONNX files, judged by onnx's checker and run by onnxruntime (Python: the PYTHON of CI).

import { expect } from "chai";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as torch from "../../lib/index.js";

const { nn } = torch;

const judge = `
import sys, numpy as np, onnx, onnxruntime
onnx.checker.check_model(sys.argv[1], full_check=True)
z = np.load(sys.argv[2])
y = onnxruntime.InferenceSession(sys.argv[1]).run(None, {"input": z["x"]})[0]
assert y.shape == z["y"].shape, (y.shape, z["y"].shape)
print(np.abs(y - z["y"]).max())
`;

class Chapter extends nn.Module {
  conv1 = new nn.Sequential(
    new nn.Conv2d(3, 16, 3, { stride: 2, padding: 1 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2, { stride: 2 }),
  );
  conv2 = new nn.Sequential(
    new nn.Conv2d(16, 32, 3, { padding: 1 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2, { stride: 2 }),
  );
  fc = new nn.Linear(32 * 4 * 4, 10);
  constructor(readonly from: number) {
    super();
  }
  forward(x: torch.Tensor): torch.Tensor {
    return this.fc(this.conv2(this.conv1(x)).flatten(this.from));
  }
}

const many = (): torch.nn.Module =>
  new nn.Sequential(
    new nn.Conv2d(3, 8, 3, { padding: "same", dilation: 2, paddingMode: "reflect" }),
    new nn.BatchNorm2d(8),
    new nn.LeakyReLU(0.2),
    new nn.Conv2d(8, 8, 3, { groups: 8, bias: false, padding: [1, 0] }),
    new nn.SiLU(),
    new nn.AvgPool2d(3, { stride: 2, padding: 1, countIncludePad: false, ceilMode: true }),
    new nn.GELU(),
    new nn.AdaptiveAvgPool2d(1),
    new nn.Flatten(),
    new nn.Dropout(0.5),
    new nn.Linear(8, 4),
    new nn.Softmax(1),
  );

const cases: [string, () => torch.nn.Module, number[]][] = [
  ["the chapter's network, one picture", () => new Chapter(0), [3, 32, 32]],
  ["the chapter's network, a batch", () => new Chapter(1), [2, 3, 32, 32]],
  ["many layers", many, [2, 3, 17, 20]],
  [
    "a perceptron",
    () =>
      new nn.Sequential(
        new nn.Linear(5, 7),
        new nn.Tanh(),
        new nn.Linear(7, 3),
        new nn.LogSoftmax(-1),
      ),
    [5],
  ],
];

describe("onnx.export(model, input, path), run by onnxruntime", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-"));
  after(() => fs.rmSync(folder, { recursive: true }));
  cases.forEach(([name, make, shape], k) => {
    it(`${name}: the same numbers to 1e-5`, () => {
      torch.manualSeed(k);
      const model = make();
      const x = torch.randn(shape);
      const file = path.join(folder, `${k}.onnx`);
      torch.onnx.export(model, x, file);
      const y: torch.Tensor = torch.noGrad(() => model.eval()(x));
      torch.io.writeNpz({ x, y }, `${file}.npz`);
      const run = spawnSync(process.env.PYTHON ?? "python3", ["-c", judge, file, `${file}.npz`], {
        encoding: "utf8",
      });
      expect(run.status, run.stderr).to.equal(0);
      expect(Number(run.stdout)).to.be.lessThan(1e-5);
    });
  });

  it("says which calculation it cannot write", () => {
    class Residual extends nn.Module {
      conv = new nn.Conv2d(3, 3, 3, { padding: 1 });
      relu = new nn.ReLU();
      forward(x: torch.Tensor): torch.Tensor {
        return this.relu(this.conv(x).add(x));
      }
    }
    expect(() => torch.io.encodeOnnx(new Residual(), torch.zeros(1, 3, 4, 4))).to.throw(
      TypeError,
      "exportOnnx: the input of relu, [1, 3, 4, 4], comes from a calculation between the layers",
    );
  });
});
