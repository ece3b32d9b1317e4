// What part of the input one number of a layer depends on: by the layers' windows, and as the gradient measures it.

import { enableGrad, ShapeError, type Tensor } from "../../lib/index.js";
import { Figure, pictureBundle } from "../bundle.js";
import { drawMosaic, type Section } from "../plot/mosaic.js";
import type { Colour } from "../plot/raster.js";
import { scaleFor } from "../plot/scale.js";
import { statisticsOf } from "../plot/statistics.js";
import { layerOutputs, type Layer } from "./layers.js";
import { colourMap, looksLikeImages, mapShape, numberMap } from "./tensor-maps.js";
import { windowOf } from "./window-of.js";

/** Rows and columns of the input, both ends included. */
export interface Rectangle {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

export class ReceptiveField extends Figure {
  constructor(
    figure: Figure,
    /** By the layers' windows; may reach into the padding. null if a layer sees everything, or is of a kind we do not know. */
    readonly theoretical: Rectangle | null,
    /** The same, clipped to the image. */
    readonly clipped: Rectangle | null,
    /** Where the gradient is not 0 (to rounding). null if it is 0 everywhere (a dead unit). */
    readonly measured: Rectangle | null,
  ) {
    super(figure.bundle);
  }
}

const frameColour: Colour = [255, 120, 0];

/**
 * The rectangle of the input that output place [y, x] of a layer sees (all its channels together), computed from the
 * layers' windows and measured by the gradient. `layer`: its path, `"conv1.0"`; layers before it run one after the other.
 *
 * @throws RangeError if there is no such layer or place; ShapeError if the layer's output is no map.
 */
export function receptiveField(
  model: Layer,
  layer: string,
  [row, column]: readonly [number, number],
  { input }: { input: Tensor },
): ReceptiveField {
  const shape = mapShape("receptiveField", input);
  const x = input.detach().clone().requiresGrad_();
  const outputs = enableGrad(() => layerOutputs("receptiveField", model, x));
  const at = outputs.findIndex(({ path }) => path === layer);
  if (at < 0) {
    throw new RangeError(
      `receptiveField: there is no layer "${layer}"; there are ${outputs.map(({ path }) => path).join(", ")}`,
    );
  }
  const { y } = outputs[at];
  if (y.ndim < 3)
    throw new ShapeError(`receptiveField: ${layer} gives [${y.shape.join(", ")}], no map`);
  const [P, Q] = y.shape.slice(-2);
  if (!(row >= 0 && row < P && column >= 0 && column < Q)) {
    throw new RangeError(
      `receptiveField: place [${row}, ${column}] of ${layer}, whose map is ${P}×${Q}`,
    );
  }

  const theoretical = rectangleOf(
    outputs.slice(0, at + 1).map((output) => windowOf(output.layer)),
    row,
    column,
  );
  const clipped = theoretical && {
    top: Math.max(0, theoretical.top),
    left: Math.max(0, theoretical.left),
    bottom: Math.min(shape.H - 1, theoretical.bottom),
    right: Math.min(shape.W - 1, theoretical.right),
  };
  const sensitivity = sensitivityOf(x, y, row, column);
  const measured = supportOf(sensitivity, shape);

  const inputMap = looksLikeImages(input, shape, statisticsOf(input.data))
    ? colourMap(input.data, shape, 0, { low: 0, high: input.dtype === "uint8" ? 255 : 1 })
    : numberMap(
        input.data.subarray(0, shape.H * shape.W),
        shape,
        scaleFor(statisticsOf(input.data)),
      );
  const scale = scaleFor(statisticsOf(sensitivity));
  const section: Section = {
    caption: `${layer} [${row}, ${column}]   by the windows ${sizeOf(theoretical)}   by the gradient ${sizeOf(measured)}`,
    panels: [
      { map: inputMap, label: "input" },
      { map: numberMap(sensitivity, shape, scale), label: "|gradient|" },
    ],
  };
  const mosaic = drawMosaic([section], { maxMap: 300 });
  for (const place of clipped ? mosaic.places : []) {
    const side = place.width / shape.W;
    const { top, left, bottom, right } = clipped!;
    mosaic.raster.frame(
      Math.round(place.x + left * side) - 1,
      Math.round(place.y + top * side) - 1,
      Math.round((right - left + 1) * side) + 2,
      Math.round((bottom - top + 1) * side) + 2,
      frameColour,
      2 * mosaic.raster.density,
    );
  }
  const text = `receptive field of ${layer} [${row}, ${column}]: ${describe(theoretical)}, inside of the image ${describe(clipped)}, measured ${describe(measured)}`;
  return new ReceptiveField(
    new Figure(pictureBundle(mosaic.raster, text)),
    theoretical,
    clipped,
    measured,
  );
}

/** The rectangle that a place sees through layers of windows, the last one first. */
export function rectangleOf(
  windows: readonly ReturnType<typeof windowOf>[],
  row: number,
  column: number,
): Rectangle | null {
  let [top, left, bottom, right] = [row, column, row, column];
  for (const window of [...windows].reverse()) {
    if (!window) return null;
    const { kernel, stride, padding, dilation } = window;
    top = top * stride[0] - padding[0];
    left = left * stride[1] - padding[1];
    bottom = bottom * stride[0] - padding[0] + dilation[0] * (kernel[0] - 1);
    right = right * stride[1] - padding[1] + dilation[1] * (kernel[1] - 1);
  }
  return { top, left, bottom, right };
}

/** |d (sum of the channels at that place) / d input|, summed over the input's channels: flat [H, W]. */
function sensitivityOf(x: Tensor, y: Tensor, row: number, column: number): Float32Array {
  const place = (y.ndim === 4 ? y.select(0, 0) : y).select(1, row).select(1, column);
  place.sum().backward();
  const [H, W] = x.shape.slice(-2);
  const gradient = x.grad?.data ?? new Float32Array(x.numel());
  const sum = new Float32Array(H * W);
  const channels = x.ndim === 2 ? 1 : x.shape.at(-3)!;
  for (let i = 0; i < channels * H * W; i++) sum[i % (H * W)] += Math.abs(gradient[i]);
  return sum;
}

/** Smaller shares of the greatest gradient are rounding: fast convolutions (Winograd) leave about 2e-6 where 0 would be exact. */
const rounding = 1e-5;

function supportOf(values: Float32Array, { H, W }: { H: number; W: number }): Rectangle | null {
  const least = rounding * values.reduce((most, value) => Math.max(most, value), 0);
  let [top, left, bottom, right] = [H, W, -1, -1];
  values.forEach((value, i) => {
    if (value <= least) return;
    const [r, c] = [Math.floor(i / W), i % W];
    [top, left] = [Math.min(top, r), Math.min(left, c)];
    [bottom, right] = [Math.max(bottom, r), Math.max(right, c)];
  });
  return bottom < 0 ? null : { top, left, bottom, right };
}

function sizeOf(rectangle: Rectangle | null): string {
  if (!rectangle) return "unknown";
  return `${rectangle.bottom - rectangle.top + 1}×${rectangle.right - rectangle.left + 1}`;
}

function describe(rectangle: Rectangle | null): string {
  if (!rectangle) return "nothing that could be told";
  const { top, left, bottom, right } = rectangle;
  return `${sizeOf(rectangle)} (rows ${top} to ${bottom}, columns ${left} to ${right})`;
}
