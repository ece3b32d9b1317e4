import { inspect } from "node:util";
import { expect } from "chai";
import * as torch from "kernelbook";
import { nn } from "kernelbook";
import { Textbook } from "./support/models.js";
import { checkSummary, isLarge, summaryCases } from "./support/summaries.js";

describe("summary(model, input, options)", () => {
  for (const one of summaryCases.filter((one) => !isLarge(one))) {
    const title = `${one.model} ${JSON.stringify(one.input)} ${JSON.stringify(one.options)}`;
    it(`prints torchinfo's table: ${title}`, () => checkSummary(one));
  }

  it("takes tensors, and is what console.log shows", () => {
    const info = torch.summary(new nn.Linear(3, 2), torch.ones(4, 3));
    expect(info.layers[0].outputShape).to.deep.equal([4, 2]);
    expect(inspect(info)).to.equal(String(info));
  });

  it("leaves the model as it was", () => {
    const model = new Textbook();
    model.conv1.eval();
    torch.summary(model, [3, 256, 256]);
    expect(
      model
        .modules()
        .map(({ training }) => training)
        .filter(Boolean).length,
    ).to.equal(6);
    expect(model.fc.weight.grad).to.equal(null);
  });
});

describe("summary(model, input) where a layer fails", () => {
  /** Its last lines, and the remedy as code in the text. */
  const failing = (model: nn.Module, shape: number[]) => {
    const info = torch.summary(model, shape);
    expect(info.error).to.be.instanceOf(Error);
    return { info, text: String(info) };
  };

  it("shows the rows up to it, the error and what would fix it: a Linear without flatten", () => {
    const model = new nn.Sequential(new nn.Conv2d(1, 4, 3), new nn.Linear(144, 10), new nn.ReLU());
    const { info, text } = failing(model, [2, 1, 8, 8]);
    const lines = text.split("\n");
    expect(lines[4]).to.match(/^├─Conv2d: 1-1 +\[2, 4, 6, 6\] +40$/);
    expect(lines[5]).to.match(/^├─Linear: 1-2 +-- +1,450$/);
    expect(text).not.to.contain("ReLU");
    expect(text).to.contain("Stopped in Linear: 1-2 (1): ");
    expect(text).to.contain(
      "To go on: flatten before it: x [2, 4, 6, 6] has 144 features from axis 1 on: x.flatten(1)",
    );
    expect(info.failure!.at.module).to.equal(model.at(1));
    const fixed = new nn.Sequential(model.at(0), new nn.Flatten(), model.at(1));
    expect(torch.summary(fixed, [2, 1, 8, 8]).error).to.equal(null);
  });

  it("says the number of features that a Linear would need", () => {
    const { text } = failing(
      new nn.Sequential(new nn.Flatten(), new nn.Linear(100, 10)),
      [2, 3, 4],
    );
    expect(text).to.contain("To go on: give it 12 inputs: new nn.Linear(12, 10)");
  });

  it("says the channels that a convolution would need, inside a named block", () => {
    const model = new Textbook();
    const { text } = failing(model, [1, 256, 256]);
    expect(text).to.contain("Stopped in Conv2d: 2-1 (conv1.0): ");
    expect(text).to.contain("its inChannels 3 → 1");
  });

  it("says which axes a convolution wants", () => {
    expect(failing(new nn.Conv2d(3, 4, 3), [3, 8]).text).to.contain(
      "give it an input [N, C, H, W]: x [3, 8] has 2 axes",
    );
  });

  it("names the model where its own forward fails", () => {
    class Broken extends nn.Module {
      a = new nn.ReLU();
      forward(x: torch.Tensor): torch.Tensor {
        return this.a(x).reshape([7]);
      }
    }
    expect(failing(new Broken(), [2, 3]).text).to.match(/Stopped in Broken: reshape: \[2, 3\]/);
  });

  it("refuses shapes that are none", () => {
    expect(() => torch.summary(new nn.ReLU(), [0, 3])).to.throw(
      /whole numbers above 0, not \[0, 3\]/,
    );
    expect(() => torch.summary(new nn.ReLU(), null, { colNames: ["outputSize"] })).to.throw(
      /column outputSize needs an input/,
    );
    expect(() => torch.summary({} as never, [3])).to.throw(/first argument must be a Module/);
  });
});
