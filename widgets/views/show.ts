// show(x): a picture of nearly anything. And what a cell shows when its last value is a tensor or a module.

import { inspect } from "node:util";
import { type Tensor } from "../../lib/index.js";
import { displaySymbol, Figure, isDisplayable, type MimeBundle } from "../bundle.js";
import { displayNow } from "../host.js";
import { featureMaps, type FeatureMapsOptions } from "./feature-maps.js";
import { heatmap } from "./heatmap.js";
import { image } from "./image.js";
import { isTensor } from "./layers.js";
import { isMapSized, looksLikeImages, mapShape } from "./tensor-maps.js";
import { statisticsOf } from "../plot/statistics.js";

/**
 * Shows `x` at once, wherever in a cell: images as images, other maps channel by channel, matrices as heat maps, other
 * tensors and modules as their text; figures and widgets as themselves. Outside of a notebook nothing can be shown: the
 * figure is returned.
 *
 * ```ts
 * String(show(torch.zeros(3, 16, 16))).split("\n")[0] // → "feature maps [3, 16, 16]: 3 maps of 16×16, min 0, max 0, mean 0, 100 % zeros"
 * ```
 */
export function show(x: unknown, options: FeatureMapsOptions = {}): Figure | undefined {
  const figure = figureOf(x, options);
  return displayNow(figure) ? undefined : figure;
}

/** What `show` shows. */
export function figureOf(x: unknown, options: FeatureMapsOptions = {}): Figure {
  if (x instanceof Figure) return x;
  if (isTensor(x)) return tensorFigure(x, options);
  if (isDisplayable(x)) return new Figure(x[displaySymbol]() as MimeBundle);
  return new Figure({ data: { "text/plain": typeof x === "object" ? inspect(x) : String(x) } });
}

function tensorFigure(x: Tensor, options: FeatureMapsOptions): Figure {
  if (x.ndim < 2 || x.ndim > 4 || x.numel() === 0) {
    return new Figure({ data: { "text/plain": String(x) } });
  }
  if (x.ndim === 2) return heatmap(x, options);
  if (
    !options.cmap &&
    !options.range &&
    looksLikeImages(x, mapShape("show", x), statisticsOf(x.data))
  ) {
    return image(x, options);
  }
  return featureMaps(x, options);
}

/** A tensor as the last value of a cell: PyTorch's text; images and maps of at least 8×8 as a picture beside it. */
export function tensorBundle(x: Tensor): MimeBundle {
  const text = String(x);
  if (x.dtype === "bool" || x.dtype === "int64" || !isMapSized(x)) {
    return { data: { "text/plain": text } };
  }
  const { data, metadata } = tensorFigure(x, {}).bundle;
  return { data: { ...data, "text/plain": `${text}\n\n${String(data["text/plain"])}` }, metadata };
}

/** A module as the last value of a cell: its text. */
export function moduleBundle(module: unknown): MimeBundle {
  return { data: { "text/plain": String(module) } };
}
