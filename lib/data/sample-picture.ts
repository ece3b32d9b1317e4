// A picture for trying filters on, drawn by this file: edges in all directions, fine and coarse textures, smooth
// surfaces, round things, bricks, tiles, stripes, writing, a cat.

import type { Tensor } from "../tensor.js";
import { Canvas } from "./drawing/canvas.js";
import { paintMeadow, paintMountains, paintSky, paintTree } from "./drawing/landscape.js";
import { hash } from "./drawing/noise.js";
import { paintBall, paintCat, paintFence, paintHouse, paintSign } from "./drawing/things.js";

/**
 * A colour picture that this library draws itself, always the same: uint8 [3, size, size].
 * A house, a tree, mountains, a fence, a ball, a sign and a cat. (uint8 as from a file: 0 to 255.)
 *
 * ```ts
 * torch.utils.data.samplePicture().shape // → [3, 256, 256]
 * ```
 */
export function samplePicture({ size = 256 }: { size?: number } = {}): Tensor {
  if (!Number.isInteger(size) || size < 1 || size > 4096) {
    throw new RangeError(
      `samplePicture: size is ${size}, it must be a whole number from 1 to 4096`,
    );
  }
  const canvas = new Canvas(size, size, size / 256);
  paintSky(canvas);
  paintMountains(canvas);
  paintMeadow(canvas);
  paintTree(canvas);
  paintHouse(canvas);
  paintFence(canvas);
  paintSign(canvas);
  paintBall(canvas);
  paintCat(canvas);
  const grain = 0.022;
  return canvas.picture((value, x, y, c) => value + grain * (hash(x, y, 90 + c) - 0.5));
}
