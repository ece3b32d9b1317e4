// Bytes to float32: the first transform of nearly every picture.

import { empty, type Tensor } from "../tensor.js";
import { DTypeError } from "../errors.js";

/** A uint8 picture [C, H, W] (0 to 255) as float32 (0 to 1); float pictures stay as they are. */
export function toFloatTensor(picture: Tensor): Tensor {
  if (picture.dtype === "float32" || picture.dtype === "float64") return picture;
  if (picture.dtype !== "uint8" && picture.dtype !== "bool") {
    throw new DTypeError(`ToTensor: a picture is uint8 or floating, this one is ${picture.dtype}`);
  }
  const y = empty(picture.shape);
  const from = picture.data;
  const to = y.storage.array;
  const top = picture.dtype === "bool" ? 1 : 255;
  for (let i = 0; i < to.length; i++) to[i] = from[i] / top;
  return y;
}
