import { expect } from "chai";
import fs from "node:fs";
import * as torch from "../../../lib/index.js";

const T = torch.transforms;
const F = T.functional;
const fixture = JSON.parse(fs.readFileSync("test/fixtures/transforms.json", "utf8"));
const picture = torch.tensor(fixture.picture, { dtype: "uint8" });
const floats = F.toTensor(picture);

function expectClose(x: torch.Tensor, wanted: readonly number[], tolerance: number): void {
  expect(x.numel()).to.equal(wanted.length);
  const worst = Math.max(...Array.from(x.data, (v, i) => Math.abs(v - wanted[i])));
  expect(worst).to.be.lessThan(tolerance);
}

describe("transforms.Resize(size, options)", () => {
  fixture.sizes.forEach((size: [number, number], k: number) => {
    it(`to ${size.join("×")} gives Pillow's bytes and torch's numbers`, () => {
      const resized = (x: torch.Tensor, options: object): torch.Tensor =>
        new T.Resize(size, options)(x);
      // for 4×30 this Pillow takes the columns first, and rounds at other places
      const pil = size[0] === 4 ? 6 : 0;
      expectClose(resized(picture, {}), fixture.pilBilinear[k].flat(3), Math.min(pil, 1) + 0.5);
      expectClose(
        resized(picture, { interpolation: "bicubic" }),
        fixture.pilBicubic[k].flat(3),
        pil + 0.5,
      );
      expectClose(resized(floats, {}), fixture.smooth[k], 1e-6);
      expectClose(resized(floats, { interpolation: "bicubic" }), fixture.smoothCubic[k], 2e-6);
      expectClose(resized(floats, { antialias: false }), fixture.plain[k], 1e-6);
      expectClose(
        resized(floats, { antialias: false, interpolation: "bicubic" }),
        fixture.plainCubic[k],
        2e-6,
      );
      expectClose(resized(floats, { interpolation: "nearest" }), fixture.nearest[k], 1e-7);
    });
  });

  it("keeps the proportions for one number", () => {
    expect(F.resize(picture, 6).tolist()).to.deep.equal(new T.Resize(6)(picture).tolist());
    expect(F.centerCrop(picture, 4).tolist()).to.deep.equal(F.crop(picture, 2, 4, 4, 4).tolist());
    expect(F.resizedCrop(picture, 1, 2, 5, 6, [3, 3]).shape).to.deep.equal([3, 3, 3]);
    expect(new T.Resize(6)(picture).shape).to.deep.equal([3, 6, 8]);
    expect(new T.Resize(6, { maxSize: 7 })(picture).shape).to.deep.equal([3, 5, 7]);
  });
});

describe("transforms.functional.rotate(picture, angle)", () => {
  it("by 90° counter-clockwise moves each pixel of a square to a pixel", () => {
    expect(
      F.rotate(
        torch.tensor(
          [
            [
              [1, 2],
              [3, 4],
            ],
          ],
          { dtype: "uint8" },
        ),
        90,
      ).tolist(),
    ).to.deep.equal([
      [
        [2, 4],
        [1, 3],
      ],
    ]);
    expect(F.rotate(picture, 90, { expand: true }).shape.slice(1)).to.deep.equal([13, 9]);
  });
});

