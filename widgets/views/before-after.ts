// Maps before and after a step: an activation, a pooling.

import { nn, noGrad, ShapeError, type Tensor } from "../../lib/index.js";
import { Figure, pictureBundle } from "../bundle.js";
import { drawMosaic, type Place, type Section } from "../plot/mosaic.js";
import type { Colour, Raster } from "../plot/raster.js";
import { ownScale, scaleFor, type Scale } from "../plot/scale.js";
import { percent, statisticsOf, statisticsText, type Statistics } from "../plot/statistics.js";
import type { Layer } from "./layers.js";
import { channelValues, mapShape, numberMap, requireTensor, type MapShape } from "./tensor-maps.js";
import { windowOf, type Window } from "./window-of.js";

/** How many channels are drawn. */
const mostChannels = 16;

export interface ActivationOptions {
  /** "shared": one scale for all channels, so that they compare. "each": every channel has its own. Default "shared". */
  scale?: "shared" | "each";
}

/**
 * Maps before and after an activation, channel by channel, with the share of zeros: `activation(y, y.relu())`.
 *
 * @throws ShapeError if the shapes differ.
 */
export function activation(
  before: Tensor,
  after: Tensor,
  { scale = "shared" }: ActivationOptions = {},
): Figure {
  requireTensor("activation", before);
  requireTensor("activation", after);
  if (before.shape.join() !== after.shape.join()) {
    throw new ShapeError(
      `activation: before is [${before.shape.join(", ")}] but after is [${after.shape.join(", ")}]: give a tensor and what the function made of it`,
    );
  }
  const zeros = statisticsOf(after.data);
  const share = percent(zeros.zeros / Math.max(1, zeros.count));
  const all = both(before.data, after.data);
  const own = (c: number) => {
    const [a, b] = [before, after].map((x) => channelValues(x.data, mapShape("", x), 0, c));
    return ownScale(both(a, b), all);
  };
  const scales = scale === "each" ? own : scaleFor(all);
  const sections = [
    sectionOf("before", before, scales),
    sectionOf("after", after, scales, `   ${share} zeros`),
  ];
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
  const scale = scaleFor(both(input.data, y.data));
  const window = windowOf(pool as unknown as Layer);
  const weights =
    window && !isMax
      ? `   each of ${window.kernel.join("×")} cells weighs 1/${window.kernel[0] * window.kernel[1]}`
      : "";
  const sections = [
    sectionOf("before", input, scale, isMax ? "   winners framed" : weights),
    sectionOf("after", y, scale),
  ];
  const mosaic = drawMosaic(sections);

  for (const place of mosaic.places) {
    if (place.section === 0) frameWindows(mosaic.raster, place, { H, W }, window);
  }
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
const windowColour: Colour = [60, 64, 70];

function frameCells(
  raster: Raster,
  place: Place,
  { H, W }: { H: number; W: number },
  cells: ReadonlySet<number>,
): void {
  const side = place.width / W;
  if (side < 4) return; // too small to be seen
  for (const cell of cells) {
    const [row, column] = [Math.floor(cell / W), cell % W];
    const [x, y] = [place.x + column * side, place.y + (row * place.height) / H];
    const line = side >= 12 ? 2 : 1;
    raster.frame(
      Math.round(x),
      Math.round(y),
      Math.round(side),
      Math.round(side),
      winnerColour,
      line,
    );
  }
}

/** The windows, where they do not overlap and each can be seen. */
function frameWindows(
  raster: Raster,
  place: Place,
  { H, W }: { H: number; W: number },
  window: Window | null,
): void {
  const side = place.width / W;
  if (!window || side < 4) return;
  const { kernel, stride, padding, dilation } = window;
  if (kernel.some((k, a) => k > stride[a] || dilation[a] > 1)) return;
  for (let top = -padding[0]; top < H; top += stride[0]) {
    for (let left = -padding[1]; left < W; left += stride[1]) {
      const [from, to] = [Math.max(0, left), Math.min(W, left + kernel[1])];
      const [up, down] = [Math.max(0, top), Math.min(H, top + kernel[0])];
      if (to - from < 1 || down - up < 1) continue;
      raster.frame(
        Math.round(place.x + from * side),
        Math.round(place.y + up * side),
        Math.round((to - from) * side),
        Math.round((down - up) * side),
        windowColour,
        2,
      );
    }
  }
}

/** The range of both, so that what stays equal keeps its colour. */
function both(before: ArrayLike<number>, after: ArrayLike<number>): Statistics {
  const [a, b] = [statisticsOf(before), statisticsOf(after)];
  const least = [a.min, b.min].filter((value) => !Number.isNaN(value));
  const greatest = [a.max, b.max].filter((value) => !Number.isNaN(value));
  if (least.length === 0) return a;
  return { ...a, min: Math.min(...least), max: Math.max(...greatest) };
}

/** @param scales one for all channels, or each one's own. */
function sectionOf(
  name: string,
  x: Tensor,
  scales: Scale | ((channel: number) => Scale),
  more = "",
): Section {
  const shape: MapShape = mapShape(name, x);
  const data = x.data;
  const panels = Array.from({ length: Math.min(shape.C, mostChannels) }, (_, c) => {
    const scale = typeof scales === "function" ? scales(c) : scales;
    return {
      map: numberMap(channelValues(data, shape, 0, c), shape, scale),
      label: shape.C > 1 ? String(c) : "",
    };
  });
  const cut = panels.length < shape.C ? `   first ${panels.length}` : "";
  const scale = typeof scales === "function" ? undefined : scales;
  return { caption: `${name} [${x.shape.join(", ")}]${more}${cut}`, panels, scale };
}
