// Convolution of float32, by the algorithm that suits the shape.

import type { Operand } from "../operand.js";
import type { Conv2dSize } from "../plain/conv2d.js";
import { algorithm } from "../settings.js";
import * as direct from "./direct.js";
import type { Fusion } from "./fusion.js";
import * as winograd from "./winograd.js";

const chosen = (size: Conv2dSize) =>
  algorithm() === "fast" && winograd.suits(size) ? winograd : direct;

export function convolve(
  x: Operand,
  weight: Operand,
  bias: Operand | null,
  y: Operand,
  size: Conv2dSize,
  fusion: Fusion = {},
): void {
  chosen(size).convolve(x, weight, bias, y, size, fusion);
}

export function gradX(gy: Operand, weight: Operand, gx: Operand, size: Conv2dSize): void {
  chosen(size).gradX(gy, weight, gx, size);
}

export function gradWeight(gy: Operand, x: Operand, gw: Operand, size: Conv2dSize): void {
  chosen(size).gradWeight(gy, x, gw, size);
}
