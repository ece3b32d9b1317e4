import { expect } from "chai";
import * as depthwise from "../../../lib/compute/convolution/depthwise.js";
import * as direct from "../../../lib/compute/convolution/direct.js";
import * as pointwise from "../../../lib/compute/convolution/pointwise.js";
import * as pooled from "../../../lib/compute/convolution/pooled.js";
import * as winograd from "../../../lib/compute/convolution/winograd.js";
import { Storage } from "../../../lib/compute/storage.js";
import * as plain from "../../../lib/compute/plain/conv2d.js";
import type { Conv2dSize } from "../../../lib/compute/plain/conv2d.js";
import { between, expectUntouched, guarded, relativeError, seeded } from "./guarded.js";

type Algorithm = Pick<typeof direct, "convolve" | "gradX" | "gradWeight">;
type Random = () => number;

describe("convolution kernels", () => {
  it("direct: agrees with the plain loops for any shape, stride, padding, dilation and group", () => {
    const random = seeded(1);
    for (let i = 0; i < 60; i++) check(direct, anySize(random), random, 2e-6);
  });

  it("direct: sums over many channels are made of parts, so that errors stay below 2e-6", () => {
    const random = seeded(23);
    for (const stride of [1, 2] as const) {
      const many = { N: 1, C: 300, H: 9, W: 11, O: 8, K: 3, L: 3, groups: 1 };
      const size = sizeOf({ ...many, stride: [stride, 1], padding: [1, 1], dilation: [1, 1] });
      check(direct, size, random, 1e-6);
      check(direct, sizeOf({ ...size, C: 8, O: 300 }), random, 1e-6);
    }
  });

  it("Winograd: agrees with the plain loops to 2e-5, with partial tiles and odd channels", () => {
    const random = seeded(2);
    for (let i = 0; i < 60; i++) check(winograd, squareKernel(random), random, 2e-5);
  });

  it("Winograd with a stride of 2, and along one axis: to 2e-5", () => {
    const random = seeded(22);
    for (let i = 0; i < 60; i++) {
      const size = i % 3 ? halved(random) : line(random);
      const gradX = winograd.suitsGradX({ ...size, C: 8, O: 8, groups: 1 });
      check(gradX ? winograd : { ...winograd, gradX: direct.gradX }, size, random, 2e-5);
    }
  });

  it("Winograd: where no window reaches a single gradient, the gradient of x is zero, to the bit", () => {
    const random = seeded(12);
    for (let i = 0; i < 30; i++) {
      const size = i % 3 ? squareKernel(random) : halved(random, 2, [1, 3]);
      const places = size.N * size.O * size.P * size.Q;
      const place = between(random, 0, places - 1);
      const gy = guarded([places], (j) => (j === place ? 1 : 0));
      const weight = guarded([size.O * (size.C / size.groups) * size.K * size.L], () => 1);
      const gx = guarded([size.N, size.C, size.H, size.W], () => NaN);
      winograd.gradX(gy, weight, gx, size);

      const wanted = new Float64Array(gx.values.length);
      plain.conv2dGradX(gy.values, weight.values, wanted, size);
      const reached = (values: ArrayLike<number>) => Array.from(values, (value) => value !== 0);
      expect(reached(gx.values), JSON.stringify(size)).to.deep.equal(reached(wanted));
      expectUntouched(gy, weight, gx);
    }
  });

  it("1 × 1 and depthwise agree with the plain loops", () => {
    const random = seeded(9);
    for (let i = 0; i < 40; i++) {
      const size = threeByThree(random);
      const flat = sizeOf({ ...size, K: 1, L: 1, padding: [0, 0] });
      check(pointwise, flat, random, 2e-6);
      const apart = sizeOf({ ...flat, stride: [between(random, 1, 3), between(random, 2, 3)] });
      check({ ...pointwise, gradX: direct.gradX }, apart, random, 2e-6);
      const own = sizeOf({
        ...{ ...anySize(random), C: size.C + 1, O: size.C + 1, groups: size.C + 1 },
        stride: i % 2 ? [1, 1] : [2, between(random, 1, 3)],
        ...(i % 3 ? {} : { K: 3, L: 3, dilation: [1, 1] }),
      });
      check(depthwise, own, random, 2e-6);
    }
  });

  it("depthwise 3 × 3 with one zero around agrees with the plain loops, whatever stands beside the image", () => {
    const random = seeded(24);
    for (let i = 0; i < 20; i++) {
      const [C, H, W] = [between(random, 1, 5), between(random, 1, 9), between(random, 4, 40)];
      const shape = { N: between(random, 1, 2), C, H, W, O: C, K: 3, L: 3, groups: C };
      check(
        depthwise,
        sizeOf({ ...shape, stride: [1, 1], padding: [1, 1], dilation: [1, 1] }),
        random,
        2e-6,
      );
    }
  });

  it("numbers that are not finite stay within their windows, and infinities are not lost", () => {
    const random = seeded(25);
    const odd = [NaN, Infinity, -Infinity];
    for (let i = 0; i < 40; i++) {
      const size = anySize(random);
      const own = sizeOf({ ...anySize(random), C: 3, O: 3, groups: 3, K: between(random, 1, 7) });
      const bordered = sizeOf({
        ...{ ...own, K: 3, L: 3, stride: [1, 1], padding: [1, 1], dilation: [1, 1] },
      });
      checkOdd(direct, size, random, odd);
      for (const shape of [own, bordered]) if (shape.P > 0) checkOdd(depthwise, shape, random, odd);
    }
  });

  for (const [name, algorithm, sizes] of [
    ["direct", direct, anySize],
    ["Winograd", winograd, undilated],
    ["Winograd with a stride of 2", winograd, halved],
  ] as const) {
    it(`${name}: ReLU and pooling inside give what they give outside, with the winners`, () => {
      const random = seeded(3);
      for (let i = 0; i < 20; i++) checkFused(algorithm, sizes(random, 2), random);
    });
  }
});

