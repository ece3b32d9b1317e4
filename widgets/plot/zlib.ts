// What PNG needs of zlib, from Node.

import zlib from "node:zlib";

export function deflateSync(bytes: Uint8Array): Uint8Array {
  return zlib.deflateSync(bytes, { level: bytes.length > 5e5 ? 2 : 4 });
}

export function inflateSync(bytes: Uint8Array): Uint8Array {
  return zlib.inflateSync(bytes);
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let k = 0; k < 8; k++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc >>> 0;
});

/** The checksum of PNG's chunks. (Node's own zlib.crc32 is younger than Node 20.19.) */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = crcTable[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
