// Depthwise convolution (as many groups as channels), and its gradients. See assembly/depthwise.ts.

import { addressOf, type Operand } from "../operand.js";
import type { Conv2dSize } from "../plain/conv2d.js";
import { run } from "../team.js";
import { withWorkspace } from "../workspace.js";
import { rowLayout, type Padding } from "./padded.js";
import { deepest, phasesOf } from "./phases.js";

const NANOSECONDS_PER_PRODUCT = 0.08;

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

export function suits({ C, O, groups }: Conv2dSize): boolean {
  return groups > 1 && groups === C && groups === O;
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

/** Without a stride, gy slid under the kernels turned by 180°. */
export function gradX(gy: Operand, weight: Operand, gx: Operand, size: Conv2dSize): void {
  const { H, W, P, Q, K, L, stride, padding, dilation } = size;
  if (stride[0] > 1 || stride[1] > 1) return spread(gy, weight, gx, size);
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
  const { N, C, H, W, K, L, P, Q, stride, dilation, top, left, flip } = size;
  const cost = P * Q * K * L * NANOSECONDS_PER_PRODUCT;
  const biases = bias ? addressOf(bias) : 0;

  const plain = [...stride, ...dilation, top, left].every((value) => value === 1);
  if (plain && K === 3 && L === 3 && P === H && Q === W && H >= 2 && W >= 8) {
    const work = { units: N * C, cost, scratch: 4 * (W + 32) };
    const rest = [addressOf(weight), flip ? 1 : 0, biases, C, addressOf(y)];
    run("depthwiseBordered", work, addressOf(x), H, W, ...rest);
    return;
  }

  const padding = paddingOf(size, top, left);
  const { pitch, rowFloats } = rowLayout(padding);
  const offsets = tapOffsets(size, padding);
  const last = K * L - 1;
  const places = offsets.map((_, tap) => (flip ? last - tap : tap));
  withWorkspace(({ table }) => {
    const scratch = 128 + 4 * (offsets.length + 3 + padding.rows * rowFloats + 64);
    run(
      ...(["depthwise", { units: N * C, cost, scratch }, addressOf(x), H, W, top, left] as const),
      ...[padding.rows, pitch, stride[1], 4 * stride[0] * rowFloats, table(offsets)],
      ...[table(places), K, L, addressOf(weight), biases, C, addressOf(y), P, Q],
    );
  });
}

/** The gradient of x where there is a stride. */
function spread(gy: Operand, weight: Operand, gx: Operand, size: Conv2dSize): void {
  const { N, C, H, W, K, L, P, Q, stride } = size;
  const [rows, columns] = [phasesOf(size, 0), phasesOf(size, 1)];
  const [top, left] = [deepest(size, 0), deepest(size, 1)];
  const last = (phases: typeof rows, step: number) =>
    Math.max(...phases.map(({ first, count }) => first + Math.ceil(count / step) * step));
  const padding = { top, left, rows: top + last(rows, 1), columns: left + last(columns, 16) };
  const { rowFloats } = rowLayout(padding);

  const [pixels, offsets, places]: number[][] = [[], [], []];
  for (const row of rows) {
    for (const column of columns) {
      pixels.push(offsets.length, row.taps.length * column.taps.length);
      for (const k of row.taps) {
        for (const l of column.taps) {
          const down = row.first + top - k.back;
          offsets.push(4 * (down * rowFloats + column.first + left - l.back));
          places.push(k.index * L + l.index);
        }
      }
    }
  }
  withWorkspace(({ table }) => {
    const cost = (P * Q * K * L + H * W) * NANOSECONDS_PER_PRODUCT;
    const scratch = 64 * stride[1] + 4 * (K * L + 3 + padding.rows * rowFloats + 64);
    run(
      ...(["depthwiseSpread", { units: N * C, cost, scratch }, addressOf(gy), P, Q] as const),
      ...[top, left, padding.rows, rowFloats, table(pixels), ...stride],
      ...[table([...offsets, 0]), table([...places, 0]), K * L, addressOf(weight), C],
      ...[addressOf(gx), H, W],
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
