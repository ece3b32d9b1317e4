// Takes a tensor apart into the maps of its channels, or into images.

import { ShapeError, type Tensor } from "../../lib/index.js";
import type { ColourMap, NumberMap } from "../plot/maps.js";
import type { Scale } from "../plot/scale.js";
import { isTensor } from "./layers.js";

/** The size of a tensor seen as samples of channels of maps; missing axes are 1. */
export interface MapShape {
  readonly N: number;
  readonly C: number;
  readonly H: number;
  readonly W: number;
}

/** @throws TypeError if `x` is no tensor, with what it is. */
export function requireTensor(view: string, x: unknown): asserts x is Tensor {
  if (!isTensor(x)) throw new TypeError(`${view}: takes a tensor, got ${kindOf(x)}`);
}

/** What a value is, for messages: "a string", "an array (torch.tensor makes a tensor of it)", "undefined". */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value) || ArrayBuffer.isView(value))
    return "an array (torch.tensor makes a tensor of it)";
  if (typeof value === "object") return `an object ${value.constructor?.name ?? ""}`.trim();
  return typeof value === "function" ? "a function or a module" : `a ${typeof value}`;
}

/**
 * [N, C, H, W], [C, H, W] or [H, W] as N, C, H, W.
 * @throws ShapeError for any other number of axes.
 */
export function mapShape(view: string, x: Tensor): MapShape {
  requireTensor(view, x);
  const { shape } = x;
  if (shape.length < 2 || shape.length > 4) {
    throw new ShapeError(
      `${view}: takes maps [N, C, H, W], [C, H, W] or [H, W], got [${shape.join(", ")}] with ${shape.length} axes`,
    );
  }
  const [N, C, H, W] = [1, 1, 1, 1, ...shape].slice(-4);
  return { N, C, H, W };
}

/** The values of one channel of one sample. `data` is the whole tensor's. */
export function channelValues(
  data: ArrayLike<number>,
  { C, H, W }: MapShape,
  n: number,
  c: number,
): ArrayLike<number> {
  const start = (n * C + c) * H * W;
  return (data as Float32Array).subarray(start, start + H * W);
}

export function numberMap(
  values: ArrayLike<number>,
  { H, W }: { H: number; W: number },
  scale: Scale,
): NumberMap {
  return { kind: "numbers", width: W, height: H, values, scale };
}

/** One sample with 1 (grey), 3 (red, green, blue) or 4 channels as colours: 0 to 1, or 0 to 255 for uint8. */
export function colourMap(
  data: ArrayLike<number>,
  shape: MapShape,
  n: number,
  { low, high }: { low: number; high: number },
): ColourMap {
  const { C, H, W } = shape;
  const rgba = new Uint8Array(4 * H * W).fill(255);
  const channels = C === 1 ? [0, 0, 0] : C === 3 ? [0, 1, 2] : [0, 1, 2, 3];
  const factor = 255 / (high - low || 1);
  const odd = new Uint8Array(H * W); // 1 where a value is no number
  channels.forEach((c, k) => {
    const values = channelValues(data, shape, n, c);
    for (let i = 0; i < H * W; i++) {
      // as torchvision's save_image: clamp and round
      const level = (values[i] - low) * factor + 0.5;
      rgba[4 * i + k] = level > 255 ? 255 : level > 0 ? level : 0;
      if (values[i] - values[i] !== 0) odd[i] = 1;
    }
  });
  for (let at = odd.indexOf(1); at >= 0; at = odd.indexOf(1, at + 1))
    rgba.set([255, 0, 255, 255], 4 * at);
  return { kind: "colours", width: W, height: H, rgba };
}

/** Does this tensor look like images: 1, 3 or 4 channels of uint8, or of values from 0 to 1? */
export function looksLikeImages(
  x: Tensor,
  { C }: MapShape,
  { min, max }: { min: number; max: number },
): boolean {
  if (![1, 3, 4].includes(C)) return false;
  return x.dtype === "uint8" || (min >= 0 && max <= 1 && max > 0);
}

/** Is a picture of this tensor worth more than its numbers? Images and maps of at least 8×8. */
export function isMapSized(x: Tensor): boolean {
  const [H, W] = x.shape.slice(-2);
  return (x.ndim === 3 || x.ndim === 4) && H >= 8 && W >= 8 && x.numel() > 0;
}