describe("the gradient of a pooled convolution's weights", () => {
  it("agrees with that of the image before the pooling, for any shape that suits", () => {
    const random = seeded(21);
    for (let i = 0, tried = 0; tried < 40; i++) {
      const size = anySize(random, 1);
      if (!pooled.suits(size) || size.P < 2 || size.Q < 2) continue;
      tried++;
      checkPooledGradient(size, random);
    }
  });
});

function sizeOf(size: Omit<Conv2dSize, "P" | "Q">): Conv2dSize {
  const { H, W, K, L, stride, padding, dilation } = size;
  const places = (length: number, kernel: number, axis: 0 | 1) =>
    Math.floor((length + 2 * padding[axis] - dilation[axis] * (kernel - 1) - 1) / stride[axis] + 1);
  return { ...size, P: places(H, K, 0), Q: places(W, L, 1) };
}

function anySize(random: Random, mostGroups = 2): Conv2dSize {
  const pick = (low: number, high: number) => between(random, low, high);
  const groups = pick(1, mostGroups);
  return sizeOf({
    ...{
      N: pick(1, 3),
      C: groups * pick(1, 9),
      H: pick(9, 20),
      W: pick(9, 20),
      O: groups * pick(1, 9),
    },
    ...{ K: pick(1, 5), L: pick(1, 5), groups },
    stride: [pick(1, 3), pick(1, 3)],
    padding: [pick(0, 3), pick(0, 3)],
    dilation: [pick(1, 2), pick(1, 2)],
  });
}

function threeByThree(random: Random): Conv2dSize {
  const pick = (low: number, high: number) => between(random, low, high);
  return sizeOf({
    ...{ N: pick(1, 3), C: pick(1, 19), H: pick(4, 21), W: pick(4, 21), O: pick(1, 19) },
    ...{ K: 3, L: 3, groups: 1, stride: [1, 1], dilation: [1, 1] },
    padding: [pick(0, 3), pick(0, 3)],
  });
}

