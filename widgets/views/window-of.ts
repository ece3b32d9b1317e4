// How a layer's output places look at its input: what receptive fields need.

import { className, type Layer } from "./layers.js";

type Pair = readonly [number, number];

export interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
}

const pointwise =
  /^(ReLU|LeakyReLU|Sigmoid|Tanh|GELU|SiLU|ELU|Softplus|Hardtanh|ReLU6|PReLU|Identity|Dropout.*|BatchNorm2d|Mish|LogSigmoid|Hardswish)$/;

/** The layer's window: 1×1 for what works place by place; null if an output sees everything, or we do not know. */
export function windowOf(layer: Layer): Window | null {
  const name = className(layer);
  if (pointwise.test(name))
    return { kernel: [1, 1], stride: [1, 1], padding: [0, 0], dilation: [1, 1] };
  if (!/^(Conv2d|MaxPool2d|AvgPool2d)$/.test(name)) return null;
  const { kernelSize, stride, padding, dilation = 1 } = layer as unknown as Record<string, any>;
  const kernel = pair(kernelSize);
  const gaps = pair(dilation);
  return {
    kernel,
    stride: pair(stride),
    // "same" puts what does not divide on the right
    padding:
      padding === "same"
        ? [Math.floor((gaps[0] * (kernel[0] - 1)) / 2), Math.floor((gaps[1] * (kernel[1] - 1)) / 2)]
        : padding === "valid"
          ? [0, 0]
          : pair(padding),
    dilation: gaps,
  };
}

function pair(value: number | readonly number[]): Pair {
  return typeof value === "number" ? [value, value] : [value[0], value[1] ?? value[0]];
}
