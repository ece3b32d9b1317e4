// Maps before and after a step: an activation, a pooling.

import { nn, noGrad, ShapeError, type Tensor } from "../../lib/index.js";
import { Figure, pictureBundle } from "../bundle.js";
import { drawMosaic, type Place, type Section } from "../plot/mosaic.js";
import type { Colour } from "../plot/raster.js";
import { scaleFor } from "../plot/scale.js";
import { percent, statisticsOf, statisticsText } from "../plot/statistics.js";
import { channelValues, mapShape, numberMap, type MapShape } from "./tensor-maps.js";

/** How many channels are drawn. */
const mostChannels = 16;

/**
 * Maps before and after an activation, channel by channel, with the share of zeros: `activation(y, y.relu())`.
 *
 * @throws ShapeError if the shapes differ.
 */
export function activation(before: Tensor, after: Tensor): Figure {
  if (before.shape.join() !== after.shape.join()) {
    throw new ShapeError(
      `activation: before is [${before.shape.join(", ")}] but after is [${after.shape.join(", ")}]: give a tensor and what the function made of it`,
    );
  }
  const zeros = statisticsOf(after.data);
  const share = percent(zeros.zeros / Math.max(1, zeros.count));
  const sections = [sectionOf("before", before), sectionOf("after", after, `   ${share} zeros`)];
  const { raster } = drawMosaic(sections);
  const text = `activation [${before.shape.join(", ")}]: before ${statisticsText(statisticsOf(before.data))}; after ${statisticsText(zeros)}`;
  return new Figure(pictureBundle(raster, text));
}

/**
 * Maps before and after pooling; of max pooling the winners are framed in their windows: through them the gradient flows.
 * `x`: [N, C, H, W] (its first sample), [C, H, W]; `pool`: an nn.MaxPool2d, nn.AvgPool2d or another pooling module.
 */
export function pooling(x: Tensor, pool: nn.MaxPool2d | nn.AvgPool2d): Figure {
  const { C, H, W } = mapShape("pooling", x);
  const input = noGrad(() => (x.ndim === 4 ? x.select(0, 0) : x).reshape([1, C, H, W]));
  const y = noGrad(() => (pool as nn.AvgPool2d)(input));
  const isMax = !("countIncludePad" in pool) && "dilation" in pool;
  const sections = [sectionOf("before", input), sectionOf(`after ${String(pool)}`, y)];
  const mosaic = drawMosaic(sections);

  let winners = 0;
  if (isMax) {
    const { kernelSize, stride, padding, dilation, ceilMode } = pool as nn.MaxPool2d;
    const [, indices] = nn.functional.maxPool2d(input, kernelSize, {
      stride,
      padding,
      dilation,
      ceilMode,
      returnIndices: true,
    }) as unknown as [Tensor, Tensor];
    for (const place of mosaic.places) {
      if (place.section !== 0) continue;
      const chosen = new Set(
        channelValues(indices.data, mapShape("pooling", indices), 0, place.panel) as Float64Array,
      );
      winners += chosen.size;
      frameCells(mosaic.raster, place, { H, W }, chosen);
    }
  }
  const caption = isMax ? `; ${winners} winners framed` : "";
  const text = `pooling [${x.shape.join(", ")}] → [${y.shape.slice(x.ndim === 4 ? 0 : 1).join(", ")}]${caption}: after ${statisticsText(statisticsOf(y.data))}`;
  return new Figure(pictureBundle(mosaic.raster, text));
}

const winnerColour: Colour = [255, 120, 0];

function frameCells(
  raster: Parameters<typeof drawCellFrame>[0],
  place: Place,
  { H, W }: { H: number; W: number },
  cells: ReadonlySet<number>,
): void {
  const side = place.width / W;
  if (side < 4) return; // too small to be seen
  for (const cell of cells) {
    const [row, column] = [Math.floor(cell / W), cell % W];
    drawCellFrame(raster, place.x + column * side, place.y + (row * place.height) / H, side);
  }
}

function drawCellFrame(
  raster: import("../plot/raster.js").Raster,
  x: number,
  y: number,
  side: number,
): void {
  raster.frame(
    Math.round(x),
    Math.round(y),
    Math.round(side),
    Math.round(side),
    winnerColour,
    side >= 12 ? 2 : 1,
  );
}

function sectionOf(name: string, x: Tensor, more = ""): Section {
  const shape: MapShape = mapShape(name, x);
  const data = x.data;
  const scale = scaleFor(statisticsOf(data));
  const panels = Array.from({ length: Math.min(shape.C, mostChannels) }, (_, c) => ({
    map: numberMap(channelValues(data, shape, 0, c), shape, scale),
    label: shape.C > 1 ? String(c) : "",
  }));
  const cut = panels.length < shape.C ? `   first ${panels.length}` : "";
  return { caption: `${name} [${x.shape.join(", ")}]${more}${cut}`, panels, scale };
}
