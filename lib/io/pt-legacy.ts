// The format of torch.save before PyTorch 1.6: pickles for a magic number, a version, the machine, the value and the keys
// of the storages, and then these. Also a plain pickle, which holds a value and nothing else.

import type { Refuse } from "./file-error.js";
import { FileError } from "./file-error.js";
import { PickleStream } from "./pickle-read.js";
import { dtypeWords, knownNames } from "./pt-names.js";
import { Blobs } from "./pt-storage.js";
import type { Source } from "./source.js";

const MAGIC = 119547037146038801333356n;
const USUAL = 2 ** 20; // few checkpoints' pickles are longer
const MOST = 2 ** 28;

export function readLegacy(source: Source, refuse: Refuse): unknown {
  // Where the pickles end is known only when they are read. So first a part of the file, and only if it breaks, more.
  try {
    return readFrom(source, source.read(0, Math.min(source.size, USUAL)), refuse);
  } catch (error) {
    if (source.size <= USUAL || !(error instanceof FileError || error instanceof Error))
      throw error;
    return readFrom(source, source.read(0, Math.min(source.size, MOST)), refuse);
  }
}

function readFrom(source: Source, bytes: Uint8Array, refuse: Refuse): unknown {
  let promised = 0;
  const blobs = new Blobs(refuse, (_key, size) => {
    promised += size;
    if (promised > source.size)
      refuse(`the storages need ${promised} bytes, the file has ${source.size}`);
    return size;
  });
  const stream = new PickleStream(bytes, {
    known: knownNames(bytes.length, refuse),
    persistent: (id) => blobs.named(id),
    words: dtypeWords,
    refuse,
  });
  const first = stream.next();
  if (first !== MAGIC) {
    if (stream.position === source.size) return first; // a plain pickle
    refuse("this is a pickle, but not one of torch.save: its magic number is missing");
  }
  if (stream.next() !== 1001) refuse("an unknown version of the old format");
  const system = stream.next() as Record<string, unknown>;
  const little = system?.little_endian !== false;
  const value = stream.next();
  const keys = stream.next();

  const left = new Map(blobs.all);
  if (!Array.isArray(keys) || keys.length !== left.size)
    return refuse("the list of storages does not fit to the pickle");
  let at = stream.position;
  for (const key of keys as unknown[]) {
    const blob =
      left.get(key as string) ??
      refuse(`the storage ${String(key)} is not used in the pickle, or twice`);
    left.delete(key as string);
    const room = source.size - at - 8;
    if (room < 0) refuse(`it is cut off in the storage ${String(key)}`);
    const head = source.read(at, 8);
    const count = Number(new DataView(head.buffer, head.byteOffset, 8).getBigInt64(0, little));
    if (count !== blob.count)
      refuse(`the storage ${String(key)} has ${count} numbers, the pickle says ${blob.count}`);
    if (blob.size > room)
      refuse(
        `it is cut off in the storage ${String(key)}: ${blob.size} bytes needed, ${room} left`,
      );
    blob.read(source, at + 8, little, refuse);
    at += 8 + blob.size;
  }
  return value;
}
