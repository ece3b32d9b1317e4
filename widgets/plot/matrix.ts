// A matrix of numbers with names for its rows and columns.

import { drawMap, type NumberMap } from "./maps.js";
import { writeNumbers } from "./number-grid.js";
import { Raster } from "./raster.js";
import { short } from "./statistics.js";
import { fitText, textHeight, textWidth } from "./text.js";

export interface MatrixNames {
  readonly rows: readonly string[];
  /** If one is wider than a square, all are numbered instead. */
  readonly columns: readonly string[];
}

const density = 2;

export function drawMatrix(map: NumberMap, caption: string, names: MatrixNames): Raster {
  const line = textHeight(density);
  const gap = 4 * density;
  const texts = Array.from(map.values, (value) => short(Number(value.toPrecision(3))));
  const longest = Math.max(...texts.map((text) => textWidth(text, density)));
  const cell = Math.max(28 * density, longest + 12);
  const rows = names.rows.map((name) => fitText(name, 160 * density, density));
  const left = Math.max(...rows.map((name) => textWidth(name, density))) + gap;
  const fit = names.columns.every((name) => textWidth(name, density) <= cell - gap);
  const top = 2 * line + 2 * density;
  const width = Math.max(left + map.width * cell, textWidth(caption, density));
  const raster = new Raster(width, top + map.height * cell, density);

  raster.text(caption, 0, 0);
  names.columns.forEach((name, i) =>
    raster.text(fit ? name : String(i), left + (i + 0.5) * cell, line, { align: "center" }),
  );
  rows.forEach((name, i) =>
    raster.text(name, left - gap, top + i * cell + (cell - line) / 2, { align: "right" }),
  );
  drawMap(raster, map, left, top, map.width * cell, map.height * cell);
  writeNumbers(raster, map, texts, left, top, cell);
  return raster;
}
