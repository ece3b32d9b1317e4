// Direct convolution of any shape, and its gradients, over padded planes. See assembly/direct.ts.

import { memory } from "../arena.js";
import { tileColumns } from "../engine.js";
import { addressOf, type Operand } from "../operand.js";
import { packed } from "../packed.js";
import type { Conv2dSize } from "../plain/conv2d.js";
import { run } from "../team.js";
import { withWorkspace, type Workspace } from "../workspace.js";
import type { Fusion } from "./fusion.js";
import { deepest, phasesOf } from "./phases.js";
import { imagesAtOnce, padImages, type PaddedImages, type Padding } from "./padded.js";

const NANOSECONDS_PER_PRODUCT = 0.05;
const TILE_BYTES = 4 * 4 * tileColumns;

const roundUp = (value: number, step: number) => Math.ceil(value / step) * step;
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** A place of the kernel, and how many rows and columns away from a pixel (in its padded plane) it reads. */
interface Tap {
  readonly place: number;
  readonly down: number;
  readonly across: number;
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
  const { N, C, H, W, O, K, L, P, Q, groups, stride } = size;
  const [inputs, outputs] = [C / groups, O / groups];
  const taps = tapsOf(size);
  const padding = forwardPadding(size);
  const relu = fusion.relu ? 1 : 0;
  const rowCost = Q * outputs * inputs * taps.length * NANOSECONDS_PER_PRODUCT;
  const batch = imagesAtOnce(N, C, padding);

  for (let n = 0; n < N; n += batch) {
    const images = Math.min(batch, N - n);
    withWorkspace((workspace) => {
      const from = addressOf(x) + 4 * n * C * H * W;
      const planes = padImages(workspace, from, images, C, H, W, padding);
      const weights = packWeights(workspace, weight, {
        ...{ name: "forward", groups, outputs, inputs, taps },
        ...{ groupStep: outputs * inputs * K * L, outputStep: inputs * K * L, inputStep: K * L },
      });
      const common = [
        ...[planes.pointer, inputs * planes.planeStep, stride[0] * planes.rowStep],
        ...[tapTable(workspace, taps, inputs, planes), inputs * taps.length, weights],
        ...[biasTable(workspace, bias, outputs, groups), outputs, groups],
      ];
      if (fusion.pool) {
        const [PH, PW] = [P >> 1, Q >> 1];
        const first = n * O * PH * PW;
        const winners = fusion.winners ? addressOf(fusion.winners) + first : 0;
        const scratch = 32 * roundUp(2 * PW, tileColumns);
        const work = { units: images * groups * PH, cost: 2 * rowCost, scratch };
        const rest = [addressOf(y) + 4 * first, winners, PH, PW, relu];
        run("convolvePool", work, ...common, ...rest);
      } else {
        const work = { units: images * groups * P, cost: rowCost, scratch: TILE_BYTES };
        run("convolve", work, ...common, addressOf(y) + 4 * n * O * P * Q, P, Q, relu);
      }
    });
  }
}

/**
 * The gradient of x. With stride s it falls apart into s × s images, one for each rest of (h + padding) modulo s,
 * and each is a convolution of gy, without stride, with those taps of the kernel that can reach it.
 */
