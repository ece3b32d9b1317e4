// A data set of pictures in folders, one folder for each class.

import { FileError } from "../io/file-error.js";
import { readImage, readImageAsync } from "../io/image.js";
import { filesBelow, listFolder } from "../io/node.js";
import type { Tensor } from "../tensor.js";
import { toFloatTensor } from "../transforms/to-tensor.js";
import { checkedIndex, Dataset } from "./dataset.js";
import type { PictureOptions } from "./pictures.js";

export interface ImageFolderOptions extends PictureOptions {
  /** Reads a file. Default: PNG as RGB, uint8 [3, H, W]. */
  loader?: (path: string) => Tensor;
}

const ANY_PICTURE = /\.(png|jpe?g|webp|bmp|gif|tiff?|ppm|pgm|avif)$/i;

/**
 * Pictures in folders: `root/cat/1.png` is a picture of the class "cat", `root/cat/more/2.png` too. Classes and files in
 * alphabetical order, other files are left out. PNG by default; other kinds need a `loader`, or {@link ImageFolder.open}.
 */
export class ImageFolder extends Dataset<[Tensor, number]> {
  readonly classes: readonly string[];
  readonly classToIdx: Readonly<Record<string, number>>;
  /** The files and their labels. */
  readonly samples: readonly (readonly [path: string, label: number])[];
  /** The label of each sample. */
  readonly targets: readonly number[];
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
    const wanted = options.loader ? ANY_PICTURE : /\.png$/i;
    this.samples = this.classes.flatMap((name, label) => {
      const files = filesBelow("ImageFolder", `${root}/${name}`);
      const pictures = files.filter((file) => wanted.test(file));
      if (pictures.length > 0) return pictures.map((file) => [file, label] as const);
      const other = files.find((file) => ANY_PICTURE.test(file));
      throw new FileError(
        `ImageFolder: ${root}/${name}: no ${options.loader ? "picture" : "PNG"} in it${other ? `, but ${other.slice(root.length + name.length + 2)}: await ImageFolder.open(…) reads such pictures with the package sharp` : ""}`,
      );
    });
    this.targets = this.samples.map(([, label]) => label);
  }

  /** As the constructor, for JPEG, WebP and others too: all pictures are read now (with sharp) and kept as bytes. */
  static async open(root: string, options: PictureOptions = {}): Promise<ImageFolder> {
    const pictures = new Map<string, Tensor>();
    const set = new ImageFolder(root, { ...options, loader: (path) => pictures.get(path)! });
    for (const [path] of set.samples)
      pictures.set(path, await readImageAsync(path, { mode: "RGB" }));
    return set;
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
