// Which parts of an image speak for a class: CAM and Grad-CAM.
// Zhou et al., Learning Deep Features for Discriminative Localization (2016); Selvaraju et al., Grad-CAM (2017).

import { enableGrad, ShapeError, type Tensor } from "../../lib/index.js";
import { Figure, pictureBundle } from "../bundle.js";
import { colormap, type ColormapName } from "../plot/colormaps.js";
import type { ColourMap } from "../plot/maps.js";
import { drawMosaic } from "../plot/mosaic.js";
import { scaleFor } from "../plot/scale.js";
import { statisticsOf } from "../plot/statistics.js";
import { layerOutputs, type Layer, type LayerOutput } from "./layers.js";
import { colourMap, mapShape, numberMap } from "./tensor-maps.js";

export interface CamOptions {
  /** The path of the layer whose maps are weighed: `"conv2.0"`. Default: the last one that gives maps larger than 1×1. */
  layer?: string;
  /** The class. Default: the one with the greatest score. */
  target?: number;
  /** Default "magma"; the book says "jet". */
  cmap?: ColormapName;
  /** How much of the image the map covers, 0 to 1. Default 0.5. */
  alpha?: number;
}

export class ClassActivationMap extends Figure {
  constructor(
    figure: Figure,
    /** [h, w] of the layer, 0 to 1, row by row. */
    readonly map: Float32Array,
    readonly size: readonly [number, number],
    readonly target: number,
  ) {
    super(figure.bundle);
  }
}

/**
 * Grad-CAM: the layer's maps, each weighted with the mean of the score's gradient over it, summed; what is above 0 counts.
 * `input`: one image [1, C, H, W] or [C, H, W].
 *
 * @throws RangeError if there is no such layer or class.
 */
export function gradCam(model: Layer, input: Tensor, options: CamOptions = {}): ClassActivationMap {
  const { chosen, scores, target } = run("gradCam", model, input, options);
  chosen.y.retainGrad();
  scores.select(0, target).backward();
  const { C, H, W } = mapShape("gradCam", chosen.y);
  const gradient = chosen.y.grad!.data;
  const weights = Array.from({ length: C }, (_, c) => {
    let sum = 0;
    for (let i = 0; i < H * W; i++) sum += gradient[c * H * W + i];
    return sum / (H * W);
  });
  return overlay("Grad-CAM", input, chosen, weights, target, options);
}

/**
 * CAM: the layer's maps, weighted with the last linear layer's weights of the class. For models that end in global average
 * pooling and one linear layer.
 *
 * @throws ShapeError if the linear layer does not take one number per map.
 */
export function cam(model: Layer, input: Tensor, options: CamOptions = {}): ClassActivationMap {
  const { chosen, outputs, target } = run("cam", model, input, options);
  const linear = outputs.findLast(({ name }) => name.endsWith("Linear"));
  const weight = (linear?.layer as unknown as { weight?: Tensor } | undefined)?.weight;
  const { C } = mapShape("cam", chosen.y);
  if (!weight || weight.shape[1] !== C) {
    throw new ShapeError(
      `cam: ${chosen.path} gives ${C} maps but the last linear layer takes ${weight?.shape[1] ?? "nothing"}: CAM needs global average pooling between them, see gradCam`,
    );
  }
  const row = weight.detach().select(0, target);
  return overlay("CAM", input, chosen, Array.from(row.data), target, options);
}

function run(view: string, model: Layer, input: Tensor, { layer, target }: CamOptions) {
  const { N } = mapShape(view, input);
  if (N !== 1) {
    throw new ShapeError(
      `${view}: takes one image, got a batch of ${N}: pick one with x.select(0, i)`,
    );
  }
  let scores!: Tensor;
  const x = input.detach().requiresGrad_();
  const outputs = enableGrad(() => {
    const handle = model.registerForwardHook((_, __, y) => void (scores = y as Tensor));
    try {
      return layerOutputs(view, model, x);
    } finally {
      handle.remove();
    }
  });
  const maps = outputs.filter(({ y }) => y.ndim >= 3);
  // after global pooling there is nothing left to see
  const seen = maps.findLast(({ y }) => y.shape.slice(-2).some((size) => size > 1));
  const chosen =
    layer === undefined ? (seen ?? maps.at(-1)) : maps.find(({ path }) => path === layer);
  if (!chosen) {
    throw new RangeError(
      `${view}: there is no layer ${layer === undefined ? "that gives maps" : `"${layer}" that gives maps`}; there are ${maps.map(({ path }) => path).join(", ")}`,
    );
  }
  const flat = scores.reshape([-1]);
  const [classes] = flat.shape;
  const best = flat.detach().argmax().item();
  const wanted = target ?? best;
  if (!(Number.isInteger(wanted) && wanted >= 0 && wanted < classes)) {
    throw new RangeError(`${view}: target ${wanted}, but the model gives ${classes} scores`);
  }
  return { outputs, chosen, scores: flat, target: wanted };
}

