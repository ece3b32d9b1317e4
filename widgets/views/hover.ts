// What a page needs for hovering over a mosaic: where the maps lie and, unless they are many, their values.
// Without the values the page reads them off the colours, to 1/220 of the scale.

import type { Mosaic, Section } from "../plot/mosaic.js";
import { explorableData } from "../explore/payload.js";

/** More values than this are not written into the notebook (4 bytes each, a third more in base64). */
const mostValues = 16384;

export interface HoverPart {
  readonly section: Section;
  readonly values: readonly ArrayLike<number>[];
}

export function hoverData(mosaic: Mosaic, parts: readonly HoverPart[]): Record<string, unknown> {
  const { raster, places } = mosaic;
  const total = parts.reduce(
    (sum, { values }) => sum + values.reduce((count, { length }) => count + length, 0),
    0,
  );
  if (total > mostValues) return {};

  const flat = new Float32Array(total);
  let at = 0;
  const panels = places.map(({ section, panel, x, y, width, height }) => {
    const { map, label } = parts[section].section.panels[panel];
    const values = parts[section].values[panel];
    const start = at;
    flat.set(values, at);
    at += values.length;
    return { x, y, width, height, label, columns: map.width, rows: map.height, start };
  });
  const captions = parts.map(({ section }) => section.caption);
  return explorableData("maps", {
    size: [raster.width, raster.height],
    panels,
    captions,
    values: flat,
  });
}
