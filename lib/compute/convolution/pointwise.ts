// 1 × 1 convolution: a matrix product for each image, y[O, pixels] = weight[O, C] · x[C, pixels]. With a stride, the
// pixels that it looks at are gathered first.

import { kernels } from "../engine.js";
import { matmul } from "../matmul.js";
import { addressOf, type Operand } from "../operand.js";
import type { Conv2dSize } from "../plain/conv2d.js";
import { run } from "../team.js";
import { withWorkspace, type Workspace } from "../workspace.js";

export function suits({ K, L, padding, groups }: Conv2dSize): boolean {
  return K === 1 && L === 1 && groups === 1 && padding[0] === 0 && padding[1] === 0;
}

/** With a stride (or outputPadding), the gradient of x has gaps, which a matrix product does not leave. */
export function suitsGradX(size: Conv2dSize): boolean {
  return suits(size) && size.H === size.P && size.W === size.Q;
}

export function convolve(
  x: Operand,
  weight: Operand,
  bias: Operand | null,
  y: Operand,
  size: Conv2dSize,
): void {
  const { N, C, O, P, Q } = size;
  const pixels = P * Q;
  withWorkspace((workspace) => {
    const from = pixelsOf(workspace, x, size);
    for (let n = 0; n < N; n++) {
      const to = addressOf(y) + 4 * n * O * pixels;
      if (bias) kernels.fillBias(to, O, pixels, pixels, addressOf(bias), true);
      const image = rows(from + 4 * n * C * pixels, pixels);
      matmul(O, pixels, C, rows(addressOf(weight), C), image, to, pixels, bias !== null);
    }
  });
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
  const { N, C, O, P, Q } = size;
  const pixels = P * Q;
  withWorkspace((workspace) => {
    const from = pixelsOf(workspace, x, size);
    for (let n = 0; n < N; n++) {
      const gradient = rows(addressOf(gy) + 4 * n * O * pixels, pixels);
      const image = columns(from + 4 * n * C * pixels, pixels);
      matmul(O, C, pixels, gradient, image, addressOf(gw), C, n > 0);
    }
  });
}

/** Where the pixels [N, C, P, Q] lie that the convolution looks at. */
function pixelsOf({ floats }: Workspace, x: Operand, size: Conv2dSize): number {
  const { N, C, H, W, P, Q, stride } = size;
  const from = addressOf(x);
  if (H === P && W === Q) return from;
  const to = floats(N * C * P * Q);
  // where a plane ends with a whole stride, the rows of all planes are equally far apart
  const together = H === P * stride[0] ? N * C : 1;
  const work = { units: together * P, cost: Q * 0.5 };
  for (let plane = 0; plane < N * C; plane += together) {
    const [source, place] = [from + 4 * plane * H * W, to + 4 * plane * P * Q];
    run("copyRows", work, source, stride[0] * W, stride[1], Q, place);
  }
  return to;
}

/** A matrix whose rows have `length` numbers, and the transpose of one. */
const rows = (pointer: number, length: number) => ({ pointer, rowStep: length, columnStep: 1 });
const columns = (pointer: number, length: number) => ({ pointer, rowStep: 1, columnStep: length });
