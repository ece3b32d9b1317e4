// Every channel of a tensor, or of every layer of a model, side by side in one picture.

import { noGrad, type nn, type Tensor } from "../../lib/index.js";
import { Figure, pictureBundle } from "../bundle.js";
import { drawMosaic, type Panel, type Section } from "../plot/mosaic.js";
import { ownScale, scaleFor, type ScaleOptions } from "../plot/scale.js";
import { percent, statisticsOf, statisticsText } from "../plot/statistics.js";
import { hoverData } from "./hover.js";
import { layerOutputs } from "./layers.js";
import { channelValues, mapShape, numberMap } from "./tensor-maps.js";

type Layer = nn.Module<any[], any>;

export interface FeatureMapsOptions extends ScaleOptions {
  /**
   * Of a model: the names of the layers to show (`"conv1.0"`), one or several; a container's name (`"conv1"`) stands for all
   * that it holds. Default: all whose output is maps.
   */
  layer?: string | readonly string[];
  /** "shared": one scale for all channels of a layer, so that they compare. "each": every map has its own. Default "shared". */
  scale?: "shared" | "each";
  /** Which sample of the batch. Default 0. */
  sample?: number;
  /** How many channels are drawn of a layer; the text says how many there are. Default 256. */
  maxChannels?: number;
  /** Maps in a row. Default: 8 or 16. */
  columns?: number;
  /** Written above instead of the tensor's shape. */
  title?: string;
  /** Up to so many values go into the output, for hovering over them in our page. Default 16384. */
  hoverValues?: number;
}

/** How many channels a picture has room for. */
const defaultMaxChannels = 256;

/**
 * The channels of a tensor [N, C, H, W], [C, H, W] or [H, W] as one picture: each with its index, with one scale of
 * colours for all; a channel that is 0 everywhere (a dead one) is crossed out and counted.
 *
 * Of a model: what its layers make of `input`, layer below layer.
 *
 * ```ts
 * const maps = featureMaps(torch.ones(1, 4, 8, 8))
 * maps.text.split("\n")[0] // → "feature maps [1, 4, 8, 8]: 4 maps of 8×8, min 1, max 1, mean 1"
 * ```
 *
 * @throws ShapeError if the tensor has no maps; RangeError if the model has no such layer.
 */
export function featureMaps(maps: Tensor, options?: FeatureMapsOptions): Figure;
export function featureMaps(model: Layer, input: Tensor, options?: FeatureMapsOptions): Figure;
export function featureMaps(
  source: Tensor | Layer,
  second?: Tensor | FeatureMapsOptions,
  third: FeatureMapsOptions = {},
): Figure {
  if (typeof source !== "function") {
    const options = (second ?? {}) as FeatureMapsOptions;
    return draw([{ name: "feature maps", y: source }], options);
  }
  if (!second || !("shape" in second)) {
    throw new TypeError("featureMaps: of a model I need the input too: featureMaps(model, input)");
  }

  const outputs = noGrad(() => layerOutputs("featureMaps", source, second as Tensor));
  const wanted = chosen(outputs, third.layer).filter(({ y }) => y.ndim === 4 || y.ndim === 3);
  if (wanted.length === 0) {
    throw new RangeError(
      `featureMaps: no layer of this model has maps as its output; outputs: ${outputs.map(({ name, y }) => `${name} [${y.shape.join(", ")}]`).join(", ")}`,
    );
  }
  return draw(wanted, third);
}

interface Named {
  readonly name: string;
  readonly y: Tensor;
}

function chosen(outputs: readonly Named[], layer?: string | readonly string[]): readonly Named[] {
  if (layer === undefined) return outputs;
  const names = typeof layer === "string" ? [layer] : layer;
  return names.flatMap((name) => {
    const found = outputs.filter((output) => {
      const path = output.name.split(" ")[0];
      return path === name || path.startsWith(`${name}.`);
    });
    if (found.length === 0) {
      throw new RangeError(
        `featureMaps: there is no layer "${name}"; there are ${outputs.map((output) => output.name.split(" ")[0]).join(", ")}`,
      );
    }
    return found;
  });
}

function draw(outputs: readonly Named[], options: FeatureMapsOptions): Figure {
  const parts = outputs.map((output) => sectionOf(output, options));
  const mosaic = drawMosaic(parts.map(({ section }) => section));
  const text = parts.map((part) => part.text).join("\n");
  const hover = hoverData(mosaic, parts, options.hoverValues);
  return new Figure(pictureBundle(mosaic.raster, text, hover));
}

function sectionOf({ name, y }: Named, options: FeatureMapsOptions) {
  const { sample = 0, scale = "shared", maxChannels = defaultMaxChannels } = options;
  const shape = mapShape("featureMaps", y);
  const { N, C, H, W } = shape;
  if (N > 0 && !(Number.isInteger(sample) && sample >= 0 && sample < N)) {
    throw new RangeError(`featureMaps: sample ${sample} of a batch of ${N}`);
  }

  const data = y.data;
  const channels =
    N === 0 ? [] : Array.from({ length: C }, (_, c) => channelValues(data, shape, sample, c));
  const all = statisticsOf(data.subarray(sample * C * H * W, (sample + 1) * C * H * W));
  const shared = scaleFor(all, options);
  const each = channels.map((values) => statisticsOf(values));
  const dead = each.flatMap(({ zeros, count }, c) => (count > 0 && zeros === count ? [c] : []));

  const panels: Panel[] = channels.slice(0, maxChannels).map((values, c) => ({
    map: numberMap(values, shape, scale === "each" ? ownScale(each[c], all, options) : shared),
    label: C > 1 ? String(c) : "",
    dead: dead.includes(c) && dead.length < C,
  }));
  const sizes = `[${y.shape.join(", ")}]`;
  const deadText =
    dead.length > 0 ? `${dead.length} of ${C} dead (${percent(dead.length / C)})` : "";
  const caption = [
    name === "feature maps" ? (options.title ?? sizes) : `${name} ${sizes}`,
    scale === "each" && C > 1 ? "each map has its own scale" : "",
    deadText,
    all.nans + all.infinities > 0 ? `${all.nans} NaN, ${all.infinities} infinite` : "",
    panels.length < C ? `first ${panels.length} of ${C}` : "",
  ];
  const text = [
    `${name} ${sizes}: ${C} map${C === 1 ? "" : "s"} of ${H}×${W}, ${statisticsText(all)}`,
    dead.length > 0 ? `dead channels: ${deadText}: ${listed(dead)}` : "",
    panels.length < C ? `the picture has the first ${panels.length} channels of ${C}` : "",
  ];
  const section: Section = {
    caption: caption.filter(Boolean).join("   "),
    panels,
    scale: scale === "shared" ? shared : undefined,
    columns: options.columns,
  };
  return { section, text: text.filter(Boolean).join("\n"), values: channels.slice(0, maxChannels) };
}

function listed(indices: readonly number[]): string {
  return indices.length > 20 ? `${indices.slice(0, 20).join(", ")}, …` : indices.join(", ");
}
