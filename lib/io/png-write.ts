// Writing PNG: 8 bits, grey, grey and alpha, colour, colour and alpha.

import { zlibSync } from "fflate";
import { crc32 } from "./inflate.js";

/** Bytes of a PNG file from samples, pixel after pixel. */
export function encodeSamples(
  samples: Uint8Array,
  width: number,
  height: number,
  channels: number,
  level: number,
): Uint8Array {
  const stride = width * channels;
  const lines = new Uint8Array(height * (stride + 1));
  for (let row = 0; row < height; row++) {
    const line = lines.subarray(row * (stride + 1), (row + 1) * (stride + 1));
    const pixels = samples.subarray(row * stride, (row + 1) * stride);
    line.set(pixels, 1);
    if (row === 0) continue;
    line[0] = 2; // "up": the difference to the line above; does well on nearly all pictures
    const above = (row - 1) * stride;
    for (let i = 0; i < stride; i++) line[i + 1] = pixels[i] - samples[above + i];
  }

  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, [0, 0, 4, 2, 6][channels]], 8);
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

function chunk(type: string, data: Uint8Array): Uint8Array {
  const all = new Uint8Array(data.length + 12);
  const view = new DataView(all.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) all[4 + i] = type.charCodeAt(i);
  all.set(data, 8);
  view.setUint32(8 + data.length, crc32(all.subarray(4, 8 + data.length)));
  return all;
}
