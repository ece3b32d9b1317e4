// What the operations call: every function picks the engine's kernel where there is one for dtype and shape, else the
// plain loops. Operands are dense unless a function says otherwise; results are allocated by the caller.

import type { Fusion } from "./convolution/fusion.js";
import * as convolution from "./convolution/index.js";
import * as pooled from "./convolution/pooled.js";
import * as matmul from "./matmul.js";
import { addressOf, inArena, valuesOf, type Operand } from "./operand.js";
import * as plain from "./plain/conv2d.js";
import * as products from "./plain/gemm.js";
import * as pools from "./plain/pool.js";
import type { PoolSize } from "./plain/pool.js";
import type { Conv2dSize } from "./plain/conv2d.js";
import * as pooling from "./pooling.js";
import { run } from "./team.js";
import { withWorkspace } from "./workspace.js";

export type { Fusion } from "./convolution/fusion.js";
export type { Conv2dSize } from "./plain/conv2d.js";
export type { Bins, PoolSize } from "./plain/pool.js";
export type { Operand } from "./operand.js";

const allFloat32 = (...operands: readonly Operand[]) =>
  operands.every(({ storage }) => storage.dtype === "float32");

/** y = x ⋆ weight + bias, then what `fusion` (float32 only) adds. */
export function conv2d(
  x: Operand,
  weight: Operand,
  bias: Operand | null,
  y: Operand,
  size: Conv2dSize,
  fusion: Fusion = {},
): void {
  if (allFloat32(x, weight, y) && (!bias || allFloat32(bias))) {
    convolution.convolve(inArena(x), inArena(weight), bias && inArena(bias), y, size, fusion);
  } else plain.conv2d(valuesOf(x), valuesOf(weight), bias && valuesOf(bias), valuesOf(y), size);
}

/** The way back through the pooling of {@link Fusion}: gx [N, C, H, W] from gy and the winners [N, C, H/2, W/2]. float32 only. */
export function unpool2(gy: Operand, winners: Operand, gx: Operand): void {
  const [N, C, H, W] = gx.shape;
  const work = { units: N * C, cost: H * W * 0.2 };
  const places = winners.storage.pointer + winners.offset;
  run("maxPool2Backward", work, addressOf(inArena(gy)), places, H, W, addressOf(gx));
}

/**
 * The gradients of weight and bias from the gradient behind the pooling of {@link Fusion}, float32 only. False (and
 * nothing done) where {@link unpool2} and the ordinary ways back are quicker.
 */
export function conv2dGradPooled(
  gy: Operand,
  winners: Operand,
  x: Operand,
  gw: Operand,
  gb: Operand,
  size: Conv2dSize,
): boolean {
  if (!pooled.suits(size)) return false;
  pooled.gradWeightAndBias(inArena(gy), winners, inArena(x), gw, gb, size);
  return true;
}

export function conv2dGradX(gy: Operand, weight: Operand, gx: Operand, size: Conv2dSize): void {
  if (allFloat32(gy, weight, gx)) convolution.gradX(inArena(gy), inArena(weight), gx, size);
  else plain.conv2dGradX(valuesOf(gy), valuesOf(weight), valuesOf(gx), size);
}

export function conv2dGradWeight(gy: Operand, x: Operand, gw: Operand, size: Conv2dSize): void {
  if (allFloat32(gy, x, gw)) convolution.gradWeight(inArena(gy), inArena(x), gw, size);
  else plain.conv2dGradWeight(valuesOf(gy), valuesOf(x), valuesOf(gw), size);
}

export function conv2dGradBias(gy: Operand, gb: Operand, size: Conv2dSize): void {
  if (!allFloat32(gy, gb)) return plain.conv2dGradBias(valuesOf(gy), valuesOf(gb), size);
  const { N, O, P, Q } = size;
  run(
    "sumChannels",
    { units: O, cost: N * P * Q * 0.1 },
    addressOf(inArena(gy)),
    N,
    O,
    P * Q,
    addressOf(gb),
  );
}

/** Adds a number to all pixels of a channel, in place; x [N, C, …]. */
export function addToChannels(x: Operand, bias: Operand): void {
  const [N, C] = x.shape;
  const pixels = x.shape.slice(2).reduce((product, length) => product * length, 1);
  if (!allFloat32(x, bias)) return plain.addToChannels(valuesOf(x), valuesOf(bias), N, C, pixels);
  withWorkspace(({ floatTable }) => {
    const ones = floatTable(new Float32Array(C).fill(1));
    const [values, shifts] = [addressOf(x), addressOf(inArena(bias))];
    const work = { units: N * C, cost: pixels * 0.1 };
    run("scaleChannels", work, values, C, pixels, ones, shifts, values);
  });
}

/** y = a · b (or y += a · b), for matrices a [M, K] and b [K, N] of any strides; y [M, N] is dense. */
export function gemm(a: Operand, b: Operand, y: Operand, accumulate = false): void {
  if (matmul.gemm(a, b, y, accumulate)) return;
  const [M, K] = a.shape;
  const [aRow, aColumn] = a.strides;
  const [bRow, bColumn] = b.strides;
  const size = { M, N: b.shape[1], K, aRow, aColumn, bRow, bColumn };
  products.gemm(valuesOf(a), valuesOf(b), valuesOf(y), size, accumulate);
}

/** `winners` is int32, of y's shape; null if nobody wants them. */
export function maxPool(x: Operand, y: Operand, winners: Operand | null, size: PoolSize): void {
  if (pooling.maxPool(x, y, winners, size)) return;
  const places = winners ? valuesOf(winners) : new Int32Array(valuesOf(y).length);
  pools.maxPool(valuesOf(x), valuesOf(y), places as Int32Array, size);
}

export function toWinners(gy: Operand, winners: Operand, gx: Operand, size: PoolSize): void {
  if (pooling.toWinners(gy, winners, gx, size)) return;
  pools.toWinners(valuesOf(gy), valuesOf(winners) as Int32Array, valuesOf(gx), size);
}

export function fromWinners(x: Operand, winners: Operand, y: Operand, size: PoolSize): void {
  pools.fromWinners(valuesOf(x), valuesOf(winners) as Int32Array, valuesOf(y), size);
}

export function avgPool(x: Operand, y: Operand, divisor: number | null, size: PoolSize): void {
  if (pooling.avgPool(x, y, divisor, size)) return;
  pools.avgPool(valuesOf(x), valuesOf(y), divisor, size);
}

export function avgPoolGrad(
  gy: Operand,
  gx: Operand,
  divisor: number | null,
  size: PoolSize,
): void {
  if (pooling.avgPoolGrad(gy, gx, divisor, size)) return;
  pools.avgPoolGrad(valuesOf(gy), valuesOf(gx), divisor, size);
}
