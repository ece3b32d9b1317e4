// The transforms that do the same every time. Each is called with a picture: new Resize(32)(picture).

import { ShapeError } from "../errors.js";
import { python } from "../nn/print-module.js";
import type { Tensor } from "../tensor.js";
import { rgbToGrayscale } from "./colour.js";
import { centerCrop, pad, type PaddingMode } from "./crop.js";
import { normalize } from "./normalize.js";
import { sizeOf } from "./picture.js";
import { resize, type ResizeOptions } from "./resize.js";
import { toFloatTensor } from "./to-tensor.js";
import { PictureTransform, pythonList, pythonSize } from "./transform.js";

/** uint8 (0 to 255) to float32 (0 to 1): value / 255. */
export class ToTensor extends PictureTransform {
  forward(picture: Tensor): Tensor {
    return toFloatTensor(picture);
  }
}

/** (x − mean) / std for each channel. */
export class Normalize extends PictureTransform {
  readonly mean: readonly number[];
  readonly std: readonly number[];

  constructor(mean: number | readonly number[], std: number | readonly number[]) {
    super();
    this.mean = typeof mean === "number" ? [mean] : mean;
    this.std = typeof std === "number" ? [std] : std;
  }

  forward(picture: Tensor): Tensor {
    return normalize(picture, this.mean, this.std);
  }

  override says(): string {
    return `mean=${pythonList(this.mean)}, std=${pythonList(this.std)}`;
  }
}

/**
 * To [height, width]; one number is the shorter side, the other follows. uint8 pictures get PIL's values (rows first);
 * floating ones those of torch's interpolate.
 */
export class Resize extends PictureTransform {
  constructor(
    readonly size: number | readonly number[],
    readonly options: ResizeOptions & {
      /** With one number as size: the longer side is at most this. */
      maxSize?: number;
    } = {},
  ) {
    super();
    sizeOf("Resize", size);
  }

  forward(picture: Tensor): Tensor {
    const { size } = this;
    if (typeof size !== "number" && size.length === 2)
      return resize(picture, sizeOf("Resize", size), this.options);
    return resize(
      picture,
      this.fitted(picture, typeof size === "number" ? size : size[0]),
      this.options,
    );
  }

  private fitted(picture: Tensor, shorter: number): [number, number] {
    const { maxSize } = this.options;
    const [H, W] = picture.shape.slice(-2);
    let short = shorter;
    let long = Math.trunc((shorter * Math.max(H, W)) / Math.min(H, W));
    if (maxSize !== undefined) {
      if (maxSize <= shorter)
        throw new ShapeError(`Resize: maxSize ${maxSize} must be larger than size ${shorter}`);
      if (long > maxSize)
        [short, long] = [Math.max(1, Math.trunc((maxSize * short) / long)), maxSize];
    }
    return W <= H ? [long, short] : [short, long];
  }

  override says(): string {
    const { interpolation = "bilinear", maxSize = null, antialias = true } = this.options;
    return `size=${pythonSize(this.size)}, interpolation=${interpolation}, max_size=${python(maxSize)}, antialias=${python(antialias)}`;
  }
}

/** The middle of a picture: [height, width], or one number for both. */
export class CenterCrop extends PictureTransform {
  readonly size: readonly [number, number];

  constructor(private readonly given: number | readonly number[]) {
    super();
    this.size = sizeOf("CenterCrop", given);
  }

  forward(picture: Tensor): Tensor {
    return centerCrop(picture, this.size);
  }

  override says(): string {
    return `size=${typeof this.given === "number" ? python(this.size) : pythonList(this.given)}`;
  }
}

export interface PadOptions {
  /** What stands in the border. Default 0. */
  fill?: number;
  /** "constant" (default), "edge", "reflect" or "symmetric". */
  paddingMode?: PaddingMode;
}

/** A border: one number for all sides, two for left/right and top/bottom, or left, top, right, bottom. */
export class Pad extends PictureTransform {
  constructor(
    readonly padding: number | readonly number[],
    readonly options: PadOptions = {},
  ) {
    super();
  }

  forward(picture: Tensor): Tensor {
    return pad(picture, this.padding, this.options);
  }

  override says(): string {
    const { fill = 0, paddingMode = "constant" } = this.options;
    return `padding=${pythonSize(this.padding)}, fill=${python(fill)}, padding_mode=${paddingMode}`;
  }
}

/** Grey: 0.2989 R + 0.587 G + 0.114 B, in one channel or three. */
export class Grayscale extends PictureTransform {
  constructor(readonly numOutputChannels: 1 | 3 = 1) {
    super();
  }

  forward(picture: Tensor): Tensor {
    return rgbToGrayscale(picture, this.numOutputChannels);
  }

  override says(): string {
    return `num_output_channels=${this.numOutputChannels}`;
  }
}
