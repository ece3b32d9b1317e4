// CIFAR's binary files: one or two label bytes, then 3072 bytes of a 32×32 picture, red, green, blue.
// https://www.cs.toronto.edu/~kriz/cifar.html

import { empty, type Tensor } from "../tensor.js";
import { readAll, type FileLike } from "./source.js";

const PICTURE = 3 * 32 * 32;

export interface CifarFile {
  /** uint8 [N, 3, 32, 32] */
  data: Tensor;
  /** int64 [N]: of CIFAR-100 the fine ones. */
  targets: Tensor;
  /** int64 [N]: CIFAR-100's twenty groups. */
  coarse: Tensor | null;
}

/** Reads a file of CIFAR-10 or, with `classes: 100`, of CIFAR-100 (binary version). */
export function readCifar(
  file: FileLike,
  { classes = 10 }: { classes?: 10 | 100 } = {},
): CifarFile {
  const { bytes, refuse } = readAll("readCifar", file);
  const labels = classes === 100 ? 2 : 1;
  const record = labels + PICTURE;
  const count = bytes.length / record;
  if (!Number.isInteger(count) || count === 0) {
    refuse(
      `${bytes.length} bytes are no whole number of CIFAR-${classes} records of ${record} bytes (the binary version, unpacked)`,
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
