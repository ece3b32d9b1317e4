import { expect } from "chai";
import * as fast from "../../../lib/compute/optimize.js";
import * as plain from "../../../lib/compute/plain/optimize.js";
import { expectUntouched, guarded, seeded, type Guarded } from "./guarded.js";

describe("kernels of optimizers", () => {
  it("RMSprop and Adagrad agree with the plain loops at every length, and write nothing else", () => {
    const random = seeded(61);
    for (const count of [1, 3, 4, 5, 18]) {
      for (const centered of [false, true]) {
        const all = (k: number) =>
          guarded([count], () => (k < 2 ? 2 * random() - 1 : random() + 1));
        const operands = [0, 1, 2, 3, 4].map(all);
        const [p, g, square, mean, velocity] = operands;
        if (centered) mean.values.fill(0.1);
        const copies = operands.map(({ values }) => Float32Array.from(values));
        const step = {
          lr: 0.1,
          alpha: 0.9,
          eps: 1e-3,
          weightDecay: 0.01,
          momentum: 0.5,
          sign: 1,
        } as const;
        fast.rmspropStep(p, g, square, centered ? mean : null, centered ? velocity : null, step);
        const [ps, gs, squares, means, velocities] = copies;
        plain.rmspropStep(
          ps,
          gs,
          squares,
          centered ? means : null,
          centered ? velocities : null,
          step,
        );
        expectAll(operands, copies);

        const rule = { rate: 0.1, eps: 1e-3, weightDecay: 0.01, sign: 1 } as const;
        fast.adagradStep(p, g, square, rule);
        plain.adagradStep(ps, gs, squares, rule);
        expectAll(operands, copies);
      }
    }
  });
});

function expectAll(operands: readonly Guarded[], copies: readonly Float32Array[]): void {
  operands.forEach(({ values }, k) =>
    values.forEach((v, i) => expect(v).to.be.closeTo(copies[k][i], 2e-6)),
  );
  expectUntouched(...operands);
}
