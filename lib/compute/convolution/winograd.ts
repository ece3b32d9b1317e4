// Convolution by Winograd's algorithms, and its gradients: 3 × 3 kernels with a quarter of the multiplications of the
// direct way, 5 × 5 kernels with 36 %, with a rounding error some ten times larger (7e-6 of the largest value).
// See assembly/winograd.ts.

import { tileColumns } from "../engine.js";
import { addressOf, type Operand } from "../operand.js";
import { packed } from "../packed.js";
import type { Conv2dSize } from "../plain/conv2d.js";
import { run } from "../team.js";
import { withWorkspace, type Workspace } from "../workspace.js";
import type { Fusion } from "./fusion.js";
import { clearBeyondReach } from "./reach.js";

const NANOSECONDS_PER_PRODUCT = 0.025;
const NANOSECONDS_PER_TRANSFORM = 20; // of a tile of four channels
const PLACES = 36; // numbers in a transformed tile

const roundUp = (value: number, step: number) => Math.ceil(value / step) * step;

/** Outputs along a side of a tile of 6 × 6 inputs. */
const tileSize = (taps: number) => 7 - taps;

/** Does the algorithm apply, and does it pay? */
export function suits({ C, O, K, L, P, Q, stride, dilation, groups }: Conv2dSize): boolean {
  const [inputs, outputs, size] = [C / groups, O / groups, tileSize(K)];
  const fits = K === L && (K === 3 || K === 5) && stride[0] === 1 && stride[1] === 1;
  const large = P >= size * dilation[0] && Q >= size * dilation[1];
  return fits && large && inputs >= 6 && outputs >= 6;
}

/** y = x ⋆ weight + bias, then what `fusion` adds (its pooling only without dilation). */
export function convolve(
  x: Operand,
  weight: Operand,
  bias: Operand | null,
  y: Operand,
  size: Conv2dSize,
  fusion: Fusion = {},
): void {
  const { N, C, H, W, O, K, P, Q, padding, groups, dilation } = size;
  const [inputs, outputs, area] = [C / groups, O / groups, K * K];
  const plane = fusion.pool ? (P >> 1) * (Q >> 1) : P * Q;
  for (let group = 0; group < groups; group++) {
    const shift = group * outputs * plane;
    slide(weight, {
      ...{ images: N, inputs, H, W, outputs, P, Q, taps: K, dilation },
      ...{ top: padding[0], left: padding[1], relu: fusion.relu ?? false },
      ...{ source: addressOf(x) + 4 * group * inputs * H * W, sourceImage: C * H * W },
      ...{ out: addressOf(y) + 4 * shift, outImage: O * plane, pool: fusion.pool ?? false },
      winners: fusion.winners ? addressOf(fusion.winners) + shift : 0,
      bias: bias ? addressOf(bias) + 4 * group * outputs : 0,
      packing: {
        ...{ name: `winograd ${group}`, outputs, inputs, taps: K, flip: 0 },
        ...{ start: group * outputs * inputs * area, outputStep: inputs * area, inputStep: area },
      },
    });
  }
}

/** The gradient of x: the convolution of gy with the kernels turned by 180°. */
export function gradX(gy: Operand, weight: Operand, gx: Operand, size: Conv2dSize): void {
  const { N, C, H, W, O, K, P, Q, padding, groups, dilation } = size;
  const [inputs, outputs, area] = [O / groups, C / groups, K * K];
  const [top, left] = [0, 1].map((axis) => (K - 1) * dilation[axis] - padding[axis]);
  for (let group = 0; group < groups; group++) {
    slide(weight, {
      ...{ images: N, inputs, H: P, W: Q, outputs, P: H, Q: W, taps: K, dilation, top, left },
      ...{ source: addressOf(gy) + 4 * group * inputs * P * Q, sourceImage: O * P * Q },
      ...{ out: addressOf(gx) + 4 * group * outputs * H * W, outImage: C * H * W },
      ...{ relu: false, pool: false, winners: 0, bias: 0 },
      packing: {
        ...{ name: `winograd backward ${group}`, outputs, inputs, taps: K, flip: 1 },
        ...{ start: group * inputs * outputs * area, outputStep: area, inputStep: outputs * area },
      },
    });
  }
  clearBeyondReach(gy, gx, size);
}

/** A convolution [images, inputs, H, W] → [images, outputs, P, Q] by addresses; images lie some floats apart. */
interface Job {
  readonly images: number;
  readonly inputs: number;
  readonly H: number;
  readonly W: number;
  readonly outputs: number;
  readonly P: number;
  readonly Q: number;
  readonly taps: number;
  readonly dilation: readonly number[];
  /** Rows and columns of zeros before the image; negative ones crop. */
  readonly top: number;
  readonly left: number;
  readonly source: number;
  readonly sourceImage: number;
  readonly bias: number;
  readonly out: number;
  readonly outImage: number;
  readonly relu: boolean;
  readonly pool: boolean;
  readonly winners: number;
  readonly packing: Packing;
}

