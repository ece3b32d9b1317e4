import { expect } from "chai";
import path from "node:path";
import { pathToFileURL } from "node:url";
import * as torch from "kernelbook";

/** The browser's arithmetic, a plain module that has no types. */
const front: any = await import(
  pathToFileURL(path.resolve("dist/widgets/front/arithmetic.js")).href
);

/** Whole numbers and draws that are the same every time. */
let state = 1;
const random = (below: number) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};

/** Values from −1 to 1. */
function drawn(...shape: number[]): torch.Tensor {
  const x = torch.zeros(shape);
  const { data } = x;
  for (let i = 0; i < data.length; i++) data[i] = random(2001) / 1000 - 1;
  return x;
}

function geometryOf(kernelMost: number) {
  const pair = (least: number, most: number) => [
    least + random(most - least + 1),
    least + random(most - least + 1),
  ];
  return {
    H: 4 + random(7),
    W: 4 + random(7),
    kernel: pair(1, kernelMost),
    stride: pair(1, 3),
    padding: pair(0, 2),
    dilation: pair(1, 3),
  };
}

const fits = (size: number[]) => size.every((n) => n > 0);

describe("the explorables' numbers", () => {
  it("are those of conv2d for any kernel, stride, padding, dilation and groups, and add up term by term", () => {
    let compared = 0;
    while (compared < 60) {
      const geometry = geometryOf(4);
      const groups = [1, 2, 4][random(3)];
      const [C, O] = [groups * (1 + random(2)), groups * (1 + random(2))];
      const [P, Q] = front.outputSize(geometry);
      if (!fits([P, Q])) continue;
      const x = drawn(C, geometry.H, geometry.W);
      const [K, L] = geometry.kernel;
      const [weight, bias] = [drawn(O, C / groups, K, L), drawn(O)];
      const { stride, padding, dilation } = geometry as any;
      const y = torch.nn.functional.conv2d(x, weight, bias, { stride, padding, dilation, groups });
      expect(y.shape).to.deep.equal([O, P, Q]);

      const layer = { C, O, groups, weight: weight.data, bias: bias.data, mode: "zeros" };
      const shown = front.convolve(x.data, layer, geometry);
      shown.forEach((value: number, i: number) => expect(value).to.be.closeTo(y.data[i], 2e-6));
      const [o, p, q] = [random(O), random(P), random(Q)];
      const parts = front.convolveAt(x.data, layer, geometry, o, p, q);
      const total = parts.channels
        .flatMap(({ terms }: any) => terms)
        .reduce((sum: number, term: any) => sum + term.value * term.weight, parts.bias);
      expect(total).to.be.closeTo(y.data[(o * P + p) * Q + q], 2e-6);
      expect(parts.value).to.equal(shown[(o * P + p) * Q + q]);
      compared++;
    }
  });

  it("are those of maxPool2d and avgPool2d, with ceil mode and with padding counted or not", () => {
    let compared = 0;
    while (compared < 60) {
      const ceil = random(2) === 1;
      const geometry: any = { ...geometryOf(3), ceil };
      geometry.padding = geometry.kernel.map((k: number) => Math.min(1, Math.floor(k / 2)));
      const max = random(2) === 1;
      const countIncludePad = random(2) === 1;
      if (!max) geometry.dilation = [1, 1];
      const [P, Q] = front.outputSize(geometry);
      if (!fits([P, Q])) continue;
      const x = drawn(2, geometry.H, geometry.W);
      const { kernel, stride, padding, dilation } = geometry;
      const y = max
        ? torch.nn.functional.maxPool2d(x, kernel, { stride, padding, dilation, ceilMode: ceil })
        : torch.nn.functional.avgPool2d(x, kernel, {
            stride,
            padding,
            ceilMode: ceil,
            countIncludePad,
          });
      expect(y.shape).to.deep.equal([2, P, Q]);
      const shown = front.pool(x.data, { kind: max ? "max" : "avg", countIncludePad }, geometry, 2);
      shown.forEach((value: number, i: number) => expect(value).to.be.closeTo(y.data[i], 1e-6));
      compared++;
    }
  });

  it("pad as PyTorch does", () => {
    const padded = (mode: string) =>
      Array.from({ length: 8 }, (_, i) => front.sourceOf(i - 2, 4, mode) + 1);
    expect(padded("zeros")).to.deep.equal([0, 0, 1, 2, 3, 4, 0, 0]);
    expect(padded("reflect")).to.deep.equal([3, 2, 1, 2, 3, 4, 3, 2]);
    expect(padded("replicate")).to.deep.equal([1, 1, 1, 2, 3, 4, 4, 4]);
    expect(padded("circular")).to.deep.equal([3, 4, 1, 2, 3, 4, 1, 2]);
  });

  it("know who uses an input cell: exactly the windows that contain it", () => {
    for (let n = 0; n < 40; n++) {
      const geometry = geometryOf(3);
      const [P, Q] = front.outputSize(geometry);
      if (!fits([P, Q])) continue;
      const [row, column] = [random(geometry.H), random(geometry.W)];
      const found: number[][] = [];
      for (let p = 0; p < P; p++) {
        for (let q = 0; q < Q; q++) {
          const under = front.windowCells(geometry, p, q);
          if (under.some((cell: any) => cell.row === row && cell.column === column))
            found.push([p, q]);
        }
      }
      expect(front.usersOf(geometry, row, column)).to.deep.equal(found);
    }
  });

  it("say how much of the border no window reaches", () => {
    const geometry = {
      H: 6,
      W: 7,
      kernel: [3, 3],
      stride: [2, 2],
      padding: [0, 0],
      dilation: [1, 1],
    };
    expect(front.outputSize(geometry)).to.deep.equal([2, 3]);
    expect(front.unreached(geometry)).to.deep.equal([1, 0]);
  });

  it("write numbers with a true minus, and never minus zero", async () => {
    const numbers: any = await import(
      pathToFileURL(path.resolve("dist/widgets/front/numbers.js")).href
    );
    const show = numbers.formatter([0.5, -1.25]);
    expect([show(-1.25), show(-0.001), show(NaN), show(-Infinity)]).to.deep.equal([
      "−1.25",
      "0.00",
      "NaN",
      "−∞",
    ]);
  });
});
