// Writes PNG files: with a palette of up to 256 colours if they suffice, else 8-bit RGBA.
// PNG specification (third edition), sections 5, 9 and 11.

import type { Pixels } from "./pixels.js";
import { crc32, deflateSync } from "./zlib.js";

/** The picture as the bytes of a PNG file. */
export function encodePng({ width, height, cells, palette }: Pixels): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, palette ? 3 : 6, 0, 0, 0], 8); // bits a sample, colour type, deflate, filters, not interlaced

  const depth = cells.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength);
  const rows = filtered(bytes, width * depth, height, depth);
  return Buffer.concat([
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
    ...chunk("IHDR", header),
    ...(palette ? colourChunks(palette) : []),
    ...chunk("IDAT", deflateSync(rows)),
    ...chunk("IEND", new Uint8Array(0)),
  ]);
}

function colourChunks(palette: Int32Array): Uint8Array[] {
  const bytes = new Uint8Array(palette.buffer, palette.byteOffset, palette.byteLength);
  const colours = new Uint8Array(3 * palette.length);
  const opacities = new Uint8Array(palette.length);
  for (let i = 0; i < palette.length; i++) {
    colours.set(bytes.subarray(4 * i, 4 * i + 3), 3 * i);
    opacities[i] = bytes[4 * i + 3];
  }
  return [...chunk("PLTE", colours), ...chunk("tRNS", opacities)];
}

const [none, sub, up] = [0, 1, 2]; // the filters' numbers

/**
 * Each row with its filter in front: "up" where it repeats the row above (enlarged maps do) and for colours, "sub" where most
 * pixels repeat their neighbour, else none.
 */
function filtered(bytes: Uint8Array, stride: number, height: number, depth: number) {
  const rows = new Uint8Array((stride + 1) * height);
  for (let y = 0; y < height; y++) {
    const row = bytes.subarray(y * stride, (y + 1) * stride);
    const above = y > 0 ? bytes.subarray((y - 1) * stride, y * stride) : null;
    const at = y * (stride + 1);
    if (above && Buffer.compare(row, above) === 0) {
      rows[at] = up; // the difference is 0 everywhere
    } else if (depth > 1) {
      rows[at] = above ? up : none;
      for (let i = 0; i < stride; i++) rows[at + 1 + i] = row[i] - (above ? above[i] : 0);
    } else if (mostlyRepeats(row)) {
      rows[at] = sub;
      for (let i = 0, last = 0; i < stride; i++) {
        rows[at + 1 + i] = row[i] - last;
        last = row[i];
      }
    } else {
      rows.set(row, at + 1);
    }
  }
  return rows;
}

function mostlyRepeats(row: Uint8Array): boolean {
  let count = 0;
  for (let i = 1; i < row.length; i++) if (row[i] === row[i - 1]) count++;
  return 2 * count > row.length;
}

function chunk(name: string, body: Uint8Array): Uint8Array[] {
  const [head, sum] = [Buffer.alloc(8), Buffer.alloc(4)];
  head.writeUInt32BE(body.length);
  head.write(name, 4, "latin1");
  sum.writeUInt32BE(crc32(body, crc32(head.subarray(4))));
  return [head, body, sum];
}
