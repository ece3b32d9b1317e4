// What all convolutions share. The product sum Σ gy·x·weight over all windows is linear in each of the three; leaving
// one out gives three functions, and each is the way back of the two others:
//
//   correlate(x, weight) → y      spread(gy, weight) → x      match(gy, x) → weight
//
// `spread` is also the transposed convolution. One-dimensional images are two-dimensional ones with a height of 1.

import { record } from "../autograd.js";
import * as compute from "../compute/index.js";
import { expand, contiguous, reshape } from "./views.js";
import { empty, type Tensor } from "../tensor.js";
import type { Shape } from "../shape.js";

/** One convolution: its numbers, and the shapes that its tensors have outside. */
export interface Windows {
  readonly size: compute.Conv2dSize;
  readonly x: Shape;
  readonly weight: Shape;
  readonly y: Shape;
}

/** y: weight slid over x. */
export function correlate(x: Tensor, weight: Tensor, bias: Tensor | null, windows: Windows) {
  const [dx, dw, db] = [contiguous(x), contiguous(weight), bias && contiguous(bias)];
  const y = empty(windows.y, x.dtype);
  compute.conv2d(dx, dw, db, y, windows.size);

  const rows = [
    [dx, (gy: Tensor) => spread(gy, dw, null, windows, "ConvolutionBackwardBackward0")],
    [dw, (gy: Tensor) => match(gy, dx, windows)],
    [db, (gy: Tensor) => sumOverPlaces(gy, windows.size)],
  ] as const;
  const told = { op: "convolution", size: windows.size };
  return record("ConvolutionBackward0", y, rows, { saves: [dx, dw], told });
}

/** x: every number of gy adds its multiple of weight where its window lay. */
export function spread(
  gy: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  windows: Windows,
  name: string,
): Tensor {
  const [dgy, dw] = [contiguous(gy), contiguous(weight)];
  const x = empty(windows.x, gy.dtype);
  compute.conv2dGradX(dgy, dw, x, windows.size);
  if (bias) compute.addToChannels(x, contiguous(bias));

  const { N, C, H, W } = windows.size;
  const rows = [
    [dgy, (gx: Tensor) => correlate(gx, dw, null, windows)],
    [dw, (gx: Tensor) => match(dgy, gx, windows)],
    [bias, (gx: Tensor) => sumOverPlaces(gx, { ...windows.size, N, O: C, P: H, Q: W })],
  ] as const;
  const told = { op: "transposedConvolution", size: windows.size };
  return record(name, x, rows, { saves: [dgy, dw], told });
}

/** weight: at every place of the kernel, the dot product of gy with the part of x that lay under it. */
export function match(gy: Tensor, x: Tensor, windows: Windows): Tensor {
  const [dgy, dx] = [contiguous(gy), contiguous(x)];
  const weight = empty(windows.weight, gy.dtype);
  compute.conv2dGradWeight(dgy, dx, weight, windows.size);

  const rows = [
    [dgy, (gw: Tensor) => correlate(dx, gw, null, windows)],
    [dx, (gw: Tensor) => spread(dgy, gw, null, windows, "ConvolutionBackwardBackward0")],
  ] as const;
  return record("ConvolutionBackwardBackward0", weight, rows, { saves: [dgy, dx] });
}

export function sumOverPlaces(gy: Tensor, size: compute.Conv2dSize): Tensor {
  const gb = empty([size.O], gy.dtype);
  compute.conv2dGradBias(contiguous(gy), gb, size);
  const rest = gy.shape.slice(2).map(() => 1);
  const back = (ggb: Tensor) => expand(reshape(ggb, [1, size.O, ...rest]), gy.shape);
  return record("SumBackward1", gb, [[gy, back]]);
}
