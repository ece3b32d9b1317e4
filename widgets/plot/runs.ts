// A picture for a page that waits for it: the cells of its rows as runs, which a page paints at once (front/runs.js). A PNG is
// smaller, but a page decodes it beside its other work, and shows it a frame or two later.

import type { Pixels } from "./pixels.js";

export interface Runs {
  readonly size: readonly [width: number, height: number];
  /** Four bytes a colour: red, green, blue, opacity. */
  readonly palette: Uint8Array;
  /** Row by row: a 0 for one that repeats the row above, else pairs of length (1 to 255) and place in the palette. */
  readonly runs: Uint8Array;
}

/** More bytes than this are better sent as a PNG. */
const most = 3e5;

/** Null if the picture has too many colours, or would be too long. */
export function runsOf({ width, height, cells, palette }: Pixels): Runs | null {
  if (!palette) return null;
  const runs = new Uint8Array(most);
  let end = 0;
  for (let y = 0; y < height; y++) {
    const row = cells.subarray(y * width, (y + 1) * width) as Uint8Array;
    if (end + 2 * width > most) return null;
    if (
      y > 0 &&
      Buffer.compare(row, cells.subarray((y - 1) * width, y * width) as Uint8Array) === 0
    ) {
      runs[end++] = 0;
      continue;
    }
    for (let x = 0; x < width;) {
      const start = x;
      const cell = row[start];
      while (x < width && row[x] === cell && x - start < 255) x++;
      runs[end++] = x - start;
      runs[end++] = cell;
    }
  }
  const colours = new Uint8Array(palette.buffer, palette.byteOffset, palette.byteLength);
  return { size: [width, height], palette: colours.slice(), runs: runs.slice(0, end) };
}
