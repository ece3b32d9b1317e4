import { expect } from "chai";
import * as fast from "../../../lib/compute/normalize.js";
import * as plain from "../../../lib/compute/plain/normalize.js";
import { between, expectUntouched, guarded, seeded } from "./guarded.js";

describe("normalising kernels", () => {
  it("agree with the plain loops for batch, group, instance and layer norm, and write nothing else", () => {
    const random = seeded(21);
    for (let i = 0; i < 60; i++) {
      const [N, C, P] = [between(random, 1, 4), 2 * between(random, 1, 4), between(random, 8, 70)];
      check({ outer: N, S: C, inner: P, step: P }, C, random); // batch
      check({ outer: 1, S: 2 * N, inner: (C / 2) * P, step: P }, C, random); // two groups
      check({ outer: 1, S: N * C, inner: P, step: P }, C, random); // instance
      check({ outer: 1, S: N * C, inner: P, step: 1 }, P, random); // layer
    }
  });

  it("leave short planes to the loops", () => {
    const x = guarded([6, 3], () => 1);
    const [mean, scale] = [new Float64Array(3), new Float64Array(3)];
    expect(fast.moments(x, mean, scale, { outer: 6, S: 3, inner: 1, step: 1 })).to.equal(false);
  });
});

function check(size: plain.NormalizeSize, affine: number, random: () => number): void {
  const total = size.outer * size.S * size.inner;
  const number = () => 4 * random() - 1;
  const [x, gy] = [guarded([total], number), guarded([total], number)];
  const [weight, bias] = [guarded([affine], number), guarded([affine], number)];
  const [y, gx] = [guarded([total], () => NaN), guarded([total], () => NaN)];
  const [gw, gb] = [guarded([affine], () => NaN), guarded([affine], () => NaN)];
  const doubles = (count: number) => new Float64Array(count);
  const [mean, variance] = [doubles(size.S), doubles(size.S)];
  const [wantedMean, wantedVariance] = [doubles(size.S), doubles(size.S)];

  expect(fast.moments(x, mean, variance, size)).to.equal(true);
  plain.moments(x.values, wantedMean, wantedVariance, size);
  expectClose("mean", mean, wantedMean);
  expectClose("variance", variance, wantedVariance);

  const scale = wantedVariance.map((v) => 1 / Math.sqrt(v + 1e-5));
  const tables = [weight.values, bias.values] as const;
  expect(fast.normalize(x, y, wantedMean, scale, weight, bias, size, tables)).to.equal(true);
  const wanted = {
    y: doubles(total),
    gx: doubles(total),
    gw: doubles(affine),
    gb: doubles(affine),
  };
  plain.normalize(x.values, wanted.y, wantedMean, scale, ...tables, size);
  expectClose("y", y.values, wanted.y);

  for (const fixed of [false, true]) {
    const w = weight.values;
    fast.normalizeGradX(gy, x, gx, wantedMean, scale, weight, w, fixed, size);
    plain.normalizeGradX(gy.values, x.values, wanted.gx, wantedMean, scale, w, fixed, size);
    expectClose("gx", gx.values, wanted.gx);
  }
  fast.normalizeGradAffine(gy, x, gw, gb, wantedMean, scale, affine, size);
  plain.normalizeGradAffine(gy.values, x.values, wanted.gw, wanted.gb, wantedMean, scale, size);
  expectClose("gw", gw.values, wanted.gw);
  expectClose("gb", gb.values, wanted.gb);
  expectUntouched(x, gy, weight, bias, y, gx, gw, gb);
}

function expectClose(name: string, got: ArrayLike<number>, wanted: ArrayLike<number>): void {
  const largest = Math.max(1, ...Array.from(wanted, Math.abs));
  let worst = 0;
  for (let i = 0; i < wanted.length; i++) {
    const error = Math.abs(got[i] - wanted[i]) / largest;
    if (!(error <= worst)) worst = error;
  }
  expect(worst, name).to.be.below(2e-6);
}
