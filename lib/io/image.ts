// Pictures: files to uint8 tensors [C, H, W] and back, as torchvision.io.

import { DTypeError, ShapeError } from "../errors.js";
import { showShape } from "../shape.js";
import { empty, type Tensor } from "../tensor.js";
import { guarded, type Refuse } from "./file-error.js";
import { decodeWithSharp } from "./image-sharp.js";
import { isPng, parsePng, type Png } from "./png.js";
import { encodeSamples } from "./png-write.js";
import { orientationOf, turned } from "./orientation.js";
import { readAll, writeTo, type FileLike } from "./source.js";

export type ImageMode = "UNCHANGED" | "GRAY" | "GRAY_ALPHA" | "RGB" | "RGB_ALPHA";

export interface ReadImageOptions {
  /**
   * Channels: "UNCHANGED" (default) as the file has them (a palette becomes colours), "GRAY" 1, "GRAY_ALPHA" 2,
   * "RGB" 3, "RGB_ALPHA" 4. Grey from colour as PIL: 0.299 R + 0.587 G + 0.114 B. Alpha is dropped, not blended.
   */
  mode?: ImageMode;
  /** Turn the picture as the camera noted (EXIF orientation). Default true. */
  applyExifOrientation?: boolean;
}

const channelsOfMode = { UNCHANGED: 0, GRAY: 1, GRAY_ALPHA: 2, RGB: 3, RGB_ALPHA: 4 } as const;

/**
 * A picture as uint8 [C, H, W], from a PNG file or its bytes. (16 bits become 8: the high byte.)
 * JPEG, WebP and others need {@link readImageAsync}.
 *
 * ```ts
 * const bytes = torch.io.encodePng(torch.utils.data.samplePicture({ size: 8 }))
 * torch.io.readImage(bytes).shape // → [3, 8, 8]
 * ```
 *
 * @throws FileError naming the file and what is wrong with it.
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.io.read_image.html
 */
export function readImage(file: FileLike, options: ReadImageOptions = {}): Tensor {
  const { bytes, refuse } = readAll("readImage", file);
  return decodeImage(bytes, refuse, options);
}

function decodeImage(bytes: Uint8Array, refuse: Refuse, options: ReadImageOptions): Tensor {
  const { mode = "UNCHANGED", applyExifOrientation = true } = options;
  checkedMode(mode);
  if (!isPng(bytes)) {
    const kind = kindOf(bytes);
    if (kind && kind !== "PNG")
      refuse(
        `this is a ${kind}: use await torch.io.readImageAsync(…), which reads it with the package sharp (npm install sharp)`,
      );
    refuse(
      "this is no picture that is known here: PNG, or with the package sharp JPEG, WebP, GIF, AVIF, TIFF",
    );
  }
  const png = guarded(refuse, () => parsePng(bytes, refuse));
  const picture = toPicture(png, channelsOfMode[mode]);
  return applyExifOrientation && png.exif ? turned(picture, orientationOf(png.exif)) : picture;
}

function checkedMode(mode: ImageMode): ImageMode {
  if (Object.hasOwn(channelsOfMode, mode)) return mode;
  throw new TypeError(
    `readImage: there is no mode "${mode}"; there are ${Object.keys(channelsOfMode).join(", ")}`,
  );
}

/** What a file seems to be, by its first bytes. */
export function kindOf(bytes: Uint8Array): string | null {
  const text = String.fromCharCode(...bytes.subarray(0, 16));
  if (isPng(bytes)) return "PNG";
  if (text.startsWith("\xff\xd8\xff")) return "JPEG";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "WebP";
  if (text.startsWith("GIF8")) return "GIF";
  if (text.slice(4, 12) === "ftypavif") return "AVIF";
  if (text.startsWith("II*\0") || text.startsWith("MM\0*")) return "TIFF";
  return null;
}

