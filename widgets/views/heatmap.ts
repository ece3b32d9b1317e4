// A matrix as coloured squares, with its numbers where they fit.

import { ShapeError, type Tensor } from "../../lib/index.js";
import { Figure, pictureBundle } from "../bundle.js";
import { drawMatrix, type MatrixNames } from "../plot/matrix.js";
import { drawMosaic } from "../plot/mosaic.js";
import { drawNumberGrids } from "../plot/number-grid.js";
import { scaleFor, type ScaleOptions } from "../plot/scale.js";
import { statisticsOf, statisticsText } from "../plot/statistics.js";
import { hoverData } from "./hover.js";
import { numberMap, requireTensor } from "./tensor-maps.js";

export interface HeatmapOptions extends ScaleOptions {
  /** Write the numbers into the squares. Default: if there are at most 16×16. */
  numbers?: boolean;
  /** Written above instead of the shape. */
  title?: string;
  /** What rows and columns are called; shown beside numbers. */
  names?: MatrixNames;
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
  requireTensor("heatmap", x);
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
    const raster = options.names
      ? drawMatrix(map, caption, options.names)
      : drawNumberGrids([{ map, title: caption }]);
    return new Figure(pictureBundle(raster, text));
  }
  const section = { caption, panels: [{ map, label: "" }], scale };
  const mosaic = drawMosaic([section], { maxMap: 420 });
  return new Figure(
    pictureBundle(mosaic.raster, text, hoverData(mosaic, [{ section, values: [values] }])),
  );
}