/** 3 × 3 or 5 × 5, with dilation and groups. */
function squareKernel(random: Random, mostGroups = 2): Conv2dSize {
  const pick = (low: number, high: number) => between(random, low, high);
  const [K, groups] = [pick(0, 1) ? 3 : 5, pick(1, mostGroups)];
  const dilation = [pick(1, 3), pick(1, 2)] as const;
  return sizeOf({
    ...{ N: pick(1, 3), C: groups * pick(1, 19), H: pick(13, 21), W: pick(9, 31) },
    ...{ O: groups * pick(1, 19), K, L: K, groups, stride: [1, 1], dilation },
    padding: [pick(0, 5), pick(0, 5)],
  });
}

/** 3 × 3 with a stride of 2. */
function halved(random: Random, mostGroups = 2, paddings = [0, 1, 2, 3]): Conv2dSize {
  const pick = (low: number, high: number) => between(random, low, high);
  const padding = () => paddings[pick(0, paddings.length - 1)];
  const groups = pick(1, mostGroups);
  return sizeOf({
    ...{ N: pick(1, 3), C: groups * pick(1, 19), H: pick(8, 37), W: pick(8, 37) },
    ...{ O: groups * pick(1, 19), K: 3, L: 3, groups, stride: [2, 2], dilation: [1, 1] },
    padding: [padding(), padding()],
  });
}

/** Kernels of 1 × 3. */
function line(random: Random): Conv2dSize {
  const pick = (low: number, high: number) => between(random, low, high);
  const groups = pick(1, 2);
  return sizeOf({
    ...{ N: pick(1, 3), C: groups * pick(1, 19), H: pick(1, 3), W: pick(5, 70) },
    ...{ O: groups * pick(1, 19), K: 1, L: 3, groups, stride: [1, 1] },
    ...{ dilation: [1, pick(1, 2)], padding: [0, pick(0, 3)] },
  });
}

function undilated(random: Random): Conv2dSize {
  return sizeOf({ ...squareKernel(random, 1), dilation: [1, 1], padding: [1, 2] });
}

function operandsFor(size: Conv2dSize, random: Random) {
  const { N, C, H, W, O, K, L, P, Q, groups } = size;
  const number = () => 2 * random() - 1;
  return {
    x: guarded([N, C, H, W], number),
    weight: guarded([O, C / groups, K, L], number),
    bias: guarded([O], number),
    gy: guarded([N, O, P, Q], number),
    y: guarded([N, O, P, Q], () => NaN),
    gx: guarded([N, C, H, W], () => NaN),
    gw: guarded([O, C / groups, K, L], () => NaN),
  };
}

function check(algorithm: Algorithm, size: Conv2dSize, random: Random, tolerance: number): void {
  const { x, weight, bias, gy, y, gx, gw } = operandsFor(size, random);
  algorithm.convolve(x, weight, bias, y, size);
  algorithm.gradX(gy, weight, gx, size);
  algorithm.gradWeight(gy, x, gw, size);

  const wanted = [y, gx, gw].map(({ values }) => new Float64Array(values.length));
  plain.conv2d(x.values, weight.values, bias.values, wanted[0], size);
  plain.conv2dGradX(gy.values, weight.values, wanted[1], size);
  plain.conv2dGradWeight(gy.values, x.values, wanted[2], size);
  [y, gx, gw].forEach(({ values }, i) => {
    const what = `${["y", "gx", "gw"][i]} of ${JSON.stringify(size)}`;
    expect(relativeError(values, wanted[i]), what).to.be.below(tolerance);
  });
  expectUntouched(x, weight, bias, gy, y, gx, gw);
}

