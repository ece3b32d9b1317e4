// Channels to pixels, and back.

import { ShapeError } from "../errors.js";
import { showShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { called } from "./alias.js";
import { permute, reshape } from "./views.js";

/**
 * [N, C·r², H, W] → [N, C, H·r, W·r]: every r² channels become an r×r block of pixels.
 *
 * ```ts
 * F.pixelShuffle(torch.zeros(1, 8, 3, 3), 2).shape // → [1, 2, 6, 6]
 * ```
 */
export function pixelShuffle(x: Tensor, upscaleFactor: number): Tensor {
  const r = upscaleFactor;
  const [C, H, W] = x.shape.slice(-3);
  if (x.ndim < 3 || C % (r * r) !== 0) {
    throw new ShapeError(
      `pixelShuffle: the channels of x ${showShape(x.shape)} must be a multiple of ${r}² = ${r * r}`,
    );
  }
  const blocks = reshape(x, [-1, C / r / r, r, r, H, W]);
  const y = permute(blocks, 0, 1, 4, 2, 5, 3);
  const shape = [...x.shape.slice(0, -3), C / r / r, H * r, W * r];
  return called("PixelShuffleBackward0", reshape(y, shape));
}

/**
 * [N, C, H·r, W·r] → [N, C·r², H, W], the inverse of {@link pixelShuffle}.
 *
 * ```ts
 * F.pixelUnshuffle(torch.zeros(1, 2, 6, 6), 2).shape // → [1, 8, 3, 3]
 * ```
 */
export function pixelUnshuffle(x: Tensor, downscaleFactor: number): Tensor {
  const r = downscaleFactor;
  const [C, H, W] = x.shape.slice(-3);
  if (x.ndim < 3 || H % r !== 0 || W % r !== 0) {
    throw new ShapeError(
      `pixelUnshuffle: height and width of x ${showShape(x.shape)} must be multiples of ${r}`,
    );
  }
  const blocks = reshape(x, [-1, C, H / r, r, W / r, r]);
  const y = permute(blocks, 0, 1, 3, 5, 2, 4);
  const shape = [...x.shape.slice(0, -3), C * r * r, H / r, W / r];
  return called("PixelUnshuffleBackward0", reshape(y, shape));
}

/**
 * [N, C, …] with the channels of `groups` groups one after another: group 0's first, group 1's first, …
 *
 * ```ts
 * F.channelShuffle(torch.tensor([[[1], [2], [3], [4]]]), 2).tolist() // → [[[1], [3], [2], [4]]]
 * ```
 */
export function channelShuffle(x: Tensor, groups: number): Tensor {
  if (x.ndim < 3) {
    throw new ShapeError(
      `channelShuffle: x needs at least 3 axes [N, C, …] but has ${x.ndim}: ${showShape(x.shape)}`,
    );
  }
  const [N, C, ...rest] = x.shape;
  if (!Number.isInteger(groups) || groups < 1 || C % groups !== 0) {
    throw new ShapeError(
      `channelShuffle: groups ${groups} does not divide the ${C} channels of x ${showShape(x.shape)}`,
    );
  }
  const parts = reshape(x, [N, groups, C / groups, -1]);
  const y = reshape(permute(parts, 0, 2, 1, 3), [N, C, ...rest]);
  return called("ChannelShuffleBackward0", y);
}
