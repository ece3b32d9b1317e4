// Images copied into zero-padded planes, where convolution needs no edge cases.

import { run } from "../team.js";
import type { Workspace } from "../workspace.js";

/** How a plane is padded. What is not said is 0 or, for `phases`, 1. */
export interface Padding {
  /** Rows and columns of zeros before the image; a negative number crops. */
  readonly top: number;
  readonly left: number;
  /** Rows of the padded plane. */
  readonly rows: number;
  /** Floats that a row needs, in each phase. */
  readonly columns: number;
  /** The horizontal stride: columns are sorted by their rest modulo it. */
  readonly phases?: number;
}

/** Where padded images lie. Steps in bytes. */
export interface PaddedImages {
  readonly pointer: number;
  readonly imageStep: number;
  readonly planeStep: number;
  readonly rowStep: number;
  /** Floats from one phase of a row to the next. */
  readonly pitch: number;
  readonly phases: number;
}

const NANOSECONDS_PER_FLOAT = 0.2;

/** How many images of a batch are padded at once: so many that the copies stay in the third-level cache. */
export function imagesAtOnce(images: number, channels: number, padding: Padding): number {
  const bytes = 4 * channels * planeFloats(padding);
  return Math.max(1, Math.min(images, Math.floor((8 << 20) / bytes)));
}

/** Copies dense [images, channels, H, W] at `x` into padded planes. */
export function padImages(
  workspace: Workspace,
  x: number,
  images: number,
  channels: number,
  H: number,
  W: number,
  padding: Padding,
): PaddedImages {
  const { top, left, rows, phases = 1 } = padding;
  const { pitch, rowFloats } = rowLayout(padding);
  const plane = planeFloats(padding);
  const planes = images * channels;
  // a tile may read a little beyond the last row
  const pointer = workspace.floats(planes * plane + 64);
  const work = { units: planes, cost: rows * rowFloats * NANOSECONDS_PER_FLOAT };
  run("padPlanes", work, x, H * W, W, H, W, top, left, rows, pitch, phases, pointer, plane);

  const [rowStep, planeStep] = [4 * rowFloats, 4 * plane];
  return { pointer, imageStep: channels * planeStep, planeStep, rowStep, pitch, phases };
}

/** From one plane to the next: an odd number of cache lines, or the same pixel of all channels falls on few of them. */
function planeFloats(padding: Padding): number {
  return 16 * (Math.ceil((padding.rows * rowLayout(padding).rowFloats) / 16) | 1);
}

/** Floats from one phase of a padded row to the next, and in the whole row. */
export function rowLayout({ columns, phases = 1 }: Padding): { pitch: number; rowFloats: number } {
  let pitch = Math.ceil(columns / 4) * 4;
  // rows a multiple of 256 bytes apart fall on the same cache lines: 1.4 times slower
  if ((pitch * phases) % 64 === 0) pitch += 4;
  return { pitch, rowFloats: pitch * phases };
}
