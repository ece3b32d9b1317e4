// The kernels of a convolution.

import { noGrad, ShapeError, type nn, type Tensor } from "../../lib/index.js";
import { Figure, pictureBundle } from "../bundle.js";
import { drawMosaic, type Panel } from "../plot/mosaic.js";
import { scaleFor, type ScaleOptions } from "../plot/scale.js";
import { statisticsOf, statisticsText } from "../plot/statistics.js";
import { isTensor } from "./layers.js";
import { channelValues, colourMap, kindOf, numberMap } from "./tensor-maps.js";

export interface FiltersOptions extends ScaleOptions {
  /** Kernels of three input channels as colour pictures. Default true. */
  rgb?: boolean;
  /** At most so many output and input channels are drawn. Default 64 and 16. */
  maxOut?: number;
  maxIn?: number;
  /** Squares in a row. Default: the input channels, so that every row is an output channel. */
  columns?: number;
}

/**
 * The kernels of an nn.Conv2d, or of a weight [O, C, K, L]: those of three input channels as colours (grey is 0), others
 * as the matrix of output channels (rows) by input channels.
 *
 * @throws ShapeError if the weight has other axes.
 */
export function filters(conv: nn.Conv2d | Tensor, options: FiltersOptions = {}): Figure {
  const weight = isTensor(conv) ? conv : conv?.weight;
  if (!isTensor(weight))
    throw new TypeError(`filters: takes an nn.Conv2d or its weight, got ${kindOf(conv)}`);
  const { rgb = true, maxOut = 64 } = options;
  const sizes = `[${weight.shape.join(", ")}]`;
  if (weight.ndim !== 4) throw new ShapeError(`filters: takes a weight [O, C, K, L], got ${sizes}`);

  const [O, C, H, W] = weight.shape;
  const shape = { N: O, C, H, W };
  const data = noGrad(() => weight.data);
  const statistics = statisticsOf(data);
  const text = `filters ${sizes}: ${O} kernels of ${C}×${H}×${W}, ${statisticsText(statistics)}`;
  if (rgb && C === 3) {
    const [low, high] = options.range ?? [statistics.min, statistics.max];
    const most = Math.max(-low, high) || 1;
    const panels: Panel[] = Array.from({ length: Math.min(O, maxOut) }, (_, o) => ({
      map: colourMap(data, shape, o, { low: -most, high: most }),
      label: String(o),
    }));
    const { raster } = drawMosaic([{ caption: `${sizes}  red, green, blue; grey is 0`, panels }], {
      maxMap: 72,
    });
    return new Figure(pictureBundle(raster, text));
  }

  const { mosaic } = filterMatrix(weight, options);
  return new Figure(pictureBundle(mosaic.raster, text));
}

/** The kernels of a weight [O, C, K, L] as the matrix of output by input channels: the picture, and what a page needs to draw it. */
export function filterMatrix(weight: Tensor, options: FiltersOptions) {
  const { maxOut = 64, maxIn = 16 } = options;
  const [O, C, H, W] = weight.shape;
  const [outs, ins] = [Math.min(O, maxOut), Math.min(C, maxIn)];
  const data = noGrad(() => weight.data);
  const scale = scaleFor(statisticsOf(data), options);
  const values = Array.from({ length: outs * ins }, (_, i) =>
    channelValues(data, { N: O, C, H, W }, Math.floor(i / ins), i % ins),
  );
  const panels: Panel[] = values.map((map, i) => ({
    map: numberMap(map, { H, W }, scale),
    label: C === 1 ? String(i) : `${Math.floor(i / ins)},${i % ins}`,
  }));
  const sizes = `[${weight.shape.join(", ")}]`;
  const cut = outs < O || ins < C ? `   first ${outs}×${ins}` : "";
  // A single input channel leaves no matrix to draw: as many in a row as fit.
  const caption = C === 1 ? sizes + cut : `${sizes}  out, in${cut}`;
  const columns = options.columns ?? (C === 1 ? undefined : ins);
  const section = { caption, panels, columns, scale };
  const mosaic = drawMosaic([section], { maxMap: C === 1 ? 72 : 48 });
  return { mosaic, section, values };
}
