import { expect } from "chai";
import { decode } from "fast-png";
import * as torch from "kernelbook";
import { featureMaps, heatmap, image, show } from "kernelbook/widgets";
import { inkOn } from "../../widgets/plot/number-grid.js";
import { Pixels } from "../../widgets/plot/pixels.js";
import { encodePng } from "../../widgets/plot/png.js";
import { runsOf } from "../../widgets/plot/runs.js";
import { colormap } from "../../widgets/plot/colormaps.js";
import { paletteOf } from "../../widgets/plot/scale.js";

const displaySymbol = Symbol.for("Jupyter.display");
type Bundle = { data: Record<string, unknown>; metadata?: Record<string, any> };
const bundleOf = (value: unknown) => (value as Record<symbol, () => Bundle>)[displaySymbol]();

/** Waves, different in each channel. */
function waves(...shape: number[]): torch.Tensor {
  const x = torch.zeros(shape);
  const { data } = x;
  for (let i = 0; i < data.length; i++) data[i] = Math.sin(i / 7) * Math.cos(i / 301);
  return x;
}

/** A picture of so many colours, from the transparent one on. */
function patches(colours: number, width = 90, height = 70): Pixels {
  const pixels = new Pixels(width, height);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const colour = (Math.floor(x / 3) + 30 * Math.floor(y / 3)) % colours;
    pixels.set(i, Math.imul(colour, 2654435761));
  }
  return pixels;
}

const rgbaOf = (pixels: Pixels) => [...new Uint8Array(pixels.words().buffer)];

describe("encodePng(pixels)", () => {
  it("writes files that another reader decodes to the same pixels, with a palette and without", () => {
    for (const colours of [7, 256, 257, 600]) {
      const pixels = patches(colours);
      const png = decode(encodePng(pixels), { checkCrc: true });
      expect([png.width, png.height]).to.deep.equal([90, 70]);
      const { palette } = png;
      if (colours <= 256) expect(palette).to.have.length(colours);
      else expect(palette).to.equal(undefined);
      const read = palette ? [...png.data].flatMap((index) => palette[index]) : [...png.data];
      expect(read).to.deep.equal(rgbaOf(pixels));
    }
  });
});

describe("runsOf(pixels)", () => {
  it("gives back every pixel, and leaves what has many colours or is noise to PNG", () => {
    const pixels = patches(200, 700, 12); // runs longer than a byte counts, and rows that repeat
    pixels.cells.fill(5, 0, 1400);
    const { size, palette, runs } = runsOf(pixels)!;
    const colours = new Int32Array(palette.buffer);
    const words: number[] = [];
    for (let at = 0; words.length < 700 * 12;) {
      const count = runs[at++];
      if (count === 0) words.push(...words.slice(-700));
      else words.push(...new Array(count).fill(colours[runs[at++]]));
    }
    expect(size).to.deep.equal([700, 12]);
    expect(words).to.deep.equal([...pixels.words()]);

    expect(runsOf(patches(257))).to.equal(null);
    const noise = new Pixels(900, 900);
    noise.cells.forEach((_, i) => noise.set(i, Math.imul(i * i + 1, 2654435761) >>> 25));
    expect(runsOf(noise)).to.equal(null);
  });
});

describe("inkOn(colour)", () => {
  it("reads on every colour that a number is written on: at least 4.5 to 1", () => {
    const light = (byte: number) =>
      byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4;
    const luminance = ([r = 0, g = 0, b = 0]: Iterable<number | undefined>) =>
      0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
    for (const cmap of ["viridis", "cividis", "RdBu", "gray", "jet"] as const) {
      const bytes = new Uint8Array(paletteOf(cmap).buffer);
      for (let at = 0; at < bytes.length; at += 4) {
        const colour = bytes.subarray(at, at + 3);
        const [low, high] = [luminance(colour), luminance(inkOn(colour))].sort((a, b) => a - b);
        expect((high + 0.05) / (low + 0.05), `${cmap} ${colour}`).to.be.at.least(4.5);
      }
    }
  });
});

describe("colour maps", () => {
  it("have matplotlib's first and last viridis, and white-ish in the middle of RdBu", () => {
    const viridis = colormap("viridis");
    expect([...viridis.subarray(0, 3)]).to.deep.equal([68, 1, 84]);
    expect([...viridis.subarray(-4, -1)]).to.deep.equal([253, 231, 37]);
    expect(Math.min(...colormap("RdBu").subarray(4 * 127, 4 * 127 + 3))).to.be.greaterThan(235);
  });
});

