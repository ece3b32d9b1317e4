// The built-in data set: small colour pictures of ten shapes, drawn when they are asked for; no file, no download.
// Place, size, angle, both colours, a texture behind and noise over it vary, so that single pixels tell little:
// after ten epochs a linear model reads 44 % right, the chapter's network 89 % (PyTorch, 2000 pictures).

import { Storage } from "../compute/storage.js";
import { empty, Tensor } from "../tensor.js";
import { Canvas, type Colour } from "./drawing/canvas.js";
import {
  both,
  box,
  disc,
  ellipse,
  outlined,
  placed,
  polygon,
  star,
  union,
  without,
  type Field,
} from "./drawing/fields.js";
import { hash, noise } from "./drawing/noise.js";
import { Pictures, type PictureOptions } from "./pictures.js";

const SIDE = 32;

/** Each drawn around the origin with a radius of about 1. */
const shapes: Readonly<Record<string, Field>> = {
  disc: disc(0, 0, 0.85),
  ring: outlined(disc(0, 0, 0.68), 0.4),
  square: box(0, 0, 1.5, 1.5),
  triangle: polygon([
    [0, -1],
    [0.95, 0.75],
    [-0.95, 0.75],
  ]),
  star: star(0, 0, 1.1, 0.45, 5),
  cross: union(box(0, 0, 0.55, 1.9), box(0, 0, 1.9, 0.55)),
  moon: without(disc(-0.1, 0, 0.95), disc(0.42, 0, 0.8)),
  bars: union(box(0, -0.68, 1.7, 0.36), box(0, 0, 1.7, 0.36), box(0, 0.68, 1.7, 0.36)),
  heart: union(
    both(disc(-0.42, -0.3, 0.55), (_, y) => y - 0.1),
    both(disc(0.42, -0.3, 0.55), (_, y) => y - 0.1),
    polygon([
      [-0.93, -0.12],
      [0.93, -0.12],
      [0, 1],
    ]),
  ),
  frame: without(box(0, 0, 1.6, 1.6), box(0, 0, 0.85, 0.85)),
};

export interface ShapesOptions extends PictureOptions {
  /** The training pictures or, with false, others of the same kind. Default true. */
  train?: boolean;
  /** How many pictures. Default 2000. The first of a larger set are those of a smaller one. */
  size?: number;
  /** Another number gives other pictures. Default 0. */
  seed?: number;
}

/**
 * 32×32 colour pictures of ten shapes, as many of each: an item is [float32 [3, 32, 32] from 0 to 1, label].
 * Drawn by the library itself, the same on every machine for the same options.
 *
 * ```ts
 * const data = new torch.utils.data.Shapes({ train: true, size: 100 })
 * data.data.shape // → [100, 3, 32, 32]
 * data.classes[data.get(7)[1]] // → "bars"
 * ```
 */
export class Shapes extends Pictures {
  constructor({ train = true, size = 2000, seed = 0, ...options }: ShapesOptions = {}) {
    if (!Number.isInteger(size) || size < 1 || size > 1_000_000) {
      throw new RangeError(`Shapes: size is ${size}, it must be a whole number from 1 to 1000000`);
    }
    const classes = Object.keys(shapes);
    const storage = new Storage("uint8", size * 3 * SIDE * SIDE);
    const targets = empty([size], "int64");
    for (let i = 0; i < size; i++) {
      const label = i % classes.length;
      const random = draws(i, 2 * seed + (train ? 0 : 1));
      storage.array.set(draw(shapes[classes[label]], random), i * 3 * SIDE * SIDE);
      targets.storage.array[i] = label;
    }
    super(new Tensor(storage, [size, 3, SIDE, SIDE]), targets, classes, options);
  }
}

/** Random numbers in [low, high), of this picture only. */
type Draw = (low: number, high: number) => number;

function draws(picture: number, seed: number): Draw {
  let k = 0;
  return (low, high) => low + (high - low) * hash(picture, k++, 1000 + seed);
}

function draw(shape: Field, random: Draw): Uint8Array {
  const canvas = new Canvas(SIDE, SIDE);
  const back = shaded(colour(random), 0.7);
  const front = distinctFrom(back, random);
  const grain = random(0.02, 0.1);
  const texture = Math.floor(random(0, 1e6));

  const wave = random(2, 9);
  const depth = random(0, 0.35);
  canvas.fill(null, (x, y) => {
    const light = 1 + depth * (noise(x / wave, y / wave, texture) - 0.5) * 2;
    return shaded(back, light);
  });
  const speck = ellipse(random(0, SIDE), random(0, SIDE), random(1, 4), random(1, 4));
  canvas.fill(speck, shaded(colour(random), 0.8), { opacity: 0.4 });

  const radius = random(8, 12.5);
  const margin = radius + 1;
  const [cx, cy] = [random(margin, SIDE - margin), random(margin, SIDE - margin)];
  canvas.fill(placed(shape, cx, cy, radius, random(-0.3, 0.3)), front);

  const grainy = (value: number, x: number, y: number, c: number): number =>
    value + grain * (hash(x + SIDE * c, y, texture) + hash(x, y + SIDE * c, texture + 1) - 1);
  return canvas.picture(grainy).storage.array as Uint8Array;
}

const shaded = ([r, g, b]: Colour, light: number): Colour => [r * light, g * light, b * light];

const colour = (random: Draw): Colour => [
  random(0.05, 0.95),
  random(0.05, 0.95),
  random(0.05, 0.95),
];

/** A colour that stands out from the other: brighter, so that one kind of edge means one thing. */
function distinctFrom(other: Colour, random: Draw): Colour {
  for (;;) {
    const mine = colour(random);
    if (brightness(mine) - brightness(other) > 0.22) return mine;
  }
}

/** ITU-R BT.601 */
const brightness = ([red, green, blue]: Colour): number =>
  0.299 * red + 0.587 * green + 0.114 * blue;
