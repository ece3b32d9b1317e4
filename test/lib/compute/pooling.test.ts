import { expect } from "chai";
import * as pooling from "../../../lib/compute/pooling.js";
import * as plain from "../../../lib/compute/plain/pool.js";
import type { Bins, PoolSize } from "../../../lib/compute/plain/pool.js";
import { Storage } from "../../../lib/compute/storage.js";
import { between, expectUntouched, guarded, relativeError, seeded } from "./guarded.js";

type Random = () => number;

describe("pooling kernels", () => {
  it("max: agrees with the plain loops for any window, with the winners", () => {
    const random = seeded(11);
    for (let i = 0; i < 150; i++) checkMax(slidingSize(random, i), () => 2 * random() - 1);
  });

  it("max: of equal numbers the first wins", () => {
    const random = seeded(12);
    for (let i = 0; i < 60; i++) checkMax(slidingSize(random, i), () => between(random, 0, 2));
  });

  it("max: NaN wins over everything; infinities are numbers", () => {
    const random = seeded(13);
    const odd = [NaN, Infinity, -Infinity];
    const value = () => (random() < 0.1 ? odd[between(random, 0, 2)] : random());
    for (let i = 0; i < 60; i++) checkMax(slidingSize(random, i), value);
  });

  it("average: agrees with the plain loops, forwards and backwards", () => {
    const random = seeded(14);
    for (let i = 0; i < 150; i++) {
      const size = slidingSize(random, i, 1);
      const divisor = i % 5 === 0 ? between(random, 1, 9) : null;
      const { x, y, gy, gx } = operandsFor(size, () => 2 * random() - 1);
      expect(pooling.avgPool(x, y, divisor, size)).to.equal(true);
      expect(pooling.avgPoolGrad(gy, gx, divisor, size)).to.equal(true);

      const [wanted, wantedGx] = [y, gx].map(({ values }) => new Float64Array(values.length));
      plain.avgPool(x.values, wanted, divisor, size);
      plain.avgPoolGrad(gy.values, wantedGx, divisor, size);
      const what = JSON.stringify({ ...size, divisor });
      expect(relativeError(y.values, wanted), `y of ${what}`).to.be.below(2e-6);
      expect(relativeError(gx.values, wantedGx), `gx of ${what}`).to.be.below(2e-6);
      expectUntouched(x, y, gy, gx);
    }
  });
});

/** Windows of every kind; every third time those of 2 × 2, every seventh one that is the whole image. */
function slidingSize(random: Random, i: number, mostDilation = 3): PoolSize {
  const pick = (low: number, high: number) => between(random, low, high);
  const [H, W] = [pick(1, 4) === 1 ? pick(7, 9) : pick(10, 23), pick(9, 41)];
  const axis = (length: number) => {
    if (i % 3 === 0) return windows(length, 2, 2, 0, 1);
    if (i % 7 === 0) return windows(length, length, 1, 0, 1);
    const [kernel, dilation] = [pick(1, 4), pick(1, mostDilation)];
    const reach = (kernel - 1) * dilation + 1;
    const padding = pick(0, Math.floor(reach / 2));
    return reach <= length
      ? windows(length, kernel, pick(1, 4), padding, dilation)
      : windows(length, 1, 1, 0, 1);
  };
  return { planes: pick(1, 5), H, W, rows: axis(H), columns: axis(W) };
}

function windows(
  length: number,
  kernel: number,
  stride: number,
  padding: number,
  step: number,
): Bins {
  const reach = (kernel - 1) * step + 1;
  const count = Math.floor((length + 2 * padding - reach) / stride) + 1;
  const firsts = Array.from({ length: count }, (_, i) => i * stride - padding);
  const starts = firsts.map((first) =>
    first < 0 ? first + Math.ceil(-first / step) * step : first,
  );
  return {
    start: Int32Array.from(starts),
    end: Int32Array.from(firsts, (first) => Math.min(first + reach, length)),
    step,
    divisor: Float64Array.from(firsts, () => kernel),
  };
}

function operandsFor({ planes, H, W, rows, columns }: PoolSize, value: () => number) {
  const pooled = [planes, rows.start.length, columns.start.length];
  return {
    x: guarded([planes, H, W], value),
    y: guarded(pooled, () => NaN),
    gy: guarded(pooled, value),
    gx: guarded([planes, H, W], () => NaN),
  };
}

function checkMax(size: PoolSize, value: () => number): void {
  const { x, y } = operandsFor(size, value);
  const alone = operandsFor(size, () => NaN).y;
  const count = y.values.length;
  const winners = { ...y, storage: new Storage("int32", count), offset: 0 };
  expect(pooling.maxPool(x, y, winners, size)).to.equal(true);
  expect(pooling.maxPool(x, alone, null, size)).to.equal(true);

  const [wanted, places] = [new Float32Array(count), new Int32Array(count)];
  plain.maxPool(x.values, wanted, places, size);
  const what = JSON.stringify(size);
  expect([...y.values], what).to.deep.equal([...wanted]);
  expect([...alone.values], what).to.deep.equal([...wanted]);
  expect([...winners.storage.array], what).to.deep.equal([...places]);
  expectUntouched(x, y, alone);
}
