// What a learner gives by mistake, to every view and explorable: a clear text or a marked picture, never a dead kernel.

import { expect } from "chai";
import * as torch from "kernelbook";
import * as w from "kernelbook/widgets";

const { nn } = torch;
const net = new nn.Sequential(new nn.Conv2d(3, 4, 3), new nn.ReLU());
const failing = new nn.Sequential(new nn.Conv2d(3, 4, 3), new nn.ReLU(), new nn.Conv2d(8, 2, 3));
const scalar = torch.tensor(3);
const list = torch.tensor([1, 2]);
const deep = torch.zeros([1, 1, 1, 2, 2]);
const text = "a picture" as unknown as torch.Tensor;
const nothing = undefined as unknown as torch.Tensor;
const images = torch.rand([1, 3, 8, 8]);
const pool = new nn.MaxPool2d(2);

const looped: Record<string, unknown> = {};
looped.self = looped;

const refused: [name: string, call: () => unknown, message: RegExp][] = [
  ["featureMaps of a number", () => w.featureMaps(scalar), /featureMaps: takes maps .* got \[\]/],
  ["featureMaps of five axes", () => w.featureMaps(deep), /featureMaps: takes maps .* 5 axes/],
  ["featureMaps of a text", () => w.featureMaps(text), /featureMaps: takes .*, got a string/],
  ["featureMaps of nothing", () => w.featureMaps(nothing), /featureMaps: takes .*, got undefined/],
  ["featureMaps of a model alone", () => w.featureMaps(net as any), /featureMaps\(model, input\)/],
  [
    "featureMaps of a model that fails",
    () => w.featureMaps(failing, images),
    /weight \[2, 8, 3, 3\] takes 8/,
  ],
  ["featureMaps of no such layer", () => w.featureMaps(net, images, { layer: "9" }), /no layer/],
  [
    "featureMaps in no columns",
    () => w.featureMaps(images, { columns: 0 }),
    /columns: 0 must be a whole number ≥ 1/,
  ],
  [
    "featureMaps in −1 columns",
    () => w.featureMaps(images, { columns: -1 }),
    /columns: -1 must be/,
  ],
  ["heatmap of a list", () => w.heatmap(list), /heatmap: takes a matrix \[H, W\], got \[2\]/],
  ["heatmap of a text", () => w.heatmap(text), /heatmap: takes a tensor, got a string/],
  [
    "image of two channels",
    () => w.image(torch.rand([2, 4, 4])),
    /image: \[2, 4, 4\] has 2 channels/,
  ],
  ["image of a text", () => w.image(text), /image: takes a tensor, got a string/],
  ["filters of a matrix", () => w.filters(list), /filters: takes a weight .* got \[2\]/],
  ["filters of a text", () => w.filters(text as any), /filters: takes .*, got a string/],
  ["activation of two shapes", () => w.activation(images, list), /activation: before is/],
  [
    "activation of a text",
    () => w.activation(text, text),
    /activation: takes a tensor, got a string/,
  ],
  ["pooling of a list", () => w.pooling(list, pool), /pooling: takes maps/],
  ["pooling of a text", () => w.pooling(text, pool), /pooling: takes a tensor, got a string/],
  ["histogram of a text", () => w.histogram(text as any), /histogram: takes numbers, got a string/],
  ["lineChart of a text", () => w.lineChart({ a: "b" as any }), /lineChart: takes numbers/],
  ["gradCam of a batch", () => w.gradCam(net, torch.rand([2, 3, 8, 8])), /a batch of 2/],
  ["gradCam of a text", () => w.gradCam(net, text), /gradCam: takes a tensor, got a string/],
  [
    "receptiveField outside",
    () => w.receptiveField(net, "0", [99, 0], { input: images }),
    /place \[99, 0\]/,
  ],
  ["confusionMatrix of halves", () => w.confusionMatrix([0.5], [1]), /whole number ≥ 0, not 0.5/],
  [
    "explore.convolution of a number",
    () => w.explore.convolution(scalar, torch.ones(3, 3)),
    /takes one image/,
  ],
  [
    "explore.convolution of a text",
    () => w.explore.convolution(text, torch.ones(3, 3)),
    /takes a tensor, got a string/,
  ],
  [
    "explore.convolution of no layer",
    () => w.explore.convolution(torch.ones(5, 5), "conv" as any),
    /takes an nn.Conv2d or a weight, got a string/,
  ],
  [
    "explore.convolution of another layer",
    () => w.explore.convolution(torch.ones(1, 5), new nn.Linear(5, 1) as any),
    /takes an nn\.Conv2d or a weight, got Linear/,
  ],
  [
    "explore.convolution of an uneven padding",
    () => w.explore.convolution(torch.ones(1, 5, 5), new nn.Conv2d(1, 1, 2, { padding: "same" })),
    /padding "same" of a 2×2 kernel adds one more/,
  ],
  [
    "explore.convolution of no such mode",
    () =>
      w.explore.convolution(torch.ones(5, 5), torch.ones(3, 3), { paddingMode: "mirror" as any }),
    /paddingMode is "mirror", must be one of zeros, reflect/,
  ],
  [
    "explore.channels of a layer with a stride",
    () => w.explore.channels(torch.ones(2, 5, 5), new nn.Conv2d(2, 3, 3, { stride: 2 })),
    /this layer has stride \[2,2\]/,
  ],
  [
    "explore.maps of no values",
    () => w.explore.maps(torch.zeros([0, 3, 4, 4])),
    /explore\.maps: there are no values/,
  ],
  [
    "explore.pooling of no layer",
    () => w.explore.pooling(torch.ones(5, 5), net as any),
    /takes an nn.MaxPool2d or nn.AvgPool2d/,
  ],
  [
    "explore.padding of a batch",
    () => w.explore.padding(torch.ones([2, 3, 4, 4])),
    /pick one of the 2/,
  ],
  [
    "explore.activation of a text",
    () => w.explore.activation(text),
    /takes a tensor, got a string/,
  ],
  [
    "explore.channels that differ",
    () => w.explore.channels(images, torch.ones([4, 2, 3, 3])),
    /takes 2/,
  ],
  [
    "explore.network that fails",
    () => w.explore.network(failing, images),
    /weight \[2, 8, 3, 3\] takes 8/,
  ],
  ["explore.network of a list", () => w.explore.network(net, list), /takes one image/],
  [
    "explore.maps of too much",
    () => w.explore.maps(torch.rand([64, 64, 64])),
    /at most 65536 values/,
  ],
  [
    "explore.outputSize of halves",
    () => w.explore.outputSize({ stride: 0.5 }),
    /stride must be whole numbers ≥ 1/,
  ],
  ["interact of a symbol", () => w.interact(() => 0, { k: Symbol() as any }), /is no abbreviation/],
  [
    "interact of an empty range",
    () => w.interact(() => 0, { k: [5, 1] }),
    /must be \[least, greatest, step\]/,
  ],
  [
    "interact of an endless range",
    () => w.interact(() => 0, { k: [0, Infinity] }),
    /\[0, Infinity\] must be/,
  ],
  ["interact of NaN", () => w.interact(() => 0, { k: NaN }), /k: NaN is no abbreviation/],
  [
    "interact of no function",
    () => w.interact(5 as any, { k: 1 }),
    /takes a function .*, got a num/,
  ],
  ["anyWidget of nothing", () => w.anyWidget(nothing as any), /esm is .*, got nothing/],
  [
    "anyWidget of a number",
    () => w.anyWidget({ state: {}, esm: 5 as any }),
    /esm is .*, got a num/,
  ],
  [
    "anyWidget with a function inside",
    () => w.anyWidget({ state: { a: { f: () => 1 } }, esm: "" }),
    /anyWidget: state\.a\.f is a function/,
  ],
  [
    "anyWidget with a loop",
    () => w.anyWidget({ state: { net: looped }, esm: "" }),
    /anyWidget: state\.net\.self holds itself/,
  ],
  [
    "weightHistory of a linear layer",
    () => w.weightHistory(new torch.nn.Linear(2, 3) as any),
    /weightHistory: takes an nn\.Conv2d, got a function or a module/,
  ],
  ["progress of a number", () => w.progress(5 as any), /progress: takes something to go through/],
];

