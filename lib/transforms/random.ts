// The transforms that move or cut a picture differently every time. They draw what torchvision draws, in its order, from
// the default generator.

import { ByChance } from "./chance.js";
import { RandomSource } from "./draw.js";
import { ShapeError } from "../errors.js";
import { python } from "../nn/print-module.js";
import type { Tensor } from "../tensor.js";
import type { SampleOptions } from "./affine.js";
import { crop, hflip, pad, vflip } from "./crop.js";
import type { PadOptions } from "./fixed.js";
import { roundEven, sizeOf } from "./picture.js";
import { resize, type ResizeOptions } from "./resize.js";
import { floatList, pythonFloat, PictureTransform } from "./transform.js";
import { affine, rotate, type RotateOptions } from "./turn.js";

const { below, uniform } = RandomSource;

/** Mirrors left to right, half of the time (or with probability p). */
export class RandomHorizontalFlip extends ByChance {
  protected changed(picture: Tensor): Tensor {
    return hflip(picture);
  }
}

/** Mirrors top to bottom, half of the time (or with probability p). */
export class RandomVerticalFlip extends ByChance {
  protected changed(picture: Tensor): Tensor {
    return vflip(picture);
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

  override says(): string {
    return `size=${python(this.size)}, padding=${python(this.options.padding ?? null)}`;
  }
}

export interface RandomResizedCropOptions extends ResizeOptions {
  /** The part's area, as a fraction of the picture's. Default [0.08, 1]. */
  scale?: readonly [number, number];
  /** Width to height. Default [3/4, 4/3]. */
  ratio?: readonly [number, number];
}

/** A part of random size and place, resized to [height, width]. */
export class RandomResizedCrop extends PictureTransform {
  readonly size: readonly [number, number];

  constructor(
    size: number | readonly number[],
    readonly options: RandomResizedCropOptions = {},
  ) {
    super();
    this.size = sizeOf("RandomResizedCrop", size);
  }

  forward(picture: Tensor): Tensor {
    const { scale, ratio, ...sampling } = this.options;
    return resize(crop(picture, ...this.part(picture)), this.size, sampling);
  }

  /** top, left, height, width */
  private part(picture: Tensor): [number, number, number, number] {
    const { scale = [0.08, 1], ratio = [3 / 4, 4 / 3] } = this.options;
    const [H, W] = picture.shape.slice(-2);
    for (let attempt = 0; attempt < 10; attempt++) {
      const area = H * W * uniform(scale[0], scale[1]);
      const aspect = aspectRatio(ratio);
      const width = roundEven(Math.sqrt(area * aspect));
      const height = roundEven(Math.sqrt(area / aspect));
      if (width < 1 || width > W || height < 1 || height > H) continue;
      const top = below(H - height + 1);
      return [top, below(W - width + 1), height, width];
    }
    // the middle, as much of it as the ratio allows
    const [low, high] = [Math.min(...ratio), Math.max(...ratio)];
    const height = W / H < low ? roundEven(W / low) : H;
    const width = W / H > high ? roundEven(H * high) : W;
    return [Math.floor((H - height) / 2), Math.floor((W - width) / 2), height, width];
  }

  override says(): string {
    const { scale = [0.08, 1], ratio = [3 / 4, 4 / 3] } = this.options;
    const { interpolation = "bilinear", antialias = true } = this.options;
    const rounded = (values: readonly number[]): string =>
      `(${values.map((v) => pythonFloat(Number(v.toFixed(4)))).join(", ")})`;
    return `size=${python(this.size)}, scale=${rounded(scale)}, ratio=${rounded(ratio)}, interpolation=${interpolation}, antialias=${python(antialias)}`;
  }
}

/** exp of a number between the logarithms: 1/2 as often as 2. */
export function aspectRatio(ratio: readonly [number, number]): number {
  return Math.fround(Math.exp(uniform(Math.log(ratio[0]), Math.log(ratio[1]))));
}

/** Turns by an angle from −degrees to degrees, or from the first to the second. */
export class RandomRotation extends PictureTransform {
  readonly degrees: readonly [number, number];

  constructor(
    degrees: number | readonly [number, number],
    readonly options: RotateOptions = {},
  ) {
    super();
    this.degrees = aroundZero(this.constructor.name, degrees);
  }

  forward(picture: Tensor): Tensor {
    return rotate(picture, uniform(...this.degrees), this.options);
  }

  override says(): string {
    const { interpolation = "nearest", expand = false, fill = 0, center } = this.options;
    const middle = center ? `, center=${python(center)}` : "";
    return `degrees=${floatList(this.degrees)}, interpolation=${interpolation}, expand=${python(expand)}${middle}, fill=${python(fill)}`;
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
    this.degrees = aroundZero(this.constructor.name, degrees);
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

  override says(): string {
    const { translate, scale, shear, interpolation, fill, center } = this.options;
    const range = typeof shear === "number" ? [-shear, shear] : shear;
    return [
      `degrees=${floatList(this.degrees)}`,
      translate && `translate=${python(translate)}`,
      scale && `scale=${python(scale)}`,
      range && `shear=${floatList(range)}`,
      interpolation && interpolation !== "nearest" && `interpolation=${interpolation}`,
      fill && `fill=${python(fill)}`,
      center && `center=${python(center)}`,
    ]
      .filter(Boolean)
      .join(", ");
  }
}

function aroundZero(op: string, degrees: number | readonly [number, number]): [number, number] {
  if (typeof degrees !== "number") return [...degrees];
  if (degrees < 0)
    throw new RangeError(`${op}: degrees is ${degrees}, it must be ≥ 0, or [low, high]`);
  return [-degrees, degrees];
}