function overlay(
  name: string,
  input: Tensor,
  chosen: LayerOutput,
  weights: readonly number[],
  target: number,
  { cmap = "magma", alpha = 0.5 }: CamOptions,
): ClassActivationMap {
  const { C, H: h, W: w } = mapShape(name, chosen.y);
  const maps = chosen.y.detach().data;
  const map = new Float32Array(h * w);
  for (let c = 0; c < C; c++) {
    for (let i = 0; i < h * w; i++) map[i] += weights[c] * maps[c * h * w + i];
  }
  let most = 0;
  for (let i = 0; i < map.length; i++) {
    map[i] = Math.max(0, map[i]);
    most = Math.max(most, map[i]);
  }
  if (most > 0) for (let i = 0; i < map.length; i++) map[i] /= most;

  const shape = mapShape(name, input);
  const { H, W } = shape;
  const statistics = statisticsOf(input.data);
  const inside = statistics.min >= 0 && statistics.max <= 1;
  const bounds = inside ? { low: 0, high: 1 } : { low: statistics.min, high: statistics.max };
  const single = shape.C === 1 || shape.C === 3 ? shape : { ...shape, C: 1 };
  const image = colourMap(input.data, single, 0, bounds);
  const colours = colormap(cmap);
  const rgba = Uint8Array.from(image.rgba);
  for (let r = 0; r < H; r++) {
    for (let c = 0; c < W; c++) {
      const level =
        4 *
        Math.round(255 * bilinear(map, h, w, ((r + 0.5) * h) / H - 0.5, ((c + 0.5) * w) / W - 0.5));
      const at = 4 * (r * W + c);
      for (let k = 0; k < 3; k++)
        rgba[at + k] = Math.round((1 - alpha) * rgba[at + k] + alpha * colours[level + k]);
    }
  }
  const over: ColourMap = { kind: "colours", width: W, height: H, rgba };
  const small = numberMap(
    map,
    { H: h, W: w },
    { ...scaleFor(statisticsOf(map)), cmap, range: [0, 1] },
  );
  const section = {
    caption: `${name}, class ${target}, ${chosen.name}`,
    panels: [
      { map: image, label: "image" },
      { map: small, label: `map ${h}×${w}` },
      { map: over, label: "together" },
    ],
  };
  const { raster } = drawMosaic([section], { maxMap: 240 });
  const peak = map.indexOf(Math.max(...map));
  const text = `${name} of class ${target} at ${chosen.name}: ${h}×${w}, ${most > 0 ? `strongest at [${Math.floor(peak / w)}, ${peak % w}]` : "0 everywhere: nothing here speaks for this class"}`;
  return new ClassActivationMap(new Figure(pictureBundle(raster, text)), map, [h, w], target);
}

/** Between the four values around (y, x); clamped at the edge, as interpolate with alignCorners: false. */
function bilinear(map: Float32Array, h: number, w: number, y: number, x: number): number {
  const [cy, cx] = [Math.min(h - 1, Math.max(0, y)), Math.min(w - 1, Math.max(0, x))];
  const [i, j] = [Math.floor(cy), Math.floor(cx)];
  const [i2, j2] = [Math.min(h - 1, i + 1), Math.min(w - 1, j + 1)];
  const [a, b] = [cy - i, cx - j];
  const top = map[i * w + j] * (1 - b) + map[i * w + j2] * b;
  const bottom = map[i2 * w + j] * (1 - b) + map[i2 * w + j2] * b;
  return top * (1 - a) + bottom * a;
}