describe("featureMaps(tensor)", () => {
  it("is a PNG with a text that has shape, range, dead channels and the hash of the pixels", () => {
    const x = waves(1, 6, 16, 20).relu();
    x.data.fill(0, 2 * 320, 3 * 320);
    const { data, metadata } = bundleOf(featureMaps(x));
    expect(data).to.have.property("image/png");
    expect(data).not.to.have.property("text/html");
    const text = String(data["text/plain"]);
    expect(text).to.match(/^feature maps \[1, 6, 16, 20\]: 6 maps of 16×20, min 0, max 0\.99/);
    expect(text).to.contain("dead channels: 1 of 6 dead (16.7 %): 2");
    expect(text).to.match(/sha256 [0-9a-f]{16}$/);
    expect(metadata!["image/png"].alt).to.equal(text.split("\n")[0]);
  });

  it("has another hash when one value changes, and the same for the same values", () => {
    const hash = (x: torch.Tensor) => featureMaps(x).text.match(/sha256 (\w+)/)![1];
    const x = waves(4, 12, 12);
    const before = hash(x);
    expect(hash(waves(4, 12, 12))).to.equal(before);
    x.data[17] = 0.9;
    expect(hash(x)).not.to.equal(before);
  });

  it("marks NaN and infinite values, and says how many there are", () => {
    const x = waves(2, 16, 16);
    x.data.set([NaN, Infinity, -Infinity]);
    const figure = featureMaps(x);
    expect(figure.text).to.contain("1 NaN, 2 infinite");
    const colours = decode(figure.png!).palette!.map((c) => c.slice(0, 3).join());
    expect(colours).to.include.members(["255,0,255", "255,120,0", "0,200,120"]);
  });

  it("takes empty tensors and 2,000 channels", () => {
    expect(featureMaps(torch.zeros(1, 0, 4, 4)).text).to.contain("0 maps of 4×4, no values");
    const many = featureMaps(torch.zeros(1, 2000, 8, 8));
    expect(many.text).to.contain("the first 256 channels of 2000");
  });

  it("draws 64 maps of 128×128 in at most 1.3 MB", () => {
    expect(JSON.stringify(featureMaps(waves(1, 64, 128, 128)).bundle).length).to.be.below(1.3e6);
  });

  it("names what it takes when the tensor has no maps", () => {
    expect(() => featureMaps(torch.zeros(5))).to.throw(
      torch.ShapeError,
      "featureMaps: takes maps [N, C, H, W], [C, H, W] or [H, W], got [5] with 1 axes",
    );
  });
});

describe("featureMaps(model, input)", () => {
  const conv = new torch.nn.Conv2d(3, 4, 3, { padding: 1 });

  it("shows what the layers give, by name", () => {
    expect(featureMaps(conv, waves(3, 16, 16)).text).to.match(/^Conv2d \[4, 16, 16\]: 4 maps/);
  });

  it("lists the layers that there are when asked for another", () => {
    class Net extends torch.nn.Module {
      first = new torch.nn.Conv2d(3, 4, 3);
      forward(x: torch.Tensor) {
        return this.first(x).relu();
      }
    }
    const net = new Net();
    expect(() => featureMaps(net, waves(3, 16, 16), { layer: "second" })).to.throw(
      RangeError,
      'featureMaps: there is no layer "second"; there are first',
    );
    expect(featureMaps(net, waves(3, 16, 16), { layer: "first" }).text).to.match(/^first Conv2d/);
  });
});

describe("show(x) and the last value of a cell", () => {
  it("keeps the plain text of small tensors", () => {
    const { data } = bundleOf(torch.zeros(2, 3));
    expect(Object.keys(data)).to.deep.equal(["text/plain"]);
    expect(data["text/plain"]).to.equal(String(torch.zeros(2, 3)));
  });

  it("adds a picture to a tensor of maps", () => {
    expect(bundleOf(waves(3, 16, 16)).data).to.include.keys("image/png", "text/plain");
  });

  it("shows images as images", () => {
    expect(show(torch.ones(3, 9, 9))!.text).to.match(/^image \[3, 9, 9\]/);
    expect(() => image(torch.zeros(2, 9, 9))).to.throw(
      "image: [2, 9, 9] has 2 channels, an image has 1, 3 or 4",
    );
    expect(show(waves(6, 7))!.text).to.equal(heatmap(waves(6, 7)).text);
  });

  it("displays at once where there is a host, and then gives nothing back", () => {
    const shown: Bundle[] = [];
    const at = Symbol.for("kernelbook.host");
    const world = globalThis as Record<symbol, unknown>;
    world[at] = { display: (bundle: Bundle) => shown.push(bundle) };
    try {
      expect(show(waves(3, 16, 16))).to.equal(undefined);
    } finally {
      delete world[at];
    }
    expect(shown[0].data).to.have.property("image/png");
  });
});
