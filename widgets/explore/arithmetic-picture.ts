// The still picture of an explorable whose numbers can be read: input * kernel = output, in squares, the first window framed.

import type { Tensor } from "../../lib/index.js";
import { Figure, pictureBundle } from "../bundle.js";
import { drawNumberGrids, type NumberGrid } from "../plot/number-grid.js";
import { scaleFor, type Scale } from "../plot/scale.js";
import { statisticsOf } from "../plot/statistics.js";

const mostSide = 8;
const mostColumns = 24;

/** Are there few enough numbers to write them all side by side? */
export function isReadable(...grids: readonly Tensor[]): boolean {
  const columns = grids.reduce((sum, { shape }) => sum + shape.at(-1)!, 0);
  return columns <= mostColumns && grids.every(({ shape }) => Math.max(...shape) <= mostSide);
}

export interface Step {
  /** A matrix [H, W]. */
  readonly x: Tensor;
  readonly title: string;
  readonly frame?: NumberGrid["frame"];
  /** Default: of these values. */
  readonly scale?: Scale;
}

/** Matrices with signs between them; `text` says what it is to those who cannot see it. */
export function arithmeticPicture(
  steps: readonly Step[],
  signs: readonly string[],
  text: string,
): Figure {
  const grids = steps.map(({ x, title, frame, scale }): NumberGrid => {
    const [height, width] = x.shape;
    const values = x.data;
    const own = scale ?? scaleFor(statisticsOf(values));
    return { map: { kind: "numbers", width, height, values, scale: own }, title, frame };
  });
  return new Figure(pictureBundle(drawNumberGrids(grids, signs), text));
}
