import { expect } from "chai";
import * as fast from "../../../lib/compute/reduction.js";
import { Storage } from "../../../lib/compute/storage.js";
import { numelOf, rowMajorStrides } from "../../../lib/shape.js";
import { between, expectUntouched, guarded, seeded, type Guarded } from "./guarded.js";

const folds: Record<fast.FoldName, (values: number[]) => number> = {
  greatest: (values) => Math.max(...values),
  least: (values) => Math.min(...values),
  greatestSize: (values) => Math.max(...values.map(Math.abs)),
  length: (values) => Math.hypot(...values),
  sizes: (values) => values.reduce((sum, v) => sum + Math.abs(v), 0),
  product: (values) => values.reduce((product, v) => product * v, 1),
};

describe("kernels that fold axes", () => {
  it("agree with plain loops over any axes of any view, and write nothing else", () => {
    const random = seeded(31);
    for (let i = 0; i < 120; i++) {
      const x = viewOf(
        Array.from({ length: between(random, 1, 4) }, () => between(random, 1, 9)),
        random,
        i % 5 === 0 ? () => (random() < 0.2 ? NaN : Infinity * (random() - 0.5)) : undefined,
      );
      const axes = x.shape.map((_, axis) => axis).filter(() => random() < 0.5);
      const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
      const groups = groupsOf(x, axes, kept);
      for (const [name, f] of Object.entries(folds)) {
        if (i % 5 === 0 && name === "length") continue; // hypot prefers infinity to NaN
        const y = guarded(kept, () => NaN);
        expect(fast.fold(name as fast.FoldName, x, axes, y)).to.equal(true);
        expectAll(
          y,
          groups.map(({ values }) => f(values)),
          `${name} over ${axes} of ${x.shape}`,
        );
      }
      const y = guarded(kept, () => NaN);
      expect(fast.sum(x, axes, y)).to.equal(true);
      if (i % 5 !== 0)
        expectAll(
          y,
          groups.map(({ values }) => values.reduce((a, b) => a + b, 0)),
          "sum",
        );
      expectUntouched(y);
    }
  });

  it("find the first best place, or the first NaN", () => {
    const random = seeded(32);
    for (let i = 0; i < 200; i++) {
      const shape = Array.from({ length: between(random, 1, 3) }, () => between(random, 1, 40));
      const x = viewOf(shape, random, () => (random() < 0.02 ? NaN : between(random, -3, 3)));
      const axis = between(random, 0, shape.length - 1);
      const kept = x.shape.with(axis, 1);
      for (const least of [false, true]) {
        const places = int64(kept);
        expect(fast.best(x, axis, least, places)).to.equal(true);
        groupsOf(x, [axis], kept).forEach(({ values }, k) => {
          const best = folds[least ? "least" : "greatest"](values);
          const wanted = values.findIndex((v) => Object.is(v + 0, best + 0));
          expect(places.storage.array[k], `${x.shape} along ${axis}`).to.equal(wanted);
        });
      }
    }
  });

  it("add up running sums from both ends", () => {
    const random = seeded(33);
    for (let i = 0; i < 60; i++) {
      const shape = Array.from({ length: between(random, 1, 3) }, () => between(random, 1, 12));
      const x = viewOf(shape, random);
      const axis = between(random, 0, shape.length - 1);
      for (const backwards of [false, true]) {
        const y = guarded(shape, () => NaN);
        expect(fast.runningSums(x, axis, y, backwards)).to.equal(true);
        for (const { values, places } of groupsOf(x, [axis], shape.with(axis, 1))) {
          const order = backwards ? places.toReversed() : places;
          let sum = 0;
          (backwards ? values.toReversed() : values).forEach((v, k) => {
            sum += v;
            expect(y.values[order[k]]).to.be.closeTo(sum, 1e-5);
          });
        }
        expectUntouched(y);
      }
    }
  });

  it("softmax along any axis, and its way back", () => {
    const random = seeded(34);
    for (let i = 0; i < 24; i++) {
      const shape = [between(random, 1, 4), between(random, 1, 9), between(random, 1, 90)];
      const axis = between(random, 0, 2);
      const [x, gy] = [0, 1].map(() => guarded(shape, () => 6 * random() - 3));
      for (const logarithm of [false, true]) {
        const [y, gx] = [0, 1].map(() => guarded(shape, () => NaN));
        expect(fast.softmax(x, axis, y, logarithm)).to.equal(true);
        expect(fast.softmaxBackward(gy, y, axis, gx, logarithm)).to.equal(true);
        for (const { values, places } of groupsOf(x, [axis], shape.with(axis, 1))) {
          const exps = values.map(Math.exp);
          const total = exps.reduce((a, b) => a + b, 0);
          const gs = places.map((place) => gy.values[place]);
          const share = exps.map((e) => e / total);
          const dot = logarithm
            ? gs.reduce((a, b) => a + b, 0)
            : gs.reduce((sum, g, k) => sum + g * share[k], 0);
          places.forEach((place, k) => {
            const wanted = logarithm ? Math.log(share[k]) : share[k];
            expect(y.values[place]).to.be.closeTo(wanted, 2e-6);
            const back = logarithm ? gs[k] - share[k] * dot : share[k] * (gs[k] - dot);
            expect(gx.values[place]).to.be.closeTo(back, 2e-5);
          });
        }
        expectUntouched(y, gx);
      }
    }
  });
});

function expectAll(y: Guarded, wanted: number[], what: string): void {
  wanted.forEach((v, k) => {
    if (!Number.isFinite(v)) expect(y.values[k] + 0, what).to.deep.equal(v + 0);
    else expect(y.values[k], what).to.be.closeTo(v, 1e-5 + 1e-5 * Math.abs(v));
  });
  expectUntouched(y);
}

function int64(shape: readonly number[]) {
  return {
    storage: new Storage("int64", numelOf(shape)),
    offset: 0,
    shape,
    strides: rowMajorStrides(shape),
  };
}

/** Numbers whose axes may lie in memory in another order, or with a step. */
function viewOf(
  shape: readonly number[],
  random: () => number,
  value: () => number = () => 2 * random() - 1,
): Guarded {
  const order = shape.map((_, axis) => axis);
  if (random() < 0.5) order.sort(() => random() - 0.5);
  const step = random() < 0.3 ? 2 : 1;
  const sizes = order.map((axis) => shape[axis]);
  sizes[sizes.length - 1] *= step;
  const inMemory = guarded(sizes, value);
  const steps = rowMajorStrides(sizes).map((s, k) => (k === sizes.length - 1 ? step : s));
  return { ...inMemory, shape, strides: shape.map((_, axis) => steps[order.indexOf(axis)]) };
}

/** For each place of `kept` the numbers that are folded into it, and their row-major places in x. */
function groupsOf(x: Guarded, axes: readonly number[], kept: readonly number[]) {
  const groups = Array.from({ length: numelOf(kept) }, () => ({
    values: [] as number[],
    places: [] as number[],
  }));
  const steps = rowMajorStrides(kept);
  for (let index = 0; index < numelOf(x.shape); index++) {
    let [rest, from, group] = [index, 0, 0];
    for (let axis = x.shape.length - 1; axis >= 0; axis--) {
      const at = rest % x.shape[axis];
      rest = Math.floor(rest / x.shape[axis]);
      from += at * x.strides[axis];
      if (!axes.includes(axis)) group += at * steps[axis];
    }
    groups[group].values.push(x.values[from]);
    groups[group].places.push(index);
  }
  return groups;
}
