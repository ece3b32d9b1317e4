// Depthwise convolution (as many groups as channels), and its gradients. See assembly/depthwise.ts.

import { addressOf, type Operand } from "../operand.js";
import type { Conv2dSize } from "../plain/conv2d.js";
import { run } from "../team.js";
import { withWorkspace } from "../workspace.js";
import { rowLayout, type Padding } from "./padded.js";

const NANOSECONDS_PER_PRODUCT = 0.08;

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

export function suits({ C, O, groups }: Conv2dSize): boolean {
  return groups > 1 && groups === C && groups === O;
}

/** Has the gradient of x the shape of a depthwise convolution itself? */
export function suitsGradX(size: Conv2dSize): boolean {
  return suits(size) && size.stride[0] === 1 && size.stride[1] === 1;
}

export function convolve(
  x: Operand,
  weight: Operand,
  bias: Operand | null,
  y: Operand,
  size: Conv2dSize,
): void {
  const { padding } = size;
  slide(x, weight, bias, y, { ...size, top: padding[0], left: padding[1], flip: false });
}

/** gy slid under the kernels turned by 180°. */
export function gradX(gy: Operand, weight: Operand, gx: Operand, size: Conv2dSize): void {
  const { H, W, P, Q, K, L, padding, dilation } = size;
  const [top, left] = [(K - 1) * dilation[0] - padding[0], (L - 1) * dilation[1] - padding[1]];
  slide(gy, weight, null, gx, { ...size, H: P, W: Q, P: H, Q: W, top, left, flip: true });
}

function slide(
  x: Operand,
  weight: Operand,
  bias: Operand | null,
  y: Operand,
  size: Conv2dSize & { top: number; left: number; flip: boolean },
): void {
  const { N, C, H, W, K, L, P, Q, stride, top, left, flip } = size;
  const padding = paddingOf(size, top, left);
  const { pitch, rowFloats } = rowLayout(padding);
  const offsets = tapOffsets(size, padding);
  const last = K * L - 1;
  const places = offsets.map((_, tap) => (flip ? last - tap : tap));
  withWorkspace(({ table }) => {
    const scratch = 64 + 4 * (offsets.length + 3 + padding.rows * rowFloats + 64);
    const work = { units: N * C, cost: P * Q * K * L * NANOSECONDS_PER_PRODUCT, scratch };
    run(
      ...(["depthwise", work, addressOf(x), H, W, top, left, padding.rows, pitch] as const),
      ...[stride[1], 4 * stride[0] * rowFloats, table(offsets)],
      ...[table(places), offsets.length, addressOf(weight), K * L],
      ...[bias ? addressOf(bias) : 0, C, addressOf(y), P, Q, K === 3 && L === 3 ? 1 : 0],
    );
  });
}

/** The gradient of the weights: sums over the places of gy, for each tap of each channel. */
export function gradWeight(gy: Operand, x: Operand, gw: Operand, size: Conv2dSize): void {
  const { N, C, H, W, K, L, P, Q, stride, padding: before } = size;
  const [top, left] = before;
  const padding = paddingOf(size, top, left);
  const { pitch, rowFloats } = rowLayout(padding);
  const offsets = tapOffsets(size, padding);
  while (offsets.length % 3) offsets.push(offsets[offsets.length - 1]);
  withWorkspace(({ table }) => {
    const scratch = 64 + 8 * offsets.length + 4 * (padding.rows * rowFloats + 64);
    const work = { units: C, cost: N * P * Q * K * L * NANOSECONDS_PER_PRODUCT, scratch };
    run(
      ...(["depthwiseWeightGradient", work, addressOf(x), H, W, top, left] as const),
      ...[padding.rows, pitch, stride[1], 4 * stride[0] * rowFloats, table(offsets)],
      ...[offsets.length, K * L, addressOf(gy), N, C, P, Q, addressOf(gw)],
    );
  });
}

function paddingOf(
  { K, L, P, Q, stride, dilation }: Conv2dSize,
  top: number,
  left: number,
): Padding {
  return {
    ...{ top, left, phases: stride[1] },
    rows: (P - 1) * stride[0] + (K - 1) * dilation[0] + 1,
    columns: Math.ceil(Q / 16) * 16 + Math.floor(((L - 1) * dilation[1]) / stride[1]) + 1,
  };
}

/** Where each tap reads, in bytes from the first: its column is sorted into a phase. */
function tapOffsets({ K, L, stride, dilation }: Conv2dSize, padding: Padding): number[] {
  const { pitch, rowFloats } = rowLayout(padding);
  return range(K).flatMap((k) =>
    range(L).map((l) => {
      const across = l * dilation[1];
      const column = (across % stride[1]) * pitch + Math.floor(across / stride[1]);
      return 4 * (k * dilation[0] * rowFloats + column);
    }),
  );
}
