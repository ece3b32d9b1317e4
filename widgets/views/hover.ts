// What a live page needs for hovering over a mosaic: where the maps lie, their colours, and their values, if those are not many.

import { explorableMime, explorablePayload } from "../explore/payload.js";
import type { Mosaic, Section } from "../plot/mosaic.js";

/** More values than this are not written into the notebook (4 bytes each, a third more in base64), unless asked for. */
export const mostHoverValues = 16384;
/** As many at most where they are asked for: what a notebook can hold. */
export const mostMapValues = 65_536;
/** The colour maps that the page knows. */
const pageMaps = ["viridis", "RdBu", "gray"];

export interface HoverPart {
  readonly section: Section;
  readonly values: readonly ArrayLike<number>[];
}

/** An entry for the MIME bundle, or none: then the picture alone is shown. */
export function hoverData(
  mosaic: Mosaic,
  parts: readonly HoverPart[],
  most = mostHoverValues,
): Record<string, unknown> {
  const total = countOf(parts);
  const state = total > 0 && total <= most ? mapsState(mosaic, parts) : null;
  return state ? { [explorableMime]: explorablePayload("maps", state) } : {};
}

/** How many values the maps have together. */
export function countOf(parts: readonly HoverPart[]): number {
  return parts.reduce(
    (sum, { values }) => sum + values.reduce((count, { length }) => count + length, 0),
    0,
  );
}

/** What front/maps.js draws; null if it does not know the colours. */
export function mapsState(mosaic: Mosaic, parts: readonly HoverPart[]) {
  const { raster, places, heads } = mosaic;
  const flat = new Float32Array(countOf(parts));
  let at = 0;
  const panels = places.flatMap(({ section, panel, x, y, width, height }) => {
    const { map, label, dead } = parts[section].section.panels[panel];
    if (map.kind !== "numbers") return [];
    const values = parts[section].values[panel];
    const start = at;
    flat.set(values, at);
    at += values.length;
    const { width: columns, height: rows, scale } = map;
    return [{ x, y, width, height, label, dead, columns, rows, start, ...scale }];
  });
  if (!panels.every(({ cmap }) => pageMaps.includes(cmap))) return null;
  return {
    size: [raster.width, raster.height],
    density: raster.density,
    panels,
    captions: parts.map(({ section }) => section.caption),
    heads: parts.map(({ section: { caption: text, scale } }, i) => ({ text, y: heads[i], scale })),
    values: flat,
  };
}
