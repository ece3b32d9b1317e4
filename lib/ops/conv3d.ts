// Convolution over volumes. A window of K slices is a sum of K two-dimensional convolutions, one for each slice of the
// kernel: no kernels of its own, and every gradient follows from theirs.

import { ShapeError } from "../errors.js";
import { showShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { add } from "./arithmetic.js";
import { checkFloating } from "./checks.js";
import { conv2d } from "./conv.js";
import { convTranspose2d, type ConvTransposeOptions } from "./conv-transpose.js";
import { stack } from "./joining.js";
import { pad } from "./padding.js";
import { fold } from "./patches.js";
import type { ConvOptions } from "./slide.js";
import { narrow, permute, reshape, select, slice } from "./views.js";
import { tripleOf, withVolumes } from "./volume-options.js";

/**
 * Slide `weight` through the volume `x`. Shapes: x [N, C, D, H, W] or [C, D, H, W], weight [O, C/groups, J, K, L],
 * bias [O] → [N, O, …]; options and sizes as in {@link conv2d}, with three numbers [depth, height, width].
 *
 * ```ts
 * torch.conv3d(torch.ones(1, 1, 3, 3, 3), torch.ones(1, 1, 2, 2, 2)).tolist()[0][0][0] // → [[8, 8], [8, 8]]
 * ```
 *
 * @throws ShapeError if channels differ, or the kernel is larger than the padded volume.
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.conv3d.html
 */
export function conv3d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: ConvOptions = {},
): Tensor {
  const op = "conv3d";
  const { groups = 1, padding = 0 } = options;
  const stride = tripleOf(op, "stride", options.stride ?? 1, 1);
  const dilation = tripleOf(op, "dilation", options.dilation ?? 1, 1);
  checkFloating(op, { x, weight, bias });
  if (weight.ndim !== 5) {
    throw new ShapeError(
      `${op}: weight needs 5 axes [O, C/groups, J, K, L] but has ${weight.ndim}: ${showShape(weight.shape)}`,
    );
  }
  const kernel = weight.shape.slice(2);
  return withVolumes(op, x, "ConvolutionBackward0", (volumes) => {
    checkChannels(op, volumes, weight, bias, weight.shape[1] * groups, weight.shape[0], groups);
    const sides = sidesOf(op, padding, kernel, stride, dilation);
    const wide = sides.every((n) => n === 0) ? volumes : pad(volumes, sides);
    const [N, C, D, H, W] = wide.shape;
    const places = Math.floor((D - dilation[0] * (kernel[0] - 1) - 1) / stride[0]) + 1;
    const fits = kernel.every((k, i) => dilation[i] * (k - 1) < wide.shape[2 + i]);
    if (!fits) {
      throw new ShapeError(
        `${op}: a kernel of ${kernel.join("×")} with dilation ${showShape(dilation)} does not fit in a padded volume of ${D}×${H}×${W}: take a smaller kernel or more padding`,
      );
    }
    const plane = { stride: stride.slice(1), dilation: dilation.slice(1), groups };
    let sum: Tensor | null = null;
    for (let j = 0; j < kernel[0]; j++) {
      const first = j * dilation[0];
      const seen = slice(wide, 2, first, first + (places - 1) * stride[0] + 1, stride[0]);
      const images = reshape(permute(seen, 0, 2, 1, 3, 4), [N * places, C, H, W]);
      const y = conv2d(images, select(weight, 2, j), j === 0 ? bias : null, plane);
      sum = sum ? add(sum, y) : y;
    }
    const [, O, P, Q] = sum!.shape;
    return permute(reshape(sum!, [N, places, O, P, Q]), 0, 2, 1, 3, 4);
  });
}

/**
 * Every point of the volume x puts its multiple of `weight` into the result. Shapes: x [N, C, D, H, W] or [C, D, H, W],
 * weight [C, O/groups, J, K, L], bias [O] → [N, O, …]; options and sizes as in {@link convTranspose2d}.
 *
 * ```ts
 * torch.convTranspose3d(torch.ones(1, 1, 2, 2, 2), torch.ones(1, 1, 2, 2, 2), null, { stride: 2 }).shape // → [1, 1, 4, 4, 4]
 * ```
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose3d.html
 */
