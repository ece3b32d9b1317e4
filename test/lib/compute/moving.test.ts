// What moves numbers about: copies between views, places along an axis, resampling, order, and random draws.
import { expect } from "chai";
import * as draws from "../../../lib/compute/draws.js";
import { copy } from "../../../lib/compute/elementwise.js";
import { firstPlaces, middlePlace, sortedPlaces } from "../../../lib/compute/plain/order.js";
import * as places from "../../../lib/compute/places.js";
import { resample, resampleBackward } from "../../../lib/compute/resample.js";
import { Storage } from "../../../lib/compute/storage.js";
import { Generator } from "../../../lib/random/generator.js";
import { rowMajorStrides } from "../../../lib/shape.js";
import { between, expectUntouched, guarded, seeded } from "./guarded.js";

function int64(shape: readonly number[], value: () => number) {
  const storage = new Storage(
    "int64",
    shape.reduce((a, b) => a * b, 1),
  );
  for (let i = 0; i < storage.length; i++) storage.array[i] = value();
  return { storage, offset: 0, shape, strides: rowMajorStrides(shape) };
}

describe("kernels that move numbers", () => {
  it("copy a view into a view, reversed and stepped ones too", () => {
    const random = seeded(51);
    for (let i = 0; i < 80; i++) {
      const [rows, columns, step] = [
        between(random, 1, 7),
        between(random, 1, 19),
        between(random, 1, 3),
      ];
      const x = guarded([rows, columns], random);
      const back = random() < 0.5;
      const offset = x.offset + (back ? columns - 1 : 0);
      const source = { ...x, offset, strides: [columns, back ? -1 : 1] };
      const room = guarded([rows, columns * step + 2], () => 5);
      const target = { ...room, shape: [rows, columns], strides: [columns * step + 2, step] };
      expect(copy(source, target)).to.equal(true);
      room.values.forEach((v, k) => {
        const [row, place] = [Math.floor(k / (columns * step + 2)), k % (columns * step + 2)];
        const column = place / step;
        const inside = Number.isInteger(column) && column < columns;
        const from = row * columns + (back ? columns - 1 - column : column);
        expect(v).to.equal(inside ? x.values[from] : 5);
      });
      expectUntouched(room);
    }
  });

  it("read, write and add along an axis", () => {
    const random = seeded(52);
    for (let i = 0; i < 60; i++) {
      const [outer, size, k, inner] = [1, 2, 3, 4].map(() => between(random, 1, 7));
      const x = guarded([outer, size, inner], random);
      const index = int64([outer, k, inner], () => between(random, 0, size - 1));
      const y = guarded([outer, k, inner], () => NaN);
      expect(places.gather(x, 1, index, y)).to.equal(true);
      const at = (o: number, j: number, n: number) => (o * size + n) * inner + j;
      const wanted = { replaced: [...x.values], added: [...x.values] };
      index.storage.array.forEach((place, p) => {
        const [o, j] = [Math.floor(p / (k * inner)), p % inner];
        expect(y.values[p]).to.equal(x.values[at(o, j, place)]);
        wanted.replaced[at(o, j, place)] = y.values[p] + 1;
        wanted.added[at(o, j, place)] = Math.fround(
          wanted.added[at(o, j, place)] + Math.fround(y.values[p] + 1),
        );
      });
      const more = guarded([outer, k, inner], (p) => y.values[p] + 1);
      for (const adds of [false, true]) {
        const target = guarded([outer, size, inner], (p) => x.values[p]);
        expect(places.scatter(more, 1, index, adds, target)).to.equal(true);
        target.values.forEach((v, p) => {
          expect(v).to.be.closeTo(wanted[adds ? "added" : "replaced"][p], 1e-6);
        });
        expectUntouched(target);
      }
      const line = int64([k], () => between(random, 0, size - 1));
      const slices = guarded([outer, k, inner], () => NaN);
      const sums = guarded([outer, size, inner], () => 0);
      expect(places.gatherSlices(x, 1, line, slices)).to.equal(true);
      expect(places.addSlices(slices, 1, line, sums)).to.equal(true);
      slices.values.forEach((v, p) => {
        const [o, n, j] = [Math.floor(p / (k * inner)), Math.floor(p / inner) % k, p % inner];
        expect(v).to.equal(x.values[at(o, j, line.storage.array[n])]);
      });
      sums.values.forEach((v, p) => {
        const place = Math.floor(p / inner) % size;
        const times = line.storage.array.filter((n) => n === place).length;
        expect(v).to.be.closeTo(times * x.values[p], 1e-5);
      });
      expectUntouched(y, slices, sums);
    }
  });

  it("find the first place outside of an axis", () => {
    const index = int64([11], () => 3);
    expect(places.firstBad(index, 4)).to.equal(-1);
    for (const [at, bad] of [
      [0, 4],
      [5, -1],
      [10, NaN],
    ]) {
      index.storage.array[at] = bad;
      expect(places.firstBad(index, 4)).to.equal(at);
      index.storage.array[at] = 3;
    }
  });

  it("resample an axis, and take gradients back", () => {
    const random = seeded(53);
    for (let i = 0; i < 40; i++) {
      const [outer, size, length, inner] = [1, 2, 3, 4].map(() => between(random, 1, 6));
      const table = () => Int32Array.from({ length }, () => between(random, 0, size - 1));
      const weight = Float64Array.from({ length }, () => (random() < 0.3 ? 0 : random()));
      const taps = { left: table(), right: table(), weight };
      const [x, gy] = [
        guarded([outer, size, inner], random),
        guarded([outer, length, inner], random),
      ];
      const [y, gx] = [
        guarded([outer, length, inner], () => NaN),
        guarded([outer, size, inner], () => 0),
      ];
      expect(resample(x, 1, taps, y)).to.equal(true);
      expect(resampleBackward(gy, 1, taps, gx)).to.equal(true);
      const wanted = new Float64Array(gx.values.length);
      y.values.forEach((v, p) => {
        const [o, n, j] = [
          Math.floor(p / (length * inner)),
          Math.floor(p / inner) % length,
          p % inner,
        ];
        const [a, b] = [taps.left[n], taps.right[n]].map((place) => (o * size + place) * inner + j);
        expect(v).to.be.closeTo((1 - weight[n]) * x.values[a] + weight[n] * x.values[b], 1e-6);
        wanted[a] += (1 - weight[n]) * gy.values[p];
        wanted[b] += weight[n] * gy.values[p];
      });
      gx.values.forEach((v, p) => expect(v).to.be.closeTo(wanted[p], 1e-5));
      expectUntouched(y, gx);
    }
  });

  it("order numbers as a stable sort does, NaN last", () => {
    const random = seeded(54);
    const odd = [NaN, -NaN, Infinity, -Infinity, 0, -0, 1e-40];
    for (const length of [0, 1, 2, 17, 48, 49, 700]) {
      for (const Numbers of [Float32Array, Float64Array, Int32Array]) {
        for (const descending of [false, true]) {
          const values = new Numbers(2 * length + 1).map(() =>
            random() < 0.2 && Numbers !== Int32Array
              ? odd[between(random, 0, 6)]
              : between(random, -99, 99),
          );
          const of = (place: number) => values[1 + 2 * place];
          const compare = (a: number, b: number) => {
            if (a !== a || b !== b) return Number(a !== a) - Number(b !== b);
            return a - b;
          };
          const wanted = Array.from({ length }, (_, place) => place).sort(
            (a, b) => (descending ? -1 : 1) * compare(of(a), of(b)),
          );
          expect([
            ...sortedPlaces(values, 1, 2, length, descending).subarray(0, length),
          ]).to.deep.equal(wanted);
          for (const k of [1, 5, 60]) {
            const first = firstPlaces(values, 1, 2, length, descending, k);
            expect([...first.subarray(0, Math.min(k, length))]).to.deep.equal(wanted.slice(0, k));
          }
          if (length === 0 || descending) continue;
          const nan = Array.from({ length }, (_, place) => place).find((place) =>
            Number.isNaN(of(place)),
          );
          expect(middlePlace(values, 1, 2, length)).to.equal(nan ?? wanted[(length - 1) >> 1]);
        }
      }
    }
  });

  it("draw the numbers that one by one come out", () => {
    for (const count of [64, 623, 625, 1000, 17000, 40001]) {
      const [one, other] = [new Generator(7), new Generator(7)];
      const y = guarded([count], () => 0);
      draws.uniform(one.engine, y, 0, 1, 1);
      for (let i = 0; i < count; i++) {
        const wanted = other.uniform32();
        if (y.values[i] !== wanted)
          expect.fail(`number ${i} of ${count}: ${y.values[i]}, not ${wanted}`);
      }
      draws.chance(one.engine, y, 0.3, 2);
      for (let i = 0; i < count; i++) {
        const wanted = other.uniform64() < 0.3 ? 2 : 0;
        if (y.values[i] !== wanted) expect.fail(`draw ${i} of ${count}`);
      }
      expect([...draws.words(one.engine, 5)]).to.deep.equal([1, 2, 3, 4, 5].map(() => other.u32()));
      expectUntouched(y);
    }
  });
});
