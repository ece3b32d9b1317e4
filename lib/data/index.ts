// torch.utils.data: the contents.
export { Dataset, type Transform } from "./dataset.js";
export { ConcatDataset, randomSplit, Subset, TensorDataset } from "./sets.js";
export {
  BatchSampler,
  RandomSampler,
  SequentialSampler,
  SubsetRandomSampler,
  WeightedRandomSampler,
  type Sampler,
} from "./samplers.js";
export { DataLoader, type DataLoaderOptions } from "./loader.js";
export { defaultCollate, type Collated } from "./collate.js";
export { progress, type ProgressOptions } from "./progress.js";
export { CIFAR10, CIFAR100, FashionMNIST, MNIST } from "./known-sets.js";
export { csv, type CsvOptions } from "./csv.js";
export { ImageFolder, type ImageFolderOptions } from "./image-folder.js";
export { readIdx } from "../io/idx.js";
export { Pictures, type PictureOptions } from "./pictures.js";
export { samplePicture } from "./sample-picture.js";
export { Shapes, type ShapesOptions } from "./shapes.js";
