import { expect } from "chai";
import { binary, copy, unary } from "../../../lib/compute/elementwise.js";
import type { BinaryName, UnaryName } from "../../../lib/compute/operations.js";
import { broadcastStrides, numelOf, rowMajorStrides } from "../../../lib/shape.js";
import { between, expectUntouched, guarded, seeded, type Guarded } from "./guarded.js";

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const kneeled = (x: number) => Math.min(Math.max(x + 3, 0), 6);
const geluTanh = (x: number) =>
  (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

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
  elu: (x, p, q) => (x > 0 ? p * x : q * Math.expm1(x)),
  truncate: Math.trunc,
  sign: Math.sign,
  cube: (x) => x ** 3,
  expm1: Math.expm1,
  exp2: (x) => 2 ** x,
  log1p: Math.log1p,
  log2: Math.log2,
  sin: Math.sin,
  cos: Math.cos,
  atan: Math.atan,
  power: (x, p) => x ** p,
  inverseSquareRoot: (x) => 1 / Math.sqrt(x),
  softplus: (x, p, q) => (p * x > q ? x : softplus(p * x) / p),
  logSigmoid: (x) => -softplus(-x),
  mish: (x) => x * Math.tanh(softplus(x)),
  geluTanh,
  softsign: (x) => x / (1 + Math.abs(x)),
  hardsigmoid: (x) => kneeled(x) / 6,
  hardswish: (x) => (x * kneeled(x)) / 6,
  hardshrink: (x, p) => (Math.abs(x) > p ? x : 0),
  softshrink: (x, p) => (x > p ? x - p : x < -p ? x + p : 0),
  threshold: (x, p, q) => (x > p ? x : q),
};

/** The ways back: g times the derivative of this, where it has one. */
const slopes: Partial<Record<BinaryName, (x: number, p: number, q: number) => number>> = {
  cubeBackward: (x) => x ** 3,
  clampBackward: (x, p, q) => Math.max(Math.min(x, q), p),
  hardtanhBackward: (x, p, q) => Math.max(Math.min(x, q), p),
  eluBackward: unaries.elu!,
  siluBackward: unaries.silu!,
  geluBackward: unaries.gelu!,
  geluTanhBackward: geluTanh,
  mishBackward: unaries.mish!,
  softplusBackward: unaries.softplus!,
  logSigmoidBackward: unaries.logSigmoid!,
  softsignBackward: unaries.softsign!,
  hardsigmoidBackward: unaries.hardsigmoid!,
  hardswishBackward: unaries.hardswish!,
  shrinkBackward: unaries.hardshrink!,
  thresholdBackward: unaries.threshold!,
};

