// The transforms against torchvision's own results for the same seed (test/fixtures/vision.py).

import { expect } from "chai";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as torch from "../../../lib/index.js";

const T = torch.transforms as unknown as Record<string, new (...args: unknown[]) => any>;

interface Packed {
  shape: number[];
  dtype: "uint8" | "float32";
  data: string;
}
const fixture = JSON.parse(fs.readFileSync("test/fixtures/vision.json", "utf8"));

function unpacked({ shape, dtype, data }: Packed): torch.Tensor {
  const bytes = Uint8Array.from(Buffer.from(data, "base64"));
  const values = dtype === "uint8" ? bytes : new Float32Array(bytes.buffer);
  return torch.tensor(values, { dtype }).reshape(shape);
}

function expectSame(got: torch.Tensor, packed: Packed, tolerance: number): void {
  const want = unpacked(packed);
  expect(got.dtype).to.equal(want.dtype);
  expect(got.shape).to.deep.equal(want.shape);
  const [a, b] = [got.contiguous().data, want.data];
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
  expect(worst).to.be.at.most(want.dtype === "uint8" ? 0 : tolerance);
}

const inputs = Object.fromEntries(
  Object.entries<Packed>(fixture.inputs).map(([name, packed]) => [name, unpacked(packed)]),
);

describe(`transforms, as torchvision ${fixture.torchvision} for the same seed`, () => {
  const groups = new Map<string, any[]>();
  for (const one of fixture.cases) {
    const name = `${one.transform}(${[...one.args, one.options].map((v) => JSON.stringify(v)).join(", ")})`;
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  for (const [name, list] of groups) {
    it(name.replace(", {})", ")").replace("({})", "()"), () => {
      for (const { transform, args, options, input, seed, want, next } of list) {
        const given = Object.keys(options).length ? [...args, options] : args;
        torch.manualSeed(seed);
        const before = inputs[input].tolist();
        const y = new T[transform](...given)(inputs[input]);
        try {
          expectSame(y, want, 2e-6);
          expect(torch.randint(1000, [3]).tolist(), "the numbers drawn next").to.deep.equal(next);
          expect(inputs[input].tolist(), "the picture given").to.deep.equal(before);
        } catch (error) {
          (error as Error).message += ` (${input}, seed ${seed})`;
          throw error;
        }
      }
    });
  }
});

describe("makeGrid and saveImage, as torchvision", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-"));
  after(() => fs.rmSync(folder, { recursive: true }));
  for (const { input, options, want, saved } of fixture.grids) {
    it(`of ${input} with ${JSON.stringify(options)}`, () => {
      const x = unpacked(fixture.gridInputs[input]);
      expectSame(torch.utils.makeGrid(x, options), want, 1e-6);
      const file = path.join(folder, "grid.png");
      torch.utils.saveImage(x, file, options);
      expectSame(torch.io.readImage(file, { mode: "RGB" }), saved, 0);
    });
  }
});

describe("String(transform), as torchvision prints it", () => {
  const t = torch.transforms;
  const made = [
    new t.Compose([
      new t.Resize(256),
      new t.CenterCrop(224),
      new t.ToTensor(),
      new t.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ]),
    new t.Compose([
      new t.RandomCrop(32, { padding: 4 }),
      new t.RandomHorizontalFlip(),
      new t.ColorJitter(0.4, 0.3, [0.5, 1.5], 0.1),
      new t.RandomRotation(15),
      new t.RandomAffine(10, { translate: [0.1, 0.2], scale: [0.9, 1.1], shear: 5 }),
      new t.Pad([1, 2]),
      new t.RandomErasing(),
      new t.Grayscale(3),
      new t.RandomVerticalFlip(0.3),
      new t.RandomResizedCrop(224),
      new t.RandomGrayscale(),
    ]),
    new t.Resize([3, 4], { interpolation: "nearest" }),
    new t.RandomApply([new t.ToTensor()], { p: 0.3 }),
    new t.CenterCrop([3, 4]),
  ];
  made.forEach((transform, k) => {
    it(fixture.prints[k].split("\n")[0], () => {
      expect(String(transform)).to.equal(fixture.prints[k]);
    });
  });
});
