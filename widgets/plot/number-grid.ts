// Small matrices in a row, each number written into its coloured square: input * kernel = output.

import { drawMap, type NumberMap } from "./maps.js";
import { faint, ink, Raster, type Colour } from "./raster.js";
import { levelOf, paletteOf } from "./scale.js";
import { short } from "./statistics.js";
import { textHeight, textWidth } from "./text.js";

export interface NumberGrid {
  readonly map: NumberMap;
  /** Written above. */
  readonly title: string;
  /** Squares with a frame around them: row, column, rows, columns. */
  readonly frame?: readonly [number, number, number, number];
}

const density = 2;
const black: Colour = [0, 0, 0];
const white: Colour = [255, 255, 255];
const frameColour: Colour = [233, 84, 32];

/** @param signs what stands between neighbours, one fewer than there are grids. */
export function drawNumberGrids(
  grids: readonly NumberGrid[],
  signs: readonly string[] = [],
): Raster {
  const line = textHeight(density);
  const texts = grids.map(({ map }) =>
    Array.from(map.values, (value) => short(Number(value.toPrecision(3)))),
  );
  const longest = Math.max(...texts.flat().map((text) => textWidth(text, density)));
  const cell = Math.max(28 * density, longest + 12);
  const widths = grids.map(({ map, title }) =>
    Math.max(map.width * cell, textWidth(title, density)),
  );
  const gap = signs.length > 0 ? 26 * density : 0;
  const border = grids.some(({ frame }) => frame) ? 2 * density : 0;
  const head = line + 2 * density;
  const tallest = Math.max(...grids.map(({ map }) => map.height * cell));
  const total = widths.reduce((sum, width) => sum + width, 0) + gap * (grids.length - 1);
  const raster = new Raster(total + 2 * border, tallest + head + 2 * border, density);

  let left = border;
  grids.forEach(({ map, title, frame }, k) => {
    const top = border + head + Math.floor((tallest - map.height * cell) / 2);
    raster.text(title, left, top - head);
    drawMap(raster, map, left, top, map.width * cell, map.height * cell);
    writeNumbers(raster, map, texts[k], left, top, cell);
    if (grids.length > 1) {
      raster.frame(left - 1, top - 1, map.width * cell + 2, map.height * cell + 2, faint, 1);
    }
    if (frame) {
      const [row, column, rows, columns] = frame.map((n) => n * cell);
      for (let w = 0; w < border; w++) {
        const [x, y] = [left + column - w, top + row - w];
        raster.frame(x, y, columns + 2 * w, rows + 2 * w, frameColour, 1);
      }
    }
    left += widths[k];
    if (k < signs.length) {
      const middle = border + head + (tallest - line) / 2;
      raster.text(signs[k], left + gap / 2, middle, { colour: ink, align: "center" });
    }
    left += gap;
  });
  return raster;
}

/** Each number into the middle of its square, black or white, whichever reads. */
export function writeNumbers(
  raster: Raster,
  { width, values, scale }: NumberMap,
  texts: readonly string[],
  left: number,
  top: number,
  cell: number,
): void {
  const bytes = new Uint8Array(paletteOf(scale.cmap).buffer);
  const line = textHeight(density);
  texts.forEach((text, i) => {
    const [x, y] = [left + (i % width) * cell, top + Math.floor(i / width) * cell];
    const at = 4 * levelOf(values[i], scale.range);
    raster.text(text, x + cell / 2, y + (cell - line) / 2, {
      colour: inkOn(bytes.subarray(at, at + 3)),
      align: "center",
    });
  });
}

/** Black or white, whichever reads on a colour: at least 4.58 to 1 (WCAG 2.2, relative luminance). */
export function inkOn(colour: Iterable<number>): Colour {
  const [r, g, b] = Array.from(colour, (c) =>
    c <= 10.31 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? black : white;
}
