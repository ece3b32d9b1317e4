import { expect } from "chai";
import { decode } from "fast-png";
import * as torch from "kernelbook";
import * as widgets from "kernelbook/widgets";
import { FakeHost } from "./support/fake-host.js";

const { nn } = torch;
const plotlyMime = "application/vnd.plotly.v1+json";
const net = () =>
  new nn.Sequential(
    new nn.Conv2d(3, 8, 3, { stride: 2, padding: 1 }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Conv2d(8, 4, 3, { padding: 1 }),
  );

/** All weights 1 and no bias: every pixel that can matter does. */
function positive(model: torch.nn.Module): torch.nn.Module {
  for (const parameter of model.parameters()) parameter.data.fill(parameter.ndim > 1 ? 1 : 0);
  return model;
}

describe("receptiveField(model, layer, place, { input })", () => {
  it("is what the gradient measures, clipped to the image, for any windows", () => {
    const layers = () =>
      new nn.Sequential(
        new nn.Conv2d(1, 2, [3, 2], { stride: [2, 1], padding: 1, dilation: [1, 2] }),
        new nn.ReLU(),
        new nn.AvgPool2d(2, { stride: 1 }),
        new nn.Conv2d(2, 1, 3, { dilation: 2, padding: 2 }),
      );
    const model = positive(layers());
    const input = torch.ones([1, 1, 20, 17]);
    const [P, Q] = model(input).shape.slice(-2);
    for (const place of [
      [0, 0],
      [3, 4],
      [P - 1, Q - 1],
      [P - 1, 0],
    ] as [number, number][]) {
      const field = widgets.receptiveField(model, "3", place, { input });
      // the outermost pixels may be skipped by gaps at the border, never exceeded
      expect(field.clipped!.top).to.be.at.most(field.measured!.top);
      expect(field.clipped!.bottom).to.be.at.least(field.measured!.bottom);
      expect(field.clipped!.left).to.be.at.most(field.measured!.left);
      expect(field.clipped!.right).to.be.at.least(field.measured!.right);
    }
    const inside = widgets.receptiveField(model, "3", [4, 8], { input });
    expect(inside.measured).to.deep.equal(inside.clipped);
  });

  it("names the layers that there are, and the size of the map", () => {
    const input = torch.ones([1, 3, 32, 32]);
    expect(() => widgets.receptiveField(net(), "9", [0, 0], { input })).to.throw(
      'there is no layer "9"; there are 0, 1, 2, 3',
    );
    expect(() => widgets.receptiveField(net(), "3", [8, 0], { input })).to.throw(
      "place [8, 0] of 3, whose map is 8×8",
    );
  });
});

describe("gradCam(model, input) and cam(model, input)", () => {
  // two maps, the input's left and right half; class 0 likes the left, class 1 the right
  class Halves extends nn.Module {
    maps = new nn.Conv2d(2, 2, 1, { bias: false });
    pool = new nn.AvgPool2d(4);
    head = new nn.Linear(2, 2, { bias: false });
    forward(x: torch.Tensor) {
      return this.head(this.pool(this.maps(x)).flatten(1));
    }
  }
  const model = new Halves();
  model.maps.weight.data.set([1, 0, 0, 1]);
  model.head.weight.data.set([1, 0, 0, 1]);
  const x = torch.zeros([1, 2, 4, 4]);
  for (let i = 0; i < 16; i++) x.data[(i % 4 < 2 ? 0 : 16) + i] = 1;

  it("light up where the class has its evidence", () => {
    for (const view of [widgets.gradCam, widgets.cam]) {
      const left = view(model, x, { layer: "maps", target: 0 });
      expect([...left.map.slice(0, 4)]).to.deep.equal([1, 1, 0, 0]);
      const right = view(model, x, { layer: "maps", target: 1 });
      expect([...right.map.slice(0, 4)]).to.deep.equal([0, 0, 1, 1]);
      expect(right.png).to.be.instanceOf(Uint8Array);
    }
  });

  it("say what there is when asked for another class or layer", () => {
    expect(() => widgets.gradCam(model, x, { target: 7 })).to.throw(
      "gradCam: target 7, but the model gives 2 scores",
    );
    expect(() => widgets.gradCam(model, x, { layer: "head" })).to.throw(
      'no layer "head" that gives maps; there are maps, pool',
    );
  });
});

describe("charts", () => {
  it("are plotly figures with binary numbers, beside a picture and a text", () => {
    const { data } = widgets.lineChart({ loss: [2, 1, 0.5], valLoss: [2, 1.5, 1] }).bundle as any;
    expect(data).to.include.keys(plotlyMime, "image/png", "text/plain");
    const { y } = data[plotlyMime].data[0];
    expect(y.dtype).to.equal("f8");
    expect([
      ...new Float64Array(new Uint8Array(Buffer.from(y.bdata, "base64")).buffer),
    ]).to.deep.equal([2, 1, 0.5]);
    expect(data[plotlyMime].config).to.include({ showSendToCloud: false, displaylogo: false });
    expect(decode(Buffer.from(data["image/png"], "base64")).width).to.equal(1120);
  });

  it("count a histogram, and say what is no number", () => {
    const figure = widgets.histogram([0, 0.1, 0.9, 1, NaN, Infinity], { bins: 2 });
    expect(figure.text).to.contain("2 bins: 2 2").and.contain("1 NaN, 1 infinite");
    expect(widgets.histogram([]).text).to.contain("no values");
    expect(() => widgets.histogram([1], { bins: 0 })).to.throw(
      "bins must be a whole number ≥ 1, not 0",
    );
    expect(() => widgets.lineChart({ a: [1, 2] }, { x: [1] })).to.throw(
      "a has 2 values but x has 1",
    );
  });
});

describe("confusionMatrix(targets, predictions)", () => {
  it("counts, from classes or from scores, and knows the samples of a cell", () => {
    const scores = torch.tensor([
      [2, 1],
      [0, 3],
      [5, 1],
    ]);
    const images = torch.rand([3, 1, 4, 4]);
    const matrix = widgets.confusionMatrix([0, 1, 1], scores, { labels: ["cat", "dog"], images });
    expect(matrix.counts).to.deep.equal([
      [1, 0],
      [1, 1],
    ]);
    expect(matrix.samples(1, 0)).to.deep.equal([2]);
    expect(matrix.imagesOf(1, 0)[0].tolist()).to.deep.equal(images.select(0, 2).tolist());
    expect(matrix.text)
      .to.contain("accuracy 66.7 %")
      .and.contain("dog taken for cat 1×")
      .and.contain("sha256");
  });

  it("refuses what does not go together", () => {
    expect(() => widgets.confusionMatrix([0, 1], [0])).to.throw("2 targets but 1 predictions");
    expect(() => widgets.confusionMatrix([0.5], [0])).to.throw(
      "a class must be a whole number ≥ 0, not 0.5",
    );
  });
});

describe("filters, activation, pooling, architecture, summaryTable", () => {
  it("are pictures with their numbers in the text", () => {
    const conv = new nn.Conv2d(3, 16, 3);
    expect(widgets.filters(conv).text).to.match(
      /^filters \[16, 3, 3, 3\]: 16 kernels of 3×3×3, min −/,
    );
    expect(widgets.filters(new nn.Conv2d(16, 32, 3)).png).to.be.instanceOf(Uint8Array);
    const y = torch.rand([4, 12, 12]).sub(0.5);
    expect(widgets.activation(y, y.relu()).text).to.contain("zeros");
    const winners = Number(widgets.pooling(y, new nn.MaxPool2d(2)).text.match(/(\d+) winners/)![1]);
    expect(winners).to.equal(4 * 36); // one for each window, no two the same
    expect(widgets.pooling(y, new nn.AvgPool2d(2)).text).not.to.contain("winners");
    expect(() => widgets.activation(y, torch.zeros(1))).to.throw(
      "before is [4, 12, 12] but after is [1]",
    );
  });

  it("draw a model up to the layer that fails", () => {
    const good = widgets.architecture(net(), [1, 3, 32, 32]);
    expect(good.text)
      .to.contain("0 Conv2d → [1, 8, 16, 16], 224 parameters")
      .and.not.contain("then:");
    const bad = widgets.architecture(
      new nn.Sequential(new nn.Conv2d(3, 8, 3), new nn.Conv2d(4, 8, 3)),
      [1, 3, 32, 32],
    );
    expect(bad.text).to.contain("0 Conv2d → [1, 8, 30, 30]").and.contain("then: ShapeError");
    expect(widgets.summaryTable(net() as never, [1, 3, 32, 32]).text).to.contain("Total params");
  });
});

describe("trainingChart() and progress(iterable)", () => {
  let host: FakeHost;
  beforeEach(() => (host = new FakeHost()));
  afterEach(() => host.remove());

  it("draw at most ten times a second, in one place, and keep the last picture", () => {
    let time = 0;
    const chart = widgets.trainingChart({ now: () => time });
    for (let step = 0; step < 100; step++, time += 10)
      chart.log({ loss: 1 / (step + 1), valLoss: 1 });
    chart.done();
    expect(host.displays.length).to.be.within(9, 11);
    expect(new Set(host.displays.map(({ options }) => options.displayId)).size).to.equal(1);
    expect(host.displays.map(({ options }) => options.update)).to.deep.equal([
      false,
      ...host.displays.slice(1).map(() => true),
    ]);
    expect(host.displays.at(-1)!.bundle.data).to.include.keys("image/png", plotlyMime);
    expect(host.displays.at(-1)!.bundle.data["text/plain"]).to.contain(
      "training, 100 epochs: loss 0.01",
    );
    const [loss, valLoss] = host.displays.at(-1)!.bundle.data[plotlyMime].data;
    expect(valLoss.line).to.deep.include({ dash: "dash", color: loss.line.color });
    expect(() => chart.log({ loss: torch.ones(1) as never })).to.throw("take it out with .item()");
  });

  it("goes through everything, and says when it was stopped", async () => {
    let time = 0;
    const seen = [
      ...widgets.progress([1, 2, 3, 4], { comment: "epochs", now: () => (time += 60) }),
    ];
    expect(seen).to.deep.equal([1, 2, 3, 4]);
    const text = (at: number) => host.displays.at(at)!.bundle.data["text/plain"];
    expect(text(-1)).to.match(/^100 % █{30} 4\/4 \[00:0\d<00:00\] epochs$/);
    for (const i of widgets.progress([1, 2, 3, 4])) if (i === 2) break;
    expect(text(-1)).to.match(/1\/4 .*stopped$/);
    async function* slow() {
      yield 1;
      yield 2;
    }
    let sum = 0;
    for await (const i of widgets.progress(slow())) sum += i;
    expect(sum).to.equal(3);
    expect(text(-1)).to.match(/^2 \[/);
  });
});

describe("weightHistory(layer)", () => {
  it("keeps the kernels of each epoch, and shows the last ones", () => {
    const conv = new nn.Conv2d(1, 2, 3);
    const first = [...conv.weight.data];
    const history = widgets.weightHistory(conv);
    conv.weight.data.fill(0.5);
    history.record();
    expect(history.length).to.equal(2);
    expect([...history.at(0).data]).to.deep.equal(first);
    expect([...history.at(1).data]).to.deep.equal(Array(18).fill(0.5));
    expect(() => history.at(2)).to.throw("weightHistory: epoch 2 of 2 snapshots");
    const bundle = (history as any)[Symbol.for("Jupyter.display")]();
    expect(bundle.data["text/plain"]).to.match(
      /^maps, to touch in a live page\nfilters \[2, 1, 3, 3\]/,
    );
    expect(bundle.data["application/vnd.kernelbook.explorable+json"].state).to.deep.include({
      frames: { count: 2, name: "epoch" },
      frame: 1,
    });

    const coloured = widgets.weightHistory(new nn.Conv2d(3, 2, 3), { rgb: true });
    const slider = (coloured as any)[Symbol.for("Jupyter.display")]();
    expect(slider.data["text/plain"]).to.contain('interact {"epoch":0}');
  });
});
