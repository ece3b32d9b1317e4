// What stands behind in the sample picture: sky, mountains, meadow, a tree.

import { type Canvas, type Colour } from "./canvas.js";
import { disc, polygon, segment, union, type Field, type Point } from "./fields.js";
import { blend, shade, below } from "./light.js";
import { cloudy, hash, noise } from "./noise.js";

export function paintSky(canvas: Canvas): void {
  const sky = (y: number): Colour => blend([0.2, 0.44, 0.78], [0.98, 0.86, 0.7], (y / 125) ** 1.3);
  canvas.fill(null, (x, y) => {
    const glow = Math.exp(-Math.hypot(x - 204, y - 40) / 34);
    const cloud = (cloudy(x / 62 + 3, y / 22, 5, 1) - 0.52) * 4.5;
    const lit = blend(sky(y), [1, 0.97, 0.93], Math.min(cloud, 0.85));
    return blend(lit, [1, 0.93, 0.7], 0.8 * glow);
  });
  canvas.fill(disc(204, 40, 15), [1, 0.96, 0.8]);
}

export function paintMountains(canvas: Canvas): void {
  const ridge = (x: number): number =>
    104 -
    44 * Math.exp(-(((x - 128) / 46) ** 2)) -
    26 * Math.exp(-(((x - 222) / 34) ** 2)) -
    9 * cloudy(x / 16, 0, 4, 7);
  canvas.fill(below(ridge), (x, y) => {
    const rock = cloudy((x + y * 0.6) / 9, (y - x * 0.35) / 15, 4, 11);
    const stone: Colour = blend([0.36, 0.4, 0.52], [0.55, 0.56, 0.65], rock * 1.4 - 0.2);
    const snow = 78 + 16 * (rock - 0.5) - y;
    return blend(stone, [0.96, 0.97, 1], snow / 4);
  });
  const forest = (x: number): number =>
    117 -
    5 * noise(x / 40, 1, 3) -
    7 * Math.abs(((x * 0.21) % 1) - 0.5) -
    3 * hash(Math.floor(x * 0.21), 0, 5);
  canvas.fill(below(forest), (x, y) =>
    shade([0.15, 0.33, 0.27], 0.75 + 0.6 * cloudy(x / 4, y / 5, 3, 21)),
  );
}

export function paintMeadow(canvas: Canvas): void {
  const near = (x: number): number => 122 + 5 * Math.sin(x / 47) + 2 * noise(x / 9, 4, 8);
  canvas.fill(below(near), (x, y) => {
    const depth = (y - 110) / 146;
    const rows = Math.sin((x - 128) / (0.35 + 1.9 * depth) / 3.2 + 2 * noise(x / 30, y / 30, 2));
    const crop = blend([0.44, 0.62, 0.22], [0.68, 0.74, 0.3], 0.5 + 0.5 * rows);
    const blades = cloudy(x / (1.1 + depth), y / (3 + 8 * depth), 3, 31);
    const grass = blend([0.13, 0.36, 0.12], [0.47, 0.68, 0.24], blades * 1.5 - 0.25);
    return blend(crop, grass, (y - 148 - 8 * noise(x / 14, 0, 6)) / 10);
  });
  const path = (x: number, y: number): number => {
    const t = (y - 176) / 80;
    return Math.max(
      176 - y,
      Math.abs(x - (92 + 22 * t * t + 3 * noise(0, y / 9, 4))) - (6 + 13 * t),
    );
  };
  canvas.fill(
    path,
    (x, y) => {
      const stones = noise(x / 4.5, y / 3, 41) > 0.5 ? 0.1 : 0;
      return shade([0.8, 0.7, 0.54], 0.74 + stones + 0.25 * cloudy(x / 3, y / 2, 3, 43));
    },
    { soft: 3 },
  );
}

export function paintTree(canvas: Canvas): void {
  const trunk = polygon([
    [215, 176],
    [219, 120],
    [227, 120],
    [233, 176],
  ]);
  const branches = union(
    trunk,
    segment([222, 136], [206, 116], 4),
    segment([224, 130], [240, 112], 4),
  );
  canvas.fill(branches, (x, y) =>
    shade([0.42, 0.29, 0.19], 0.6 + 0.75 * cloudy(x / 1.7, y / 9, 3, 51) - (x - 224) / 60),
  );
  const crown = union(
    disc(222, 92, 24),
    disc(203, 106, 17),
    disc(241, 105, 18),
    disc(213, 78, 15),
    disc(233, 80, 14),
  );
  const leafy: Field = (x, y) => crown(x, y) + 9 * (noise(x / 3.4, y / 3.4, 61) - 0.5);
  canvas.fill(leafy, (x, y) => {
    const leaves = noise(x / 2.1, y / 2.1, 63) * 0.65 + noise(x / 5, y / 5, 64) * 0.35;
    const sun = (212 - x + 2 * (92 - y)) / 190 + 0.5;
    return blend([0.07, 0.26, 0.1], [0.56, 0.75, 0.25], 0.75 * leaves + 0.55 * sun - 0.2);
  });
  const apples: Point[] = [
    [206, 98],
    [218, 84],
    [232, 96],
    [241, 110],
    [214, 112],
    [228, 76],
  ];
  canvas.fill(union(...apples.map(([x, y]) => disc(x, y, 2.9))), [0.82, 0.15, 0.13]);
}
