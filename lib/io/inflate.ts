// Decompressing with a limit, so that a small file cannot fill the memory; and CRC-32. Node's zlib where it is, else fflate.

import { Gunzip, Inflate, Unzlib } from "fflate";
import type { Refuse } from "./file-error.js";
import { builtin } from "./node.js";

/** The most that is unpacked from so many bytes: what little files of honest content do not need (zip bombs). */
export const mostFrom = (packed: number): number => Math.max(2 ** 27, 100 * packed);

export type Wrapping = "raw" | "zlib" | "gzip";

/** At most `limit` bytes from compressed ones; more, or broken ones, are refused. */
export function inflate(
  bytes: Uint8Array,
  wrapping: Wrapping,
  limit: number,
  refuse: Refuse,
): Uint8Array {
  const zlib = builtin("zlib");
  const tooMuch = `decompresses to more than the ${limit} bytes that it may have`;
  if (zlib) {
    const run = { raw: zlib.inflateRawSync, zlib: zlib.inflateSync, gzip: zlib.gunzipSync }[
      wrapping
    ];
    try {
      return run(bytes, { maxOutputLength: Math.max(limit, 1) });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return refuse(
        code === "ERR_BUFFER_TOO_LARGE" ? tooMuch : `cannot be decompressed: ${message}`,
      );
    }
  }

  const chunks: Uint8Array[] = [];
  let length = 0;
  let complete = false;
  const stream = new { raw: Inflate, zlib: Unzlib, gzip: Gunzip }[wrapping]((chunk, final) => {
    length += chunk.length;
    if (length > limit) refuse(tooMuch);
    chunks.push(chunk);
    complete ||= final;
  });
  try {
    const STEP = 1 << 16; // the most that comes out at once is 1032 times this
    for (let at = 0; at === 0 || at < bytes.length; at += STEP) {
      stream.push(bytes.subarray(at, at + STEP), at + STEP >= bytes.length);
    }
  } catch (error) {
    refuse(`cannot be decompressed: ${(error as Error).message}`);
  }
  if (!complete) refuse("cannot be decompressed: it ends in the middle");
  const all = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

const table = Int32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});

/** CRC-32 as in zip and PNG; `before` continues an earlier one. */
export function crc32(bytes: Uint8Array, before = 0): number {
  const native = builtin("zlib")?.crc32;
  if (native) return native(bytes, before);
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  return ~crc >>> 0;
}
