// Convolution by Winograd's algorithms, and its gradients: a half to a quarter of the multiplications of the direct way,
// with a rounding error some ten times larger (7e-6 of the largest value). Which algorithms there are:
// assembly/generate/winograd-algorithms.mjs; how they run: assembly/winograd.ts.

import { tileColumns } from "../engine.js";
import { winogradAlgorithms, type WinogradAlgorithm } from "../kernels.wasm.js";
import { addressOf, type Operand } from "../operand.js";
import { packed } from "../packed.js";
import type { Conv2dSize } from "../plain/conv2d.js";
import { run } from "../team.js";
import { withWorkspace, type Workspace } from "../workspace.js";
import type { Fusion } from "./fusion.js";
import { clearBeyondReach } from "./reach.js";

const NANOSECONDS_PER_PRODUCT = 0.025;
const NANOSECONDS_PER_PLACE = 0.6; // to transform four channels of a tile

const { three, five, halving, doubling, line } = winogradAlgorithms;
const { floor, ceil, min, max } = Math;

const roundUp = (value: number, step: number) => ceil(value / step) * step;

/** The algorithm for a convolution and the gradient of its weights, if one applies. */
function algorithmFor(size: Conv2dSize): WinogradAlgorithm | undefined {
  const { K, L, P, stride, dilation } = size;
  return [three, five, line, halving].find((algorithm) => {
    const { taps } = algorithm;
    const step = algorithm === halving ? 2 : 1;
    if (taps[0] !== K || taps[1] !== L || stride[1] !== step) return false;
    if (stride[0] !== step && (K > 1 || P > 1)) return false;
    return step === 1 || (dilation[0] === 1 && dilation[1] === 1);
  });
}

/** Does an algorithm apply, and does it pay? */
export function suits(size: Conv2dSize, { pool = false }: Fusion = {}): boolean {
  const { C, O, P, Q, dilation, groups } = size;
  const algorithm = algorithmFor(size);
  if (!algorithm || (pool && (algorithm === line || dilation[0] > 1 || dilation[1] > 1))) {
    return false;
  }
  const { results } = algorithm;
  const large = P >= results[0] * dilation[0] && Q >= results[1] * dilation[1];
  return large && C / groups >= 6 && O / groups >= 6;
}

/** The way back of a stride of 2 has an algorithm where paddings are odd. */
export function suitsGradX(size: Conv2dSize): boolean {
  if (!suits(size)) return false;
  return algorithmFor(size) !== halving || size.padding.every((zeros) => zeros % 2 === 1);
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
  const { N, C, H, W, O, K, L, P, Q, padding, groups, dilation } = size;
  const [inputs, outputs, area] = [C / groups, O / groups, K * L];
  const plane = fusion.pool ? (P >> 1) * (Q >> 1) : P * Q;
  const algorithm = algorithmFor(size)!;
  for (let group = 0; group < groups; group++) {
    const shift = group * outputs * plane;
    slide(weight, algorithm, {
      ...{ images: N, inputs, H, W, outputs, P, Q, dilation },
      ...{ top: padding[0], left: padding[1], relu: fusion.relu ?? false },
      ...{ source: addressOf(x) + 4 * group * inputs * H * W, sourceImage: C * H * W },
      ...{ out: addressOf(y) + 4 * shift, outImage: O * plane, pool: fusion.pool ?? false },
      winners: fusion.winners ? addressOf(fusion.winners) + shift : 0,
      bias: bias ? addressOf(bias) + 4 * group * outputs : 0,
      packing: {
        ...{ name: `winograd ${group}`, outputs, inputs, flip: 0 },
        ...{ start: group * outputs * inputs * area, outputStep: inputs * area, inputStep: area },
      },
    });
  }
}

