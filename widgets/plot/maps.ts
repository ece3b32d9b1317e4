// Draws maps (matrices of numbers, or colour images) onto a picture, enlarged by a whole factor or averaged down.

import type { Raster } from "./raster.js";
import { levelBetween, levelOf, paletteOf, type Scale } from "./scale.js";

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
  const { pixels } = raster;
  const columns = Int32Array.from({ length: width }, (_, i) => Math.floor((i * map.width) / width));
  const visible = Math.min(width, raster.width - x);
  const colours = new Int32Array(map.width);
  for (let row = 0; row < height && y + row < raster.height; row++) {
    const sourceRow = Math.floor((row * map.height) / height);
    const start = (y + row) * raster.width + x;
    // an enlarged row that repeats the one above is copied
    if (
      row > 0 &&
      height >= map.height &&
      sourceRow === Math.floor(((row - 1) * map.height) / height)
    ) {
      pixels.cells.copyWithin(start, start - raster.width, start - raster.width + visible);
      continue;
    }
    if (map.kind === "colours") takeColours(map, sourceRow, colours);
    else if (map.width <= width && map.height <= height) takeValues(map, sourceRow, colours);
    else takeMeans(map, sourceRow, columns, width, height, colours);
    pixels.setRow(start, colours, columns.subarray(0, visible));
  }
}

function takeColours(map: ColourMap, row: number, colours: Int32Array): void {
  const at = map.rgba.byteOffset + 4 * row * map.width;
  colours.set(new Int32Array(map.rgba.buffer, at, map.width));
}

function takeValues(map: NumberMap, row: number, colours: Int32Array): void {
  const palette = paletteOf(map.scale.cmap);
  const { values, width } = map;
  const [low, high] = map.scale.range;
  for (let i = 0; i < width; i++)
    colours[i] = palette[levelBetween(low, high, values[row * width + i])];
}

/** Of a map made smaller: the means of the values that fall into a pixel, so that nothing between them is lost. */
function takeMeans(
  map: NumberMap,
  row: number,
  columns: Int32Array,
  width: number,
  height: number,
  colours: Int32Array,
): void {
  const palette = paletteOf(map.scale.cmap);
  const across = Math.max(1, Math.ceil(map.width / width));
  const down = Math.max(1, Math.ceil(map.height / height));
  for (const column of columns) {
    let [sum, count] = [0, 0];
    for (let i = row; i < Math.min(map.height, row + down); i++) {
      for (let j = column; j < Math.min(map.width, column + across); j++) {
        sum += map.values[i * map.width + j];
        count++;
      }
    }
    colours[column] = palette[levelOf(sum / count, map.scale.range)];
  }
}
