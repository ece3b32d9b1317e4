// What PNG needs of zlib, from Node.

import zlib from "node:zlib";

/** Above so many bytes speed counts more than size: a slider waits for the picture. */
const large = 2e5;

export function deflateSync(bytes: Uint8Array): Uint8Array {
  return bytes.length > large
    ? zlib.deflateSync(bytes, { level: 1, chunkSize: large })
    : zlib.deflateSync(bytes, { level: 6 });
}

export function inflateSync(bytes: Uint8Array): Uint8Array {
  return zlib.inflateSync(bytes);
}

/** The checksum of PNG's chunks, of `bytes` after those with the checksum `before`. */
export function crc32(bytes: Uint8Array, before = 0): number {
  return zlib.crc32(bytes, before);
}