/** The gradient of x: the convolution of gy with the kernels turned by 180°. */
export function gradX(gy: Operand, weight: Operand, gx: Operand, size: Conv2dSize): void {
  const { N, C, H, W, O, K, L, P, Q, padding, groups, dilation } = size;
  const [inputs, outputs, area] = [O / groups, C / groups, K * L];
  const strided = algorithmFor(size) === halving;
  const algorithm = strided ? doubling : algorithmFor(size)!;
  const [top, left] = [K, L].map((taps, axis) =>
    strided ? (1 - padding[axis]) / 2 : (taps - 1) * dilation[axis] - padding[axis],
  );
  for (let group = 0; group < groups; group++) {
    slide(weight, algorithm, {
      ...{ images: N, inputs, H: P, W: Q, outputs, P: H, Q: W, dilation, top, left },
      ...{ source: addressOf(gy) + 4 * group * inputs * P * Q, sourceImage: O * P * Q },
      ...{ out: addressOf(gx) + 4 * group * outputs * H * W, outImage: C * H * W },
      ...{ relu: false, pool: false, winners: 0, bias: 0 },
      packing: {
        ...{ name: `winograd backward ${group}`, outputs, inputs, flip: strided ? 0 : 1 },
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

function slide(weight: Operand, algorithm: WinogradAlgorithm, job: Job): void {
  const { images, inputs, outputs, P, Q, dilation } = job;
  const { tiles, down, across } = tilesOf(images, P, Q, algorithm, dilation);
  const block = evenBlockOf(tiles, mostTiles(roundUp(inputs, 4) + roundUp(outputs, 8), algorithm));
  withWorkspace((workspace) => {
    const weights = packWeights(workspace, weight, algorithm, job.packing);
    const work = {
      units: ceil(tiles / block),
      cost: costOf(block, inputs, outputs, algorithm),
      scratch: scratchOf(
        algorithm,
        block,
        roundUp(inputs, CHANNELS),
        roundUp(outputs, tileColumns),
      ),
    };
    run(
      ...(["winograd", work, algorithm.number, block, tiles, down, across, ...dilation] as const),
      ...[job.source, 4 * job.sourceImage, job.H, job.W, job.top, job.left, inputs],
      ...[weights, job.bias, outputs, job.out, job.outImage, job.winners, P, Q],
      ...[job.relu ? 1 : 0, job.pool ? 1 : 0],
    );
  });
}

/** The gradient of the weights, summed over tiles in the transformed domain. */
export function gradWeight(gy: Operand, x: Operand, gw: Operand, size: Conv2dSize): void {
  const { N, C, H, W, O, K, L, P, Q, padding, groups, dilation } = size;
  const [inputs, outputs, algorithm] = [C / groups, O / groups, algorithmFor(size)!];
  const { tiles, down, across } = tilesOf(N, P, Q, algorithm, dilation);
  // parts sum on their own, so that threads need not wait for each other; how many, is a matter of shape only
  const parts = tiles >= 512 ? 4 : tiles >= 64 ? 2 : 1;
  const part = roundUp(ceil(tiles / parts), 4);
  const most = mostTiles(roundUp(inputs, 4) + roundUp(outputs, 4), algorithm);
  const block = roundUp(ceil(part / ceil(part / most)), 4);
  const step = 4 * algorithm.places * roundUp(inputs, tileColumns) * roundUp(outputs, 4);
  const units = ceil(tiles / part);

  withWorkspace((workspace) => {
    const sums = workspace.floats((parts * step) / 4);
    for (let group = 0; group < groups; group++) {
      const source = addressOf(x) + 4 * group * inputs * H * W;
      const gradient = addressOf(gy) + 4 * group * outputs * P * Q;
      const scratch = scratchOf(
        algorithm,
        block,
        roundUp(inputs, tileColumns),
        roundUp(outputs, CHANNELS),
      );
      const work = { units, cost: costOf(part, inputs, outputs, algorithm), scratch };
      run(
        ...(["winogradWeightGradient", work, algorithm.number, part, block, tiles] as const),
        ...[down, across, ...dilation, source, 4 * C * H * W, H, W, ...padding, inputs],
        ...[gradient, 4 * O * P * Q, P, Q, outputs, sums, step],
      );
      const end = { units: outputs, cost: inputs * 100, scratch: KERNEL + 2 * HALFWAY };
      const to = addressOf(gw) + 4 * group * outputs * inputs * K * L;
      const rest = [algorithm.number, sums, step, units, outputs, inputs, to];
      run("winogradWeightGradientEnd", end, ...rest);
    }
  });
}

/** A dilated image is several, each with tiles of its own. */
function tilesOf(
  images: number,
  P: number,
  Q: number,
  { results }: WinogradAlgorithm,
  dilation: readonly number[],
): { tiles: number; down: number; across: number } {
  const [down, across] = [P, Q].map((length, axis) =>
    ceil(ceil(length / dilation[axis]) / results[axis]),
  );
  return { tiles: images * dilation[0] * dilation[1] * down * across, down, across };
}

/** How many tiles may go through the caches together: what they become should stay in the second level. */
function mostTiles(channels: number, { places }: WinogradAlgorithm): number {
  return max(8, min(64, floor((1 << 18) / (places * channels) / 4) * 4));
}

/** The largest block that divides tiles nearly as evenly between two threads as any; from 16 tiles on they cost the same. */
function evenBlockOf(tiles: number, most: number): number {
  const half = (block: number) => ceil(ceil(tiles / block) / 2) * block;
  const blocks = [];
  for (let block = min(most, roundUp(tiles, 4)); block >= min(most, 16); block -= 4)
    blocks.push(block);
  if (!blocks.length) return roundUp(tiles, 4);
  const best = min(...blocks.map(half));
  return blocks.find((block) => half(block) <= 1.02 * best)!;
}

function costOf(
  tiles: number,
  inputs: number,
  outputs: number,
  { places }: WinogradAlgorithm,
): number {
  const products = inputs * outputs * NANOSECONDS_PER_PRODUCT;
  return tiles * places * (products + ((inputs + outputs) / 4) * NANOSECONDS_PER_PLACE);
}

/** Channels that are transformed at once. */
const CHANNELS = tileColumns / 2;
// Bytes that the kernels need for one tile: see assembly/winograd.ts.
const PIXEL = 4 * CHANNELS;
const [HALFWAY, KERNEL, RESULTS] = [81 * PIXEL, 25 * PIXEL, 64 * PIXEL];

/** Bytes that a thread needs, for so many channels of the transformed tiles: see the kernels. */
function scratchOf(
  { places, reach, step }: WinogradAlgorithm,
  block: number,
  inputs: number,
  outputs: number,
): number {
  const place = (channels: number) => roundUp(4 * block * channels, 64) + 64;
  const strip = PIXEL * reach[0] * (step[1] * block + reach[1]);
  return HALFWAY + RESULTS + 2 * PIXEL + strip + places * (place(inputs) + place(outputs));
}

interface Packing {
  readonly name: string;
  readonly outputs: number;
  readonly inputs: number;
  /** Where the first kernel lies in the weight, and floats from one output, one input, to the next. */
  readonly start: number;
  readonly outputStep: number;
  readonly inputStep: number;
  readonly flip: number;
}

function packWeights(
  workspace: Workspace,
  weight: Operand,
  { number, places }: WinogradAlgorithm,
  packing: Packing,
): number {
  const { name, outputs, inputs, start, outputStep, inputStep, flip } = packing;
  const floats = places * roundUp(outputs, tileColumns) * roundUp(inputs, CHANNELS);
  return packed(workspace, weight, `${name} ${number}`, floats, (to) => {
    const work = {
      units: ceil(outputs / tileColumns),
      cost: inputs * 3 * places,
      scratch: KERNEL + HALFWAY,
    };
    run(
      ...(["winogradWeights", work, number, addressOf(weight) + 4 * start] as const),
      ...[outputStep, inputStep, outputs, inputs, flip, to],
    );
  });
}
