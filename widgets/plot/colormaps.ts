// Colour maps: a number between 0 and 1 to a colour.

import { colormapsTable } from "./colormaps-table.js";

export type ColormapName = keyof typeof colormapsTable;

/** The names that views take as `cmap`. */
export const colormapNames = Object.keys(colormapsTable) as ColormapName[];

/** 256 colours, four bytes each: red, green, blue, 255. */
export type Colormap = Uint8Array;

const made = new Map<ColormapName, Colormap>();

/**
 * The colours of a map.
 * @throws RangeError if there is no map of this name.
 */
export function colormap(name: ColormapName): Colormap {
  const there = made.get(name);
  if (there) return there;
  if (!(name in colormapsTable)) {
    throw new RangeError(
      `cmap: there is no colour map "${name}"; there are ${colormapNames.join(", ")}`,
    );
  }

  const hex = colormapsTable[name];
  const colours = new Uint8Array(4 * 256).fill(255);
  for (let i = 0; i < 256; i++) {
    const value = parseInt(hex.slice(6 * i, 6 * i + 6), 16);
    colours.set([value >> 16, (value >> 8) & 255, value & 255], 4 * i);
  }
  made.set(name, colours);
  return colours;
}