const drawn: [name: string, call: () => w.Figure | undefined, text: RegExp][] = [
  [
    "NaN and infinite maps",
    () =>
      w.featureMaps(
        torch.tensor([
          [NaN, Infinity],
          [-Infinity, 1],
        ]),
      ),
    /1 NaN, 2 infinite/,
  ],
  ["nothing but NaN", () => w.heatmap(torch.tensor([[NaN, NaN]])), /no finite value, 2 NaN/],
  ["an empty tensor", () => w.featureMaps(torch.zeros([0, 3, 4, 4])), /\[0, 3, 4, 4\]/],
  ["maps of no rows", () => w.featureMaps(torch.zeros([1, 3, 0, 4])), /no values/],
  ["an empty heat map", () => w.heatmap(torch.zeros([0, 4])), /no values/],
  ["an empty image", () => w.image(torch.zeros([3, 0, 0])), /no values/],
  ["2,000 channels", () => w.featureMaps(torch.zeros([2000, 4, 4])), /first 256 channels of 2000/],
  ["an image of 8,000 pixels", () => w.image(torch.zeros([1, 8000, 8000])), /8000×8000/],
  ["a histogram of nothing", () => w.histogram([]), /0 values/],
  ["a histogram of NaN", () => w.histogram([NaN, 1]), /1 NaN/],
  ["a line of NaN and ∞", () => w.lineChart({ loss: [NaN, Infinity, 1] }), /loss 3 values/],
  ["a model that fails half way", () => w.architecture(failing, [1, 3, 8, 8]), /then: ShapeError/],
  ["a dead network", () => w.featureMaps(torch.zeros([4, 8, 8])), /100 % zeros/],
  ["show of a number tensor", () => w.show(scalar), /tensor\(3\)/],
  ["show of a text", () => w.show("x"), /^x$/],
  ["show of an object", () => w.show({ a: [1, looped] }), /a: \[ 1, .*Circular/],
  ["show of null", () => w.show(null), /null/],
  ["a confusion matrix of nothing", () => w.confusionMatrix([], []), /0 samples/],
];

describe("bad input", () => {
  for (const [name, call, message] of refused) {
    it(`${name} is refused in words`, () => {
      let said = "nothing";
      try {
        call();
      } catch (error) {
        said = (error as Error).message;
      }
      expect(said).to.match(message);
    });
  }
  for (const [name, call, said] of drawn) {
    it(`${name} is shown`, () => {
      expect(call()!.text).to.match(said);
    });
  }
});
