// Our ONNX files, judged by onnx's checker and run by onnxruntime (Python: the PYTHON of CI).

import { expect } from "chai";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as torch from "../../lib/index.js";
import { cases } from "./onnx-models.js";

const { nn } = torch;

/** Running numbers and weights that are not 0 and 1. */
function shaken(model: torch.nn.Module): torch.nn.Module {
  for (const [name, x] of Object.entries(model.stateDict())) {
    if (x.dtype !== "float32") continue;
    const values = x.storage.array;
    const noise = torch.rand(x.numel()).data;
    for (let i = 0; i < noise.length; i++) {
      if (/running_var|weight$/.test(name) && x.ndim === 1) values[i] = 0.5 + noise[i];
      else if (/running_mean|bias$/.test(name)) values[i] = noise[i] - 0.5;
    }
  }
  return model;
}

describe("onnx.export(model, input, path), run by onnxruntime", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-"));
  after(() => fs.rmSync(folder, { recursive: true }));
  const failed = new Map<string, unknown>();
  let found: Record<string, number | string> = {};

  before(function () {
    this.timeout(300_000);
    cases.forEach(([name, make, shape, batch], k) => {
      torch.manualSeed(k);
      try {
        const model = shaken(make());
        const example = (n?: number): torch.Tensor => {
          if (shape instanceof torch.Tensor) return n ? torch.cat([shape, shape], 0) : shape;
          return torch.randn(n ? [n, ...shape.slice(1)] : shape);
        };
        const file = path.join(folder, String(k));
        const options = batch === undefined ? {} : { dynamicBatch: batch };
        torch.onnx.export(model, example(), `${file}.onnx`, options);
        const run = (x: torch.Tensor) => ({
          x,
          y: torch.noGrad(() => model.eval()(x)) as torch.Tensor,
        });
        torch.io.writeNpz(run(example()), `${file}.npz`);
        if (batch !== false) torch.io.writeNpz(run(example(5)), `${file}.more.npz`);
      } catch (error) {
        failed.set(name, error);
      }
    });
    const run = spawnSync(process.env.PYTHON ?? "python3", ["test/outside/run-onnx.py", folder], {
      encoding: "utf8",
      maxBuffer: 1e8,
    });
    expect(run.status, run.stderr).to.equal(0);
    found = JSON.parse(run.stdout);
  });

  cases.forEach(([name], k) => {
    it(`${name}: the same numbers to 1e-5`, () => {
      if (failed.has(name)) throw failed.get(name);
      expect(found[k]).to.be.a("number", String(found[k]));
      expect(found[k]).to.be.lessThan(1e-5);
    });
  });

  it("leaves each module in the mode in which it was", () => {
    const model = new nn.Sequential(new nn.BatchNorm2d(2), new nn.Dropout(0.5));
    (model.at(0) as torch.nn.Module).eval();
    torch.io.encodeOnnx(model, torch.zeros(1, 2, 3, 3));
    expect([...model.modules()].map((module) => module.training)).to.deep.equal([
      true,
      false,
      true,
    ]);
  });

  const refused: [string, (x: torch.Tensor) => torch.Tensor, string][] = [
    ["an operation without nodes", (x) => x.cumsum(1), "cumsum"],
    ["a tensor made in forward", (x) => x.add(torch.ones(3)), "make it in the constructor"],
    ["a comparison", (x) => torch.where(x.gt(0), x, x.neg()), "Where"],
    ["a change in place", (x) => x.mul(1).add_(1).relu(), "in place"],
  ];
  for (const [what, forward, words] of refused) {
    it(`says which module has ${what}`, () => {
      class Inner extends nn.Module {
        forward(x: torch.Tensor): torch.Tensor {
          return forward(x);
        }
      }
      const model = new nn.Sequential(new nn.Linear(3, 3), new Inner());
      expect(() => torch.io.encodeOnnx(model, torch.zeros(2, 3))).to.throw(
        TypeError,
        new RegExp(`exportOnnx: 1 has .*${words}`, "i"),
      );
    });
  }
});
