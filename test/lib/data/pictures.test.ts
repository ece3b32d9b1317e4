import { expect } from "chai";
import * as torch from "../../../lib/index.js";

const { Shapes, samplePicture } = torch.utils.data;

describe("utils.data.Shapes(options)", () => {
  const data = new Shapes({ size: 40 });

  it("has ten classes in turn, and pictures from 0 to 1", () => {
    expect(data.classes).to.have.length(10);
    const [picture, label] = data.get(13);
    expect(label).to.equal(3);
    expect(picture.shape).to.deep.equal([3, 32, 32]);
    expect(picture.dtype).to.equal("float32");
    expect(Math.max(...picture.data)).to.be.within(0.5, 1);
  });

  it("is the same for the same options, other for test and other seeds", () => {
    const bytes = (options: object): string =>
      String(new Shapes({ size: 3, ...options }).data.data);
    expect(bytes({})).to.equal(String(data.data.data.subarray(0, 3 * 3 * 32 * 32)));
    expect(bytes({ train: false })).not.to.equal(bytes({}));
    expect(bytes({ seed: 1 })).not.to.equal(bytes({}));
  });

  it("names an index that is not there", () => {
    expect(() => data.get(40)).to.throw(RangeError, "Shapes: index 40 is outside of 40 samples");
    expect(data.get(-1)[1]).to.equal(9);
  });
});

describe("utils.data.samplePicture(options)", () => {
  it("is a colour picture of bytes with light and dark", () => {
    const picture = samplePicture({ size: 64 });
    expect(picture.shape).to.deep.equal([3, 64, 64]);
    expect(picture.dtype).to.equal("uint8");
    expect(new Set(picture.data).size).to.be.greaterThan(150);
  });

  it("is what the notebooks keep as a file, to the byte", () => {
    const kept = torch.io.readImage("notebooks/data/picture.png");
    expect(samplePicture().equal(kept)).to.equal(true);
  });
});
