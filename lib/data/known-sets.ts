// MNIST, Fashion-MNIST, CIFAR-10 and CIFAR-100 from their files, which the learner has; nothing is downloaded.

import { tensor } from "../creation.js";
import { readCifar } from "../io/cifar.js";
import { FileError } from "../io/file-error.js";
import { readIdx } from "../io/idx.js";
import { load } from "../io/pt-read.js";
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
function picturesAndLabels(name: string, images: Tensor, labels: Tensor): [Tensor, Tensor] {
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

/** CIFAR-10 from its files (`data_batch_1.bin` … or `data_batch_1` …) in `root`, `root/cifar-10-batches-bin` or `-py`. */
export class CIFAR10 extends Pictures {
  constructor(root: string, { train = true, ...options }: TrainOptions = {}) {
    const names = train ? [1, 2, 3, 4, 5].map((k) => `data_batch_${k}`) : ["test_batch"];
    const folders = ["cifar-10-batches-bin", "cifar-10-batches-py"];
    super(...cifarFiles("CIFAR10", root, folders, names, 10), cifar10, options);
  }
}

/** CIFAR-100 (fine labels) from its files in `root`, `root/cifar-100-binary` or `root/cifar-100-python`. */
export class CIFAR100 extends Pictures {
  constructor(root: string, { train = true, ...options }: TrainOptions = {}) {
    const folders = ["cifar-100-binary", "cifar-100-python"];
    const files = cifarFiles("CIFAR100", root, folders, [train ? "train" : "test"], 100);
    super(...files, fineNames(root), options);
  }
}

function fineNames(root: string): string[] {
  const list = `${root}/cifar-100-binary/fine_label_names.txt`;
  if (fileExists(list))
    return new TextDecoder().decode(readAll("CIFAR100", list).bytes).split(/\r?\n/).filter(Boolean);
  const meta = `${root}/cifar-100-python/meta`;
  const names = fileExists(meta) ? load(meta).fine_label_names : null;
  return Array.isArray(names) ? names : Array.from({ length: 100 }, (_, label) => String(label));
}

function cifarFiles(
  name: string,
  root: string,
  folders: readonly string[],
  files: readonly string[],
  classes: 10 | 100,
): [Tensor, Tensor] {
  const parts = files.map((file) =>
    readCifar(findFile(name, root, ["", ...folders], [`${file}.bin`, file]), { classes }),
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
