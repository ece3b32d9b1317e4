// A matrix as coloured squares, with its numbers where they fit.

import { ShapeError, type Tensor } from "../../lib/index.js";
import { Figure, pictureBundle } from "../bundle.js";
import { drawMap } from "../plot/maps.js";
import { drawMosaic } from "../plot/mosaic.js";
import { Raster, type Colour } from "../plot/raster.js";
import { levelOf, paletteOf, scaleFor, type ScaleOptions } from "../plot/scale.js";
import { short, statisticsOf, statisticsText } from "../plot/statistics.js";
import { textHeight, textWidth } from "../plot/text.js";
import { hoverData } from "./hover.js";
import { numberMap } from "./tensor-maps.js";

export interface HeatmapOptions extends ScaleOptions {
  /** Write the numbers into the squares. Default: if there are at most 16×16. */
  numbers?: boolean;
  /** Written above instead of the shape. */
  title?: string;
}

/**
 * A matrix [H, W] as coloured squares: viridis for values ≥ 0, red to blue with white at 0 for signed ones.
 *
 * ```ts
 * heatmap(torch.eye(2)).text.split("\n")[0] // → "heat map [2, 2]: min 0, max 1, mean 0.5, 50 % zeros"
 * ```
 *
 * @throws ShapeError if x is no matrix.
 */
export function heatmap(x: Tensor, options: HeatmapOptions = {}): Figure {
  if (x.ndim !== 2) {
    throw new ShapeError(
      `heatmap: takes a matrix [H, W], got [${x.shape.join(", ")}] with ${x.ndim} axes: pick one with x.select(0, i), or see featureMaps(x)`,
    );
  }

  const [H, W] = x.shape;
  const values = x.data;
  const statistics = statisticsOf(values);
  const scale = scaleFor(statistics, options);
  const map = numberMap(values, { H, W }, scale);
  const caption = options.title ?? `[${x.shape.join(", ")}]`;
  const text = `heat map [${x.shape.join(", ")}]: ${statisticsText(statistics)}`;
  const withNumbers = options.numbers ?? (H <= 16 && W <= 16);
  if (withNumbers && H * W > 0) {
    return new Figure(pictureBundle(drawNumbers(map, caption), text));
  }
  const section = { caption, panels: [{ map, label: "" }], scale };
  const mosaic = drawMosaic([section], { maxMap: 420 });
  return new Figure(
    pictureBundle(mosaic.raster, text, hoverData(mosaic, [{ section, values: [values] }])),
  );
}

const dark: Colour = [20, 22, 26];
const light: Colour = [250, 250, 250];

function drawNumbers(map: ReturnType<typeof numberMap>, caption: string): Raster {
  const density = 2;
  const { width: W, height: H, values, scale } = map;
  const texts = Array.from(values, (value) => short(Number(value.toPrecision(3))));
  const line = textHeight(density);
  const cell = Math.max(
    28 * density,
    Math.max(...texts.map((text) => textWidth(text, density))) + 12,
  );
  const raster = new Raster(
    Math.max(W * cell, textWidth(caption, density)),
    H * cell + line + 2 * density,
    density,
  );

  raster.text(caption, 0, 0);
  const top = line + 2 * density;
  drawMap(raster, map, 0, top, W * cell, H * cell);
  const bytes = new Uint8Array(paletteOf(scale.cmap).buffer);
  texts.forEach((text, i) => {
    const [x, y] = [(i % W) * cell, top + Math.floor(i / W) * cell];
    const at = 4 * levelOf(values[i], scale.range);
    const brightness = 0.3 * bytes[at] + 0.59 * bytes[at + 1] + 0.11 * bytes[at + 2];
    raster.text(text, x + cell / 2, y + (cell - line) / 2, {
      colour: brightness > 130 ? dark : light,
      align: "center",
    });
  });
  return raster;
}
