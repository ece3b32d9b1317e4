// MNIST, Fashion-MNIST, CIFAR-10 and CIFAR-100 from their files, which the learner has; nothing is downloaded.

import { tensor } from "../creation.js";
import { readCifar } from "../io/cifar.js";
import { FileError } from "../io/file-error.js";
import { readIdx } from "../io/idx.js";
import { fileExists } from "../io/node.js";
import { readAll } from "../io/source.js";
import { empty, Tensor } from "../tensor.js";
import { Pictures, type PictureOptions } from "./pictures.js";

export interface TrainOptions extends PictureOptions {
  /** The training or, with false, the test pictures. Default true. */
  train?: boolean;
}

const digits = [
  "0 - zero",
  "1 - one",
  "2 - two",
  "3 - three",
  "4 - four",
  "5 - five",
  "6 - six",
  "7 - seven",
  "8 - eight",
  "9 - nine",
];
const clothes = [
  "T-shirt/top",
  "Trouser",
  "Pullover",
  "Dress",
  "Coat",
  "Sandal",
  "Shirt",
  "Sneaker",
  "Bag",
  "Ankle boot",
];

/**
 * MNIST from its four files (`train-images-idx3-ubyte` …, plain or .gz) in `root`, `root/raw` or `root/MNIST/raw`; an
 * item is [float32 [1, 28, 28] from 0 to 1, label]. Nothing is downloaded.
 */
export class MNIST extends Pictures {
  constructor(root: string, { train = true, ...options }: TrainOptions = {}) {
    super(...idxPair("MNIST", root, train), digits, options);
  }
}

/** Fashion-MNIST; as {@link MNIST}, in `root`, `root/raw` or `root/FashionMNIST/raw`. */
export class FashionMNIST extends Pictures {
  constructor(root: string, { train = true, ...options }: TrainOptions = {}) {
    super(...idxPair("FashionMNIST", root, train), clothes, options);
  }
}

function idxPair(name: string, root: string, train: boolean): [Tensor, Tensor] {
  const [images, labels] = ["images-idx3", "labels-idx1"].map((what) =>
    readIdx(
      findFile(
        name,
        root,
        ["", "raw", `${name}/raw`],
        [
          `${train ? "train" : "t10k"}-${what}-ubyte`,
          `${train ? "train" : "t10k"}-${what}-ubyte.gz`,
        ],
      ),
    ),
  );
  return picturesAndLabels(name, images, labels);
}

/** Pictures [N, H, W] and labels [N] of IDX files, as a data set needs them. */
export function picturesAndLabels(name: string, images: Tensor, labels: Tensor): [Tensor, Tensor] {
  if (images.ndim !== 3 || labels.ndim !== 1) {
    throw new FileError(
      `${name}: the files hold [${images.shape.join(", ")}] and [${labels.shape.join(", ")}]; pictures [N, H, W] and labels [N] would be right`,
    );
  }
  const [N, H, W] = images.shape;
  return [new Tensor(images.storage, [N, 1, H, W]), tensor(labels, { dtype: "int64" })];
}

function findFile(
  name: string,
  root: string,
  folders: readonly string[],
  files: readonly string[],
): string {
  for (const folder of folders) {
    for (const file of files) {
      const path = [root, folder, file].filter(Boolean).join("/");
      if (fileExists(path)) return path;
    }
  }
  throw new FileError(
    `${name}: ${root}: there is no ${files[0]} here, nor in ${folders.filter(Boolean).join(" or ")} below; put the files there (nothing is downloaded)`,
  );
}

const cifar10 = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
];

/** CIFAR-10 from its binary files (`data_batch_1.bin` …) in `root` or `root/cifar-10-batches-bin`. */
export class CIFAR10 extends Pictures {
  constructor(root: string, { train = true, ...options }: TrainOptions = {}) {
    const names = train ? [1, 2, 3, 4, 5].map((k) => `data_batch_${k}.bin`) : ["test_batch.bin"];
    super(...cifarFiles("CIFAR10", root, "cifar-10-batches-bin", names, 10), cifar10, options);
  }
}

/** CIFAR-100 (fine labels) from its binary files in `root` or `root/cifar-100-binary`. */
export class CIFAR100 extends Pictures {
  constructor(root: string, { train = true, ...options }: TrainOptions = {}) {
    const names = [train ? "train.bin" : "test.bin"];
    const [data, targets] = cifarFiles("CIFAR100", root, "cifar-100-binary", names, 100);
    const list = `${root}/cifar-100-binary/fine_label_names.txt`;
    const classes = fileExists(list)
      ? new TextDecoder().decode(readAll("CIFAR100", list).bytes).split(/\r?\n/).filter(Boolean)
      : Array.from({ length: 100 }, (_, label) => String(label));
    super(data, targets, classes, options);
  }
}

function cifarFiles(
  name: string,
  root: string,
  folder: string,
  files: readonly string[],
  classes: 10 | 100,
): [Tensor, Tensor] {
  const parts = files.map((file) =>
    readCifar(findFile(name, root, ["", folder], [file]), { classes }),
  );
  const count = parts.reduce((sum, { targets }) => sum + targets.shape[0], 0);
  const data = empty([count, 3, 32, 32], "uint8");
  const targets = empty([count], "int64");
  let at = 0;
  for (const part of parts) {
    data.storage.array.set(part.data.storage.array, at * 3072);
    targets.storage.array.set(part.targets.storage.array, at);
    at += part.targets.shape[0];
  }
  return [data, targets];
}