/** Numbers that are not finite in x and gy come out where, and as what, the plain loops say. */
function checkOdd(algorithm: Algorithm, size: Conv2dSize, random: Random, odd: number[]): void {
  const operands = operandsFor(size, random);
  const { x, weight, bias, gy, y, gx } = operands;
  for (const { values } of [x, gy])
    for (let i = 0; i < 2; i++)
      values[between(random, 0, values.length - 1)] = odd[between(random, 0, 2)];
  algorithm.convolve(x, weight, bias, y, size);
  algorithm.gradX(gy, weight, gx, size);

  const [wantedY, wantedGx] = [y, gx].map(({ values }) => new Float64Array(values.length));
  plain.conv2d(x.values, weight.values, bias.values, wantedY, size);
  plain.conv2dGradX(gy.values, weight.values, wantedGx, size);
  const kinds = (values: ArrayLike<number>) =>
    Array.from(values, (value) => (Number.isFinite(value) ? "finite" : String(value)));
  expect(kinds(y.values), `y of ${JSON.stringify(size)}`).to.deep.equal(kinds(wantedY));
  expect(kinds(gx.values), `gx of ${JSON.stringify(size)}`).to.deep.equal(kinds(wantedGx));
}

function checkFused(algorithm: Algorithm, size: Conv2dSize, random: Random): void {
  const { N, O, P, Q } = size;
  const [PH, PW] = [P >> 1, Q >> 1];
  const { x, weight, bias, y } = operandsFor(size, random);
  const pooled = guarded([N, O, PH, PW], () => NaN);
  const winners = {
    storage: new Storage("uint8", N * O * PH * PW),
    offset: 0,
    shape: [],
    strides: [],
  };
  algorithm.convolve(x, weight, bias, y, size);
  algorithm.convolve(x, weight, bias, pooled, size, { relu: true, pool: true, winners });

  for (let i = 0; i < pooled.values.length; i++) {
    const [plane, p, q] = [Math.floor(i / (PH * PW)), Math.floor(i / PW) % PH, i % PW];
    const corner = (plane * P + 2 * p) * Q + 2 * q;
    const window = [0, 1, Q, Q + 1].map((step) => y.values[corner + step]);
    const most = Math.max(...window);
    expect(pooled.values[i]).to.equal(Math.max(most, 0));
    expect(winners.storage.array[i]).to.equal(most > 0 ? window.indexOf(most) : 4);
  }
  expectUntouched(pooled);
}

function checkPooledGradient(size: Conv2dSize, random: Random): void {
  const { N, C, O, K, L, P, Q } = size;
  const [PH, PW] = [P >> 1, Q >> 1];
  const { x, gw } = operandsFor(size, random);
  const gy = guarded([N, O, PH, PW], () => 2 * random() - 1);
  const gb = guarded([O], () => NaN);
  const storage = new Storage("uint8", gy.values.length);
  for (let i = 0; i < storage.length; i++) storage.array[i] = between(random, 0, 4);
  pooled.gradWeightAndBias(gy, { ...gy, storage, offset: 0 }, x, gw, gb, size);

  const before = new Float64Array(N * O * P * Q);
  gy.values.forEach((g, i) => {
    const [plane, p, q] = [Math.floor(i / (PH * PW)), Math.floor(i / PW) % PH, i % PW];
    const winner = storage.array[i];
    const place = (plane * P + 2 * p + (winner >> 1)) * Q + 2 * q + (winner & 1);
    if (winner < 4) before[place] = g;
  });
  const [wanted, bias] = [new Float64Array(O * C * K * L), new Float64Array(O)];
  plain.conv2dGradWeight(before, x.values, wanted, size);
  plain.conv2dGradBias(before, bias, size);
  const what = JSON.stringify(size);
  expect(relativeError(gw.values, wanted), `gw of ${what}`).to.be.below(2e-6);
  expect(relativeError(gb.values, bias), `gb of ${what}`).to.be.below(2e-6);
  expectUntouched(x, gy, gw, gb);
}