export function gradX(gy: Operand, weight: Operand, gx: Operand, size: Conv2dSize): void {
  const { N, C, H, W, O, K, L, P, Q, stride, groups } = size;
  const [inputs, outputs] = [O / groups, C / groups]; // of the backward convolution
  const [rows, columns] = [phasesOf(size, 0), phasesOf(size, 1)];
  const [deepRow, deepColumn] = [deepest(size, 0), deepest(size, 1)];
  const padding = {
    top: deepRow,
    left: deepColumn,
    rows: deepRow + Math.max(...rows.map(({ first, count }) => first + count)),
    columns:
      deepColumn +
      Math.max(...columns.map(({ first, count }) => first + roundUp(count, tileColumns))),
  };
  const batch = imagesAtOnce(N, O, padding);

  for (let n = 0; n < N; n += batch) {
    const images = Math.min(batch, N - n);
    withWorkspace((workspace) => {
      const from = addressOf(gy) + 4 * n * O * P * Q;
      const planes = padImages(workspace, from, images, O, P, Q, padding);
      const zeros = biasTable(workspace, null, outputs, groups);
      const source = [planes.pointer, inputs * planes.planeStep, planes.rowStep];
      const out = addressOf(gx) + 4 * n * C * H * W;
      for (const row of rows) {
        const phases = columns.map((column) => {
          const taps = row.taps.flatMap((k) =>
            column.taps.map((l) => ({
              place: k.index * L + l.index,
              down: row.first + deepRow - k.back,
              across: column.first + deepColumn - l.back,
            })),
          );
          const weights = packWeights(workspace, weight, {
            ...{ name: `backward ${row.rest} ${column.rest}`, groups, outputs, inputs, taps },
            ...{
              groupStep: inputs * outputs * K * L,
              outputStep: K * L,
              inputStep: outputs * K * L,
            },
          });
          const table = tapTable(workspace, taps, inputs, planes);
          return [table, inputs * taps.length, weights];
        });
        const products = phases.reduce((sum, [, count]) => sum + count, 0);
        const work = {
          units: images * groups * row.count,
          cost: (W / stride[1]) * outputs * (products * NANOSECONDS_PER_PRODUCT + stride[1]),
          scratch: stride[1] * TILE_BYTES,
        };
        if (stride[0] === 1 && stride[1] === 1) {
          run("convolve", work, ...source, ...phases[0], zeros, outputs, groups, out, H, W, 0);
        } else {
          const entries = workspace.table(phases.flat());
          const rest = [out, row.count, row.start, stride[0], H, W];
          run(
            "convolveSpread",
            work,
            ...source,
            entries,
            stride[1],
            zeros,
            outputs,
            groups,
            ...rest,
          );
        }
      }
    });
  }
}

/** The gradient of the weights. */
export function gradWeight(gy: Operand, x: Operand, gw: Operand, size: Conv2dSize): void {
  const { N, C, H, W, O, K, L, P, Q, stride, groups } = size;
  const [inputs, outputs] = [C / groups, O / groups];
  const taps = tapsOf(size);
  const padding = forwardPadding(size);
  const batch = imagesAtOnce(N, C, padding);
  const count = inputs * K * L;
  const sumFloats = 4 * (roundUp(outputs, 3) + 2) * (count + 2);

  withWorkspace((outer) => {
    const sums = range(groups).map(() => outer.floats(sumFloats));
    for (let n = 0; n < N; n += batch) {
      const images = Math.min(batch, N - n);
      const [first, last] = [n === 0 ? 1 : 0, n + batch >= N ? 1 : 0];
      withWorkspace((workspace) => {
        const planes = padImages(
          workspace,
          addressOf(x) + 4 * n * C * H * W,
          images,
          C,
          H,
          W,
          padding,
        );
        const gradients = wholeVectors(
          workspace,
          addressOf(gy) + 4 * n * O * P * Q,
          images,
          O,
          P,
          Q,
        );
        const offsets = range(inputs).flatMap((c) =>
          taps.map((tap) => c * planes.planeStep + offsetOf(tap, planes)),
        );
        while (offsets.length % 3) offsets.push(offsets[offsets.length - 1]);
        const table = workspace.table(offsets);
        const vectors = Math.ceil(Q / 4);
        const cost = 3 * count * images * P * Q * NANOSECONDS_PER_PRODUCT;
        for (let group = 0; group < groups; group++) {
          run(
            ...(["convolveWeightGradient", { units: Math.ceil(outputs / 3), cost }] as const),
            gradients.pointer + group * outputs * gradients.planeStep,
            ...[gradients.imageStep, gradients.planeStep, gradients.rowStep, outputs],
            planes.pointer + group * inputs * planes.planeStep,
            ...[planes.imageStep, stride[0] * planes.rowStep, table, count, images, P, vectors],
            // three rows of gy and what they meet in x stay in the first-level cache
            ...[Math.max(1, Math.floor(1024 / Q)), sums[group]],
            ...[addressOf(gw) + 4 * group * outputs * count, first, last],
          );
        }
      });
    }
  });
}

