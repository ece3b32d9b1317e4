// Writes PNG files: with a palette of up to 256 colours if they suffice, else 8-bit RGBA.
// PNG specification (third edition), sections 5, 9 and 11.

import { crc32, deflateSync } from "./zlib.js";

/** Pixels, row by row, four bytes each: red, green, blue, opacity. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/** The picture as the bytes of a PNG file. */
export function encodePng(pixels: Pixels): Uint8Array {
  const { width, height } = pixels;
  const indexed = toPalette(pixels);
  const depth = !indexed ? 4 : 1; // bytes a pixel
  const rows = filtered(indexed ? indexed.indices : pixels.rgba, width * depth, height, depth);

  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, indexed ? 3 : 6, 0, 0, 0], 8); // bits a sample, colour type, deflate, filters, not interlaced

  return join([
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
    chunk("IHDR", header),
    ...(indexed ? [chunk("PLTE", indexed.colours), chunk("tRNS", indexed.opacities)] : []),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** Every pixel as a place in a list of colours, or null if there are more than 256. */
function toPalette({ width, height, rgba }: Pixels) {
  const words = new Uint32Array(rgba.buffer, rgba.byteOffset, width * height);
  const indices = new Uint8Array(words.length);
  const colours256 = new Uint32Array(256);
  // a hash table with open addressing: a Map took half of the time of a whole picture
  const table = new Int16Array(4096).fill(-1);
  let count = 0;
  for (let y = 0; y < height; y++) {
    const start = y * width;
    if (y > 0 && repeats(rgba, 4 * start, 4 * width)) {
      indices.copyWithin(start, start - width, start);
      continue;
    }
    for (let i = start; i < start + width; i++) {
      const word = words[i];
      let slot = Math.imul(word, 2654435761) >>> 20;
      let index = table[slot];
      while (index >= 0 && colours256[index] !== word) {
        slot = (slot + 1) & 4095;
        index = table[slot];
      }
      if (index < 0) {
        if (count === 256) return null;
        index = count++;
        colours256[index] = word;
        table[slot] = index;
      }
      indices[i] = index;
    }
  }

  const palette = new Uint8Array(colours256.buffer);
  const colours = new Uint8Array(3 * count);
  const opacities = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    colours.set(palette.subarray(4 * i, 4 * i + 3), 3 * i);
    opacities[i] = palette[4 * i + 3];
  }
  return { indices, colours, opacities };
}

/** Each row with its filter in front: "up" where it repeats the row above or pixels are plain colours, else none. */
function filtered(bytes: Uint8Array, stride: number, height: number, depth: number): Uint8Array {
  const out = new Uint8Array((stride + 1) * height);
  for (let y = 0; y < height; y++) {
    const start = y * stride;
    const at = y * (stride + 1);
    if (y > 0 && repeats(bytes, start, stride)) {
      out[at] = 2; // the difference is 0 everywhere
    } else if (y > 0 && depth > 1) {
      out[at] = 2;
      for (let i = 0; i < stride; i++)
        out[at + 1 + i] = bytes[start + i] - bytes[start + i - stride];
    } else {
      out.set(bytes.subarray(start, start + stride), at + 1);
    }
  }
  return out;
}

/** Is this row the one above once more? Enlarged maps repeat theirs. */
function repeats(bytes: Uint8Array, start: number, stride: number): boolean {
  const row = bytes.subarray(start, start + stride);
  return Buffer.compare(row, bytes.subarray(start - stride, start)) === 0;
}

function chunk(name: string, body: Uint8Array): Uint8Array {
  const out = new Uint8Array(12 + body.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, body.length);
  for (let i = 0; i < 4; i++) out[4 + i] = name.charCodeAt(i);
  out.set(body, 8);
  view.setUint32(8 + body.length, crc32(out.subarray(4, 8 + body.length)));
  return out;
}

function join(parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
