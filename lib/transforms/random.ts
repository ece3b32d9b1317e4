// The transforms that are different every time. They draw what torchvision draws, in its order, from the default generator.

import { RandomSource } from "./draw.js";
import { ShapeError } from "../errors.js";
import { gather, type Tensor } from "../tensor.js";
import type { SampleOptions } from "./affine.js";
import { adjustBrightness, adjustContrast, adjustHue, adjustSaturation } from "./colour.js";
import { crop, hflip, pad, vflip } from "./crop.js";
import type { PadOptions } from "./fixed.js";
import { planesOf, sizeOf } from "./picture.js";
import { PictureTransform } from "./transform.js";
import { affine, rotate, type RotateOptions } from "./turn.js";

const { below, happens, normals, order, uniform } = RandomSource;

/** Mirrors left to right, half of the time (or with probability p). */
export class RandomHorizontalFlip extends PictureTransform {
  constructor(readonly p = 0.5) {
    super();
  }

  forward(picture: Tensor): Tensor {
    return happens(this.p) ? hflip(picture) : picture;
  }
}

/** Mirrors top to bottom, half of the time (or with probability p). */
export class RandomVerticalFlip extends PictureTransform {
  constructor(readonly p = 0.5) {
    super();
  }

  forward(picture: Tensor): Tensor {
    return happens(this.p) ? vflip(picture) : picture;
  }
}

/** All of some transforms, half of the time (or with probability p). */
export class RandomApply extends PictureTransform<any, any> {
  constructor(
    readonly transforms: readonly ((value: any) => any)[],
    { p = 0.5 }: { p?: number } = {},
  ) {
    super();
    this.p = p;
  }

  readonly p: number;

  forward(value: any): any {
    return this.p < RandomSource.unit()
      ? value
      : this.transforms.reduce((x, transform) => transform(x), value);
  }
}

/** A part of [height, width] at a random place, after padding. */
export class RandomCrop extends PictureTransform {
  readonly size: readonly [number, number];

  constructor(
    size: number | readonly number[],
    readonly options: PadOptions & {
      /** Pixels added first, as {@link Pad} takes them. */
      padding?: number | readonly number[];
      /** Pad a picture that is too small. Default false. */
      padIfNeeded?: boolean;
    } = {},
  ) {
    super();
    this.size = sizeOf("RandomCrop", size);
  }

  forward(picture: Tensor): Tensor {
    const { padding, padIfNeeded = false } = this.options;
    const [height, width] = this.size;
    let x = padding === undefined ? picture : pad(picture, padding, this.options);
    if (padIfNeeded && x.shape.at(-1)! < width)
      x = pad(x, [width - x.shape.at(-1)!, 0], this.options);
    if (padIfNeeded && x.shape.at(-2)! < height)
      x = pad(x, [0, height - x.shape.at(-2)!], this.options);
    const [H, W] = x.shape.slice(-2);
    if (H < height || W < width) {
      throw new ShapeError(
        `RandomCrop: ${height}×${width} is larger than the picture, ${H}×${W}: give padding or padIfNeeded`,
      );
    }
    if (H === height && W === width) return x;
    const top = below(H - height + 1);
    const left = below(W - width + 1);
    return crop(x, top, left, height, width);
  }
}

/** Turns by an angle from −degrees to degrees, or from the first to the second. */
export class RandomRotation extends PictureTransform {
  readonly degrees: readonly [number, number];

  constructor(
    degrees: number | readonly [number, number],
    readonly options: RotateOptions = {},
  ) {
    super();
    this.degrees = typeof degrees === "number" ? [-degrees, degrees] : degrees;
  }

  forward(picture: Tensor): Tensor {
    return rotate(picture, uniform(...this.degrees), this.options);
  }
}

export interface RandomAffineOptions extends SampleOptions {
  /** The most it moves, as fractions of width and height. */
  translate?: readonly [number, number];
  /** The smallest and the largest scale. */
  scale?: readonly [number, number];
  /** Degrees of shear along x: −shear to shear, or [low, high], or [lowX, highX, lowY, highY]. */
  shear?: number | readonly number[];
}

/** Turns, moves, scales and shears at random. */
export class RandomAffine extends PictureTransform {
  readonly degrees: readonly [number, number];

  constructor(
    degrees: number | readonly [number, number],
    readonly options: RandomAffineOptions = {},
  ) {
    super();
    this.degrees = typeof degrees === "number" ? [-degrees, degrees] : degrees;
  }

  forward(picture: Tensor): Tensor {
    const { translate, scale, shear, ...sampling } = this.options;
    const [H, W] = picture.shape.slice(-2);
    const angle = uniform(...this.degrees);
    const move = (fraction: number, side: number): number =>
      roundEven(uniform(-fraction * side, fraction * side));
    const by: [number, number] = translate
      ? [move(translate[0], W), move(translate[1], H)]
      : [0, 0];
    const times = scale ? uniform(scale[0], scale[1]) : 1;
    const range = typeof shear === "number" ? [-shear, shear] : shear;
    const slant: [number, number] = [0, 0];
    if (range) slant[0] = uniform(range[0], range[1]);
    if (range && range.length === 4) slant[1] = uniform(range[2], range[3]);
    return affine(picture, { angle, translate: by, scale: times, shear: slant, ...sampling });
  }
}

function roundEven(v: number): number {
  const r = Math.round(v);
  return Math.abs(r - v) === 0.5 && r % 2 !== 0 ? r - 1 : r;
}

type Range = number | readonly [number, number];

/** Changes brightness, contrast, saturation and hue by random amounts, in random order. */
export class ColorJitter extends PictureTransform {
  private readonly ranges: readonly (readonly [number, number] | null)[];

  constructor({
    brightness = 0,
    contrast = 0,
    saturation = 0,
    hue = 0,
  }: { brightness?: Range; contrast?: Range; saturation?: Range; hue?: Range } = {}) {
    super();
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
  constructor(readonly options: RandomErasingOptions = {}) {
    super();
  }

  forward(picture: Tensor): Tensor {
    const { p = 0.5, scale = [0.02, 0.33], ratio = [0.3, 3.3], value = 0 } = this.options;
    if (!happens(p)) return picture;
    const { count: C, height: H, width: W } = planesOf("RandomErasing", picture);
    for (let attempt = 0; attempt < 10; attempt++) {
      const area = H * W * uniform(scale[0], scale[1]);
      const aspect = Math.fround(Math.exp(uniform(Math.log(ratio[0]), Math.log(ratio[1]))));
      const h = roundEven(Math.sqrt(area * aspect));
      const w = roundEven(Math.sqrt(area / aspect));
      if (!(h < H && w < W)) continue;
      const fill = value === "random" ? normals(C * h * w) : null;
      const top = below(H - h + 1);
      const left = below(W - w + 1);
      const y = gather(picture);
      const to = y.storage.array;
      for (let c = 0; c < C; c++) {
        const one =
          typeof value === "number"
            ? value
            : value === "random"
              ? 0
              : value[value.length === 1 ? 0 : c];
        for (let i = 0; i < h * w; i++) {
          to[(c * H + top + Math.floor(i / w)) * W + left + (i % w)] = fill
            ? fill[c * h * w + i]
            : one;
        }
      }
      return y;
    }
    return picture;
  }
}
