// JPEG, WebP, GIF, AVIF and TIFF by the package sharp, which the learner installs.

import { FileError, type Refuse } from "./file-error.js";
import { packageOfLearner } from "./node.js";
import type { Png } from "./png.js";

/** The samples of a picture as of a PNG: 8 bits, grey or colour, perhaps alpha. Upright, if `turn` says so. */
export async function decodeWithSharp(
  bytes: Uint8Array,
  kind: string,
  turn: boolean,
  refuse: Refuse,
): Promise<Png> {
  const sharp = await loadSharp(kind);
  if (kind === "JPEG" && !hasEnd(bytes)) refuse("it ends in the middle of the picture");
  try {
    const { space } = await sharp(bytes, LIMITS).metadata();
    const upright = turn ? sharp(bytes, LIMITS).rotate() : sharp(bytes, LIMITS);
    const colours =
      space === "cmyk"
        ? upright.pipelineColourspace("cmyk").toColourspace("cmyk")
        : upright.toColourspace(space === "b-w" || space === "grey16" ? "b-w" : "srgb");
    const { data, info } = await colours
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    const isCmyk = space === "cmyk";
    const samples = isCmyk ? fromCmyk(data) : new Uint8Array(data);
    const channels = isCmyk ? 3 : (info.channels as number);
    const colourType = [0, 4, 2, 6][channels - 1] ?? refuse(`it has ${channels} channels`);
    const base = { palette: null, transparent: null, exif: null, bitDepth: 8 };
    return { ...base, width, height, channels, colourType, samples };
  } catch (error) {
    if (error instanceof FileError) throw error;
    return refuse((error as Error).message.split("\n")[0]);
  }
}

const LIMITS = { failOn: "error", limitInputPixels: 2 ** 28 };

/** Does an end (EOI) follow the last part (SOS) of a JPEG? Without it sharp fills a progressive one up by guessing. */
function hasEnd(bytes: Uint8Array): boolean {
  for (let at = bytes.length - 2; at >= 0; at--) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) return true;
    if (bytes[at] === 0xff && bytes[at + 1] === 0xda) return false;
  }
  return false;
}

/** Printing colours to light, as Pillow: what black leaves, less the colour's share of it. */
function fromCmyk(inks: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((inks.length / 4) * 3);
  for (let p = 0; p < inks.length / 4; p++) {
    const light = 255 - inks[4 * p + 3];
    for (let c = 0; c < 3; c++) {
      const t = inks[4 * p + c] * light + 128;
      rgb[3 * p + c] = Math.max(light - (((t >> 8) + t) >> 8), 0);
    }
  }
  return rgb;
}

async function loadSharp(kind: string): Promise<(input: Uint8Array, options: object) => any> {
  const name = "sharp"; // not a literal, so that neither compiler nor bundler asks for a package that may be missing
  try {
    return (await import(name)).default;
  } catch (cause) {
    const here = packageOfLearner(name); // this library may lie elsewhere than the learner's packages
    if (here) return here as (input: Uint8Array, options: object) => any;
    throw new FileError(
      `readImage: a ${kind} needs the package sharp, which is not installed: run \`npm install sharp\`, or save the picture as PNG`,
      { cause },
    );
  }
}
