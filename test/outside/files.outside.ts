// Real pictures and data that are not part of the repository, and what a right reader gets from them (manifest.jsonl).
// They lie beside the checkout, in ../shared/data, or where KERNELBOOK_SHARED says. Run by CI, not by npm test.

import { expect } from "chai";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import * as torch from "../../lib/index.js";

const folder = path.join(process.env.KERNELBOOK_SHARED ?? "../shared", "data");
const manifest = fs
  .readFileSync(path.join(folder, "manifest.jsonl"), "utf8") // missing: this fails, loudly
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line));
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Channels last, as the manifest counts. */
function pixels(x: torch.Tensor): number[] {
  const [C, H, W] = x.shape;
  const data = x.data;
  return Array.from({ length: C * H * W }, (_, i) => data[(i % C) * H * W + Math.floor(i / C)]);
}

describe("PNG files of others", () => {
  for (const want of manifest.filter((entry) => entry.kind === "png")) {
    const file = path.join(folder, want.file);
    if (want.expect === "refuse") {
      it(`${want.file} is refused: ${want.why}`, () => {
        expect(() => torch.io.readImage(file)).to.throw(torch.io.FileError, want.file);
      });
      continue;
    }
    it(`${want.file} has the right samples and colours`, () => {
      const { samples, bitDepth } = torch.io.readPngSamples(file);
      expect(samples.shape).to.deep.equal([want.channels, want.height, want.width]);
      const values = (bitDepth === 16 ? Uint16Array : Uint8Array).from(pixels(samples));
      expect(sha256(new Uint8Array(values.buffer))).to.equal(want.sha256_samples);
      const rgba = torch.io.readImage(file, { mode: "RGB_ALPHA", applyExifOrientation: false });
      expect(sha256(Uint8Array.from(pixels(rgba)))).to.equal(want.sha256_rgba8);
    });
  }
});

describe("MNIST and CIFAR files", () => {
  for (const ending of ["", ".gz"]) {
    it(`reads MNIST's pictures and labels${ending}`, () => {
      for (const want of manifest.filter((entry) => entry.kind === "idx")) {
        const x = torch.io.readIdx(path.join(folder, want.file.replace("[.gz]", ending)));
        expect(x.shape).to.deep.equal(want.shape);
        if (want.sha256) expect(sha256(x.data as Uint8Array)).to.equal(want.sha256);
        if (want.data) expect([...x.data.subarray(0, want.data.length)]).to.deep.equal(want.data);
      }
    });
  }

  it("reads CIFAR-10's binary version", () => {
    const want = manifest.find((entry) => entry.kind === "cifar10-binary");
    const { data, targets } = torch.io.readCifar(path.join(folder, want.file));
    expect(data.shape).to.deep.equal([want.count, 3, 32, 32]);
    expect(targets.tolist()).to.deep.equal(want.labels);
  });
});

describe("JPEG", () => {
  it("is read by sharp, which readImage names", async () => {
    const want = manifest.find((entry) => entry.kind === "jpeg");
    const file = path.join(folder, want.file);
    expect(() => torch.io.readImage(file)).to.throw("readImageAsync");
    const picture = await torch.io.readImageAsync(file);
    expect(picture.shape).to.deep.equal([3, want.height, want.width]);
  });
});
