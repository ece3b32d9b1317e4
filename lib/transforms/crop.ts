// Cutting out, padding, mirroring.

import { ShapeError } from "../errors.js";
import { showShape } from "../shape.js";
import { converters, type Tensor } from "../tensor.js";
import { likePicture, planesOf, sidesOf } from "./picture.js";

export type PaddingMode = "constant" | "edge" | "reflect" | "symmetric";

/** Part of a picture; what lies outside of it is 0. */
export function crop(
  picture: Tensor,
  top: number,
  left: number,
  height: number,
  width: number,
): Tensor {
  const { height: H, width: W } = planesOf("crop", picture);
  return pad(picture, [-left, -top, left + width - W, top + height - H]);
}

/** The middle of a picture; a picture that is too small gets a border of 0. */
export function centerCrop(picture: Tensor, [height, width]: readonly [number, number]): Tensor {
  let x = picture;
  let [H, W] = picture.shape.slice(-2);
  if (height > H || width > W) {
    const sides = [
      Math.floor(Math.max(width - W, 0) / 2),
      Math.floor(Math.max(height - H, 0) / 2),
      Math.floor((Math.max(width - W, 0) + 1) / 2),
      Math.floor((Math.max(height - H, 0) + 1) / 2),
    ];
    x = pad(picture, sides);
    [H, W] = x.shape.slice(-2);
  }
  return crop(x, halfEven(H - height), halfEven(W - width), height, width);
}

/** n / 2, rounded as Python's round: 2.5 → 2, 3.5 → 4. */
function halfEven(n: number): number {
  const half = Math.floor(n / 2);
  return n % 2 === 0 ? half : half + (half % 2);
}

/** Pixels added on each side (left, top, right, bottom), taken away where negative. */
export function pad(
  picture: Tensor,
  padding: number | readonly number[],
  { fill = 0, paddingMode = "constant" }: { fill?: number; paddingMode?: PaddingMode } = {},
): Tensor {
  const [left, top, right, bottom] = sidesOf("pad", padding);
  const { values, count, height: H, width: W } = planesOf("pad", picture);
  const [height, width] = [H + top + bottom, W + left + right];
  if (height < 1 || width < 1)
    throw new ShapeError(`pad: nothing is left of ${showShape(picture.shape)}`);
  if (paddingMode === "reflect" && (Math.max(top, bottom) >= H || Math.max(left, right) >= W)) {
    throw new ShapeError(
      `pad: reflecting ${Math.max(left, top, right, bottom)} pixels needs a larger picture than ${H}×${W}`,
    );
  }
  const source = places[paddingMode];
  if (!source)
    throw new TypeError(
      `pad: there is no paddingMode "${paddingMode}"; there are ${Object.keys(places).join(", ")}`,
    );

  const y = likePicture(picture, height, width);
  const to = y.storage.array;
  const convert = converters[picture.dtype];
  const outside = convert ? convert(fill) : fill;
  const columns = Int32Array.from({ length: width }, (_, j) => source(j - left, W));
  let p = 0;
  for (let plane = 0; plane < count; plane++) {
    for (let i = 0; i < height; i++) {
      const row = source(i - top, H);
      for (let j = 0; j < width; j++, p++) {
        to[p] = row < 0 || columns[j] < 0 ? outside : values[(plane * H + row) * W + columns[j]];
      }
    }
  }
  return y;
}

/** Which of n places stands for place i; −1: none. */
const places: Readonly<Record<PaddingMode, (i: number, n: number) => number>> = {
  constant: (i, n) => (i >= 0 && i < n ? i : -1),
  edge: (i, n) => Math.min(Math.max(i, 0), n - 1),
  reflect: (i, n) => (i < 0 ? -i : i >= n ? 2 * n - 2 - i : i),
  symmetric(i, n) {
    const k = ((i % (2 * n)) + 2 * n) % (2 * n);
    return k < n ? k : 2 * n - 1 - k;
  },
};

/** Mirrored left to right. */
export function hflip(picture: Tensor): Tensor {
  return mirrored(picture, false);
}

/** Mirrored top to bottom. */
export function vflip(picture: Tensor): Tensor {
  return mirrored(picture, true);
}

function mirrored(picture: Tensor, vertical: boolean): Tensor {
  const { values, count, height: H, width: W } = planesOf(vertical ? "vflip" : "hflip", picture);
  const y = likePicture(picture, H, W);
  const to = y.storage.array;
  for (let row = 0; row < count * H; row++) {
    const plane = Math.floor(row / H);
    const from = (vertical ? plane * H + (H - 1 - (row % H)) : row) * W;
    for (let j = 0; j < W; j++) to[row * W + j] = values[from + (vertical ? j : W - 1 - j)];
  }
  return y;
}