describe("transforms by hand", () => {
  const small = torch.tensor(
    [
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    { dtype: "uint8" },
  );

  it("crop, pad, mirror", () => {
    expect(new T.CenterCrop([2, 1])(small).tolist()).to.deep.equal([[[2], [5]]]);
    expect(new T.CenterCrop([2, 5])(small).tolist()).to.deep.equal([
      [
        [0, 1, 2, 3, 0],
        [0, 4, 5, 6, 0],
      ],
    ]);
    expect(new T.Pad([1, 0])(small).tolist()).to.deep.equal([
      [
        [0, 1, 2, 3, 0],
        [0, 4, 5, 6, 0],
      ],
    ]);
    expect(new T.Pad([2, 0, 0, 0], { paddingMode: "reflect" })(small).tolist()).to.deep.equal([
      [
        [3, 2, 1, 2, 3],
        [6, 5, 4, 5, 6],
      ],
    ]);
    expect(new T.Pad([2, 0, 0, 0], { paddingMode: "symmetric" })(small).tolist()).to.deep.equal([
      [
        [2, 1, 1, 2, 3],
        [5, 4, 4, 5, 6],
      ],
    ]);
    expect(new T.RandomHorizontalFlip(1)(small).tolist()).to.deep.equal([
      [
        [3, 2, 1],
        [6, 5, 4],
      ],
    ]);
    expect(new T.RandomVerticalFlip(1)(small).tolist()).to.deep.equal([
      [
        [4, 5, 6],
        [1, 2, 3],
      ],
    ]);
  });

  it("colours", () => {
    const red = torch.tensor([[[200]], [[100]], [[0]]], { dtype: "uint8" });
    expect(F.rgbToGrayscale(red).tolist()).to.deep.equal([[[118]]]);
    expect(F.adjustBrightness(red, 1.5).tolist()).to.deep.equal([[[255]], [[150]], [[0]]]);
    expect(F.adjustSaturation(red, 0).tolist()).to.deep.equal([[[118]], [[118]], [[118]]]);
    const turned = F.adjustHue(F.toTensor(red), 1 / 3).data;
    expect([...turned].map((v) => Math.round(v * 255))).to.deep.equal([0, 200, 100]);
  });

  it("normalize, with clear words for what does not fit", () => {
    const x = new T.Normalize([0.5], [0.25])(F.toTensor(small));
    expect(x.data[0]).to.be.closeTo((1 / 255 - 0.5) / 0.25, 1e-6);
    expect(() => new T.Normalize([0.5], [0.5])(small)).to.throw(torch.DTypeError, "ToTensor");
    expect(() => new T.Normalize([0.5, 0.5], [1, 1])(F.toTensor(small))).to.throw(
      torch.ShapeError,
      "mean has 2 numbers, the picture 1 channels",
    );
    expect(() => new T.RandomCrop(9)(small)).to.throw(
      torch.ShapeError,
      "9×9 is larger than the picture, 2×3",
    );
  });

  it("random ones repeat for the same seed", () => {
    const all = new T.Compose([
      new T.RandomCrop([8, 8], { padding: 2 }),
      new T.RandomRotation(20),
      new T.RandomAffine(10, { translate: [0.1, 0.1], scale: [0.9, 1.1], shear: 5 }),
      new T.ColorJitter({ brightness: 0.3, contrast: 0.3, saturation: 0.3, hue: 0.1 }),
      new T.ToTensor(),
      new T.RandomErasing({ p: 1, value: "random" }),
    ]);
    const run = (): string => (torch.manualSeed(4), String(all(picture).data));
    expect(run()).to.equal(run());
    expect(all(picture).shape).to.deep.equal([3, 8, 8]);
  });
});

describe("utils.makeGrid(pictures, options)", () => {
  it("puts pictures side by side with a border", () => {
    const grid = torch.utils.makeGrid(torch.ones(3, 1, 1, 1), {
      nrow: 2,
      padding: 1,
      padValue: 0.5,
    });
    expect(grid.shape).to.deep.equal([3, 5, 5]);
    expect(grid.select(0, 0).tolist()).to.deep.equal([
      [0.5, 0.5, 0.5, 0.5, 0.5],
      [0.5, 1, 0.5, 1, 0.5],
      [0.5, 0.5, 0.5, 0.5, 0.5],
      [0.5, 1, 0.5, 0.5, 0.5],
      [0.5, 0.5, 0.5, 0.5, 0.5],
    ]);
    const spread = torch.utils.makeGrid([torch.tensor([[[2, 4]]]), torch.tensor([[[3, 2]]])], {
      normalize: true,
      padding: 0,
    });
    expect(spread.select(0, 0).tolist()).to.deep.equal([[0, 1, 0.5, 0]]);
  });
});
