// What the operations call: every function picks the engine's kernel where there is one for dtype and shape, else the
// plain loops. Operands are dense unless a function says otherwise; results are allocated by the caller.

import * as convolution from "./convolution/index.js";
import { addressOf, valuesOf, type Operand } from "./operand.js";
import * as plain from "./plain/conv2d.js";
import type { Conv2dSize } from "./plain/conv2d.js";
import { run } from "./team.js";

export type { Conv2dSize } from "./plain/conv2d.js";
export type { Operand } from "./operand.js";

const allFloat32 = (...operands: readonly Operand[]) =>
  operands.every(({ storage }) => storage.dtype === "float32");

export function conv2d(
  x: Operand,
  weight: Operand,
  bias: Operand | null,
  y: Operand,
  size: Conv2dSize,
): void {
  if (allFloat32(x, weight, y) && (!bias || allFloat32(bias))) {
    convolution.convolve(x, weight, bias, y, size);
  } else plain.conv2d(valuesOf(x), valuesOf(weight), bias && valuesOf(bias), valuesOf(y), size);
}

export function conv2dGradX(gy: Operand, weight: Operand, gx: Operand, size: Conv2dSize): void {
  if (allFloat32(gy, weight, gx)) convolution.gradX(gy, weight, gx, size);
  else plain.conv2dGradX(valuesOf(gy), valuesOf(weight), valuesOf(gx), size);
}

export function conv2dGradWeight(gy: Operand, x: Operand, gw: Operand, size: Conv2dSize): void {
  if (allFloat32(gy, x, gw)) convolution.gradWeight(gy, x, gw, size);
  else plain.conv2dGradWeight(valuesOf(gy), valuesOf(x), valuesOf(gw), size);
}

export function conv2dGradBias(gy: Operand, gb: Operand, size: Conv2dSize): void {
  if (!allFloat32(gy, gb)) return plain.conv2dGradBias(valuesOf(gy), valuesOf(gb), size);
  const { N, O, P, Q } = size;
  run(
    "sumChannels",
    { units: O, cost: N * P * Q * 0.1 },
    addressOf(gy),
    N,
    O,
    P * Q,
    addressOf(gb),
  );
}
