// From values to colours: the range that a colour map spans, and the marks for what is no number.

import { colormap, type Colormap, type ColormapName } from "./colormaps.js";
import type { Statistics } from "./statistics.js";
import type { Colour } from "./raster.js";

/** Which value gets the first colour, and which the last. */
export type Range = readonly [low: number, high: number];

export interface ScaleOptions {
  /** Colour map. Default: viridis for values ≥ 0, RdBu (white at 0) for signed ones. jet when asked. */
  cmap?: ColormapName;
  /** The values of the first and last colour. Default: [0, max], or [−max|x|, max|x|] for signed values. */
  range?: Range;
}

export interface Scale {
  readonly cmap: ColormapName;
  readonly range: Range;
}

/** Colours for NaN, +∞ and −∞: none is in a colour map. */
export const nanColour: Colour = [255, 0, 255];
export const plusInfinityColour: Colour = [255, 120, 0];
export const minusInfinityColour: Colour = [0, 200, 120];

/** Levels of a scale: odd, so that zero has one of its own in the middle; the rest of a palette is for text. */
export const levels = 221;

/** The colours for values with these statistics. */
export function scaleFor({ min, max }: Statistics, options: ScaleOptions = {}): Scale {
  if (options.range && !(options.range[0] <= options.range[1])) {
    throw new RangeError(
      `range: [${options.range.join(", ")}] must be two numbers, the smaller first`,
    );
  }
  if (!(min <= max)) return { cmap: options.cmap ?? "viridis", range: options.range ?? [0, 1] };
  const signed = min < 0;
  const extent = Math.max(-min, max);
  const natural: Range = signed ? [-extent, extent] : [min > max / 2 ? min : 0, max || 1];
  return { cmap: options.cmap ?? (signed ? "RdBu" : "viridis"), range: options.range ?? natural };
}

/** The scale of one map beside others: their colour map, with white at 0 for all if one is signed, and its own range. */
export function ownScale(own: Statistics, all: Statistics, options: ScaleOptions = {}): Scale {
  const shared = scaleFor(all, options);
  if (options.range || !(all.min < 0) || own.min < 0 || !(own.min <= own.max))
    return { ...scaleFor(own, options), cmap: shared.cmap };
  return { cmap: shared.cmap, range: [-own.max || -1, own.max || 1] };
}

/** The colour of every level, as 32-bit words in memory's order, then NaN, +∞, −∞. */
export function paletteOf(cmap: ColormapName): Int32Array {
  const there = palettes.get(cmap);
  if (there) return there;
  const colours = new Uint8Array(4 * (levels + 3)).fill(255);
  const map: Colormap = colormap(cmap);
  for (let level = 0; level < levels; level++) {
    const at = 4 * Math.round((255 * level) / (levels - 1));
    colours.set(map.subarray(at, at + 3), 4 * level);
  }
  [nanColour, plusInfinityColour, minusInfinityColour].forEach((colour, k) =>
    colours.set(colour.slice(0, 3) as number[], 4 * (levels + k)),
  );
  const palette = new Int32Array(colours.buffer);
  palettes.set(cmap, palette);
  return palette;
}

const palettes = new Map<ColormapName, Int32Array>();

/** Which entry of the palette a value has. Values outside of the range have the outermost colours. */
export function levelOf(value: number, [low, high]: Range): number {
  return levelBetween(low, high, value);
}

/** The same, for loops over all values of a map. */
export function levelBetween(low: number, high: number, value: number): number {
  if (value - value !== 0) return levels + (Number.isNaN(value) ? 0 : value > 0 ? 1 : 2);
  if (high === low) return value < low ? 0 : value > high ? levels - 1 : (levels - 1) / 2;
  const level = Math.floor(((value - low) / (high - low)) * (levels - 1) + 0.5); // Math.round, in a third of the time
  return level < 0 ? 0 : level >= levels ? levels - 1 : level | 0;
}
