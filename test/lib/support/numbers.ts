// Numbers of a fixture, and tensors compared with them.

import { expect } from "chai";
import type { Tensor } from "kernelbook";

export interface Numbers {
  shape: number[];
  data: (number | "NaN")[];
}

/** @throws AssertionError unless the shape is the same and all numbers are within atol + rtol · |wanted|. */
export function expectNumbers(
  what: string,
  got: Tensor,
  wanted: Numbers,
  { rtol = 1e-4, atol = 1e-5 } = {},
): void {
  expect(got.shape, what).to.deep.equal(wanted.shape);
  const { data } = got;
  wanted.data.forEach((value, i) => {
    if (value === "NaN") expect(data[i], `${what}[${i}]`).to.be.NaN;
    else expect(data[i], `${what}[${i}]`).to.be.closeTo(value, atol + rtol * Math.abs(value));
  });
}
