// 3 × 3 convolution with stride 1 by Winograd's algorithm, and its gradients: a quarter of the multiplications of the
// direct way, with a rounding error some ten times larger (7e-6 of the largest value). See assembly/winograd.ts.

import { addressOf, type Operand } from "../operand.js";
import { packed } from "../packed.js";
import type { Conv2dSize } from "../plain/conv2d.js";
import { run } from "../team.js";
import { withWorkspace, type Workspace } from "../workspace.js";
import type { Fusion } from "./fusion.js";
import { imagesAtOnce, padImages, type PaddedImages } from "./padded.js";

const NANOSECONDS_PER_PRODUCT = 0.05;
const PLACES = 36; // numbers in a transformed tile

const roundUp = (value: number, step: number) => Math.ceil(value / step) * step;

/** Does the algorithm apply, and does it pay? */
export function suits({ C, O, K, L, P, Q, stride, dilation, groups }: Conv2dSize): boolean {
  const ones = [...stride, ...dilation, groups].every((value) => value === 1);
  return ones && K === 3 && L === 3 && C >= 8 && O >= 8 && P >= 4 && Q >= 4;
}

/** y = x ⋆ weight + bias, then what `fusion` adds. */
export function convolve(
  x: Operand,
  weight: Operand,
  bias: Operand | null,
  y: Operand,
  size: Conv2dSize,
  fusion: Fusion = {},
): void {
  const { N, C, H, W, O, P, Q, padding } = size;
  withWorkspace((workspace) => {
    const layout = { outputs: O, inputs: C, outputStep: 9 * C, inputStep: 9, flip: 0 };
    const job = {
      ...{ images: N, inputs: C, H, W, outputs: O, P, Q, top: padding[0], left: padding[1] },
      ...{ source: addressOf(x), bias: bias && addressOf(bias), out: addressOf(y), fusion },
    };
    transformAndMultiply(job, packWeights(workspace, weight, layout));
  });
}

/** The gradient of x: the convolution of gy with the kernels turned by 180°. */
export function gradX(gy: Operand, weight: Operand, gx: Operand, size: Conv2dSize): void {
  const { N, C, H, W, O, P, Q, padding } = size;
  withWorkspace((workspace) => {
    const layout = { outputs: C, inputs: O, outputStep: 9, inputStep: 9 * C, flip: 1 };
    const job = {
      ...{ images: N, inputs: O, H: P, W: Q, outputs: C, P: H, Q: W },
      ...{ top: 2 - padding[0], left: 2 - padding[1] },
      ...{ source: addressOf(gy), bias: null, out: addressOf(gx), fusion: {} },
    };
    transformAndMultiply(job, packWeights(workspace, weight, layout));
  });
}

/** A convolution [images, inputs, H, W] → [images, outputs, P, Q], by addresses. */
interface Job {
  readonly images: number;
  readonly inputs: number;
  readonly H: number;
  readonly W: number;
  readonly outputs: number;
  readonly P: number;
  readonly Q: number;
  /** Rows and columns of zeros before the image; negative ones crop. */
  readonly top: number;
  readonly left: number;
  readonly source: number;
  readonly bias: number | null;
  readonly out: number;
  readonly fusion: Fusion;
}

function transformAndMultiply(job: Job, weights: number): void {
  const { images, inputs, H, W, outputs, P, Q, source, bias, out, fusion } = job;
  const [down, across] = [Math.ceil(P / 4), Math.ceil(Q / 4)];
  const padding = tilePadding(job, down, across);
  const batch = imagesAtOnce(images, inputs, padding);
  const plane = fusion.pool ? (P >> 1) * (Q >> 1) : P * Q;
  const padded = roundUp(outputs, 4);

  for (let n = 0; n < images; n += batch) {
    const some = Math.min(batch, images - n);
    withWorkspace((workspace) => {
      const planes = padImages(
        workspace,
        source + 4 * n * inputs * H * W,
        some,
        inputs,
        H,
        W,
        padding,
      );
      const tiles = some * down * across;
      const block = blockOf(tiles, inputs + padded);
      const work = {
        units: Math.ceil(tiles / block),
        cost: block * PLACES * inputs * padded * NANOSECONDS_PER_PRODUCT,
        scratch: 4 * (PLACES * block * (inputs + padded) + PLACES * 4 + 64),
      };
      const first = n * outputs * plane;
      run(
        ...(["winograd", work, block, tiles, down, across] as const),
        ...[planes.pointer, planes.imageStep, planes.planeStep, planes.rowStep, inputs],
        ...[weights, bias ?? 0, outputs, out + 4 * first],
        ...[fusion.winners ? addressOf(fusion.winners) + first : 0, P, Q],
        ...[fusion.relu ? 1 : 0, fusion.pool ? 1 : 0],
      );
    });
  }
}

