// The transforms that change colours differently every time, and erase. As random.ts.

import { ByChance } from "./chance.js";
import { RandomSource } from "./draw.js";
import { gather, type Tensor } from "../tensor.js";
import { python } from "../nn/print-module.js";
import {
  adjustBrightness,
  adjustContrast,
  adjustHue,
  adjustSaturation,
  invert,
  rgbToGrayscale,
} from "./colour.js";
import { planesOf, roundEven } from "./picture.js";
import { aspectRatio } from "./random.js";
import { floatTuple, PictureTransform } from "./transform.js";

const { below, happens, normals, order, uniform } = RandomSource;

type Range = number | readonly [number, number];

interface JitterOptions {
  brightness?: Range;
  contrast?: Range;
  saturation?: Range;
  hue?: Range;
}

const isNamed = (value: Range | JitterOptions): value is JitterOptions =>
  typeof value === "object" && !Array.isArray(value);

/** Changes brightness, contrast, saturation and hue by random amounts, in random order. */
export class ColorJitter extends PictureTransform {
  private readonly ranges: readonly (readonly [number, number] | null)[];

  /** As in torchvision, one after the other: new ColorJitter(0.4, 0.4, 0.4, 0.1); or by name, in one object. */
  constructor(
    brightness: Range | JitterOptions = 0,
    contrast: Range = 0,
    saturation: Range = 0,
    hue: Range = 0,
  ) {
    super();
    if (isNamed(brightness))
      ({ brightness = 0, contrast = 0, saturation = 0, hue = 0 } = brightness);
    const around = (name: string, value: Range): readonly [number, number] | null => {
      const [low, high] = typeof value === "number" ? [Math.max(0, 1 - value), 1 + value] : value;
      if (!(low >= 0 && low <= high))
        throw new RangeError(
          `ColorJitter: ${name} is ${String(value)}, it must be ≥ 0 or [low, high]`,
        );
      return low === 1 && high === 1 ? null : [low, high];
    };
    const [low, high] = typeof hue === "number" ? [-hue, hue] : hue;
    if (!(low >= -0.5 && low <= high && high <= 0.5))
      throw new RangeError(`ColorJitter: hue is ${String(hue)}, it goes from -0.5 to 0.5`);
    this.ranges = [
      around("brightness", brightness),
      around("contrast", contrast),
      around("saturation", saturation),
      low === 0 && high === 0 ? null : [low, high],
    ];
  }

  forward(picture: Tensor): Tensor {
    const steps = order(4);
    const amounts = this.ranges.map((range) => range && uniform(...range));
    const adjust = [adjustBrightness, adjustContrast, adjustSaturation, adjustHue];
    return steps.reduce((x, k) => (amounts[k] === null ? x : adjust[k](x, amounts[k])), picture);
  }

  override says(): string {
    return ["brightness", "contrast", "saturation", "hue"]
      .map((name, k) => `${name}=${this.ranges[k] ? floatTuple(this.ranges[k]) : "None"}`)
      .join(", ");
  }
}

/** Grey with probability p (default 0.1), with as many channels as before. */
export class RandomGrayscale extends ByChance {
  constructor(p = 0.1) {
    super(p);
  }

  protected changed(picture: Tensor): Tensor {
    const channels = picture.ndim < 3 ? 1 : picture.shape.at(-3);
    return rgbToGrayscale(picture, channels as 1 | 3);
  }
}

/** The negative, half of the time (or with probability p). */
export class RandomInvert extends ByChance {
  protected changed(picture: Tensor): Tensor {
    return invert(picture);
  }
}

export interface RandomErasingOptions {
  /** Default 0.5. */
  p?: number;
  /** The area, as a fraction of the picture's. Default [0.02, 0.33]. */
  scale?: readonly [number, number];
  /** Height to width. Default [0.3, 3.3]. */
  ratio?: readonly [number, number];
  /** What stands there instead: a number, one for each channel, or "random". Default 0. */
  value?: number | readonly number[] | "random";
}

/** Covers a random rectangle. */
export class RandomErasing extends PictureTransform {
  readonly options: RandomErasingOptions;

  /** The probability alone, or with other options. */
  constructor(p: number | RandomErasingOptions = {}, options: RandomErasingOptions = {}) {
    super();
    this.options = typeof p === "number" ? { p, ...options } : p;
  }

  forward(picture: Tensor): Tensor {
    const { p = 0.5, scale = [0.02, 0.33], ratio = [0.3, 3.3], value = 0 } = this.options;
    if (!happens(p)) return picture;
    const { count, height: H, width: W } = planesOf("RandomErasing", picture);
    const C = picture.ndim < 3 ? 1 : picture.shape.at(-3)!;
    if (Array.isArray(value) && value.length !== 1 && value.length !== C) {
      throw new RangeError(
        `RandomErasing: value has ${value.length} numbers, the picture ${C} channels`,
      );
    }
    for (let attempt = 0; attempt < 10; attempt++) {
      const area = H * W * uniform(scale[0], scale[1]);
      const aspect = aspectRatio(ratio);
      const h = roundEven(Math.sqrt(area * aspect));
      const w = roundEven(Math.sqrt(area / aspect));
      if (!(h < H && w < W)) continue;
      const fill = value === "random" ? normals(C * h * w) : null;
      const top = below(H - h + 1);
      const left = below(W - w + 1);
      const y = gather(picture);
      const to = y.storage.array;
      const values = typeof value === "number" ? [value] : value;
      for (let plane = 0; plane < count; plane++) {
        const c = plane % C;
        for (let i = 0; i < h * w; i++) {
          const place = (plane * H + top + Math.floor(i / w)) * W + left + (i % w);
          to[place] = fill ? fill[c * h * w + i] : Number(values[values.length === 1 ? 0 : c]);
        }
      }
      return y;
    }
    return picture;
  }
  override says(): string {
    const { p = 0.5, scale = [0.02, 0.33], ratio = [0.3, 3.3], value = 0 } = this.options;
    return `p=${p}, scale=${floatTuple(scale)}, ratio=${floatTuple(ratio)}, value=${python(value)}, inplace=False`;
  }
}
