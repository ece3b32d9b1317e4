// Convolution of float32, by the algorithm that suits the shape. The choice depends on the shape only (and on
// setAlgorithm), so that the same call gives the same bits.

import type { Operand } from "../operand.js";
import type { Conv2dSize } from "../plain/conv2d.js";
import { algorithm } from "../settings.js";
import * as depthwise from "./depthwise.js";
import * as direct from "./direct.js";
import type { Fusion } from "./fusion.js";
import * as pointwise from "./pointwise.js";
import * as winograd from "./winograd.js";

const isFast = () => algorithm() === "fast";

/** y = x ⋆ weight + bias, then what `fusion` adds. */
export function convolve(
  x: Operand,
  weight: Operand,
  bias: Operand | null,
  y: Operand,
  size: Conv2dSize,
  fusion: Fusion = {},
): void {
  const alone = !fusion.relu && !fusion.pool;
  if (isFast() && winograd.suits(size, fusion)) {
    winograd.convolve(x, weight, bias, y, size, fusion);
  } else if (alone && pointwise.suits(size)) pointwise.convolve(x, weight, bias, y, size);
  else if (alone && depthwise.suits(size)) depthwise.convolve(x, weight, bias, y, size);
  else direct.convolve(x, weight, bias, y, size, fusion);
}

/** The gradient of x. */
export function gradX(gy: Operand, weight: Operand, gx: Operand, size: Conv2dSize): void {
  if (isFast() && winograd.suitsGradX(size)) winograd.gradX(gy, weight, gx, size);
  else if (pointwise.suitsGradX(size)) pointwise.gradX(gy, weight, gx, size);
  else if (depthwise.suits(size)) depthwise.gradX(gy, weight, gx, size);
  else direct.gradX(gy, weight, gx, size);
}

/** The gradient of the weights. */
export function gradWeight(gy: Operand, x: Operand, gw: Operand, size: Conv2dSize): void {
  if (isFast() && winograd.suits(size)) winograd.gradWeight(gy, x, gw, size);
  else if (pointwise.suits(size)) pointwise.gradWeight(gy, x, gw, size);
  else if (depthwise.suits(size)) depthwise.gradWeight(gy, x, gw, size);
  else direct.gradWeight(gy, x, gw, size);
}
