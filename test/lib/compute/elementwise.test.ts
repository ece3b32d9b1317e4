import { expect } from "chai";
import { binary, copy, unary } from "../../../lib/compute/elementwise.js";
import type { BinaryName, UnaryName } from "../../../lib/compute/operations.js";
import { broadcastStrides, numelOf, rowMajorStrides } from "../../../lib/shape.js";
import { between, expectUntouched, guarded, seeded, type Guarded } from "./guarded.js";

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** The series, which converges for what is asked here. */
function erf(x: number): number {
  let [term, sum] = [x, x];
  for (let n = 1; n < 200; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const unaries: Partial<Record<UnaryName, (x: number, p: number, q: number) => number>> = {
  negate: (x) => -x,
  absolute: Math.abs,
  square: (x) => x * x,
  floor: Math.floor,
  ceil: Math.ceil,
  relu: (x) => Math.max(x, 0),
  exp: Math.exp,
  sigmoid,
  tanh: Math.tanh,
  erf,
  silu: (x) => x * sigmoid(x),
  gelu: (x) => (x / 2) * (1 + erf(x / Math.SQRT2)),
  addNumber: (x, p) => x + p,
  multiplyNumber: (x, p) => x * p,
  affine: (x, p, q) => p * x + q,
  subtractFromNumber: (x, p) => p - x,
  clamp: (x, p, q) => Math.max(Math.min(x, q), p),
  leakyRelu: (x, p) => (x > 0 ? x : p * x),
  elu: (x, p) => (x > 0 ? x : p * Math.expm1(x)),
};

const binaries: Partial<Record<BinaryName, (x: number, y: number, p: number) => number>> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  maximum: (x, y) => Math.max(x, y),
  addScaled: (x, y, p) => x + p * y,
  reluBackward: (x, y) => (y > 0 ? x : 0),
  tanhBackward: (x, y) => x * (1 - y * y),
};

describe("pointwise kernels", () => {
  it("agree with Math to a few units in the last place, at every length", () => {
    const random = seeded(5);
    for (const [name, formula] of Object.entries(unaries)) {
      for (const count of [1, 2, 3, 4, 5, 7, 8, 23]) {
        const x = guarded([count], () => 8 * random() - 4);
        const y = guarded([count], () => NaN);
        unary(name as UnaryName, x, y, 0.25, 1.5);
        x.values.forEach((v, i) => {
          const wanted = formula(v, 0.25, 1.5);
          expect(y.values[i], `${name}(${v})`).to.be.closeTo(
            wanted,
            1e-6 + 4e-7 * Math.abs(wanted),
          );
        });
        expectUntouched(x, y);
      }
    }
  });

  it("exp, log and sqrt are right over their whole range, with their limits", () => {
    const x = guarded([9], (i) => [-Infinity, -104, -87, 0, 1, 88.7, 89, Infinity, NaN][i]);
    const y = guarded([9], () => 0);
    unary("exp", x, y);
    const wanted = [...x.values].map((v) => Math.fround(Math.exp(v)));
    wanted.forEach((v, i) => {
      if (v > 1e-37 && v < Infinity) expect(y.values[i] / v).to.be.closeTo(1, 3e-7);
      else if (v < 1e-37) expect(y.values[i]).to.be.closeTo(v, 2e-45);
      else expect(y.values[i]).to.deep.equal(v);
    });

    const positive = guarded([8], (i) => [0, 1e-42, 1e-30, 0.5, 1, 3e38, Infinity, -1][i]);
    const logs = guarded([8], () => 0);
    unary("log", positive, logs);
    positive.values.forEach((v, i) => {
      const log = Math.log(v);
      if (Number.isFinite(log))
        expect(logs.values[i]).to.be.closeTo(log, 1e-7 + 2e-7 * Math.abs(log));
      else expect(logs.values[i]).to.deep.equal(log);
    });
  });

  it("NaN goes through relu and clamp", () => {
    const x = guarded([2], () => NaN);
    const y = guarded([2], () => 0);
    for (const name of ["relu", "clamp"] as const) {
      unary(name, x, y, -1, 1);
      expect([...y.values]).to.deep.equal([NaN, NaN]);
    }
  });

  it("two operands broadcast, from any view", () => {
    const random = seeded(6);
    for (let i = 0; i < 150; i++) {
      const shape = Array.from({ length: between(random, 0, 4) }, () => between(random, 1, 6));
      const names = Object.keys(binaries) as BinaryName[];
      const name = names[i % names.length];
      const [a, b] = [operandFor(shape, random), operandFor(shape, random)];
      const y = guarded(shape, () => NaN);
      expect(binary(name, a, b, y, 0.5)).to.equal(true);
      const [as, bs] = [valuesIn(a, shape), valuesIn(b, shape)];
      y.values.forEach((v, k) =>
        expect(v, name).to.be.closeTo(binaries[name]!(as[k], bs[k], 0.5), 1e-6),
      );
      expectUntouched(y);
    }
  });

  it("a view is copied to row-major order", () => {
    const random = seeded(7);
    for (let i = 0; i < 60; i++) {
      const shape = Array.from({ length: between(random, 1, 4) }, () => between(random, 1, 9));
      const x = operandFor(shape, random);
      const y = guarded(x.shape, () => NaN);
      copy(x, y);
      expect([...y.values]).to.deep.equal(valuesIn(x, x.shape));
      expectUntouched(y);
    }
  });
});

/** A random operand that broadcasts to `shape`: some axes 1, some missing in front, some exchanged in memory. */
function operandFor(shape: readonly number[], random: () => number): Guarded {
  const own = shape.slice(random() < 0.3 ? between(random, 0, shape.length) : 0);
  const sizes = own.map((size) => (random() < 0.3 ? 1 : size));
  const order = sizes.map((_, axis) => axis);
  if (random() < 0.5) order.sort(() => random() - 0.5);
  const inMemory = guarded(
    order.map((axis) => sizes[axis]),
    () => 2 * random() - 1,
  );
  const steps = rowMajorStrides(inMemory.shape);
  return { ...inMemory, shape: sizes, strides: sizes.map((_, axis) => steps[order.indexOf(axis)]) };
}

/** The operand's numbers, stretched to `shape`, in row-major order. */
function valuesIn(x: Guarded, shape: readonly number[]): number[] {
  const strides = broadcastStrides(x.shape, x.strides, shape);
  return Array.from({ length: numelOf(shape) }, (_, index) => {
    let place = 0;
    for (let axis = shape.length - 1, rest = index; axis >= 0; axis--) {
      place += (rest % shape[axis]) * strides[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    return x.values[place];
  });
}