const binaries: Partial<Record<BinaryName, (x: number, y: number, p: number) => number>> = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  maximum: (x, y) => Math.max(x, y),
  atan2: Math.atan2,
  addScaled: (x, y, p) => x + p * y,
  reluBackward: (x, y) => (y > 0 ? x : 0),
  tanhBackward: (x, y) => x * (1 - y * y),
  squaredDifference: (x, y) => (x - y) ** 2,
  absoluteDifference: (x, y) => Math.abs(x - y),
  smoothDifference: (x, y, p) => {
    const d = Math.abs(x - y);
    return d < p ? (0.5 * d * d) / p : d - 0.5 * p;
  },
  logisticLoss: (x, y) => Math.max(x, 0) - x * y + softplus(-Math.abs(x)),
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
          if (Number.isNaN(wanted)) return expect(y.values[i], `${name}(${v})`).to.be.NaN;
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

  it("ways back agree with difference quotients, away from corners", () => {
    const random = seeded(8);
    for (const [name, f] of Object.entries(slopes)) {
      const g = guarded([150], () => 2 * random() - 1);
      const x = guarded([150], () => 12 * random() - 6);
      const gx = guarded([150], () => NaN);
      binary(name as BinaryName, g, x, gx, 0.25, 1.5);
      x.values.forEach((v, i) => {
        const [below, here, above] = [v - 1e-3, v, v + 1e-3].map((at) => f(at, 0.25, 1.5));
        const slope = (above - below) / 2e-3;
        if (Math.abs(above - 2 * here + below) > 1e-5 * (1 + Math.abs(v))) return; // a corner
        expect(gx.values[i], `${name} at ${v}`).to.be.closeTo(g.values[i] * slope, 1e-4);
      });
      expectUntouched(g, x, gx);
    }
  });

  it("near their limits and edges functions are right to the last places", () => {
    const at = (name: UnaryName, v: number, p = 0) => {
      const [x, y] = [guarded([1], () => v), guarded([1], () => 0)];
      unary(name, x, y, p);
      return y.values[0];
    };
    for (const v of [1e-30, -1e-7, 0.3, -0.3, 2.5, 20, 88.6, 100, -20, -Infinity, Infinity, NaN]) {
      expectNear(at("expm1", v), Math.fround(Math.expm1(Math.fround(v))), `expm1 ${v}`);
    }
    for (const v of [1e-30, -1e-7, 0.3, -0.9999, 1e30, -1, -2, Infinity, NaN]) {
      expectNear(at("log1p", v), Math.fround(Math.log1p(Math.fround(v))), `log1p ${v}`);
    }
    for (const v of [1, 8, 2 ** -140, 0.99, 1.01, 0, -1, Infinity, NaN]) {
      expectNear(at("log2", v), Math.fround(Math.log2(Math.fround(v))), `log2 ${v}`);
    }
    for (const v of [3, -149, -130.5, 127.9, 128, 0.5, -Infinity, NaN]) {
      expectNear(at("exp2", v), Math.fround(2 ** Math.fround(v)), `exp2 ${v}`);
    }
    for (const v of [0, 1e-30, 3, 100.5, 1e5, 1e8]) {
      expectNear(at("sin", v), Math.fround(Math.sin(Math.fround(v))), `sin ${v}`);
      expectNear(at("cos", v), Math.fround(Math.cos(Math.fround(v))), `cos ${v}`);
    }
    for (const [v, p] of [
      ...[
        [0, 0.5],
        [0, -0.5],
        [0, 0],
        [Infinity, 1.5],
        [Infinity, -1.5],
        [NaN, 0],
        [-1, 0.5],
      ],
      ...[
        [1e-40, 0.5],
        [3.7, 60.3],
        [1e20, 1.7],
        [1e-20, 2.2],
        [0.9999, 5000.5],
        [2, 1.7],
      ],
    ]) {
      expectNear(at("power", v, p), Math.fround(Math.fround(v) ** Math.fround(p)), `${v} ^ ${p}`);
    }
  });

  it("sine and cosine of a huge number are left to the loops", () => {
    const y = guarded([1], () => 0);
    expect(
      unary(
        "sin",
        guarded([1], () => 1e10),
        y,
      ),
    ).to.equal(false);
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

  it("atan2 turns every way, to its edges", () => {
    const sizes = [0, 1e-40, 0.5, 1, 3e38, Infinity];
    const all = [...sizes, ...sizes.map((v) => -v), NaN];
    const places = all.flatMap((y) => all.map((x) => [y, x]));
    const [a, b] = [0, 1].map((k) => guarded([places.length], (i) => places[i][k]));
    const angle = guarded([places.length], () => 9);
    binary("atan2", a, b, angle);
    places.forEach(([y, x], i) => {
      const want = Math.atan2(Math.fround(y), Math.fround(x));
      const got = angle.values[i];
      const near = Object.is(got, want) || Math.abs(got - want) <= 2.4e-7 * Math.abs(want) + 1e-44;
      expect(near, `atan2(${y}, ${x}): ${got}, ${want}`).to.equal(true);
    });
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

/** Equal, or apart by a few units in the last place. */
function expectNear(got: number, wanted: number, what: string): void {
  if (!Number.isFinite(wanted)) return expect(got, what).to.deep.equal(wanted) as never;
  expect(got, what).to.be.closeTo(wanted, 4e-7 * Math.abs(wanted) + 1.5e-45);
}
