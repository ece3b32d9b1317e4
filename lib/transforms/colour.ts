// Brightness, contrast, saturation, hue, grey. As torchvision.transforms.functional on tensors.

import { likePicture, channelsOf, planesOf, topOf } from "./picture.js";
import type { Tensor } from "../tensor.js";

/** ratio · a + (1 − ratio) · b, kept within the picture's range; whole numbers are cut off, as there. */
function blend(op: string, picture: Tensor, ratio: number, other: (i: number) => number): Tensor {
  if (!(ratio >= 0)) throw new RangeError(`${op}: the factor is ${ratio}, it must be ≥ 0`);
  const top = topOf(op, picture);
  const { values, height, width } = planesOf(op, picture);
  const y = likePicture(picture, height, width);
  const to = y.storage.array;
  for (let i = 0; i < values.length; i++) {
    to[i] = Math.min(Math.max(ratio * values[i] + (1 - ratio) * other(i), 0), top);
  }
  return y;
}

/** 0 is black, 1 leaves the picture, 2 doubles its values. */
export function adjustBrightness(picture: Tensor, factor: number): Tensor {
  return blend("adjustBrightness", picture, factor, () => 0);
}

/** 0 is an even grey (the mean), 1 leaves the picture. */
export function adjustContrast(picture: Tensor, factor: number): Tensor {
  const C = channelsOf("adjustContrast", picture, [1, 3]);
  const grey = C === 3 ? greyOf(picture) : planesOf("adjustContrast", picture).values;
  const size = grey.length / (picture.ndim > 3 ? picture.numel() / (C * planeSize(picture)) : 1);
  const means: number[] = [];
  for (let at = 0; at < grey.length; at += size) {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += grey[at + i];
    means.push(sum / size);
  }
  return blend("adjustContrast", picture, factor, (i) => means[Math.floor(i / (C * size))]);
}

/** 0 is grey, 1 leaves the picture, 2 doubles its colours. */
export function adjustSaturation(picture: Tensor, factor: number): Tensor {
  if (channelsOf("adjustSaturation", picture, [1, 3]) === 1) return picture;
  const grey = greyOf(picture);
  const size = planeSize(picture);
  return blend(
    "adjustSaturation",
    picture,
    factor,
    (i) => grey[Math.floor(i / (3 * size)) * size + (i % size)],
  );
}

/** Turns the circle of colours: −0.5 to 0.5 of a turn. */
export function adjustHue(picture: Tensor, turn: number): Tensor {
  if (!(turn >= -0.5 && turn <= 0.5))
    throw new RangeError(`adjustHue: the turn is ${turn}, it goes from -0.5 to 0.5`);
  if (channelsOf("adjustHue", picture, [1, 3]) === 1) return picture;
  const top = topOf("adjustHue", picture);
  const { values, height, width, count } = planesOf("adjustHue", picture);
  const y = likePicture(picture, height, width);
  const to = y.storage.array;
  const size = height * width;
  for (let n = 0; n < count / 3; n++) {
    for (let p = 3 * n * size; p < (3 * n + 1) * size; p++) {
      const rgb = turned(values[p] / top, values[p + size] / top, values[p + 2 * size] / top, turn);
      for (let c = 0; c < 3; c++)
        to[p + c * size] = top === 255 ? Math.trunc(rgb[c] * (256 - 1e-3)) : rgb[c];
    }
  }
  return y;
}

/** RGB to hue, saturation, value; hue turned; and back. */
function turned(r: number, g: number, b: number, turn: number): [number, number, number] {
  const max = Math.max(r, g, b);
  const range = max - Math.min(r, g, b);
  if (range === 0) return [r, g, b];
  const part = (v: number): number => (max - v) / range;
  const sector =
    max === r ? part(b) - part(g) : max === g ? 2 + part(r) - part(b) : 4 + part(g) - part(r);
  const hue = (((sector / 6 + 1 + turn) % 1) + 1) % 1;

  const s = range / max;
  const i = Math.floor(hue * 6);
  const f = hue * 6 - i;
  const clamp = (v: number): number => Math.min(Math.max(v, 0), 1);
  const p = clamp(max * (1 - s));
  const q = clamp(max * (1 - s * f));
  const t = clamp(max * (1 - s * (1 - f)));
  return (
    [
      [max, t, p],
      [q, max, p],
      [p, max, t],
      [p, q, max],
      [t, p, max],
      [max, p, q],
    ] as [number, number, number][]
  )[i % 6];
}

/** 0.2989 R + 0.587 G + 0.114 B, as [..., 1, H, W] or repeated to three channels. */
export function rgbToGrayscale(picture: Tensor, numOutputChannels: 1 | 3 = 1): Tensor {
  const C = channelsOf("rgbToGrayscale", picture, [1, 3]);
  if (numOutputChannels !== 1 && numOutputChannels !== 3) {
    throw new RangeError(
      `rgbToGrayscale: numOutputChannels is ${String(numOutputChannels)}, it must be 1 or 3`,
    );
  }
  const grey = C === 3 ? greyOf(picture) : planesOf("rgbToGrayscale", picture).values;
  const [H, W] = picture.shape.slice(-2);
  const lead = picture.shape.slice(0, -3);
  const y = likePicture(picture.ndim < 3 ? picture : picture.select(-3, 0), H, W).reshape([
    ...lead,
    1,
    H,
    W,
  ]);
  y.storage.array.set(grey as never);
  return numOutputChannels === 1 ? y : y.expand([...lead, 3, H, W]).contiguous();
}

/** The negative: 255 − v of bytes, 1 − v of floating pictures. */
export function invert(picture: Tensor): Tensor {
  const top = topOf("invert", picture);
  const { values, height, width } = planesOf("invert", picture);
  const y = likePicture(picture, height, width);
  for (let i = 0; i < values.length; i++) y.storage.array[i] = top - values[i];
  return y;
}

const planeSize = (picture: Tensor): number => picture.shape.at(-1)! * picture.shape.at(-2)!;

/** The grey values of a colour picture, in its own kind of number (bytes are cut off). */
function greyOf(picture: Tensor): Tensor["data"] {
  const { values, count } = planesOf("rgbToGrayscale", picture);
  const size = planeSize(picture);
  const grey = new (values.constructor as Float32ArrayConstructor)((count / 3) * size);
  for (let n = 0; n < count / 3; n++) {
    for (let p = 0; p < size; p++) {
      const at = 3 * n * size + p;
      grey[n * size + p] =
        0.2989 * values[at] + 0.587 * values[at + size] + 0.114 * values[at + 2 * size];
    }
  }
  return grey;
}
