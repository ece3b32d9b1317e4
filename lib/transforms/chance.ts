// What happens to a picture with some probability, and else not.

import type { Tensor } from "../tensor.js";
import { RandomSource } from "./draw.js";
import { PictureTransform } from "./transform.js";

/** A change that happens with probability p. */
export abstract class ByChance extends PictureTransform {
  constructor(readonly p = 0.5) {
    super();
  }

  /** The picture when it happens. */
  protected abstract changed(picture: Tensor): Tensor;

  forward(picture: Tensor): Tensor {
    return RandomSource.happens(this.p) ? this.changed(picture) : picture;
  }

  override says(): string {
    return `p=${this.p}`;
  }
}
