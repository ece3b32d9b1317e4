// torch.transforms: the contents, as torchvision.transforms.
export {
  CenterCrop,
  Compose,
  Grayscale,
  Lambda,
  Normalize,
  Pad,
  Resize,
  ToTensor,
} from "./fixed.js";
export {
  ColorJitter,
  RandomAffine,
  RandomApply,
  RandomCrop,
  RandomErasing,
  RandomHorizontalFlip,
  RandomRotation,
  RandomVerticalFlip,
} from "./random.js";
export type { Interpolation, ResizeOptions } from "./resize.js";
export * as functional from "./functional.js";