export function convTranspose3d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: ConvTransposeOptions = {},
): Tensor {
  const op = "convTranspose3d";
  const { groups = 1 } = options;
  const stride = tripleOf(op, "stride", options.stride ?? 1, 1);
  const dilation = tripleOf(op, "dilation", options.dilation ?? 1, 1);
  const padding = tripleOf(op, "padding", options.padding ?? 0, 0);
  const extra = tripleOf(op, "outputPadding", options.outputPadding ?? 0, 0);
  checkFloating(op, { x, weight, bias });
  if (weight.ndim !== 5) {
    throw new ShapeError(
      `${op}: weight needs 5 axes [C, O/groups, J, K, L] but has ${weight.ndim}: ${showShape(weight.shape)}`,
    );
  }
  if (extra[0] > 0 && extra[0] >= Math.max(stride[0], dilation[0])) {
    throw new RangeError(
      `${op}: outputPadding ${extra[0]} must be less than the stride ${stride[0]} or the dilation ${dilation[0]}`,
    );
  }
  const [, perGroup, J] = weight.shape;
  return withVolumes(op, x, "ConvolutionBackward0", (volumes) => {
    checkChannels(op, volumes, weight, bias, weight.shape[0], perGroup * groups, groups);
    const [N, C, D, H, W] = volumes.shape;
    const depth = (D - 1) * stride[0] - 2 * padding[0] + dilation[0] * (J - 1) + 1 + extra[0];
    if (depth < 1) {
      throw new ShapeError(
        `${op}: the result would have a depth of ${depth}: padding ${padding[0]} cuts off more than x ${showShape(x.shape)} makes`,
      );
    }
    const plane = {
      ...{ stride: stride.slice(1), dilation: dilation.slice(1), groups },
      ...{ padding: padding.slice(1), outputPadding: extra.slice(1) },
    };
    const images = reshape(permute(volumes, 0, 2, 1, 3, 4), [N * D, C, H, W]);
    const slices = Array.from({ length: J }, (_, j) =>
      convTranspose2d(images, select(weight, 2, j), null, plane),
    );
    const [, O, P, Q] = slices[0].shape;
    // [J, N, D, O, P, Q] → columns of windows along the depth, which fold adds up where they overlap
    const columns = permute(reshape(stack(slices), [J, N, D, O, P, Q]), 1, 3, 4, 5, 0, 2);
    const full = (D - 1) * stride[0] + dilation[0] * (J - 1) + 1;
    const folded = fold(reshape(columns, [N, O * P * Q * J, D]), [full, 1], [J, 1], {
      ...{ stride: [stride[0], 1], dilation: [dilation[0], 1] },
    });
    const open = reshape(folded, [N, O, P, Q, full]);
    const whole = narrow(extra[0] > 0 ? pad(open, [0, extra[0]]) : open, 4, padding[0], depth);
    const y = permute(whole, 0, 1, 4, 2, 3);
    return bias ? add(y, reshape(bias, [-1, 1, 1, 1])) : y;
  });
}

function checkChannels(
  op: string,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  takes: number,
  gives: number,
  groups: number,
): void {
  const ofGroups = op === "conv3d" ? gives : takes;
  if (!Number.isInteger(groups) || groups < 1 || ofGroups % groups !== 0) {
    throw new ShapeError(
      `${op}: groups ${groups} does not divide the ${ofGroups} ${op === "conv3d" ? "output" : "input"} channels of weight ${showShape(weight.shape)}`,
    );
  }
  if (x.shape[1] !== takes) {
    throw new ShapeError(
      `${op}: x ${showShape(x.shape)} has ${x.shape[1]} channels but weight ${showShape(weight.shape)} takes ${takes}: give the layer inChannels ${x.shape[1]}, or x ${takes} channels`,
    );
  }
  if (bias && (bias.ndim !== 1 || bias.shape[0] !== gives)) {
    throw new ShapeError(
      `${op}: bias ${showShape(bias.shape)} must be [${gives}], one number for each output channel`,
    );
  }
}

/** What to add before and behind, last axis first, as pad takes it. */
function sidesOf(
  op: string,
  padding: Exclude<ConvOptions["padding"], undefined>,
  kernel: readonly number[],
  stride: readonly number[],
  dilation: readonly number[],
): number[] {
  if (padding === "same") {
    if (stride.some((step) => step !== 1)) {
      throw new RangeError(
        `${op}: padding "same" keeps the size only with stride 1, but stride is ${showShape(stride)}: give the padding as a number`,
      );
    }
    return kernel
      .map((k, axis) => dilation[axis] * (k - 1))
      .reverse()
      .flatMap((total) => [Math.floor(total / 2), Math.ceil(total / 2)]);
  }
  if (typeof padding === "string" && padding !== "valid") {
    throw new RangeError(
      `${op}: padding must be "same", "valid" or a number, not ${JSON.stringify(padding)}`,
    );
  }
  const zeros = tripleOf(op, "padding", padding === "valid" ? 0 : padding, 0);
  return zeros.reverse().flatMap((n) => [n, n]);
}