function slide(weight: Operand, job: Job): void {
  const { images, inputs, outputs, P, Q, taps, dilation } = job;
  const size = tileSize(taps);
  const { tiles, down, across } = tilesOf(images, P, Q, size, dilation);
  const block = blockOf(tiles, roundUp(inputs, 4) + roundUp(outputs, 8));
  withWorkspace((workspace) => {
    const weights = packWeights(workspace, weight, job.packing);
    const work = {
      units: Math.ceil(tiles / block),
      cost: costOf(block, inputs, outputs),
      scratch: scratchOf(size, block, roundUp(inputs, 4), roundUp(outputs, tileColumns)),
    };
    run(
      ...(["winograd", work, size, block, tiles, down, across, ...dilation] as const),
      ...[job.source, 4 * job.sourceImage, job.H, job.W, job.top, job.left, inputs],
      ...[weights, job.bias, outputs, job.out, job.outImage, job.winners, P, Q],
      ...[job.relu ? 1 : 0, job.pool ? 1 : 0],
    );
  });
}

/** The gradient of the weights, summed over tiles in the transformed domain. */
export function gradWeight(gy: Operand, x: Operand, gw: Operand, size: Conv2dSize): void {
  const { N, C, H, W, O, K, P, Q, padding, groups, dilation } = size;
  const [inputs, outputs, side] = [C / groups, O / groups, tileSize(K)];
  const { tiles, down, across } = tilesOf(N, P, Q, side, dilation);
  // parts sum on their own, so that threads need not wait for each other; how many, is a matter of shape only
  const parts = tiles >= 512 ? 4 : tiles >= 64 ? 2 : 1;
  const part = roundUp(Math.ceil(tiles / parts), 4);
  const block = blockOf(part, roundUp(inputs, 4) + roundUp(outputs, 4));
  const step = 4 * PLACES * roundUp(inputs, tileColumns) * roundUp(outputs, 4);
  const units = Math.ceil(tiles / part);

  withWorkspace((workspace) => {
    const sums = workspace.floats((parts * step) / 4);
    for (let group = 0; group < groups; group++) {
      const source = addressOf(x) + 4 * group * inputs * H * W;
      const gradient = addressOf(gy) + 4 * group * outputs * P * Q;
      const scratch = scratchOf(side, block, roundUp(inputs, tileColumns), roundUp(outputs, 4));
      const work = { units, cost: costOf(part, inputs, outputs), scratch };
      run(
        ...(["winogradWeightGradient", work, side, part, block, tiles, down, across] as const),
        ...[...dilation, source, 4 * C * H * W, H, W, ...padding, inputs],
        ...[gradient, 4 * O * P * Q, P, Q, outputs, sums, step],
      );
      const end = { units: outputs, cost: inputs * 100, scratch: 16 * (25 + 36 + 36) };
      const to = addressOf(gw) + 4 * group * outputs * inputs * K * K;
      run("winogradWeightGradientEnd", end, K, sums, step, units, outputs, inputs, to);
    }
  });
}

/** A dilated image is several, each with tiles of its own. */
function tilesOf(
  images: number,
  P: number,
  Q: number,
  size: number,
  dilation: readonly number[],
): { tiles: number; down: number; across: number } {
  const [down, across] = [P, Q].map((length, axis) =>
    Math.ceil(Math.ceil(length / dilation[axis]) / size),
  );
  return { tiles: images * dilation[0] * dilation[1] * down * across, down, across };
}

/** How many tiles go through the caches together: what they become should stay in the second level. */
function blockOf(tiles: number, channels: number): number {
  const most = Math.max(8, Math.min(64, Math.floor((1 << 18) / (PLACES * channels) / 4) * 4));
  return roundUp(Math.ceil(tiles / Math.ceil(tiles / most)), 4);
}

function costOf(tiles: number, inputs: number, outputs: number): number {
  const products = PLACES * inputs * outputs * NANOSECONDS_PER_PRODUCT;
  return tiles * (products + ((inputs + outputs) / 4) * NANOSECONDS_PER_TRANSFORM);
}

/** Bytes that a thread needs, for so many channels of the transformed tiles: see the kernels. */
function scratchOf(size: number, block: number, inputs: number, outputs: number): number {
  const place = (channels: number) => roundUp(4 * block * channels, 64) + 64;
  const strip = 16 * 6 * (size * block + 4);
  return 1600 + strip + PLACES * (place(inputs) + place(outputs));
}

interface Packing {
  readonly name: string;
  readonly outputs: number;
  readonly inputs: number;
  readonly taps: number;
  /** Where the first kernel lies in the weight, and floats from one output, one input, to the next. */
  readonly start: number;
  readonly outputStep: number;
  readonly inputStep: number;
  readonly flip: number;
}

function packWeights(workspace: Workspace, weight: Operand, packing: Packing): number {
  const { name, outputs, inputs, taps, start, outputStep, inputStep, flip } = packing;
  const floats = PLACES * roundUp(outputs, tileColumns) * roundUp(inputs, 4);
  return packed(workspace, weight, name, floats, (to) => {
    const work = {
      units: Math.ceil(outputs / tileColumns),
      cost: inputs * 120,
      scratch: 16 * (25 + 36),
    };
    run(
      ...(["winogradWeights", work, taps, addressOf(weight) + 4 * start] as const),
      ...[outputStep, inputStep, outputs, inputs, flip, to],
    );
  });
}
