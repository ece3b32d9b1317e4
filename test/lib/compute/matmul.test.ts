import { expect } from "chai";
import { addressOf } from "../../../lib/compute/operand.js";
import { matmul } from "../../../lib/compute/matmul.js";
import { between, expectUntouched, guarded, seeded } from "./guarded.js";

describe("matmul kernels", () => {
  it("agree with the formula for any shape, order and stride, and write nothing else", () => {
    const random = seeded(4);
    for (let i = 0; i < 200; i++) {
      const thin = i % 4 === 1; // few rows have kernels of their own, in strips of columns and parts of k
      const most = i % 15 === 0 ? [140, 1100, 300] : thin ? [16, 300, 600] : [21, 21, 40];
      const [M, N, K] = most.map((size) => between(random, 1, size));
      check(M, N, K, random);
    }
  });

  it("an empty sum is zero", () => {
    const out = guarded([3], () => NaN);
    const nothing = { pointer: 0, rowStep: 0, columnStep: 1 };
    matmul(1, 3, 0, nothing, nothing, addressOf(out), 3);
    expect([...out.values]).to.deep.equal([0, 0, 0]);
  });
});

function check(M: number, N: number, K: number, random: () => number): void {
  const a = matrix(M, K, random);
  const b = matrix(K, N, random);
  const gap = between(random, 0, 2);
  const out = guarded([M * (N + gap)], () => random());
  const before = out.values.slice();
  const accumulate = random() < 0.3;
  matmul(M, N, K, a.matrix, b.matrix, addressOf(out), N + gap, accumulate);

  let worst = 0;
  for (let i = 0; i < out.values.length; i++) {
    const [row, column] = [Math.floor(i / (N + gap)), i % (N + gap)];
    if (column >= N) {
      if (out.values[i] !== before[i]) worst = NaN; // written beside a row
      continue;
    }
    let sum = accumulate ? before[i] : 0;
    for (let k = 0; k < K; k++) sum += a.at(row, k) * b.at(k, column);
    const error = Math.abs(out.values[i] - sum);
    if (!(error <= worst)) worst = error;
  }
  expect(worst, `${M}×${N}×${K}`).to.be.below(2e-6 * Math.sqrt(K) + 1e-6);
  expectUntouched(a.operand, b.operand, out);
}

/** A random matrix, row by row or column by column, with a gap between the lines. */
function matrix(rows: number, columns: number, random: () => number) {
  const byColumns = random() < 0.5;
  const line = (byColumns ? rows : columns) + between(random, 0, 3);
  const [rowStep, columnStep] = byColumns ? [1, line] : [line, 1];
  const operand = guarded([line * (byColumns ? columns : rows)], () => 2 * random() - 1);
  return {
    operand,
    matrix: { pointer: addressOf(operand), rowStep, columnStep },
    at: (row: number, column: number) => operand.values[row * rowStep + column * columnStep],
  };
}
