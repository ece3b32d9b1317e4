// The walk through a network, kernel side: the model runs once, and its maps and windows go to the page.

import { noGrad, ShapeError, type Tensor } from "../../lib/index.js";
import { featureMaps } from "../views/feature-maps.js";
import { layerOutputs, type Layer } from "../views/layers.js";
import { windowOf, type Window } from "../views/window-of.js";
import { requireTensor } from "../views/tensor-maps.js";
import { Explorable } from "./explorable.js";
import { bytesOf } from "./given.js";

/** All maps together, 4 bytes each: what a notebook can hold. */
const mostValues = 300_000;

/**
 * Pick a layer, a channel, a pixel, and see which rectangle of the input it comes from. `model`: layers in a row (a
 * Sequential, or a Module that calls one after the other); `input`: one image [1, C, H, W] or [C, H, W].
 *
 * @throws ShapeError if the input is no image; RangeError if the maps are too many for a page.
 */
export function network(model: Layer, input: Tensor) {
  requireTensor("explore.network", input);
  if (input.ndim < 3 || input.ndim > 4 || (input.ndim === 4 && input.shape[0] !== 1)) {
    throw new ShapeError(
      `explore.network: takes one image [1, C, H, W] or [C, H, W], got [${input.shape.join(", ")}]`,
    );
  }
  const outputs = noGrad(() => layerOutputs("explore.network", model, input));
  const isMap = (y: Tensor) => y.ndim === input.ndim;

  let path: Window[] | null = [];
  let start = input.numel();
  const layers = [
    { name: "input", shape: input.shape.slice(-3), start: 0, path: path as Window[] | null },
  ];
  const kept = [input];
  for (const { name, layer, y } of outputs) {
    if (!isMap(y)) continue;
    const window = windowOf(layer);
    path = path && window ? [...path, window] : null;
    layers.push({ name, shape: y.shape.slice(-3), start, path });
    kept.push(y);
    start += y.numel();
  }
  if (start > mostValues) {
    throw new RangeError(
      `explore.network: the maps have ${start} values together, a page takes ${mostValues}: give a smaller image`,
    );
  }

  const values = new Float32Array(start);
  kept.forEach((y, i) => values.set(y.data as Float32Array, layers[i].start));
  const state = { values: bytesOf(values), layers, layer: layers.length - 1, channel: 0 };
  return new Explorable("network", state, () => featureMaps(model, input));
}
