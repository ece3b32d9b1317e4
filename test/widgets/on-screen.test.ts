// What the explorables write on the screen, against the library: their browser modules run here in a fake page.

import { expect } from "chai";
import * as torch from "kernelbook";
import { confusionMatrix, explore, weightHistory, type Explorable } from "kernelbook/widgets";
import { frontLibrary } from "../../widgets/explore/front-library.js";
import { explorableMime } from "../../widgets/explore/payload.js";
import { FakeElement, fakeBrowser, fakeModel } from "./support/fake-dom.js";

const { nn } = torch;
const F = nn.functional;
const text = Buffer.from(frontLibrary().text).toString("base64");
const { default: widgets }: any = await import(`data:text/javascript;base64,${text}`);

let state = 11;
const random = (below: number) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};
const pick = <T>(...options: T[]): T => options[random(options.length)];

/** Renders an explorable; gives its root and its model. */
function onScreen(explorable: Explorable<any>) {
  const { module } = explorable as unknown as { module: string };
  const names = Object.keys((explorable as any).snapshot().state as Record<string, unknown>).filter(
    (name) => !/^(_|layout$|tabbable$|tooltip$)/.test(name),
  );
  const model = fakeModel(Object.fromEntries(names.map((name) => [name, explorable.get(name)])));
  const root = new FakeElement("div");
  const end = widgets[module].render({ model, el: root });
  end();
  return { root, model };
}

const numberOf = (shown: string) =>
  Number(shown.replaceAll("−", "-").replace("∞", "Infinity").replace(/[()]/g, ""));

/** Texts in a grid's cells are these values, rounded to the digits that they have. */
function expectGrid(texts: readonly string[], values: ArrayLike<number>) {
  expect(texts).to.have.length(values.length);
  texts.forEach((shown, i) => {
    const digits = shown.split(".")[1]?.length ?? 0;
    const off = Math.abs(numberOf(shown) - values[i]);
    expect(off, `${shown} for ${values[i]}`).to.be.at.most(0.5 * 10 ** -digits + 1e-6);
  });
}

/** A value as its tensor prints it: to four digits. */
const printed = (value: number) => {
  const [shown] = /-?[\d.]+(e[-+]\d+)?/.exec(String(torch.tensor([value])).slice(7))!;
  return Number(Number(shown).toFixed(4)) + 0;
};

const drawnIn = (shape: number[]) => {
  const x = torch.zeros(shape);
  for (let i = 0; i < x.data.length; i++) x.data[i] = random(2001) / 1000 - 1;
  return x;
};

