// torch.transforms.functional: the transforms as functions, nothing random.
import type { Tensor } from "../tensor.js";
import { crop } from "./crop.js";
import { CenterCrop, Resize } from "./fixed.js";
import type { ResizeOptions } from "./resize.js";

export { toFloatTensor as toTensor } from "./to-tensor.js";
export { normalize } from "./normalize.js";
export { crop, hflip, pad, vflip } from "./crop.js";
export { affine, rotate } from "./turn.js";
export {
  adjustBrightness,
  adjustContrast,
  adjustHue,
  adjustSaturation,
  invert,
  rgbToGrayscale,
} from "./colour.js";

/** To [height, width]; one number is the shorter side. As {@link Resize}. */
export function resize(
  picture: Tensor,
  size: number | readonly number[],
  options: ResizeOptions & { maxSize?: number } = {},
): Tensor {
  return new Resize(size, options)(picture);
}

/** The middle of a picture: [height, width], or one number for both. */
export function centerCrop(picture: Tensor, size: number | readonly number[]): Tensor {
  return new CenterCrop(size)(picture);
}

/** A part of a picture, resized: {@link crop}, then {@link resize}. */
export function resizedCrop(
  picture: Tensor,
  top: number,
  left: number,
  height: number,
  width: number,
  size: number | readonly number[],
  options: ResizeOptions = {},
): Tensor {
  return resize(crop(picture, top, left, height, width), size, options);
}