/** Samples to [C, H, W] bytes with as many channels as wanted (0: as the file). */
function toPicture(png: Png, wanted: number): Tensor {
  const { width, height, bitDepth, colourType, channels, samples, palette, transparent } = png;
  const size = width * height;
  const coloured = colourType === 2 || colourType === 3 || colourType === 6;
  const hasAlpha = colourType === 4 || colourType === 6 || transparent !== null;
  const C = wanted || (coloured ? 3 : 1) + (hasAlpha ? 1 : 0);
  const y = empty([C, height, width], "uint8");
  const to = y.storage.array;
  const alphaPlane = C === 2 || C === 4 ? C - 1 : -1;

  const toByte =
    bitDepth === 16 ? (v: number) => v >> 8 : (v: number) => (v * 255) / ((1 << bitDepth) - 1);
  const clear = transparent && colourType !== 3 ? wordsOf(transparent) : null;
  for (let p = 0; p < size; p++) {
    const s = p * channels;
    let [red, green, blue, alpha] = [0, 0, 0, 255];
    if (colourType === 3) {
      const index = samples[s];
      red = palette![3 * index];
      green = palette![3 * index + 1];
      blue = palette![3 * index + 2];
      alpha = transparent?.[index] ?? 255;
    } else {
      red = toByte(samples[s]);
      green = coloured ? toByte(samples[s + 1]) : red;
      blue = coloured ? toByte(samples[s + 2]) : red;
      if (colourType > 3) alpha = toByte(samples[s + channels - 1]);
      else if (clear && clear.every((value, c) => samples[s + c] === value)) alpha = 0;
    }
    if (C < 3)
      to[p] = coloured ? (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16 : red; // as PIL
    else {
      to[p] = red;
      to[size + p] = green;
      to[2 * size + p] = blue;
    }
    if (alphaPlane > 0) to[alphaPlane * size + p] = alpha;
  }
  return y;
}

function wordsOf(bytes: Uint8Array): number[] {
  return Array.from({ length: bytes.length / 2 }, (_, i) => (bytes[2 * i] << 8) | bytes[2 * i + 1]);
}

/**
 * As {@link readImage}, for PNG, JPEG, WebP, GIF, AVIF and TIFF. All but PNG need the package sharp, which is not
 * installed with this one: `npm install sharp`.
 */
export async function readImageAsync(
  file: FileLike,
  options: ReadImageOptions = {},
): Promise<Tensor> {
  const { bytes, refuse } = readAll("readImage", file);
  const kind = kindOf(bytes);
  if (kind === null || kind === "PNG") return decodeImage(bytes, refuse, options);

  const { mode = "UNCHANGED", applyExifOrientation = true } = options;
  const channels = channelsOfMode[checkedMode(mode)];
  return toPicture(await decodeWithSharp(bytes, kind, applyExifOrientation, refuse), channels);
}

export interface EncodePngOptions {
  /** 0 (none) to 9 (smallest). Default 6. */
  compressionLevel?: number;
  /** Bits of a sample: 8 (default) or 16, of one channel also 1, 2 and 4. The values go from 0 to 2^bitDepth − 1. */
  bitDepth?: 1 | 2 | 4 | 8 | 16;
}

/**
 * The bytes of a PNG file. Shapes: [C, H, W] with C from 1 to 4 (grey, grey and alpha, RGB, RGB and alpha), or [H, W];
 * uint8, or with a `bitDepth` of 16 any whole numbers.
 */
export function encodePng(
  picture: Tensor,
  { compressionLevel = 6, bitDepth = 8 }: EncodePngOptions = {},
): Uint8Array {
  if (picture.dtype !== "uint8" && (bitDepth !== 16 || !/^int/.test(picture.dtype))) {
    throw new DTypeError(
      `encodePng: a picture is uint8 (0 to 255), this one is ${picture.dtype}: from 0 to 1, use .mul(255).to("uint8")`,
    );
  }
  const x = picture.ndim === 2 ? picture.reshape([1, ...picture.shape]) : picture;
  const [C, H, W] = x.shape;
  if (x.ndim !== 3 || C < 1 || C > 4 || H < 1 || W < 1) {
    throw new ShapeError(
      `encodePng: a picture is [C, H, W] with C from 1 to 4, this one is ${showShape(picture.shape)}`,
    );
  }
  if (![8, 16, ...(C === 1 ? [1, 2, 4] : [])].includes(bitDepth)) {
    throw new RangeError(
      `encodePng: there is no PNG of ${C} channels and a bitDepth of ${bitDepth}; 8 and 16 are possible, for one channel also 1, 2, 4`,
    );
  }
  const planes = x.data;
  const top = 2 ** bitDepth - 1;
  const samples = new Uint16Array(H * W * C);
  for (let c = 0; c < C; c++) {
    for (let p = 0; p < H * W; p++) {
      const value = planes[c * H * W + p];
      if (!(value >= 0 && value <= top))
        throw new RangeError(
          `encodePng: a value is ${value}, with ${bitDepth} bits it is 0 to ${top}`,
        );
      samples[p * C + c] = value;
    }
  }
  return encodeSamples(samples, W, H, C, bitDepth, compressionLevel);
}

/** Writes a PNG file; the picture as in {@link encodePng}. */
export function writePng(
  picture: Tensor,
  path: string | URL,
  options: EncodePngOptions = {},
): void {
  writeTo("writePng", path, [encodePng(picture, options)]);
}

/** The raw samples of a PNG file as int32 [C, H, W], unscaled: 0 to 2^bitDepth − 1, a palette's indices as they are. */
export function readPngSamples(file: FileLike): {
  samples: Tensor;
  bitDepth: number;
  palette: Uint8Array | null;
} {
  const { bytes, refuse } = readAll("readPngSamples", file);
  const { samples, bitDepth, palette, channels, width, height } = guarded(refuse, () =>
    parsePng(bytes, refuse),
  );
  const y = empty([channels, height, width], "int32");
  const size = width * height;
  for (let i = 0; i < samples.length; i++)
    y.storage.array[(i % channels) * size + Math.floor(i / channels)] = samples[i];
  return { samples: y, bitDepth, palette };
}
