// Mixing and shading colours, and what lies below a line.

import { type Colour } from "./canvas.js";
import { type Field } from "./fields.js";
import { mix } from "./noise.js";

export function blend(a: Colour, b: Colour, t: number): Colour {
  const s = Math.min(Math.max(t, 0), 1);
  return [mix(a[0], b[0], s), mix(a[1], b[1], s), mix(a[2], b[2], s)];
}

export function shade([red, green, blue]: Colour, light: number): Colour {
  return [red * light, green * light, blue * light];
}

/** Everything below a line. */
export const below =
  (height: (x: number) => number): Field =>
  (x, y) =>
    0.8 * (height(x) - y);
