// IDX, the format of MNIST and Fashion-MNIST: two zero bytes, a type, the number of axes, big-endian sizes, values.
// http://yann.lecun.com/exdb/mnist/ (also gzipped)

import type { Tensor } from "../tensor.js";
import { elements, fromBytes, type ElementKind } from "./elements.js";
import { inflate, mostFrom } from "./inflate.js";
import { readAll, type FileLike } from "./source.js";

const kinds: Readonly<Record<number, ElementKind>> = {
  0x08: "uint8",
  0x09: "int8",
  0x0b: "int16",
  0x0c: "int32",
  0x0d: "float32",
  0x0e: "float64",
};

const MAX_BYTES = 2 ** 30;

/** The tensor in an IDX file, plain or gzipped: MNIST's pictures are uint8 [N, 28, 28], its labels uint8 [N]. */
export function readIdx(file: FileLike): Tensor {
  const { bytes: whole, refuse } = readAll("readIdx", file);
  const zipped = whole[0] === 0x1f && whole[1] === 0x8b;
  const bytes = zipped
    ? inflate(whole, "gzip", Math.min(mostFrom(whole.length), MAX_BYTES), refuse)
    : whole;
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0 || !kinds[bytes[2]]) {
    refuse(
      `this is no IDX file: it begins with ${[...bytes.subarray(0, 4)].join(" ")}, 0 0 8 3 is usual for pictures`,
    );
  }
  const kind = kinds[bytes[2]];
  const axes = bytes[3];
  const start = 4 + 4 * axes;
  if (bytes.length < start)
    refuse(`the header names ${axes} axes but ends after ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: axes }, (_, i) => view.getUint32(4 + 4 * i));
  const need = shape.reduce((a, b) => a * b, 1) * elements[kind].bytes;
  if (need !== bytes.length - start) {
    refuse(
      `the header says [${shape.join(", ")}] of ${kind}, ${need} bytes, but ${bytes.length - start} follow`,
    );
  }
  return fromBytes(bytes.subarray(start), shape, kind, refuse, false);
}
