// Draws maps (matrices of numbers, or colour images) onto a picture, enlarged by a whole factor or averaged down.

import type { Raster } from "./raster.js";
import { levelOf, paletteOf, type Scale } from "./scale.js";

/** One picture of numbers: a matrix, row by row. */
export interface NumberMap {
  readonly kind: "numbers";
  readonly width: number;
  readonly height: number;
  readonly values: ArrayLike<number>;
  readonly scale: Scale;
}

/** One picture of colours: four bytes a pixel, row by row. */
export interface ColourMap {
  readonly kind: "colours";
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

export type AnyMap = NumberMap | ColourMap;

/** The size at which a map fits in a square of `side` pixels: a whole multiple of its own where that is larger. */
export function fittedSize(
  { width, height }: { width: number; height: number },
  side: number,
): { width: number; height: number } {
  const longest = Math.max(width, height, 1);
  const factor = longest <= side ? Math.floor(side / longest) : side / longest;
  return {
    width: Math.max(1, Math.round(width * factor)),
    height: Math.max(1, Math.round(height * factor)),
  };
}

/** Draws a map with its upper left corner at (x, y), `width` by `height` pixels large. */
export function drawMap(
  raster: Raster,
  map: AnyMap,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  if (map.width === 0 || map.height === 0) return;
  const words = new Uint32Array(raster.rgba.buffer);
  const pixel = map.kind === "numbers" ? numberPixel(map, width, height) : colourPixel(map);
  const columns = Int32Array.from({ length: width }, (_, i) => Math.floor((i * map.width) / width));
  const visible = Math.min(width, raster.width - x);
  for (let row = 0; row < height && y + row < raster.height; row++) {
    const sourceRow = Math.floor((row * map.height) / height);
    const start = (y + row) * raster.width + x;
    // an enlarged row that repeats the one above is copied
    if (
      row > 0 &&
      height >= map.height &&
      sourceRow === Math.floor(((row - 1) * map.height) / height)
    ) {
      words.copyWithin(start, start - raster.width, start - raster.width + visible);
      continue;
    }
    // each pixel of the map once, however wide it is drawn
    for (let column = 0, last = -1, word = 0; column < visible; column++) {
      if (columns[column] !== last) {
        last = columns[column];
        word = pixel(sourceRow, last);
      }
      words[start + column] = word;
    }
  }
}

function numberPixel(map: NumberMap, width: number, height: number) {
  const palette = paletteOf(map.scale.cmap);
  const { range } = map.scale;
  const across = Math.max(1, Math.ceil(map.width / width));
  const down = Math.max(1, Math.ceil(map.height / height));
  if (across === 1 && down === 1) {
    return (row: number, column: number) =>
      palette[levelOf(map.values[row * map.width + column], range)];
  }
  // made smaller: the mean of the values that fall into a pixel, so that nothing between them is lost
  return (row: number, column: number) => {
    let [sum, count] = [0, 0];
    for (let i = row; i < Math.min(map.height, row + down); i++) {
      for (let j = column; j < Math.min(map.width, column + across); j++) {
        sum += map.values[i * map.width + j];
        count++;
      }
    }
    return palette[levelOf(sum / count, range)];
  };
}

function colourPixel(map: ColourMap) {
  const words = new Uint32Array(map.rgba.buffer, map.rgba.byteOffset, map.width * map.height);
  return (row: number, column: number) => words[row * map.width + column];
}
