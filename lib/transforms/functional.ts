// torch.transforms.functional: the transforms as functions, nothing random.
export { toFloatTensor as toTensor } from "./to-tensor.js";
export { normalize } from "./normalize.js";
export { resize } from "./resize.js";
export { centerCrop, crop, hflip, pad, vflip } from "./crop.js";
export { affine, rotate } from "./turn.js";
export {
  adjustBrightness,
  adjustContrast,
  adjustHue,
  adjustSaturation,
  invert,
  rgbToGrayscale,
} from "./colour.js";
