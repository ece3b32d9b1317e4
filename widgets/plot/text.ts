// The letters of our PNGs, in two sizes (14 pixels a line, for dense screens 26).

import { glyphsTable } from "./glyphs-table.js";
import { inflateSync } from "./zlib.js";

interface Font {
  readonly height: number;
  readonly advances: readonly number[];
  /** Where each letter's pixels start in `levels`. */
  readonly starts: readonly number[];
  /** 0 to 15 a pixel. */
  readonly levels: Uint8Array;
}

const places = new Map([...glyphsTable.letters].map((letter, index) => [letter, index]));
const unknown = places.get("?")!;
const fonts = new Map<number, Font>();

function font(density: 1 | 2): Font {
  const there = fonts.get(density);
  if (there) return there;

  const { height, advances, levels } = glyphsTable.sizes[density - 1];
  const packed = inflateSync(Buffer.from(levels, "base64"));
  const starts: number[] = [];
  let count = 0;
  for (const advance of advances) {
    starts.push(count);
    count += advance * height;
  }
  const unpacked = Uint8Array.from({ length: count }, (_, i) =>
    i % 2 ? packed[i >> 1] & 15 : packed[i >> 1] >> 4,
  );
  const made = { height, advances, starts, levels: unpacked };
  fonts.set(density, made);
  return made;
}

/** The height of a line of text, in pixels. */
export function textHeight(density: 1 | 2): number {
  return font(density).height;
}

/** The width of a text, in pixels. */
export function textWidth(text: string, density: 1 | 2): number {
  const { advances } = font(density);
  let width = 0;
  for (const letter of text) width += advances[places.get(letter) ?? unknown];
  return width;
}

/** The longest beginning of a text that fits, with "…" if it is cut. */
export function fitText(text: string, width: number, density: 1 | 2): string {
  if (textWidth(text, density) <= width) return text;
  const letters = [...text];
  while (letters.length > 0 && textWidth(`${letters.join("")}…`, density) > width) letters.pop();
  return letters.length > 0 ? `${letters.join("")}…` : "";
}

/** Calls `ink(x, y, cover)` for every pixel that the text covers. */
export function drawText(
  text: string,
  x: number,
  y: number,
  density: 1 | 2,
  ink: (x: number, y: number, cover: number) => void,
): void {
  const { height, advances, starts, levels } = font(density);
  for (const letter of text) {
    const place = places.get(letter) ?? unknown;
    const width = advances[place];
    for (let i = 0; i < width * height; i++) {
      const level = levels[starts[place] + i];
      if (level > 0) ink(x + (i % width), y + Math.floor(i / width), level / 15);
    }
    x += width;
  }
}
