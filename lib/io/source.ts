// Where bytes come from: a file on disk or bytes in memory, behind one small interface.

import { openFile, writeFile } from "./node.js";
import { refusal, type Refuse } from "./file-error.js";

/** A file's path, or its bytes. */
export type FileLike = string | URL | Uint8Array | ArrayBuffer;

export interface Source {
  /** What error messages call it. */
  readonly name: string;
  readonly size: number;
  /** Bytes from `from` on; perhaps a view. */
  read(from: number, length: number): Uint8Array;
  /** Fills `target` with the bytes from `from` on. */
  readInto(target: Uint8Array, from: number): void;
  close(): void;
}

function openSource(op: string, file: FileLike): Source {
  if (typeof file === "string") return openFile(op, file);
  if (file instanceof URL) return openFile(op, decodeURIComponent(file.pathname));
  return bytesSource(file instanceof ArrayBuffer ? new Uint8Array(file) : asBytes(op, file));
}

export function bytesSource(bytes: Uint8Array): Source {
  return {
    name: `${bytes.length} bytes`,
    size: bytes.length,
    read: (from, length) => bytes.subarray(from, from + length),
    readInto: (target, from) => target.set(bytes.subarray(from, from + target.length)),
    close() {},
  };
}

function asBytes(op: string, file: unknown): Uint8Array {
  if (file instanceof Uint8Array) return file;
  throw new TypeError(
    `${op}: expected a path or bytes (Uint8Array), got ${file === null ? "null" : typeof file}`,
  );
}

/** Opens a file, reads from it, closes it. */
export function withSource<T>(
  op: string,
  file: FileLike,
  read: (source: Source, refuse: Refuse) => T,
): T {
  const source = openSource(op, file);
  try {
    return read(source, refusal(op, source.name));
  } finally {
    source.close();
  }
}

/** All bytes of a file. */
export function readAll(op: string, file: FileLike): { bytes: Uint8Array; refuse: Refuse } {
  return withSource(op, file, (source, refuse) => {
    if (source.size > MAX_WHOLE) {
      refuse(`it has ${source.size} bytes, more than the ${MAX_WHOLE} that are read in one piece`);
    }
    return { bytes: source.read(0, source.size), refuse };
  });
}

const MAX_WHOLE = 2 ** 31;

/** Writes to a path, as a whole or not at all. */
export function writeTo(op: string, path: string | URL, pieces: Iterable<Uint8Array>): void {
  if (typeof path !== "string" && !(path instanceof URL)) {
    throw new TypeError(
      `${op}: expected a path to write to, got ${path === null ? "null" : typeof path}`,
    );
  }
  writeFile(op, typeof path === "string" ? path : decodeURIComponent(path.pathname), pieces);
}
