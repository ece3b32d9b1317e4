// What would make a layer accept what it was called with: the change to the model, as code.

import { numelOf, showShape } from "../shape.js";
import { Tensor } from "../tensor.js";
import type { Layer } from "./layer.js";

/** A sentence, or null where the error's own message must do. */
export function remedyFor(layer: Layer): string | null {
  const [x] = layer.inputs;
  if (!(x instanceof Tensor)) return null;
  const sizes = layer.module as unknown as Record<string, number>;
  for (const [prefix, remedy] of remedies) {
    if (layer.className.startsWith(prefix)) return remedy(x.shape, sizes);
  }
  return null;
}

type Remedy = (shape: readonly number[], sizes: Record<string, number>) => string | null;

const remedies: readonly (readonly [string, Remedy])[] = [
  ["Linear", linear],
  ["Conv1d", (shape, sizes) => convolution(shape, sizes, 1)],
  ["Conv2d", (shape, sizes) => convolution(shape, sizes, 2)],
  ["ConvTranspose1d", (shape, sizes) => convolution(shape, sizes, 1)],
  ["ConvTranspose2d", (shape, sizes) => convolution(shape, sizes, 2)],
  ["BatchNorm1d", (shape, sizes) => batchNorm(shape, sizes, "BatchNorm1d")],
  ["BatchNorm2d", (shape, sizes) => batchNorm(shape, sizes, "BatchNorm2d")],
];

function linear(shape: readonly number[], { inFeatures, outFeatures }: Record<string, number>) {
  const last = shape.at(-1) ?? 0;
  if (last === inFeatures) return null;
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    if (numelOf(shape.slice(axis)) === inFeatures) {
      return `flatten before it: x ${showShape(shape)} has ${inFeatures} features from axis ${axis} on: x.flatten(${axis}), or new nn.Flatten(${axis === 1 ? "" : axis})`;
    }
  }
  const flat = numelOf(shape.slice(1));
  if (shape.length > 2) {
    return `flatten before it and give it ${flat} inputs: new nn.Flatten(), new nn.Linear(${flat}, ${outFeatures})`;
  }
  return `give it ${last} inputs: new nn.Linear(${last}, ${outFeatures})`;
}

function convolution(shape: readonly number[], sizes: Record<string, number>, rank: 1 | 2) {
  const { inChannels, outChannels } = sizes;
  if (shape.length !== rank + 1 && shape.length !== rank + 2) {
    const axes = rank === 1 ? "[N, C, L]" : "[N, C, H, W]";
    return `give it an input ${axes}: x ${showShape(shape)} has ${shape.length} axes`;
  }
  const channels = shape[shape.length - rank - 1];
  if (channels === inChannels) return null;
  return `let it take ${channels} channels: its inChannels ${inChannels} → ${channels} (outChannels stays ${outChannels})`;
}

function batchNorm(
  shape: readonly number[],
  { numFeatures }: Record<string, number>,
  name: string,
) {
  const channels = shape[1];
  return channels === undefined || channels === numFeatures
    ? null
    : `let it take ${channels} channels: new nn.${name}(${channels})`;
}
