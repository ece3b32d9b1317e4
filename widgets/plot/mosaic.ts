// A mosaic: sections of labelled maps in columns, one picture for all. Where everything lies is told apart from drawing it,
// since the browser's hover needs it too.

import { drawMap, fittedSize, type AnyMap, type NumberMap } from "./maps.js";
import { faint, ink, Raster } from "./raster.js";
import { levels, type Scale } from "./scale.js";
import { short } from "./statistics.js";
import { fitText, textHeight, textWidth } from "./text.js";

export interface Panel {
  readonly map: AnyMap;
  /** Written above the map; the channel's index, mostly. */
  readonly label: string;
  /** Drawn with a cross: a channel that says nothing. */
  readonly dead?: boolean;
}

export interface Section {
  /** One line above the section. */
  readonly caption: string;
  readonly panels: readonly Panel[];
  /** The scale that all panels share, shown as a bar. */
  readonly scale?: Scale;
  /** Panels in a row. Default: what fits. */
  readonly columns?: number;
}

export interface MosaicOptions {
  /** How wide the picture may be, in pixels of the page. Default 860. */
  maxWidth?: number;
  /** How large a map is at most, in pixels of the page. Default 160. */
  maxMap?: number;
}

/** Where a panel's map lies in the picture, in its pixels. */
export interface Place {
  readonly section: number;
  readonly panel: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Mosaic {
  readonly raster: Raster;
  readonly places: readonly Place[];
  /** Where each section's line of text lies. */
  readonly heads: readonly number[];
}

export function drawMosaic(sections: readonly Section[], options: MosaicOptions = {}): Mosaic {
  const layout = planMosaic(sections, options);
  const raster = new Raster(layout.width, layout.height, layout.density);

  sections.forEach((section, index) => drawHead(raster, section, layout.heads[index]));
  for (const place of layout.places) {
    const panel = sections[place.section].panels[place.panel];
    const { x, y, width, height } = place;
    const label = fitText(panel.label, layout.cell, layout.density);
    raster.text(label, x, y - textHeight(layout.density));
    drawMap(raster, panel.map, x, y, width, height);
    if (panel.dead) drawCross(raster, place);
    if (width > 6 && height > 6) raster.frame(x - 1, y - 1, width + 2, height + 2, faint, 1);
  }
  return { raster, places: layout.places, heads: layout.heads };
}

interface Layout {
  readonly width: number;
  readonly height: number;
  readonly density: 1 | 2;
  /** The width of a column without its gap. */
  readonly cell: number;
  readonly heads: readonly number[];
  readonly places: readonly Place[];
}

/** Sizes and places of everything, in pixels of the file. */
function planMosaic(sections: readonly Section[], options: MosaicOptions): Layout {
  const { maxWidth = 940, maxMap = 160 } = options;
  for (const { columns } of sections) {
    if (columns !== undefined && !(Number.isInteger(columns) && columns >= 1))
      throw new RangeError(`columns: ${columns} must be a whole number ≥ 1`);
  }
  const maps = sections.flatMap(({ panels }) => panels.map(({ map }) => map));
  const largest = Math.max(1, ...maps.map(({ width, height }) => Math.max(width, height)));
  const columns = Math.max(1, ...sections.map(columnsOf));

  // Twice as fine for screens that can, unless the maps by themselves fill the page.
  const density = largest * Math.min(columns, 8) >= maxWidth * 0.8 ? 1 : 2;
  const gap = 4 * density;
  const room = Math.min(maxMap * density, Math.floor((maxWidth * density) / columns) - gap);
  // a little wider than the page rather than blurred (64 maps of 128 x 128)
  const side = density === 1 && room < largest && largest <= 1.25 * room ? largest : room;
  // a value's square is at most 40 pixels of the page: a map of 1×1 need not fill a column
  const sizeOf = (map: AnyMap) =>
    fittedSize(map, Math.min(side, 40 * density * Math.max(map.width, map.height, 1)));
  const cell = Math.max(8 * density, ...maps.map((map) => sizeOf(map).width));

  const line = textHeight(density);
  const heads: number[] = [];
  const places: Place[] = [];
  let y = 0;
  sections.forEach((section, index) => {
    heads.push(y);
    y += line + 2 * density;
    const inRow = section.columns ?? columns;
    for (let start = 0; start < section.panels.length; start += inRow) {
      const row = section.panels.slice(start, start + inRow);
      const sizes = row.map(({ map }) => sizeOf(map));
      const top = y + (row.some(({ label }) => label !== "") ? line : 2);
      row.forEach((_, k) => {
        const x = 1 + k * (cell + gap);
        places.push({ section: index, panel: start + k, x, y: top, ...sizes[k] });
      });
      y = top + Math.max(...sizes.map(({ height }) => height)) + gap;
    }
    y += gap;
  });

  const right = Math.max(1, ...places.map(({ x, width }) => x + width + 1));
  const captions = sections.map(
    ({ caption, scale }) => textWidth(caption, density) + (scale ? barRoom(scale, density) : 0),
  );
  const width = Math.max(right, Math.min(maxWidth * density, Math.max(...captions)));
  return { width, height: Math.max(1, y - gap), density, cell, heads, places };
}

/** Panels in a row: all of a few, else eight, of many sixteen. */
function columnsOf({ panels: { length }, columns }: Section): number {
  if (columns) return columns;
  if (length <= 8) return Math.max(1, length);
  return length <= 24 || length === 64 ? 8 : 16;
}

const barWidth = 72;

function barRoom({ range }: Scale, density: 1 | 2): number {
  return (
    textWidth(short(range[0]), density) +
    textWidth(short(range[1]), density) +
    (barWidth + 28) * density
  );
}

function drawHead(raster: Raster, { caption, scale }: Section, y: number): void {
  const { density } = raster;
  const room = scale ? barRoom(scale, density) : 0;
  raster.text(fitText(caption, raster.width - room, density), 0, y);
  if (!scale) return;

  const line = textHeight(density);
  const high = short(scale.range[1]);
  const right = raster.width - textWidth(high, density) - 4 * density;
  raster.text(high, raster.width, y, { align: "right" });
  raster.text(short(scale.range[0]), right - (barWidth + 4) * density, y, { align: "right" });
  drawMap(
    raster,
    rampOf(scale),
    right - barWidth * density,
    y + 3 * density,
    barWidth * density,
    line - 6 * density,
  );
}

/** The scale's colours from first to last. */
function rampOf(scale: Scale): NumberMap {
  const [low, high] = scale.range;
  const values = Array.from(
    { length: levels },
    (_, i) => low + ((high - low || 1) * i) / (levels - 1),
  );
  const range = [low, high > low ? high : low + 1] as const;
  return { kind: "numbers", width: levels, height: 1, values, scale: { cmap: scale.cmap, range } };
}

function drawCross(raster: Raster, { x, y, width, height }: Place): void {
  const thick = raster.density;
  raster.line(x + 3, y + 3, x + width - 4, y + height - 4, ink, thick);
  raster.line(x + width - 4, y + 3, x + 3, y + height - 4, ink, thick);
}
