// What the operations call: every function picks the engine's kernel where there is one for dtype and shape, else the
// plain loops. Operands are dense unless a function says otherwise; results are allocated by the caller.

import { valuesOf, type Operand } from "./operand.js";
import * as plain from "./plain/conv2d.js";
import type { Conv2dSize } from "./plain/conv2d.js";

export type { Conv2dSize } from "./plain/conv2d.js";
export type { Operand } from "./operand.js";

export function conv2d(
  x: Operand,
  weight: Operand,
  bias: Operand | null,
  y: Operand,
  size: Conv2dSize,
): void {
  plain.conv2d(valuesOf(x), valuesOf(weight), bias && valuesOf(bias), valuesOf(y), size);
}

export function conv2dGradX(gy: Operand, weight: Operand, gx: Operand, size: Conv2dSize): void {
  plain.conv2dGradX(valuesOf(gy), valuesOf(weight), valuesOf(gx), size);
}

export function conv2dGradWeight(gy: Operand, x: Operand, gw: Operand, size: Conv2dSize): void {
  plain.conv2dGradWeight(valuesOf(gy), valuesOf(x), valuesOf(gw), size);
}

export function conv2dGradBias(gy: Operand, gb: Operand, size: Conv2dSize): void {
  plain.conv2dGradBias(valuesOf(gy), valuesOf(gb), size);
}
