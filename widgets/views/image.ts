// Images: tensors of 1, 3 or 4 channels as colours.

import { ShapeError, type Tensor } from "../../lib/index.js";
import { Figure, pictureBundle } from "../bundle.js";
import { drawMosaic, type Panel } from "../plot/mosaic.js";
import { statisticsOf, statisticsText } from "../plot/statistics.js";
import { colourMap, mapShape } from "./tensor-maps.js";

export interface ImageOptions {
  /** Written above each image of the batch, in its order; class names, say. */
  labels?: readonly string[];
  /** Stretch the values from their least to their greatest: for images that were normalised. Default false. */
  normalize?: boolean;
  /** Written above instead of the shape. */
  title?: string;
  /** Images in a row. Default 8. */
  columns?: number;
  /** How many images of a batch are drawn. Default 64. */
  maxImages?: number;
}

/**
 * A tensor [C, H, W] as an image, [N, C, H, W] as a grid of them, [H, W] as a grey one: C = 1 (grey), 3 (red, green,
 * blue) or 4. Values 0 to 1, or 0 to 255 in uint8; what is outside is clamped. NaN is magenta.
 *
 * ```ts
 * image(torch.zeros(3, 8, 8)).text.split("\n")[0] // → "image [3, 8, 8]: 1 image of 8×8, min 0, max 0, mean 0, 100 % zeros"
 * ```
 *
 * @throws ShapeError if C is another number.
 */
export function image(x: Tensor, options: ImageOptions = {}): Figure {
  const { labels = [], normalize = false, columns, maxImages = 64 } = options;
  const shape = mapShape("image", x);
  const { N, C, H, W } = shape;
  const sizes = `[${x.shape.join(", ")}]`;
  if (![1, 3, 4].includes(C)) {
    throw new ShapeError(
      `image: ${sizes} has ${C} channels, an image has 1, 3 or 4: see featureMaps(x)`,
    );
  }

  const data = x.data;
  const statistics = statisticsOf(data);
  const bounds = normalize
    ? { low: statistics.min, high: statistics.max }
    : { low: 0, high: x.dtype === "uint8" ? 255 : 1 };
  const panels: Panel[] = Array.from({ length: Math.min(N, maxImages) }, (_, n) => ({
    map: colourMap(data, shape, n, bounds),
    label: labels[n] ?? (N > 1 ? String(n) : ""),
  }));
  const more = panels.length < N ? `   first ${panels.length} of ${N}` : "";
  const caption = `${options.title ?? sizes}${more}`;
  const { raster } = drawMosaic([{ caption, panels, columns }], { maxMap: N === 1 ? 360 : 160 });

  const text = `image ${sizes}: ${N} image${N === 1 ? "" : "s"} of ${H}×${W}, ${statisticsText(statistics)}`;
  return new Figure(pictureBundle(raster, text));
}
