// Writing PNG: grey, grey and alpha, colour, colour and alpha.

import { zlibSync } from "fflate";
import { crc32 } from "./inflate.js";

/** Bytes of a PNG file from samples, pixel after pixel. */
export function encodeSamples(
  samples: Uint16Array,
  width: number,
  height: number,
  channels: number,
  bitDepth: number,
  level: number,
): Uint8Array {
  const rows = packed(samples, width * channels, height, bitDepth);
  const stride = rows.length / height;
  const lines = new Uint8Array(height * (stride + 1));
  for (let row = 0; row < height; row++) {
    const line = lines.subarray(row * (stride + 1), (row + 1) * (stride + 1));
    const pixels = rows.subarray(row * stride, (row + 1) * stride);
    line.set(pixels, 1);
    if (row === 0) continue;
    line[0] = 2; // "up": the difference to the line above; does well on nearly all pictures
    const above = (row - 1) * stride;
    for (let i = 0; i < stride; i++) line[i + 1] = pixels[i] - rows[above + i];
  }

  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([bitDepth, [0, 0, 4, 2, 6][channels]], 8);
  const compressed = zlibSync(lines, { level: level as 0 | 6 | 9 });
  const parts = [
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
    chunk("IHDR", header),
    chunk("IDAT", compressed),
    chunk("IEND", new Uint8Array(0)),
  ];
  const file = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

/** Samples as bytes: 16 bits in two, the higher one first; less than 8 side by side, each row from a new byte on. */
function packed(
  samples: Uint16Array,
  perRow: number,
  height: number,
  bitDepth: number,
): Uint8Array {
  if (bitDepth === 8) return Uint8Array.from(samples);
  const stride = Math.ceil((perRow * bitDepth) / 8);
  const bytes = new Uint8Array(stride * height);
  samples.forEach((value, i) => {
    const [row, place] = [Math.floor(i / perRow), i % perRow];
    if (bitDepth === 16) bytes.set([value >> 8, value & 255], 2 * i);
    else {
      const bit = place * bitDepth;
      bytes[row * stride + (bit >> 3)] |= value << (8 - bitDepth - (bit & 7));
    }
  });
  return bytes;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const all = new Uint8Array(data.length + 12);
  const view = new DataView(all.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) all[4 + i] = type.charCodeAt(i);
  all.set(data, 8);
  view.setUint32(8 + data.length, crc32(all.subarray(4, 8 + data.length)));
  return all;
}
