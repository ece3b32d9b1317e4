// Painting fields with colours, one over the other. The result is a tensor [3, height, width].

import { Storage } from "../../compute/storage.js";
import { Tensor } from "../../tensor.js";
import type { Field } from "./fields.js";

/** Red, green and blue, 0 to 1. */
export type Colour = readonly [red: number, green: number, blue: number];
export type Paint = Colour | ((x: number, y: number) => Colour);

export interface FillOptions {
  /** 0 leaves what is below, 1 covers it. Default 1. */
  opacity?: number;
  /** How wide the edge fades, in pixels. Default 1. */
  soft?: number;
}

const TILE = 8;

export class Canvas {
  private readonly planes: Float32Array;

  /** `scale` pixels stand for one unit of the fields that are filled. */
  constructor(
    readonly width: number,
    readonly height: number,
    private readonly scale = 1,
  ) {
    this.planes = new Float32Array(3 * width * height);
  }

  /** Covers the inside of a field (everything, if it is null) with a colour or a texture. */
  fill(field: Field | null, paint: Paint, { opacity = 1, soft = 1 }: FillOptions = {}): void {
    const { width, height, planes, scale } = this;
    const size = width * height;
    const shade = typeof paint === "function" ? paint : () => paint;
    for (const { top, left, bottom, right } of this.tiles(field, soft)) {
      for (let i = top; i < bottom; i++) {
        for (let j = left; j < right; j++) {
          const x = (j + 0.5) / scale;
          const y = (i + 0.5) / scale;
          const inside = field ? 0.5 - (field(x, y) * scale) / soft : 1;
          if (inside <= 0) continue;

          const alpha = Math.min(inside, 1) * opacity;
          const colour = shade(x, y);
          for (let p = i * width + j, c = 0; c < 3; c++, p += size) {
            planes[p] += alpha * (colour[c] - planes[p]);
          }
        }
      }
    }
  }

  /** The squares of TILE pixels that a field may touch: a distance from the middle tells for all of them. */
  private *tiles(field: Field | null, soft: number) {
    const { width, height, scale } = this;
    const reach = 2 * TILE + soft; // half a diagonal, and as much again where a field is not quite a distance
    for (let top = 0; top < height; top += TILE) {
      for (let left = 0; left < width; left += TILE) {
        const x = (left + TILE / 2) / scale;
        const y = (top + TILE / 2) / scale;
        if (field && field(x, y) * scale > reach) continue;
        yield {
          top,
          left,
          bottom: Math.min(top + TILE, height),
          right: Math.min(left + TILE, width),
        };
      }
    }
  }

  /** The colours as uint8 [3, height, width]. `after` may change a value (0 to 1) at a pixel first: grain, light. */
  picture(
    after: (value: number, x: number, y: number, channel: number) => number = (v) => v,
  ): Tensor {
    const { width, height, planes } = this;
    const size = width * height;
    const storage = new Storage("uint8", 3 * size);
    const values = storage.array;
    for (let p = 0; p < planes.length; p++) {
      const value = after(
        planes[p],
        p % width,
        Math.floor((p % size) / width),
        Math.floor(p / size),
      );
      values[p] = Math.round(255 * Math.min(Math.max(value, 0), 1));
    }
    return new Tensor(storage, [3, height, width]);
  }
}
