// What PNG needs of zlib, from Node.

import zlib from "node:zlib";

export function deflateSync(bytes: Uint8Array): Uint8Array {
  return zlib.deflateSync(bytes, { level: bytes.length > 5e5 ? 2 : 4 });
}

export function inflateSync(bytes: Uint8Array): Uint8Array {
  return zlib.inflateSync(bytes);
}

/** The checksum of PNG's chunks, of `bytes` after those with the checksum `before`. */
export function crc32(bytes: Uint8Array, before = 0): number {
  return zlib.crc32(bytes, before);
}
