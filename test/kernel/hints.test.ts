import { expect } from "chai";
import path from "node:path";
import { ChainEngine } from "../../kernel/language/chain/engine.js";

const given = `
import * as torch from "kernelbook";
import { nn, optim } from "kernelbook";
const x = torch.ones([1, 4, 4]);
const y = torch.ones([1, 4, 4]);
const model = new nn.Sequential(new nn.Linear(4, 2));
async function later() { return x; }
const t = later();
`;

/** A slip of somebody who comes from Python, and what the error must say. */
const slips: Record<string, string> = {
  "x[0]": "x.index(0)",
  "x[0, 1]": "x.index(0, 1)",
  "x[1:3]": 'x.index("1:3")',
  "model.parameters()[0][0]": "model.parameters()[0].index(0)",
  "x + y": "x.add(y)",
  "x - 1": "x.sub(1)",
  "2 * x": "x.mul(2)",
  "1 - x": "torch.tensor(1).sub(x)",
  "x * 2": "x.mul(2)",
  "x > 0": "x.gt(0)",
  "let z = x; z += 1": "z = z.add(1)",
  "const flag = True": "true",
  None: "null",
  'print("a")': "console.log",
  'print "a"': "console.log",
  "len(x)": "x.shape[0]",
  "for (const i of range(3)) i": "torch.arange",
  "import torch": 'import * as torch from "kernelbook"',
  "import torch.nn as nn": 'import { nn } from "kernelbook"',
  "import torch.nn.functional as F": "const F = nn.functional",
  "from torch import nn": 'import { nn } from "kernelbook"',
  "import numpy as np": "no NumPy",
  "import matplotlib.pyplot as plt": "kernelbook/widgets",
  'import { nn as n } from "torch"': "kernelbook",
  'f"{x}"': "`loss ${loss}`",
  "def f(x):\n    return x": "function f(",
  "for i in range(10):\n    i": "for (let i = 0; i < 10; i++)",
  "for a in xs:\n    a": "for (const a of xs)",
  "with torch.no_grad():\n    x": "torch.noGrad(",
  "class Net(nn.Module):\n    pass": "class Net extends nn.Module",
  "if x:\n    x": "if (x) {",
  "# a comment": "//",
  "lambda a: a": "(a) =>",
  "torch.Tensor([1, 2])": "torch.tensor(",
  "new torch.Tensor([1, 2])": "torch.tensor(",
  "torch.tensor(1, 2, 3)": "torch.tensor([1, 2, 3])",
  "torch.zeros((3, 4))": "[3, 4]",
  "new nn.Conv2d(3, 16)": "kernelSize",
  "new nn.Conv2d(3, 16, 3, 2, 1)": "{ stride: 2, padding: 1 }",
  "new nn.Conv2d(in_channels=3, out_channels=16, kernel_size=3)": "{ stride: 2 }",
  "new nn.Conv2d({ in_channels: 3 })": "stand in order",
  "new nn.Conv2d(3, 16, 3, { padding_mode: 'zeros' })": "paddingMode",
  "new optim.SGD(model.parameters(), 0.1)": "{ name: value }",
  "new optim.SGD(model, { lr: 0.1 })": "model.parameters()",
  "nn.functional.relu(5)": "torch.tensor(",
  "nn.Linear(3, 4)": "new",
  "torch.manual_seed(0)": "manualSeed",
  "x.requires_grad": "requiresGrad",
  "x.shape == [1, 4, 4]": "x.shape.join()",
  "t.sum()": "await",
  "maps.shape": "another cell",
  "class Net extends nn.Module { forward(x) { return x } }": "x: torch.Tensor",
  "self.conv1": "this",
  "import x from 'not-there/part'": "%install not-there",
  "import x from '@scope/name/part'": "%install @scope/name",
  "for (;;) {\n%time\n}": "a line of its own",
};

describe("the hint below a type error", function () {
  this.timeout(30000);
  let engine: ChainEngine;

  before(() => {
    engine = new ChainEngine(path.resolve("."), path.resolve("notebooks"));
    const checked = engine.check(given, 1);
    if (!checked.ok) throw new Error(JSON.stringify(checked.diagnostics));
    engine.commit(1);
  });

  for (const [slip, wanted] of Object.entries(slips)) {
    it(`${slip.replaceAll("\n", "⏎")} → ${wanted}`, () => {
      const checked = engine.check(slip, 2);
      if (checked.ok) throw new Error("the cell is accepted");
      const said = checked.diagnostics.map(({ message, hint = "" }) => `${message}\n${hint}`);
      expect(said.join("\n")).to.include(wanted);
    });
  }

  it("is said once", () => {
    const checked = engine.check("x + y; x + y", 2);
    if (checked.ok) throw new Error("the cell is accepted");
    expect(checked.diagnostics.filter(({ hint }) => hint)).to.have.length(1);
  });

  it("is not given where the compiler says it all, and names no path of this machine", () => {
    for (const cell of ["const n: number = 'a'", "x.sumn()", "torch.zeroes(3)"]) {
      const checked = engine.check(cell, 2);
      if (checked.ok) throw new Error("the cell is accepted");
      expect(checked.diagnostics[0].hint).to.equal(undefined);
      expect(checked.diagnostics[0].message).to.not.match(/dist|import\("/);
    }
  });

  it("leaves commas alone that are no tuples", () => {
    expect(
      engine.check("let a = 0; for (let i = 0, j = 1; i < j; i++, j--) a++; a", 2).ok,
    ).to.equal(true);
    expect(engine.check("1, 2", 2).ok).to.equal(true);
  });
});
