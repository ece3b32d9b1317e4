// 1 × 1 convolution: a matrix product for each image, y[O, pixels] = weight[O, C] · x[C, pixels].

import { kernels } from "../engine.js";
import { matmul } from "../matmul.js";
import { addressOf, type Operand } from "../operand.js";
import type { Conv2dSize } from "../plain/conv2d.js";

export function suits({ K, L, H, W, P, Q, stride, padding, groups }: Conv2dSize): boolean {
  const plain = groups === 1 && stride[0] === 1 && stride[1] === 1;
  return K === 1 && L === 1 && plain && padding[0] === 0 && padding[1] === 0 && H === P && W === Q;
}

export function convolve(
  x: Operand,
  weight: Operand,
  bias: Operand | null,
  y: Operand,
  { N, C, H, W, O }: Conv2dSize,
): void {
  const pixels = H * W;
  for (let n = 0; n < N; n++) {
    const to = addressOf(y) + 4 * n * O * pixels;
    if (bias) kernels.fillBias(to, O, pixels, pixels, addressOf(bias), true);
    const image = rows(addressOf(x) + 4 * n * C * pixels, pixels);
    matmul(O, pixels, C, rows(addressOf(weight), C), image, to, pixels, bias !== null);
  }
}

export function gradX(gy: Operand, weight: Operand, gx: Operand, size: Conv2dSize): void {
  const { N, C, H, W, O } = size;
  const pixels = H * W;
  for (let n = 0; n < N; n++) {
    const gradient = rows(addressOf(gy) + 4 * n * O * pixels, pixels);
    const to = addressOf(gx) + 4 * n * C * pixels;
    matmul(C, pixels, O, columns(addressOf(weight), C), gradient, to, pixels);
  }
}

export function gradWeight(gy: Operand, x: Operand, gw: Operand, size: Conv2dSize): void {
  const { N, C, H, W, O } = size;
  const pixels = H * W;
  for (let n = 0; n < N; n++) {
    const gradient = rows(addressOf(gy) + 4 * n * O * pixels, pixels);
    const image = columns(addressOf(x) + 4 * n * C * pixels, pixels);
    matmul(O, C, pixels, gradient, image, addressOf(gw), C, n > 0);
  }
}

/** A matrix whose rows have `length` numbers, and the transpose of one. */
const rows = (pointer: number, length: number) => ({ pointer, rowStep: length, columnStep: 1 });
const columns = (pointer: number, length: number) => ({ pointer, rowStep: 1, columnStep: length });
