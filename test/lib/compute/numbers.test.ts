import { expect } from "chai";
import { arrayTypes } from "../../../lib/compute/dtypes.js";
import * as numbers from "../../../lib/compute/numbers.js";
import { between, seeded } from "./guarded.js";
import {
  broadcasting,
  expectMargins,
  margined,
  shapeOf,
  stretchedValues,
  valuesOf,
} from "./margined.js";

describe("kernels for numbers other than float32", () => {
  it("two doubles or int64 make one, without -0 among the whole", () => {
    const random = seeded(43);
    const wanted: Record<string, (a: number, b: number) => number> = {
      add: (a, b) => a + b,
      subtract: (a, b) => a - b,
      multiply: (a, b) => a * b,
      maximum: (a, b) => Math.max(a, b),
      minimum: (a, b) => Math.min(a, b),
    };
    for (const dtype of ["float64", "int64"] as const) {
      for (const [name, f] of Object.entries(wanted)) {
        for (let i = 0; i < 8; i++) {
          const shape = shapeOf(random);
          const [a, b] = [0, 1].map(() => broadcasting(dtype, shape, random));
          const y = margined(dtype, shape, () => 9);
          expect(numbers.wide(name, a, b, y)).to.equal(true);
          const [as, bs] = [stretchedValues(a, shape), stretchedValues(b, shape)];
          const results = as.map((v, k) => f(v, bs[k]) + (dtype === "int64" ? 0 : -0));
          expect(valuesOf(y), `${dtype} ${name}`).to.deep.equal(results);
          expectMargins(y);
        }
      }
    }
    const y = margined("int64", [2], () => 9);
    numbers.wide(
      "multiply",
      margined("int64", [2], () => 2 ** 40),
      margined("int64", [1], () => 2 ** 40),
      y,
    );
    expect(valuesOf(y)).to.deep.equal([-(2 ** 63), -(2 ** 63)]); // no int64 holds 2^80
  });

  it("whole numbers of at most 32 bits wrap around, as their arrays do", () => {
    const random = seeded(45);
    const wanted = {
      add: (a: number, b: number) => a + b,
      subtract: (a: number, b: number) => a - b,
      multiply: Math.imul,
    };
    for (const dtype of ["uint8", "int8", "int16", "int32"] as const) {
      for (const [name, f] of Object.entries(wanted)) {
        for (let i = 0; i < 12; i++) {
          const shape = shapeOf(random);
          const [a, b] = [0, 1].map(() => broadcasting(dtype, shape, random));
          for (const { storage } of [a, b])
            for (let k = 24; k < storage.length - 24; k++)
              storage.array[k] = between(random, -(2 ** 31), 2 ** 31);
          const y = margined(dtype, shape, () => 9);
          expect(numbers.whole(name, a, b, y)).to.equal(true);
          const [as, bs] = [stretchedValues(a, shape), stretchedValues(b, shape)];
          const results = [...new arrayTypes[dtype](as.map((v, k) => f(v, bs[k])))];
          expect(valuesOf(y), `${dtype} ${name}`).to.deep.equal(results);
          expectMargins(y);
        }
      }
    }
  });

  it("rows of doubles are added up, and give their greatest and least; NaN wins", () => {
    const random = seeded(44);
    for (const n of [1, 2, 7, 8, 17, 300]) {
      const x = margined("float64", [3, n], () => random() - 0.5);
      x.storage.array[x.offset + 2 * n + (n >> 1)] = NaN;
      const rows = [0, 1, 2].map((row) => valuesOf(x).slice(row * n, (row + 1) * n));
      const [sums, most, least] = [0, 1, 2].map(() => margined("float64", [3], () => 0));
      numbers.sumWide(x, n, sums);
      expect(numbers.extremeWide(x, n, false, most)).to.equal(true);
      expect(numbers.extremeWide(x, n, true, least)).to.equal(true);
      expect(valuesOf(most)).to.deep.equal(rows.map((row) => Math.max(...row)));
      expect(valuesOf(least)).to.deep.equal(rows.map((row) => Math.min(...row)));
      rows.slice(0, 2).forEach((row, k) => {
        const sum = row.reduce((a, b) => a + b, 0);
        expect(valuesOf(sums)[k]).to.be.closeTo(sum, 1e-12);
      });
      [sums, most, least].forEach(expectMargins);
    }
  });

  it("e^x of doubles is right to a unit in the last place, over and under what fits too", () => {
    const random = seeded(46);
    const edges = [0, -0, 1, -1, Infinity, -Infinity, NaN, 1e-300, 3e-9, 0.34657359, 0.3465736];
    edges.push(709.782712893384, 709.7827128933841, 710, 1e300, -745.13, -745.14, -708.4, -1e300);
    const x = margined("float64", [1501], (i) =>
      i < edges.length ? edges[i] : (random() - 0.5) * 2 ** between(random, -30, 11),
    );
    const y = margined("float64", [1501], () => 9);
    expect(numbers.expWide(x, y)).to.equal(true);
    valuesOf(x).forEach((v, i) => {
      const [got, want] = [valuesOf(y)[i], Math.exp(v)];
      const near = Object.is(got, want) || Math.abs(got - want) <= 2.3e-16 * want + 5e-324;
      expect(near, `e^${v}: ${got}, ${want}`).to.equal(true);
    });
    expectMargins(y);
  });
});
