import { expect } from "chai";
import * as torch from "kernelbook";
import { explore, featureMaps, type Explorable } from "kernelbook/widgets";
import { FakeHost } from "./support/fake-host.js";

const { nn } = torch;
const mime = "application/vnd.kernelbook.explorable+json";
const show = (value: unknown) =>
  (value as Record<symbol, () => any>)[Symbol.for("Jupyter.display")]();
const x = torch.rand([3, 7, 7]);

const all: Record<string, () => Explorable<any>> = {
  convolution: () => explore.convolution(x, new nn.Conv2d(3, 4, 3, { padding: 1 })),
  "convolution of a matrix": () =>
    explore.convolution(torch.ones(6, 6), torch.ones(3, 3), { stride: 2 }),
  pooling: () => explore.pooling(x, new nn.MaxPool2d(2)),
  padding: () => explore.padding(torch.ones(4, 5)),
  strideDilation: () => explore.strideDilation({ size: 9, kernelSize: 3, dilation: 2 }),
  channels: () => explore.channels(x, new nn.Conv2d(3, 2, 3)),
  activation: () => explore.activation(x),
  outputSize: () => explore.outputSize({ size: 6, kernelSize: [3, 5] }),
  filterPlayground: () => explore.filterPlayground(torch.rand([3, 20, 20])),
  network: () =>
    explore.network(
      new nn.Sequential(new nn.Conv2d(3, 4, 3), new nn.ReLU()),
      torch.rand([1, 3, 9, 9]),
    ),
};

describe("explorables", () => {
  for (const [name, make] of Object.entries(all)) {
    it(`${name}: one bundle for a kernel, for none, and for readers`, () => {
      const { data } = show(make());
      expect(data["text/plain"]).to.be.a("string");
      expect(data[mime]).to.include.keys("module", "version", "state", "buffers");
      expect(data[mime], "the page has the modules").not.to.have.any.keys("esm", "css");
      expect(data).not.to.have.property("application/vnd.jupyter.widget-view+json");
      expect(JSON.stringify(data).length).to.be.below(60_000);
    });
  }

  it("are, where nothing moves, the sum with its numbers: input, kernel, output", () => {
    const edge = torch.tensor([[1, 0, -1]]).to("float32");
    const steps = {
      "input * kernel = output": explore.convolution(torch.eye(3), edge),
      "input → pooled": explore.pooling(torch.eye(4), new nn.MaxPool2d(2)),
      "channel + channel = sum": explore.channels(torch.ones(2, 3, 3), torch.ones(1, 2, 2, 2)),
      "input → padded": explore.padding(torch.eye(2)),
    };
    for (const [what, explorer] of Object.entries(steps)) {
      const { data } = show(explorer);
      expect(data["text/plain"], what).to.contain("tensor([[");
      expect(data["image/png"], what).to.be.a("string");
    }
    expect(show(steps["input * kernel = output"]).data["text/plain"]).to.contain(
      String(torch.tensor([[1], [0], [-1]]).to("float32")),
    );
  });

  it("are pages of their own that fetch nothing", () => {
    for (const make of Object.values(all)) {
      const html = make().toInteractiveHTML();
      expect(html).not.to.match(/(src|href)\s*=\s*["']?(https?:)?\/\//);
    }
  });

  it("live where there is a host: the page's sliders reach the state here", () => {
    const host = new FakeHost();
    try {
      const explorer = explore.convolution(x, new nn.Conv2d(3, 4, 3));
      const { data } = show(explorer);
      expect(data).to.include.keys("application/vnd.jupyter.widget-view+json", "image/png", mime);
      host.say(explorer.modelId, { method: "update", state: { stride: [2, 2] }, buffer_paths: [] });
      expect(explorer.get("stride")).to.deep.equal([2, 2]);
    } finally {
      host.remove();
    }
  });

  it("say what they cannot take", () => {
    expect(() => explore.convolution(x, torch.ones(2, 4, 3, 3))).to.throw(
      torch.ShapeError,
      "x has 3 channels but weight [2, 4, 3, 3] takes 4",
    );
    expect(() => explore.convolution(torch.ones(2, 3, 8, 8), torch.ones(3, 3))).to.throw(
      "pick one of the 2 with x.select(0, i)",
    );
    expect(() => explore.convolution(torch.ones(100, 100), torch.ones(3, 3))).to.throw(
      "100×100 is too large to look at cell by cell, at most 64×64",
    );
    expect(() => explore.padding(torch.zeros(0, 4))).to.throw("has no values");
    expect(() => explore.outputSize({ size: 0 })).to.throw("size must be whole numbers ≥ 1, not 0");
  });
});

describe("hovering over maps", () => {
  it("needs the values in the output, so large maps go without", () => {
    expect(show(featureMaps(torch.rand([4, 16, 16]))).data).to.have.property(mime);
    expect(show(featureMaps(torch.rand([64, 64, 64]))).data).not.to.have.property(mime);
  });
});

describe("the explorables' library", () => {
  it("is one module, with a widget for every explorable and nothing from outside", async () => {
    const { frontLibrary } = await import("../../widgets/explore/front-library.js");
    const { text } = frontLibrary();
    expect(text).not.to.match(/^import /m);
    const address = `data:text/javascript;base64,${Buffer.from(text).toString("base64")}`;
    const { default: widgets, css } = await import(address);
    expect(Object.keys(widgets)).to.include.members(["convolution", "maps", "frame", "network"]);
    for (const { render } of Object.values(widgets) as any[]) expect(render).to.be.a("function");
    expect(css).to.contain(".kb");
  });

  it("goes to the page once, whatever is shown", () => {
    const host = new FakeHost();
    try {
      for (const make of Object.values(all)) show(make());
      const opened = host.noted.filter(({ kind }) => kind === "open");
      const texts = opened.filter(({ data }) => "text" in data.state);
      expect(texts).to.have.length(1);
      for (const { data } of opened.filter((one) => one !== texts[0]))
        expect(JSON.stringify(data).length).to.be.below(5000);
    } finally {
      host.remove();
    }
  });
});
