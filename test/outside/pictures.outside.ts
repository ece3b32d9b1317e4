// Pictures that Pillow has written, read by us; and ours, read by Pillow. JPEG, WebP, GIF and TIFF by the package sharp,
// which .ci/checks/data installs. Python is the PYTHON of CI.

import { expect } from "chai";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as torch from "../../lib/index.js";

const { io } = torch;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-"));
after(() => fs.rmSync(folder, { recursive: true }));
const at = (name: string): string => path.join(folder, name);

function python(...args: string[]): string {
  const run = spawnSync(process.env.PYTHON ?? "python3", args, { encoding: "utf8" });
  expect(run.status, run.stderr).to.equal(0);
  return run.stdout;
}

describe("pictures of Pillow", () => {
  python("test/outside/make-pictures.py", folder);
  const names: string[] = JSON.parse(fs.readFileSync(at("names.json"), "utf8"));
  for (const name of names) {
    it(`${name} has Pillow's pixels`, async () => {
      for (const mode of ["RGB", "RGB_ALPHA"] as const) {
        const want = io.readNpy(at(`${name}.${mode}.npy`));
        const got = name.endsWith(".png")
          ? io.readImage(at(name), { mode })
          : await io.readImageAsync(at(name), { mode });
        expect(got.shape).to.deep.equal(want.shape);
        expect(Buffer.compare(Buffer.from(got.data), Buffer.from(want.data)), mode).to.equal(0);
      }
    });
  }

  it("grey JPEG and TIFF have one channel, a broken JPEG is refused", async () => {
    expect((await io.readImageAsync(at("grey.jpg"))).shape).to.deep.equal([1, 24, 37]);
    expect((await io.readImageAsync(at("grey.tif"))).shape).to.deep.equal([1, 24, 37]);
    const broken = new Uint8Array(fs.readFileSync(at("subsampled.jpg"))).subarray(0, 1500);
    const failure = await io.readImageAsync(broken).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(io.FileError);
    expect((failure as Error).message).to.match(/^readImage: 1500 bytes: .+$/);
  });
});

describe("our PNG files, read by Pillow", () => {
  it("of every depth and number of channels", () => {
    const script = `
import sys, numpy as np
from PIL import Image
for name in sys.argv[2:]:
    image = Image.open(f"{sys.argv[1]}/{name}.png"); image.load()
    want = np.load(f"{sys.argv[1]}/{name}.npy")
    got = np.asarray(image)
    got = got[None] if got.ndim == 2 else got.transpose(2, 0, 1)
    top = 2 ** int(name.split("-")[1])
    if top < 256: want = want.astype(int) * (255 // (top - 1))
    if top == 2: got = got.astype(int) * 255
    assert got.shape == want.shape and (got == want).all(), (name, image.mode, got.ravel()[:9], want.ravel()[:9])
`;
    const names: string[] = [];
    for (const [channels, depths] of [
      [1, [1, 2, 4, 8, 16]],
      [2, [8]],
      [3, [8]],
      [4, [8]],
    ] as const) {
      for (const bitDepth of depths) {
        const x = torch.randint(2 ** bitDepth, [channels, 7, 13], { dtype: "int32" });
        const name = `${channels}-${bitDepth}`;
        io.writePng(bitDepth === 16 ? x : x.to("uint8"), at(`${name}.png`), { bitDepth });
        io.writeNpy(x, at(`${name}.npy`));
        expect(io.readPngSamples(at(`${name}.png`)).samples.tolist()).to.deep.equal(x.tolist());
        names.push(name);
      }
    }
    python("-c", script, folder, ...names);
  });
});
