// The gradient of the weights and the bias of a convolution that was pooled at once (see fusion.ts), where nobody wants
// the gradient of x: that of the image before the pooling, three quarters zeros, is never made.
// See assembly/pooled-gradient.ts.

import { addressOf, type Operand } from "../operand.js";
import type { Conv2dSize } from "../plain/conv2d.js";
import { run } from "../team.js";
import { withWorkspace } from "../workspace.js";
import { imagesAtOnce, padImages } from "./padded.js";

const NANOSECONDS_PER_VECTOR = 0.6;
const AT_ONCE = 10; // vectors that the kernel sums in registers

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Few weights: with more, transforming the whole gradient costs less. */
export function suits({ C, K, L, groups, dilation }: Conv2dSize): boolean {
  return groups === 1 && dilation[1] === 1 && C * K * Math.ceil(L / 4) <= 2 * AT_ONCE;
}

/** gw and gb from gy and the winners [N, O, P/2, Q/2]. */
export function gradWeightAndBias(
  gy: Operand,
  winners: Operand,
  x: Operand,
  gw: Operand,
  gb: Operand,
  size: Conv2dSize,
): void {
  const { N, C, H, W, O, K, L, P, Q, stride, padding, dilation } = size;
  const [PH, PW, vectors] = [P >> 1, Q >> 1, Math.ceil(L / 4)];
  const around = {
    ...{ top: padding[0], left: padding[1] },
    rows: (P - 1) * stride[0] + (K - 1) * dilation[0] + 1,
    columns: (Q - 1) * stride[1] + 4 * vectors,
  };
  const batch = imagesAtOnce(N, C, around);
  const count = Math.ceil((C * K * vectors) / AT_ONCE) * AT_ONCE;

  withWorkspace((outer) => {
    const sums = outer.floats(4 * O * count);
    for (let n = 0; n < N; n += batch) {
      const images = Math.min(batch, N - n);
      withWorkspace((workspace) => {
        const source = addressOf(x) + 4 * n * C * H * W;
        const planes = padImages(workspace, source, images, C, H, W, around);
        const offsets = range(C).flatMap((c) =>
          range(K).flatMap((k) =>
            range(vectors).map(
              (v) => c * planes.planeStep + k * dilation[0] * planes.rowStep + 16 * v,
            ),
          ),
        );
        while (offsets.length < count) offsets.push(0); // their sums are not looked at
        const cost = images * PH * PW * count * NANOSECONDS_PER_VECTOR;
        const first = n * O * PH * PW;
        run(
          ...(["pooledWeightGradient", { units: O, cost, atLeast: Math.min(O, 8) }] as const),
          ...[addressOf(gy) + 4 * first, winners.storage.pointer + winners.offset + first, PH, PW],
          ...[O, images, planes.pointer, planes.imageStep, stride[0] * planes.rowStep],
          ...[4 * stride[1], workspace.table(offsets), count, sums, addressOf(gb), n === 0 ? 1 : 0],
        );
      });
    }
    const from = outer.view(sums, 4 * O * count);
    const to = gw.storage.array.subarray(gw.offset, gw.offset + O * C * K * L);
    for (let row = 0; row < O * C * K; row++) {
      const [o, inside] = [Math.floor(row / (C * K)), row % (C * K)];
      for (let l = 0; l < L; l++) {
        to[row * L + l] = from[4 * (o * count + inside * vectors) + l];
      }
    }
  });
}
