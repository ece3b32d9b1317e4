// torch.transforms: the contents, as torchvision.transforms.
export { Compose, Lambda, RandomApply } from "./combined.js";
export { CenterCrop, Grayscale, Normalize, Pad, Resize, ToTensor } from "./fixed.js";
export {
  RandomAffine,
  RandomCrop,
  RandomHorizontalFlip,
  RandomResizedCrop,
  RandomRotation,
  RandomVerticalFlip,
} from "./random.js";
export { ColorJitter, RandomErasing, RandomGrayscale, RandomInvert } from "./random-colour.js";
export type { Interpolation, ResizeOptions } from "./resize.js";
export * as functional from "./functional.js";
