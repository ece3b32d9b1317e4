// Runs of layers that Sequential computes in one pass: convolution → ReLU, and convolution → ReLU → 2 × 2 max pooling.
// Only where nobody can tell the difference: the library's own layers, without hooks, on float32.

import { convRelu } from "../ops/fused-conv.js";
import { Tensor } from "../tensor.js";
import { ReLU } from "./activations.js";
import { Conv2d } from "./conv.js";
import { hasHooks } from "./hooks.js";
import type { Module } from "./module.js";
import { MaxPool2d } from "./pool.js";

/** The result of the layers from `start` on that can run as one, and how many they are; null if there are none. */
export function runFused(
  layers: readonly Module[],
  start: number,
  x: unknown,
): { y: Tensor; count: number } | null {
  const [conv, relu, pool] = [layers[start], layers[start + 1], layers[start + 2]];
  if (!isPlain(conv, Conv2d) || !isPlain(relu, ReLU)) return null;
  if (!(x instanceof Tensor) || x.dtype !== "float32" || conv.weight.dtype !== "float32")
    return null;
  if (conv.paddingMode !== "zeros" || (x.ndim !== 3 && x.ndim !== 4)) return null;

  const pools =
    isPlain(pool, MaxPool2d) && halves(pool) && conv.outputSize(x.shape).every((n) => n > 1);
  const { weight, bias, stride, padding, dilation, groups } = conv;
  const y = convRelu(x, weight, bias, { stride, padding, dilation, groups }, pools);
  return { y, count: pools ? 3 : 2 };
}

/** A layer of exactly this class, with its own forward and without hooks. */
function isPlain<T extends Module>(
  layer: Module | undefined,
  type: abstract new (...args: any[]) => T,
): layer is T {
  return (
    layer !== undefined &&
    Object.getPrototypeOf(layer) === type.prototype &&
    !Object.hasOwn(layer, "forward") &&
    !hasHooks(layer)
  );
}

function halves({
  kernelSize,
  stride,
  padding,
  dilation,
  ceilMode,
  returnIndices,
}: MaxPool2d): boolean {
  const all = (value: number | readonly number[], wanted: number) =>
    [value].flat().every((n) => n === wanted);
  return (
    all(kernelSize, 2) &&
    all(stride, 2) &&
    all(padding, 0) &&
    all(dilation, 1) &&
    !ceilMode &&
    !returnIndices
  );
}
