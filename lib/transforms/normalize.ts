// (x − mean) / std, channel by channel.

import { DTypeError, ShapeError } from "../errors.js";
import { isFloating } from "../compute/dtypes.js";
import type { Tensor } from "../tensor.js";
import { likePicture, planesOf } from "./picture.js";

/** (x − mean) / std for each channel of a floating picture [..., C, H, W]. One number stands for all channels. */
export function normalize(
  picture: Tensor,
  mean: readonly number[],
  std: readonly number[],
): Tensor {
  const { values, count, height, width } = planesOf("normalize", picture);
  if (!isFloating(picture.dtype)) {
    throw new DTypeError(
      `normalize: a ${picture.dtype} picture: apply ToTensor first, which makes it floating, 0 to 1`,
    );
  }
  const C = picture.ndim < 3 ? 1 : picture.shape[picture.ndim - 3];
  for (const [name, list] of Object.entries({ mean, std })) {
    if (list.length !== C && list.length !== 1) {
      throw new ShapeError(
        `normalize: ${name} has ${list.length} numbers, the picture ${C} channels`,
      );
    }
  }
  if (std.includes(0)) throw new RangeError("normalize: a std is 0, which would divide by it");

  const y = likePicture(picture, height, width);
  const to = y.storage.array;
  const round = picture.dtype === "float32" ? Math.fround : (v: number) => v;
  const size = height * width;
  for (let plane = 0; plane < count; plane++) {
    const m = round(mean[mean.length === 1 ? 0 : plane % C]);
    const s = round(std[std.length === 1 ? 0 : plane % C]);
    for (let p = plane * size; p < (plane + 1) * size; p++) to[p] = round(values[p] - m) / s;
  }
  return y;
}