describe("what the explorables write on the screen", () => {
  let end: () => void;
  before(() => (end = fakeBrowser()));
  after(() => end());

  it("convolution: every number is conv2d's, for any kernel, stride, padding, dilation, groups and mode", () => {
    let compared = 0;
    while (compared < 40) {
      const groups = pick(1, 1, 2, 4);
      const [C, O] = [groups * pick(1, 2), groups * pick(1, 2)];
      const [H, W] = [3 + random(6), 3 + random(6)];
      const pair = (least: number, most: number): [number, number] => [
        least + random(most - least + 1),
        least + random(most - least + 1),
      ];
      const kernel = pair(1, 3);
      const options = {
        stride: pair(1, 3),
        padding: pair(0, 2),
        dilation: pair(1, 2),
        groups,
        paddingMode: pick("zeros", "reflect", "replicate", "circular") as "zeros",
        bias: random(2) === 1,
      };
      const conv = new nn.Conv2d(C, O, kernel, options);
      const x = drawnIn([C, H, W]);
      let y: torch.Tensor;
      try {
        y = torch.noGrad(() => conv(x));
      } catch {
        continue; // the window does not fit, or the padding is more than the mode allows
      }
      const [, P, Q] = y.shape;
      const { root } = onScreen(explore.convolution(x, conv));

      expectGrid(root.canvas("output").texts, y.data.slice(0, P * Q));
      const padded = F.pad(
        x.unsqueeze(0),
        [options.padding[1], options.padding[1], options.padding[0], options.padding[0]],
        { mode: options.paddingMode === "zeros" ? "constant" : options.paddingMode } as any,
      );
      const plane = padded.shape[2] * padded.shape[3];
      expectGrid(root.canvas("input").texts, padded.data.slice(0, plane));
      expectGrid(root.canvas("kernel").texts, conv.weight.data.slice(0, kernel[0] * kernel[1]));

      const [terms, result] = root
        .said("kb-formula")
        .match(/(.*·.*) = .*?(output\[.*)/)!
        .slice(1);
      const said = numberOf(result.split(" = ").at(-1)!);
      expect(said).to.be.closeTo(printed(y.data[0]), 1.01e-4); // the last digit: sums in another order
      const products = terms.replace(/^[^:]*: /, "").split(" + ");
      const sum = products.reduce((total, term) => {
        const [a, b] = term.split("·").map(numberOf);
        return total + a * b;
      }, 0);
      const first = numberOf(result.split(" = ")[1].split(" + ")[0]);
      expect(sum).to.be.closeTo(first, 2e-4 * products.length);
      for (const [a, size] of [P, Q].entries()) {
        const lines = root.said("kb-size").split(/(?=height|width|size)/);
        expect(lines[Math.min(a, lines.length - 1)]).to.match(new RegExp(` = ${size}( |$)`, "m"));
      }
      compared++;
    }
  });

  it("pooling: every number is maxPool2d's or avgPool2d's", () => {
    for (let n = 0; n < 30; n++) {
      const k = 2 + random(2);
      const padding = random(2);
      const options = { stride: 1 + random(3), padding, ceilMode: random(2) === 1 };
      const pool =
        random(2) === 1
          ? new nn.MaxPool2d(k, { ...options, dilation: 1 + random(2) })
          : new nn.AvgPool2d(k, { ...options, countIncludePad: random(2) === 1 });
      const x = drawnIn([2, 5 + random(5), 5 + random(5)]);
      const y = pool(x);
      const [, P, Q] = y.shape;
      const { root } = onScreen(explore.pooling(x, pool));
      expectGrid(root.canvas("output").texts, y.data.slice(0, P * Q));
      const said = root.said("kb-formula").match(/.* = ([−\d.]+)/)![1];
      expect(numberOf(said)).to.be.closeTo(printed(y.data[0]), 1.01e-4);
    }
  });

  it("channels, activation and padding: those of conv2d, of the function, of pad", () => {
    const x = drawnIn([3, 6, 5]);
    const conv = new nn.Conv2d(3, 2, 3, { padding: 1 });
    const y = torch.noGrad(() => conv(x));
    const channels = onScreen(explore.channels(x, conv)).root;
    expectGrid(channels.canvas("their sum and the bias").texts, y.data.slice(0, 30));
    expect(numberOf(channels.said("kb-formula").split(" = ").at(-1)!)).to.be.closeTo(
      printed(y.data[0]),
      1.01e-4,
    );

    const functions: Record<string, (x: torch.Tensor) => torch.Tensor> = {
      ReLU: (v) => F.relu(v),
      Sigmoid: (v) => F.sigmoid(v),
      Tanh: (v) => F.tanh(v),
      SiLU: (v) => F.silu(v),
      ELU: (v) => F.elu(v),
      "LeakyReLU 0.01": (v) => F.leakyRelu(v, 0.01),
    };
    for (const [kind, f] of Object.entries(functions)) {
      const { root } = onScreen(explore.activation(x, { kind }));
      expectGrid(root.canvas("after").texts, f(x).data.slice(0, 30));
    }

    const { root } = onScreen(explore.padding(x, { padding: 2 }));
    for (const mode of ["reflect", "replicate", "circular"]) {
      const padded = F.pad(x.unsqueeze(0), [2, 2, 2, 2], { mode } as any);
      expectGrid(root.canvas(`${mode} padding`).texts, padded.data.slice(0, 10 * 9));
    }
  });

  it("stride and dilation, output size: as many places as windowPlaces says", () => {
    for (let n = 0; n < 20; n++) {
      const options = {
        size: 5 + random(8),
        kernelSize: 1 + random(3),
        stride: 1 + random(4),
        padding: random(3),
        dilation: 1 + random(3),
      };
      const places = torch.windowPlaces(options.size, options.kernelSize, options);
      if (places < 1) continue;
      const grid = onScreen(explore.strideDilation(options)).root.canvas("output places");
      expect(grid.texts).to.have.length(places ** 2);
      const size = onScreen(explore.outputSize(options)).root.said("kb-floor");
      expect(size).to.match(new RegExp(` = ${places}( |$)`, "m"));
    }
  });

  it("network: the value of the layer's map", () => {
    const net = new nn.Sequential(new nn.Conv2d(3, 4, 3), new nn.ReLU(), new nn.MaxPool2d(2));
    const image = drawnIn([1, 3, 9, 9]);
    const y = torch.noGrad(() => net(image));
    const { root } = onScreen(explore.network(net, image));
    const [, row, column] = /\[0, (\d+), ?(\d+)\]/.exec(root.said("kb-formula"))!.map(Number);
    const value = y.data[row * y.shape[3] + column];
    expect(root.said("kb-formula")).to.contain(" = ");
    expect(numberOf(/ = ([−\d.]+)/.exec(root.said("kb-formula"))![1])).to.equal(printed(value));
  });

  /** Moves the pointer to the middle of a cell of a canvas that shows rows × columns. */
  const pointAt = (canvas: FakeElement, [row, column]: number[], [rows, columns]: number[]) =>
    canvas.fire("pointermove", {
      clientX: ((column + 0.5) / columns) * canvas.width,
      clientY: ((row + 0.5) / rows) * canvas.height,
    });

  it("filter playground: conv2d's map, for any kernel and image", () => {
    for (let n = 0; n < 12; n++) {
      const [H, W] = [3 + random(9), 3 + random(9)];
      const image = drawnIn([1, H, W]);
      const kernel = drawnIn([1, 1, 3, 3]);
      const explorable = explore.filterPlayground(image);
      explorable.set({ kernel: [...kernel.data] });
      const { root } = onScreen(explorable);
      const y = F.conv2d(image, kernel, null, { padding: 1 });
      const [row, column] = [random(H), random(W)];
      pointAt(root.canvas("the map"), [row, column], [H, W]);
      const said = /map\[(\d+),(\d+)\] = (\S+)/.exec(root.said("kb-formula"))!;
      expect(said.slice(1, 3).map(Number)).to.deep.equal([row, column]);
      expect(numberOf(said[3])).to.be.closeTo(printed(y.data[row * W + column]), 1.01e-4);
    }
  });

  it("maps: the value of every map, and of every epoch", () => {
    const x = drawnIn([5, 8, 9]);
    const { root, model } = onScreen(explore.maps(x));
    const panels = model.get("panels") as any[];
    const canvas = root.canvas("[5, 8, 9]");
    for (let n = 0; n < 20; n++) {
      const [c, row, column] = [random(5), random(8), random(9)];
      const { x: left, y: top, width, height } = panels[c];
      canvas.fire("pointermove", {
        clientX: left + ((column + 0.5) / 9) * width,
        clientY: top + ((row + 0.5) / 8) * height,
      });
      const said = root.said("kb-maps-says");
      expect(said).to.match(new RegExp(`^map ${c} \\[${row}, ${column}\\] = `));
      expect(numberOf(said.split(" = ")[1])).to.equal(printed(x.data[(c * 8 + row) * 9 + column]));
    }

    const conv = new nn.Conv2d(2, 3, [2, 3]);
    const history = weightHistory(conv);
    conv.weight.data.set(drawnIn([3, 2, 2, 3]).data);
    history.record();
    const payload = (history as any)[Symbol.for("Jupyter.display")]().data[explorableMime];
    const bytes = Buffer.from(payload.buffers[0].data, "base64");
    for (const epoch of [0, 1]) {
      const page = new FakeElement("div");
      const state = { ...payload.state, values: new Uint8Array(bytes), frame: epoch };
      widgets.maps.render({ model: fakeModel(state), el: page })();
      const { x: left, y: top, width, height } = payload.state.panels[3]; // output 1, input 1
      page
        .all()
        .find(({ tag }) => tag === "canvas")!
        .fire("pointermove", {
          clientX: left + (2.5 / 3) * width,
          clientY: top + (1.5 / 2) * height,
        });
      const value = history.at(epoch).data[3 * 6 + 5];
      expect(page.said("kb-maps-says")).to.match(/^map 1,1 \[1, 2\] = /);
      expect(numberOf(page.said("kb-maps-says").split(" = ")[1])).to.be.closeTo(value, 5.1e-5);
    }
  });

  it("confusion matrix: the counts, and the samples of a cell", () => {
    const [targets, said] = [0, 1].map(() => Array.from({ length: 90 }, () => random(4)));
    const explorable = confusionMatrix(targets, said).explore();
    const { root, model } = onScreen(explorable);
    const cells = root.all().filter(({ classes }) => classes.has("kb-cell"));
    expect(cells).to.have.length(16);
    cells.forEach((cell, i) => {
      const [t, p] = [Math.floor(i / 4), i % 4];
      const count = targets.filter((target, k) => target === t && said[k] === p).length;
      expect(cell.textContent).to.equal(String(count));
      cell.click();
      expect(model.get("chosen")).to.deep.equal([t, p]);
    });
  });

  it("a tie is rounded as the tensor prints it", () => {
    const { root } = onScreen(explore.convolution(torch.tensor([[0.03125]]), torch.tensor([[1]])));
    expect(root.said("kb-formula")).to.contain("= 0.0312");
    expect(String(torch.tensor([0.03125]))).to.equal("tensor([0.0312])");
  });
});
