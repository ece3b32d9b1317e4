import { expect } from "chai";
import { convert, fill } from "../../../lib/compute/convert.js";
import type { DType } from "../../../lib/compute/dtypes.js";
import * as masks from "../../../lib/compute/masks.js";
import type { Operand } from "../../../lib/compute/operand.js";
import {
  broadcasting,
  expectMargins,
  margined,
  shapeOf,
  stretchedValues,
  valuesOf,
} from "./margined.js";
import { between, seeded } from "./guarded.js";

const questions: Record<masks.Question, (a: number, b: number) => boolean> = {
  equal: (a, b) => a === b,
  different: (a, b) => a !== b,
  less: (a, b) => a < b,
  atMost: (a, b) => a <= b,
  both: (a, b) => a !== 0 && b !== 0,
  either: (a, b) => a !== 0 || b !== 0,
  exactlyOne: (a, b) => (a !== 0) !== (b !== 0),
};

describe("kernels for masks and other dtypes", () => {
  it("compare numbers of every kind, broadcasting, and write nothing else", () => {
    const random = seeded(41);
    for (const dtype of ["float32", "float64", "int64", "uint8", "bool"] as const) {
      for (const [name, test] of Object.entries(questions)) {
        for (let i = 0; i < 8; i++) {
          const shape = shapeOf(random);
          const [a, b] = [0, 1].map(() => broadcasting(dtype, shape, random));
          const y = margined("bool", shape, () => 9);
          expect(masks.compare(name as masks.Question, a, b, y)).to.equal(true);
          const [as, bs] = [stretchedValues(a, shape), stretchedValues(b, shape)];
          const wanted = as.map((v, k) => Number(test(v, bs[k])));
          expect(valuesOf(y), `${dtype} ${name}`).to.deep.equal(wanted);
          expectMargins(y);
        }
      }
    }
  });

  it("choose by a mask", () => {
    const random = seeded(42);
    for (let i = 0; i < 60; i++) {
      const shape = shapeOf(random);
      const condition = broadcasting("bool", shape, random);
      const [a, b] = [0, 1].map(() => broadcasting("float32", shape, random));
      const y = margined("float32", shape, () => 9);
      expect(masks.choose(condition, a, b, y)).to.equal(true);
      const [cs, as, bs] = [condition, a, b].map((x) => stretchedValues(x, shape));
      expect(valuesOf(y)).to.deep.equal(cs.map((c, k) => (c ? as[k] : bs[k])));
      expectMargins(y);
    }
  });

  it("count and add up rows", () => {
    const random = seeded(44);
    for (const n of [1, 15, 16, 17, 300]) {
      const x = margined("uint8", [3, n], () => between(random, 0, 255));
      const [counts, sums] = [0, 1].map(() => margined("int64", [3], () => 0));
      masks.count(x, n, false, counts);
      masks.count(x, n, true, sums);
      const rows = (y: Operand) =>
        [0, 1, 2].map((row) => valuesOf(y).slice(row * n, (row + 1) * n));
      expect(valuesOf(counts)).to.deep.equal(
        rows(x).map((row) => row.filter((v) => v !== 0).length),
      );
      expect(valuesOf(sums)).to.deep.equal(rows(x).map((row) => row.reduce((a, b) => a + b, 0)));
      [counts, sums].forEach(expectMargins);
    }
  });

  it("fill any dtype from any place", () => {
    for (const dtype of [
      "float32",
      "float64",
      "int64",
      "int32",
      "int16",
      "int8",
      "uint8",
      "bool",
    ] as const) {
      for (const count of [1, 3, 511, 1030, 5001]) {
        const x = margined(dtype, [count], () => 9);
        fill(x.storage, x.offset, count, dtype === "float32" ? 0.5 : 1);
        expect(new Set(valuesOf(x)).size).to.equal(1);
        expect(valuesOf(x)[count - 1]).to.equal(dtype === "float32" ? 0.5 : 1);
        expectMargins(x);
      }
    }
  });

  it("convert between dtypes at every length", () => {
    const random = seeded(45);
    const pairs: [DType, DType, (v: number) => number][] = [
      ["float32", "float64", (v) => v],
      ["float64", "float32", Math.fround],
      ["int64", "float32", Math.fround],
      ["uint8", "float32", (v) => v],
      ["bool", "int64", (v) => v],
      ["uint8", "float64", (v) => v],
      ["float32", "int64", (v) => (Math.abs(v) < 2 ** 63 ? Math.trunc(v) + 0 : -(2 ** 63))],
      ["float32", "int32", (v) => (Math.abs(v) < 2 ** 31 ? Math.trunc(v) + 0 : -(2 ** 31))],
      ["int32", "float32", Math.fround],
      ["float32", "bool", (v) => Number(v !== 0)],
      ["int64", "bool", (v) => Number(v !== 0)],
    ];
    const odd = [NaN, Infinity, -Infinity, -0.5, 3e9, 1e20, 0];
    for (const [from, to, f] of pairs) {
      for (const count of [1, 2, 3, 4, 5, 7, 16, 37]) {
        const floating = from === "float32";
        const x = margined(from, [count], (i) =>
          floating && random() < 0.3
            ? odd[i % odd.length]
            : between(random, 0, 1) * (floating ? random() * 900 - 450 : 1),
        );
        const y = margined(to, [count], () => 9);
        expect(convert(x, y), `${from} to ${to}`).to.equal(true);
        expect(valuesOf(y), `${from} to ${to}`).to.deep.equal(valuesOf(x).map(f));
        expectMargins(y);
      }
    }
  });
});
