// Smooth random textures: value noise on a grid of hashed corners, and octaves of it. Depends on the place only.

/** A random number in [0, 1) for a grid corner, always the same. */
export function hash(i: number, j: number, seed = 0): number {
  let h =
    Math.imul(i | 0, 374761393) + Math.imul(j | 0, 668265263) + Math.imul(seed | 0, 974634541);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  h = Math.imul(h ^ (h >>> 16), 2246822519);
  return ((h ^ (h >>> 15)) >>> 0) / 2 ** 32;
}

/** Smooth between the corners; about one bump for each unit of x and y. In [0, 1). */
export function noise(x: number, y: number, seed = 0): number {
  const i = Math.floor(x);
  const j = Math.floor(y);
  const u = smooth(x - i);
  const v = smooth(y - j);
  const top = mix(hash(i, j, seed), hash(i + 1, j, seed), u);
  const bottom = mix(hash(i, j + 1, seed), hash(i + 1, j + 1, seed), u);
  return mix(top, bottom, v);
}

/** Octaves of noise, each twice as fine and half as strong, as clouds and bark have them. In [0, 1). */
export function cloudy(x: number, y: number, octaves = 4, seed = 0): number {
  let sum = 0;
  let weight = 0;
  for (let k = 0; k < octaves; k++) {
    const part = 2 ** -k;
    sum += part * noise(x * 2 ** k, y * 2 ** k, seed + k);
    weight += part;
  }
  return sum / weight;
}

export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

/** 0 at 0, 1 at 1, level at both ends. */
function smooth(t: number): number {
  return t * t * (3 - 2 * t);
}