/** The gradient of the weights, summed over tiles in the transformed domain. */
export function gradWeight(gy: Operand, x: Operand, gw: Operand, size: Conv2dSize): void {
  const { N, C, H, W, O, P, Q, padding } = size;
  const [down, across] = [Math.ceil(P / 4), Math.ceil(Q / 4)];
  const [ins, outs] = [roundUp(C, 8), roundUp(O, 4)];
  const around = tilePadding({ top: padding[0], left: padding[1] }, down, across);
  const batch = imagesAtOnce(N, C, around);
  const tilesAtOnce = batch * down * across;
  // parts sum on their own, so that threads need not wait for each other; how many, is a matter of shape only
  const parts = Math.max(1, Math.min(4, Math.floor(tilesAtOnce / 128)));
  const part = roundUp(Math.ceil(tilesAtOnce / parts), 4);
  const step = 4 * PLACES * ins * outs;

  withWorkspace((outer) => {
    const sums = outer.floats((parts * step) / 4);
    let used = 0;
    for (let n = 0; n < N; n += batch) {
      const images = Math.min(batch, N - n);
      withWorkspace((workspace) => {
        const xs = padImages(workspace, addressOf(x) + 4 * n * C * H * W, images, C, H, W, around);
        const gs = wholeTiles(workspace, addressOf(gy) + 4 * n * O * P * Q, images, O, P, Q);
        const tiles = images * down * across;
        const units = Math.ceil(tiles / part);
        const block = blockOf(part, ins + outs);
        run(
          "winogradWeightGradient",
          {
            units,
            cost: part * PLACES * ins * outs * NANOSECONDS_PER_PRODUCT,
            scratch: 4 * (PLACES * block * (ins + outs) + PLACES * 4 + 64),
          },
          ...[part, block, tiles, down, across],
          ...[xs.pointer, xs.imageStep, xs.planeStep, xs.rowStep, C],
          ...[gs.pointer, gs.imageStep, gs.planeStep, gs.rowStep, O, sums, step, n > 0 ? 1 : 0],
        );
        used = Math.max(used, units);
      });
    }
    const work = { units: O, cost: C * 100, scratch: 4 * (36 + PLACES * 4 * 2) };
    run("winogradWeightGradientEnd", work, sums, step, used, O, C, addressOf(gw));
  });
}

/** How many tiles go through the caches together: what they become should stay in the second level. */
function blockOf(tiles: number, channels: number): number {
  const most = Math.max(8, Math.min(64, Math.floor((1 << 18) / (PLACES * channels) / 8) * 8));
  return roundUp(Math.ceil(tiles / Math.ceil(tiles / most)), 8);
}

function tilePadding({ top, left }: { top: number; left: number }, down: number, across: number) {
  return { top, left, rows: 4 * down + 2, columns: 4 * across + 2 };
}

/** gy as it lies, if it is made of whole tiles, else filled up with zeros. */
function wholeTiles(
  workspace: Workspace,
  gy: number,
  images: number,
  channels: number,
  P: number,
  Q: number,
): PaddedImages {
  if (P % 4 === 0 && Q % 4 === 0) {
    const [rowStep, planeStep] = [4 * Q, 4 * P * Q];
    return {
      pointer: gy,
      imageStep: channels * planeStep,
      planeStep,
      rowStep,
      pitch: Q,
      phases: 1,
    };
  }
  const padding = { top: 0, left: 0, rows: roundUp(P, 4), columns: roundUp(Q, 4) };
  return padImages(workspace, gy, images, channels, P, Q, padding);
}

interface WeightLayout {
  readonly outputs: number;
  readonly inputs: number;
  /** Floats from one output, one input, to the next. */
  readonly outputStep: number;
  readonly inputStep: number;
  readonly flip: number;
}

function packWeights(workspace: Workspace, weight: Operand, layout: WeightLayout): number {
  const { outputs, inputs, outputStep, inputStep, flip } = layout;
  const floats = PLACES * roundUp(outputs, 4) * inputs;
  return packed(workspace, weight, flip ? "winograd backward" : "winograd", floats, (to) => {
    const work = { units: Math.ceil(outputs / 4), cost: inputs * 60, scratch: 4 * (36 + 18 * 4) };
    run(
      "winogradWeights",
      work,
      addressOf(weight),
      outputStep,
      inputStep,
      outputs,
      inputs,
      flip,
      to,
    );
  });
}