/** gy as it lies, if its rows are whole vectors, else with rows filled up with zeros. */
function wholeVectors(
  workspace: Workspace,
  gy: number,
  images: number,
  channels: number,
  P: number,
  Q: number,
): PaddedImages {
  if (Q % 4 === 0) {
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
  return padImages(workspace, gy, images, channels, P, Q, { top: 0, left: 0, rows: P, columns: Q });
}

function tapsOf({ K, L, dilation }: Conv2dSize): Tap[] {
  return range(K).flatMap((k) =>
    range(L).map((l) => ({ place: k * L + l, down: k * dilation[0], across: l * dilation[1] })),
  );
}

function forwardPadding({ P, Q, K, L, stride, padding, dilation }: Conv2dSize): Padding {
  return {
    top: padding[0],
    left: padding[1],
    rows: (P - 1) * stride[0] + (K - 1) * dilation[0] + 1,
    columns: roundUp(Q, tileColumns) + Math.floor(((L - 1) * dilation[1]) / stride[1]) + 1,
    phases: stride[1],
  };
}

/** The byte offset of a tap from a pixel: its column is sorted into a phase. */
function offsetOf({ down, across }: Tap, { rowStep, pitch, phases }: PaddedImages): number {
  return down * rowStep + 4 * ((across % phases) * pitch + Math.floor(across / phases));
}

/** The byte offset of each tap of each input channel. */
function tapTable(
  { table }: Workspace,
  taps: readonly Tap[],
  inputs: number,
  planes: PaddedImages,
): number {
  const ofOne = taps.map((tap) => offsetOf(tap, planes));
  const all = new Int32Array(inputs * taps.length + 1);
  for (let c = 0, i = 0; c < inputs; c++)
    for (const offset of ofOne) all[i++] = c * planes.planeStep + offset;
  return table(all);
}

/** The bias of each group, filled up with zeros to whole tiles of four channels. */
function biasTable(
  workspace: Workspace,
  bias: Operand | null,
  outputs: number,
  groups: number,
): number {
  const step = roundUp(outputs, 4);
  const pointer = workspace.floats(groups * step);
  const table = new Float32Array(memory.buffer, pointer, groups * step).fill(0);
  if (bias) {
    const values = bias.storage.array.subarray(bias.offset, bias.offset + groups * outputs);
    for (let group = 0; group < groups; group++)
      table.set(values.subarray(group * outputs, (group + 1) * outputs), group * step);
  }
  return pointer;
}

interface Packing {
  readonly name: string;
  readonly groups: number;
  readonly outputs: number;
  readonly inputs: number;
  /** Floats from one group, one output, one input, to the next in the weight. */
  readonly groupStep: number;
  readonly outputStep: number;
  readonly inputStep: number;
  readonly taps: readonly Tap[];
}

function packWeights(workspace: Workspace, weight: Operand, packing: Packing): number {
  const { name, groups, outputs, inputs, groupStep, outputStep, inputStep, taps } = packing;
  const quads = groups * Math.ceil(outputs / 4);
  return packed(workspace, weight, `direct ${name}`, 4 * quads * inputs * taps.length, (to) => {
    const places = workspace.table([...taps.map((tap) => tap.place), 0]);
    const work = { units: quads, cost: 4 * inputs * taps.length };
    run(
      ...(["packWeights", work, addressOf(weight), groupStep, outputStep, inputStep] as const),
      ...[outputs, inputs, places, taps.length, to],
    );
  });
}
