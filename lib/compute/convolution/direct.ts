// Direct convolution of any shape, and its gradients, over padded planes. See assembly/direct.ts.

import { memory } from "../arena.js";
import { tileColumns } from "../engine.js";
import { addressOf, type Operand } from "../operand.js";
import { packed } from "../packed.js";
import type { Conv2dSize } from "../plain/conv2d.js";
import { run } from "../team.js";
import { withWorkspace, type Workspace } from "../workspace.js";
import type { Fusion } from "./fusion.js";
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
  const { N, C, H, W, O, K, L, P, Q, groups } = size;
  const [inputs, outputs] = [C / groups, O / groups];
  const taps = tapsOf(size);
  const padding = forwardPadding(size);
  const relu = fusion.relu ? 1 : 0;
  const rowCost = Q * outputs * inputs * taps.length * NANOSECONDS_PER_PRODUCT;
  const batch = imagesAtOnce(N, C, padding);

  for (let n = 0; n < N; n += batch) {
    const images = Math.min(batch, N - n);
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
      const table = tapTable(workspace, taps, planes);
      const biases = biasTable(workspace, bias, outputs, groups);
      for (let group = 0; group < groups; group++) {
        const weights = packWeights(workspace, weight, group, {
          ...{
            outputs,
            inputs,
            outputStep: inputs * K * L,
            inputStep: K * L,
            taps,
            name: "forward",
            filters: outputs,
          },
        });
        const source = planes.pointer + group * inputs * planes.planeStep;
        const common = [
          ...[source, planes.imageStep, planes.planeStep, size.stride[0] * planes.rowStep],
          ...[
            table,
            taps.length,
            inputs,
            weights,
            biases + 4 * group * roundUp(outputs, 4),
            outputs,
          ],
        ];
        if (fusion.pool) {
          const [PH, PW] = [P >> 1, Q >> 1];
          const first = n * O * PH * PW;
          const winners = fusion.winners ? addressOf(fusion.winners) + first : 0;
          const work = {
            units: images * PH,
            cost: 2 * rowCost,
            scratch: 32 * roundUp(2 * PW, tileColumns),
          };
          run("convolvePool", work, ...common, addressOf(y) + 4 * first, winners, PH, PW, relu);
        } else {
          const out = addressOf(y) + 4 * (n * O + group * outputs) * P * Q;
          const work = { units: images * P, cost: rowCost, scratch: TILE_BYTES };
          run("convolve", work, ...common, out, O * P * Q, P * Q, Q, 1, P, Q, relu);
        }
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
  const rowPhases = phasesOf(size, 0);
  const columnPhases = phasesOf(size, 1);
  const [deepRow, deepColumn] = [deepest(size, 0), deepest(size, 1)];
  const padding = {
    top: deepRow,
    left: deepColumn,
    rows: deepRow + Math.max(...rowPhases.map((phase) => phase.first + phase.count)),
    columns:
      deepColumn +
      Math.max(...columnPhases.map((phase) => phase.first + roundUp(phase.count, tileColumns))),
  };
  const batch = imagesAtOnce(N, O, padding);

  for (let n = 0; n < N; n += batch) {
    const images = Math.min(batch, N - n);
    withWorkspace((workspace) => {
      const planes = padImages(
        workspace,
        addressOf(gy) + 4 * n * O * P * Q,
        images,
        O,
        P,
        Q,
        padding,
      );
      const zeros = biasTable(workspace, null, outputs, 1);
      for (const row of rowPhases) {
        for (const column of columnPhases) {
          const taps = row.taps.flatMap((k) =>
            column.taps.map((l) => ({
              place: k.index * L + l.index,
              down: row.first + deepRow - k.back,
              across: column.first + deepColumn - l.back,
            })),
          );
          const table = tapTable(workspace, taps, planes);
          const cost = column.count * outputs * inputs * taps.length * NANOSECONDS_PER_PRODUCT;
          const work = {
            units: images * row.count,
            cost: cost + column.count,
            scratch: TILE_BYTES,
          };
          for (let group = 0; group < groups; group++) {
            const weights = packWeights(workspace, weight, group, {
              ...{ outputs, inputs, outputStep: K * L, inputStep: outputs * K * L, taps },
              name: `backward ${row.rest} ${column.rest}`,
              filters: inputs,
            });
            const source = planes.pointer + group * inputs * planes.planeStep;
            const plane = n * C + group * outputs;
            const out = addressOf(gx) + 4 * ((plane * H + row.start) * W + column.start);
            run(
              ...([
                "convolve",
                work,
                source,
                planes.imageStep,
                planes.planeStep,
                planes.rowStep,
              ] as const),
              ...[table, taps.length, inputs, weights, zeros, outputs],
              ...[out, C * H * W, H * W, stride[0] * W, stride[1], row.count, column.count, 0],
            );
          }
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

function tapTable(workspace: Workspace, taps: readonly Tap[], planes: PaddedImages): number {
  return workspace.table([...taps.map((tap) => offsetOf(tap, planes)), 0]);
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
  /** Rows of the weight in each group. */
  readonly filters: number;
  readonly outputs: number;
  readonly inputs: number;
  /** Floats from one output, one input, to the next in the weight. */
  readonly outputStep: number;
  readonly inputStep: number;
  readonly taps: readonly Tap[];
  readonly name: string;
}

function packWeights(
  workspace: Workspace,
  weight: Operand,
  group: number,
  packing: Packing,
): number {
  const { filters, outputs, inputs, outputStep, inputStep, taps, name } = packing;
  const floats = roundUp(outputs, 4) * inputs * taps.length;
  const start = addressOf(weight) + 4 * group * filters * weight.strides[0];
  return packed(workspace, weight, `direct ${name} ${group}`, floats, (to) => {
    const places = workspace.table([...taps.map((tap) => tap.place), 0]);
    const work = { units: Math.ceil(outputs / 4), cost: 4 * inputs * taps.length };
    run(
      "packWeights",
      work,
      start,
      outputStep,
      inputStep,
      outputs,
      inputs,
      places,
      taps.length,
      to,
    );
  });
}

/** One rest of (h + padding) modulo the stride, along one axis. */
interface Phase {
  readonly rest: number;
  /** The first h of this rest, the place in gy that it counts from, and how many there are. */
  readonly start: number;
  readonly first: number;
  readonly count: number;
  /** Places of the kernel that reach it, and how far back in gy each looks. */
  readonly taps: readonly { readonly index: number; readonly back: number }[];
}

function phasesOf(size: Conv2dSize, axis: 0 | 1): Phase[] {
  const { stride, padding, dilation } = size;
  const [s, pad, d] = [stride[axis], padding[axis], dilation[axis]];
  const [length, kernel] = axis === 0 ? [size.H, size.K] : [size.W, size.L];
  return range(s)
    .map((rest) => {
      // h + pad = rest + s·j
      const first = Math.max(0, Math.ceil((pad - rest) / s));
      const count = Math.floor((length - 1 + pad - rest) / s) - first + 1;
      const taps = range(kernel)
        .filter((k) => (k * d) % s === rest)
        .map((k) => ({ index: k, back: (k * d - rest) / s }));
      return { rest, start: rest + s * first - pad, first, count, taps };
    })
    .filter(({ count }) => count > 0);
}

/** How far back in gy any tap looks. */
function deepest({ K, L, stride, dilation }: Conv2dSize, axis: 0 | 1): number {
  return Math.floor((((axis === 0 ? K : L) - 1) * dilation[axis]) / stride[axis]);
}
