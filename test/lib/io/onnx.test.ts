// What an ONNX file says of its input. That the models compute the same is asked of onnxruntime: test/outside.
import { expect } from "chai";
import * as torch from "kernelbook";
import { cases } from "../../outside/onnx-models.js";

const { nn } = torch;

/** Is the first axis of the input free, and not fixed to the example's? */
const isFree = (input: torch.Tensor, options?: { dynamicBatch?: boolean }): boolean =>
  Buffer.from(torch.io.encodeOnnx(new nn.ReLU(), input, options)).includes("batch");

describe("encodeOnnx(model, input, { dynamicBatch })", () => {
  it("leaves the batch of rows and of pictures open", () => {
    expect(isFree(torch.zeros(1, 4))).to.equal(true);
    expect(isFree(torch.zeros(1, 3, 8, 8))).to.equal(true);
  });

  it("fixes it where the first axis may be something else, or where told to", () => {
    expect(isFree(torch.zeros(4))).to.equal(false);
    expect(isFree(torch.zeros(3, 8, 8))).to.equal(false);
    expect(isFree(torch.zeros(1, 4), { dynamicBatch: false })).to.equal(false);
    expect(isFree(torch.zeros(2, 3, 8), { dynamicBatch: true })).to.equal(true);
  });

  it("can write every model that onnxruntime judges", () => {
    for (const [name, make, shape, batch] of cases) {
      const input = Array.isArray(shape) ? torch.zeros(shape) : (shape as torch.Tensor);
      const options = batch === undefined ? {} : { dynamicBatch: batch };
      expect(() => torch.io.encodeOnnx(make().eval(), input, options), name).not.to.throw();
    }
  });
});
