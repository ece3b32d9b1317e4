// NumPy's .npz: a zip archive of .npy files.

import type { Tensor } from "../tensor.js";
import type { Refuse } from "./file-error.js";
import { crc32 } from "./inflate.js";
import { encodeNpy, parseNpy } from "./npy.js";
import { bytesSource, withSource, writeTo, type FileLike, type Source } from "./source.js";
import { checkCrc, joined, readDirectory, readEntry, zipPieces, type ZipEntry } from "./zip.js";

/** Tensors by name, in the order of the file. Without a prototype: any name is only a name. */
export type TensorDict = Record<string, Tensor>;

/** The arrays of an .npz file by name, as numpy.load gives them (savez or savez_compressed). */
export function readNpz(file: FileLike): TensorDict {
  return withSource("readNpz", file, (source, refuse) => {
    const arrays: TensorDict = Object.create(null);
    for (const entry of readDirectory(source, refuse).values()) {
      const name = entry.name.replace(/\.npy$/, "");
      if (name in arrays) refuse(`two arrays are named ${name}`);
      arrays[name] = readArray(source, entry, (why) => refuse(`${entry.name}: ${why}`));
    }
    return arrays;
  });
}

function readArray(source: Source, entry: ZipEntry, refuse: Refuse): Tensor {
  if (entry.deflated) {
    const bytes = readEntry(source, entry, refuse);
    return parseNpy(bytesSource(bytes), 0, bytes.length, refuse);
  }
  let crc = 0;
  const x = parseNpy(source, entry.start, entry.size, refuse, (bytes) => (crc = crc32(bytes, crc)));
  checkCrc(crc, entry, refuse);
  return x;
}

function* files(
  op: string,
  arrays: Readonly<TensorDict> | ReadonlyMap<string, Tensor>,
): Generator<[string, Uint8Array]> {
  for (const [name, x] of arrays instanceof Map ? arrays : Object.entries(arrays)) {
    if (!x?.storage) throw new TypeError(`${op}: ${name} is no tensor`);
    yield [`${name}.npy`, encodeNpy(x)];
  }
}

/** The bytes of an .npz file. */
export function encodeNpz(arrays: Readonly<TensorDict> | ReadonlyMap<string, Tensor>): Uint8Array {
  return joined(zipPieces(files("encodeNpz", arrays), 64));
}

/** Writes an .npz file for numpy.load. */
export function writeNpz(
  arrays: Readonly<TensorDict> | ReadonlyMap<string, Tensor>,
  path: string | URL,
): void {
  writeTo("writeNpz", path, zipPieces(files("writeNpz", arrays), 64));
}
