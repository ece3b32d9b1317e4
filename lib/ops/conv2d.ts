// Two-dimensional convolution.

import { record } from "../autograd.js";
import { axes } from "../axes.js";
import * as compute from "../compute/index.js";
import { ShapeError } from "../errors.js";
import { pairOf, showShape, type Pair } from "../shape.js";
import { empty, type Tensor } from "../tensor.js";
import { contiguous, reshape } from "./views.js";
import { windowPlaces } from "./windows.js";

export interface Conv2dOptions {
  /** Pixels from one place to the next. Default 1. */
  stride?: Pair;
  /** Zeros added on every side, in pixels. Default 0. */
  padding?: Pair;
  /** Pixels from one cell of the kernel to the next. Default 1: no gaps. */
  dilation?: Pair;
  /** Into how many separate groups the channels are divided. Default 1. */
  groups?: number;
}

/**
 * Slide `weight` over `x`, and take the dot product at every place (cross-correlation).
 *
 * Shapes: x [N, C, H, W] or [C, H, W], weight [O, C/groups, K, L], bias [O] → [N, O, P, Q],
 * with P = floor((H + 2·padding − dilation·(K − 1) − 1) / stride + 1), and Q alike.
 *
 * ```ts
 * const x = torch.arange(9, { dtype: "float32" }).reshape([1, 1, 3, 3])
 * const w = torch.arange(4, { dtype: "float32" }).reshape([1, 1, 2, 2])
 * torch.nn.functional.conv2d(x, w).tolist() // → [[[[19, 25], [37, 43]]]]
 * ```
 *
 * @throws ShapeError if channels differ, or the kernel is larger than the padded image.
 * @see Dumoulin & Visin, A guide to convolution arithmetic (2016)
 */
export function conv2d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: Conv2dOptions = {},
): Tensor {
  if (x.ndim === 3) {
    const y = conv2d(reshape(x, [1, ...x.shape]), weight, bias, options);
    return reshape(y, y.shape.slice(1));
  }

  const stride = pairOf("conv2d", "stride", options.stride ?? 1);
  const padding = pairOf("conv2d", "padding", options.padding ?? 0);
  const dilation = pairOf("conv2d", "dilation", options.dilation ?? 1);
  const { groups = 1 } = options;
  const { N, C, H, W, O, I, K, L } = axes("conv2d", {
    x: [x, "N C H W"],
    weight: [weight, "O I K L"],
    bias: [bias, "O"],
  });
  if (C !== I * groups) {
    throw new ShapeError(
      `conv2d: x ${showShape(x.shape)} has ${C} channels but weight ${showShape(weight.shape)} takes ${I * groups}${groups > 1 ? ` (${I} in each of ${groups} groups)` : ""}`,
    );
  }
  const P = windowPlaces(H, K, { stride: stride[0], padding: padding[0], dilation: dilation[0] });
  const Q = windowPlaces(W, L, { stride: stride[1], padding: padding[1], dilation: dilation[1] });
  if (P < 1 || Q < 1) {
    throw new ShapeError(
      `conv2d: a ${K}×${L} kernel with dilation ${showShape(dilation)} does not fit in a ${H}×${W} image with padding ${showShape(padding)}`,
    );
  }

  const size = { N, C, H, W, O, K, L, P, Q, stride, padding, dilation, groups };
  const [dx, dw] = [contiguous(x), contiguous(weight)];
  const y = empty([N, O, P, Q], x.dtype);
  compute.conv2d(dx, dw, bias && contiguous(bias), y, size);

  const rows = [
    [dx, (gy: Tensor) => gradX(gy, dw, size)],
    [dw, (gy: Tensor) => gradWeight(gy, dx, size)],
    [bias, (gy: Tensor) => gradBias(gy, size)],
  ] as const;
  return record("ConvolutionBackward0", y, rows, { saves: [dx, dw] });
}

function gradX(gy: Tensor, weight: Tensor, size: compute.Conv2dSize): Tensor {
  const gx = empty([size.N, size.C, size.H, size.W], gy.dtype);
  compute.conv2dGradX(contiguous(gy), weight, gx, size);
  return gx;
}

function gradWeight(gy: Tensor, x: Tensor, size: compute.Conv2dSize): Tensor {
  const gw = empty([size.O, size.C / size.groups, size.K, size.L], gy.dtype);
  compute.conv2dGradWeight(contiguous(gy), x, gw, size);
  return gw;
}

function gradBias(gy: Tensor, size: compute.Conv2dSize): Tensor {
  const gb = empty([size.O], gy.dtype);
  compute.conv2dGradBias(contiguous(gy), gb, size);
  return gb;
}
