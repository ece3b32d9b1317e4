// CIFAR's files. Binary: one or two label bytes, then 3072 bytes of a 32×32 picture, red, green, blue. Python: a pickle
// with the same in one array.
// https://www.cs.toronto.edu/~kriz/cifar.html

import { tensor } from "../creation.js";
import { empty, Tensor } from "../tensor.js";
import type { Refuse } from "./file-error.js";
import { loadFrom } from "./pt-read.js";
import { bytesSource, readAll, type FileLike } from "./source.js";

const PICTURE = 3 * 32 * 32;

export interface CifarFile {
  /** uint8 [N, 3, 32, 32] */
  data: Tensor;
  /** int64 [N]: of CIFAR-100 the fine ones. */
  targets: Tensor;
  /** int64 [N]: CIFAR-100's twenty groups. */
  coarse: Tensor | null;
}

/** Reads a file of CIFAR-10 or, with `classes: 100`, of CIFAR-100: the binary or the Python version, unpacked. */
export function readCifar(
  file: FileLike,
  { classes = 10 }: { classes?: 10 | 100 } = {},
): CifarFile {
  const { bytes, refuse } = readAll("readCifar", file);
  if (bytes[0] === 0x80) return readPickled(bytes, classes, refuse);
  const labels = classes === 100 ? 2 : 1;
  const record = labels + PICTURE;
  const count = bytes.length / record;
  if (!Number.isInteger(count) || count === 0) {
    refuse(
      `${bytes.length} bytes are no whole number of CIFAR-${classes} records of ${record} bytes (unpacked)`,
    );
  }
  const data = empty([count, 3, 32, 32], "uint8");
  const targets = empty([count], "int64");
  const coarse = classes === 100 ? empty([count], "int64") : null;
  for (let i = 0; i < count; i++) {
    const at = i * record;
    const label = bytes[at + labels - 1];
    if (label >= classes)
      refuse(`record ${i} has the label ${label}, the largest is ${classes - 1}`);
    if (coarse && bytes[at] >= 20)
      refuse(`record ${i} has the coarse label ${bytes[at]}, the largest is 19`);
    targets.storage.array[i] = label;
    if (coarse) coarse.storage.array[i] = bytes[at];
    data.storage.array.set(bytes.subarray(at + labels, at + record), i * PICTURE);
  }
  return { data, targets, coarse };
}

/** { data: uint8 [N, 3072], labels (or fine_labels and coarse_labels): a list of numbers } */
function readPickled(bytes: Uint8Array, classes: 10 | 100, refuse: Refuse): CifarFile {
  const found = loadFrom(bytesSource(bytes), refuse) as Record<string, unknown>;
  const labels = (key: string, count: number): Tensor => {
    const list = found[key];
    if (!Array.isArray(list))
      return refuse(`there are no ${key} in it: no file of CIFAR-${classes}`);
    const wrong = list.find((label) => !Number.isInteger(label) || label < 0 || label >= count);
    if (wrong !== undefined) refuse(`there is the label ${wrong}, the largest is ${count - 1}`);
    return tensor(list as number[], { dtype: "int64" });
  };
  const targets = labels(classes === 100 ? "fine_labels" : "labels", classes);
  const coarse = classes === 100 ? labels("coarse_labels", 20) : null;
  const { data } = found;
  const [N] = targets.shape;
  if (!(data instanceof Tensor) || data.dtype !== "uint8" || data.numel() !== N * PICTURE)
    return refuse(`its data are no ${N} pictures of ${PICTURE} bytes`);
  return { data: data.reshape([N, 3, 32, 32]), targets, coarse };
}
