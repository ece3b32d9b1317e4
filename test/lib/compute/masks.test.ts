import { expect } from "chai";
import { convert, fill } from "../../../lib/compute/convert.js";
import type { DType } from "../../../lib/compute/dtypes.js";
import * as masks from "../../../lib/compute/masks.js";
import type { Operand } from "../../../lib/compute/operand.js";
import { Storage } from "../../../lib/compute/storage.js";
import { broadcastStrides, numelOf, rowMajorStrides } from "../../../lib/shape.js";
import { between, seeded } from "./guarded.js";

const MARGIN = 24;

/** Numbers of any dtype with a margin of 77 around them. */
function margined(dtype: DType, shape: readonly number[], value: (i: number) => number): Operand {
  const storage = new Storage(dtype, numelOf(shape) + 2 * MARGIN);
  storage.array.fill(77);
  for (let i = 0; i < numelOf(shape); i++) storage.array[MARGIN + i] = value(i);
  return { storage, offset: MARGIN, shape, strides: rowMajorStrides(shape) };
}

const valuesOf = ({ storage, shape }: Operand) => [
  ...storage.array.subarray(MARGIN, MARGIN + numelOf(shape)),
];

function expectMargins({ storage }: Operand): void {
  const { array, length } = storage;
  const margins = [...array.subarray(0, MARGIN), ...array.subarray(length - MARGIN)];
  expect(
    margins.every((v) => v === 77),
    "memory around the result",
  ).to.equal(true);
}

/** An operand that broadcasts to `shape`. */
function broadcasting(dtype: DType, shape: readonly number[], random: () => number): Operand {
  const own = shape.slice(random() < 0.3 ? between(random, 0, shape.length) : 0);
  const sizes = own.map((size) => (random() < 0.3 ? 1 : size));
  const nan = dtype === "float32" || dtype === "float64" ? 0.1 : 0;
  const low = dtype === "bool" || dtype === "uint8" ? 0 : -2;
  return margined(dtype, sizes, () => (random() < nan ? NaN : between(random, low, low + 3)));
}

function stretchedValues(x: Operand, shape: readonly number[]): number[] {
  const strides = broadcastStrides(x.shape, x.strides, shape);
  return Array.from({ length: numelOf(shape) }, (_, index) => {
    let place = x.offset;
    for (let axis = shape.length - 1, rest = index; axis >= 0; axis--) {
      place += (rest % shape[axis]) * strides[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    return x.storage.array[place];
  });
}

const questions: Record<masks.Question, (a: number, b: number) => boolean> = {
  equal: (a, b) => a === b,
  different: (a, b) => a !== b,
  less: (a, b) => a < b,
  atMost: (a, b) => a <= b,
  both: (a, b) => a !== 0 && b !== 0,
  either: (a, b) => a !== 0 || b !== 0,
  exactlyOne: (a, b) => (a !== 0) !== (b !== 0),
};

const shapeOf = (random: () => number) =>
  Array.from({ length: between(random, 0, 3) }, () => between(random, 1, 21));

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

  it("add, multiply and compare doubles and whole numbers, without -0 among the whole", () => {
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
          expect(masks.wide(name, a, b, y)).to.equal(true);
          const [as, bs] = [stretchedValues(a, shape), stretchedValues(b, shape)];
          const results = as.map((v, k) => f(v, bs[k]) + (dtype === "int64" ? 0 : -0));
          expect(valuesOf(y), `${dtype} ${name}`).to.deep.equal(results);
          expectMargins(y);
        }
      }
    }
    const y = margined("int64", [2], () => 9);
    masks.wide(
      "multiply",
      margined("int64", [2], () => 2 ** 40),
      margined("int64", [1], () => 2 ** 40),
      y,
    );
    expect(valuesOf(y)).to.deep.equal([-(2 ** 63), -(2 ** 63)]); // no int64 holds 2^80
  });

  it("count and add up rows", () => {
    const random = seeded(44);
    for (const n of [1, 15, 16, 17, 300]) {
      const x = margined("uint8", [3, n], () => between(random, 0, 255));
      const doubles = margined("float64", [3, n], () => random() - 0.5);
      const [counts, sums, wide] = [0, 1, 2].map((k) =>
        margined(k < 2 ? "int64" : "float64", [3], () => 0),
      );
      masks.count(x, n, false, counts);
      masks.count(x, n, true, sums);
      masks.sumWide(doubles, n, wide);
      const rows = (y: Operand) =>
        [0, 1, 2].map((row) => valuesOf(y).slice(row * n, (row + 1) * n));
      expect(valuesOf(counts)).to.deep.equal(
        rows(x).map((row) => row.filter((v) => v !== 0).length),
      );
      expect(valuesOf(sums)).to.deep.equal(rows(x).map((row) => row.reduce((a, b) => a + b, 0)));
      rows(doubles).forEach((row, k) =>
        expect(valuesOf(wide)[k]).to.be.closeTo(
          row.reduce((a, b) => a + b, 0),
          1e-12,
        ),
      );
      [counts, sums, wide].forEach(expectMargins);
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
