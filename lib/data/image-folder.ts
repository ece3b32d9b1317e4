// A data set of pictures in folders, one folder for each class.

import { FileError } from "../io/file-error.js";
import { readImage } from "../io/image.js";
import { listFolder } from "../io/node.js";
import type { Tensor } from "../tensor.js";
import { toFloatTensor } from "../transforms/to-tensor.js";
import { checkedIndex, Dataset } from "./dataset.js";
import type { PictureOptions } from "./pictures.js";

export interface ImageFolderOptions extends PictureOptions {
  /** Reads a file. Default: PNG as RGB, uint8 [3, H, W]. */
  loader?: (path: string) => Tensor;
}

/**
 * Pictures in folders: `root/cat/1.png` is a picture of the class "cat". Classes and files in alphabetical order.
 * PNG by default; other kinds need a `loader`.
 */
export class ImageFolder extends Dataset<[Tensor, number]> {
  readonly classes: readonly string[];
  readonly classToIdx: Readonly<Record<string, number>>;
  /** The files and their labels. */
  readonly samples: readonly (readonly [path: string, label: number])[];
  private readonly options: ImageFolderOptions;

  constructor(root: string, options: ImageFolderOptions = {}) {
    super();
    this.options = options;
    this.classes = listFolder("ImageFolder", root).folders;
    if (this.classes.length === 0) {
      throw new FileError(`ImageFolder: ${root}: there are no folders in it; each class needs one`);
    }
    const classToIdx: Record<string, number> = Object.create(null);
    this.classes.forEach((name, label) => (classToIdx[name] = label));
    this.classToIdx = classToIdx;
    const wanted = options.loader ? /\.(png|jpe?g|webp|bmp|gif|tiff?|ppm|pgm)$/i : /\.png$/i;
    this.samples = this.classes.flatMap((name, label) =>
      filesBelow(`${root}/${name}`)
        .filter((file) => wanted.test(file))
        .map((file) => [file, label] as const),
    );
    const without = this.classes.find(
      (_, label) => !this.samples.some(([, mine]) => mine === label),
    );
    if (without !== undefined) {
      throw new FileError(
        `ImageFolder: ${root}/${without}: no ${options.loader ? "picture" : "PNG"} in it`,
      );
    }
  }

  get length(): number {
    return this.samples.length;
  }

  get(index: number): [Tensor, number] {
    const { transform = toFloatTensor, targetTransform = (label) => label, loader } = this.options;
    const [path, label] = this.samples[checkedIndex("ImageFolder", index, this.length)];
    const picture = loader ? loader(path) : readImage(path, { mode: "RGB" });
    return [transform(picture), targetTransform(label)];
  }
}

function filesBelow(folder: string): string[] {
  const { folders, files } = listFolder("ImageFolder", folder);
  return [
    ...files.map((name) => `${folder}/${name}`),
    ...folders.flatMap((name) => filesBelow(`${folder}/${name}`)),
  ];
}
