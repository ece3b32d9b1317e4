// A picture for trying filters on, drawn by this file: edges in all directions, fine and coarse textures, smooth
// surfaces, round things, bricks, tiles, stripes, writing, a cat.

import { Canvas, type Colour } from "./drawing/canvas.js";
import {
  both,
  box,
  disc,
  ellipse,
  placed,
  polygon,
  segment,
  star,
  stroke,
  union,
  without,
  type Field,
  type Point,
} from "./drawing/fields.js";
import { cloudy, hash, mix, noise } from "./drawing/noise.js";
import type { Tensor } from "../tensor.js";

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

function blend(a: Colour, b: Colour, t: number): Colour {
  const s = Math.min(Math.max(t, 0), 1);
  return [mix(a[0], b[0], s), mix(a[1], b[1], s), mix(a[2], b[2], s)];
}

function shade([red, green, blue]: Colour, light: number): Colour {
  return [red * light, green * light, blue * light];
}

/** Everything below a line. */
const below =
  (height: (x: number) => number): Field =>
  (x, y) =>
    0.8 * (height(x) - y);

function paintSky(canvas: Canvas): void {
  const sky = (y: number): Colour => blend([0.2, 0.44, 0.78], [0.98, 0.86, 0.7], (y / 125) ** 1.3);
  canvas.fill(null, (x, y) => {
    const glow = Math.exp(-Math.hypot(x - 204, y - 40) / 34);
    const cloud = (cloudy(x / 62 + 3, y / 22, 5, 1) - 0.52) * 4.5;
    const lit = blend(sky(y), [1, 0.97, 0.93], Math.min(cloud, 0.85));
    return blend(lit, [1, 0.93, 0.7], 0.8 * glow);
  });
  canvas.fill(disc(204, 40, 15), [1, 0.96, 0.8]);
}

function paintMountains(canvas: Canvas): void {
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

function paintMeadow(canvas: Canvas): void {
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

function paintTree(canvas: Canvas): void {
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

function paintHouse(canvas: Canvas): void {
  canvas.fill(ellipse(92, 180, 58, 6), [0.05, 0.14, 0.06], { opacity: 0.4, soft: 6 });
  const wall = box(88, 148, 84, 58);
  canvas.fill(wall, (x, y) => {
    const row = Math.floor(y / 5);
    const along = x / 11 + (row % 2) / 2;
    const mortar = y - row * 5 < 0.9 || (along - Math.floor(along)) * 11 < 0.9;
    const brick = shade([0.74, 0.37, 0.26], 0.82 + 0.34 * hash(Math.floor(along), row, 71));
    return shade(
      mortar ? [0.85, 0.8, 0.72] : brick,
      0.9 + 0.2 * noise(x / 2, y / 2, 72) - (x - 60) / 400,
    );
  });

  canvas.fill(box(118, 84, 11, 30), (x, y) =>
    shade(
      y % 4 < 0.8 || (x + Math.floor(y / 4) * 3) % 6 < 0.8 ? [0.8, 0.74, 0.68] : [0.6, 0.3, 0.24],
      0.9,
    ),
  );
  const smoke = union(disc(121, 62, 5), disc(127, 50, 7), disc(136, 38, 9));
  canvas.fill((x, y) => smoke(x, y) + 6 * (noise(x / 5, y / 5, 75) - 0.4), [0.95, 0.95, 0.97], {
    opacity: 0.7,
    soft: 7,
  });

  const roof = polygon([
    [34, 124],
    [142, 124],
    [124, 84],
    [52, 84],
  ]);
  canvas.fill(roof, (x, y) => {
    const row = Math.floor((y - 84) / 5);
    const along = (x + (row % 2) * 3.5) / 7;
    const u = (along - Math.floor(along)) * 2 - 1;
    const v = (y - 84) / 5 - row;
    const scallop = v > Math.sqrt(Math.max(0, 1 - u * u * 0.9)) ? 0.55 : 0.75 + 0.35 * v;
    return shade([0.33, 0.36, 0.46], scallop + 0.3 * hash(Math.floor(along), row, 77));
  });
  canvas.fill(box(88, 125, 110, 3.5), [0.95, 0.94, 0.9]);

  for (const cx of [64, 112]) paintWindow(canvas, cx, 146);
  canvas.fill(box(88, 160, 17, 36), [0.93, 0.91, 0.85]);
  canvas.fill(box(88, 161, 13, 33), (x, y) =>
    shade([0.11, 0.4, 0.42], x % 4 < 0.7 ? 0.6 : 0.9 + 0.2 * noise(x / 2, y / 9, 78)),
  );
  canvas.fill(disc(92.5, 162, 1.2), [0.96, 0.8, 0.3]);
}

function paintWindow(canvas: Canvas, cx: number, cy: number): void {
  canvas.fill(box(cx, cy, 24, 28), [0.95, 0.94, 0.9]);
  canvas.fill(box(cx, cy, 19, 23), (x, y) =>
    blend([0.2, 0.3, 0.42], [0.72, 0.86, 0.95], 0.5 + 0.5 * Math.sin((x - y) / 4)),
  );
  canvas.fill(union(box(cx, cy, 1.8, 23), box(cx, cy, 19, 1.8)), [0.95, 0.94, 0.9]);
  canvas.fill(box(cx, cy + 16, 27, 4), (x) =>
    x % 5 < 2.5 ? [0.85, 0.25, 0.35] : [0.3, 0.55, 0.25],
  );
}

function paintFence(canvas: Canvas): void {
  const slats: Field[] = [];
  for (let k = 0; k < 9; k++) {
    const x = 150 + 13 * k;
    slats.push(
      polygon([
        [x, 190],
        [x, 160],
        [x + 3.5, 155],
        [x + 7, 160],
        [x + 7, 190],
      ]),
    );
  }
  const fence = union(...slats, box(205, 166, 116, 3), box(205, 180, 116, 3));
  canvas.fill((x, y) => fence(x - 2, y - 2), [0.05, 0.15, 0.05], { opacity: 0.35, soft: 3 });
  canvas.fill(fence, (x, y) => shade([0.97, 0.96, 0.92], 0.86 + 0.16 * noise(x / 1.5, y / 12, 81)));
}

function paintSign(canvas: Canvas): void {
  canvas.fill(box(38, 222, 5, 46), (x) => shade([0.45, 0.31, 0.2], 1.1 - (x - 36) / 9));
  canvas.fill(box(39.5, 206.5, 58, 36, 3), [0.05, 0.1, 0.04], { opacity: 0.4, soft: 4 });
  canvas.fill(box(38, 204, 58, 36, 3), (x, y) =>
    shade([0.8, 0.62, 0.4], 0.82 + 0.26 * cloudy(x / 14, y / 1.6, 3, 85)),
  );
  const C = (x: number): Field =>
    stroke(
      [
        [x + 7, 193],
        [x + 2, 190],
        [x, 194],
        [x, 198],
        [x + 2, 202],
        [x + 7, 199],
      ],
      2.6,
    );
  const N = (x: number): Field =>
    stroke(
      [
        [x, 202],
        [x, 190.5],
        [x + 8, 202],
        [x + 8, 190.5],
      ],
      2.6,
    );
  const lines: Field[] = [];
  for (let row = 0; row < 3; row++) {
    for (let x = 15; x < 60;) {
      const length = 2 + Math.floor(6 * hash(Math.floor(x), row, 87));
      lines.push(segment([x, 208 + 4.5 * row], [Math.min(x + length, 61), 208 + 4.5 * row], 1.6));
      x += length + 3;
    }
  }
  canvas.fill(union(C(20), N(34), N(49), ...lines), [0.16, 0.1, 0.07]);
}

function paintBall(canvas: Canvas): void {
  const colours: Colour[] = [
    [0.9, 0.2, 0.2],
    [0.97, 0.95, 0.9],
    [0.15, 0.45, 0.8],
    [0.97, 0.95, 0.9],
    [0.98, 0.78, 0.15],
    [0.97, 0.95, 0.9],
  ];
  canvas.fill(ellipse(108, 241, 19, 5), [0.03, 0.1, 0.03], { opacity: 0.5, soft: 5 });
  canvas.fill(disc(106, 226, 16), (x, y) => {
    const u = (x - 106) / 16;
    const v = (y - 226) / 16;
    const angle = Math.atan2(v + 0.35, u + 0.25) / (2 * Math.PI) + 0.53;
    const light = 1.08 - 0.55 * Math.hypot(u + 0.45, v + 0.5) ** 1.6;
    return shade(colours[Math.floor(angle * 6 + 6) % 6], light);
  });
  canvas.fill(disc(100, 219, 2.6), [1, 1, 1], { soft: 3, opacity: 0.9 });
}

function paintCat(canvas: Canvas): void {
  const orange: Colour = [0.89, 0.55, 0.22];
  const dark: Colour = [0.5, 0.25, 0.09];
  const cream: Colour = [0.99, 0.93, 0.82];
  const fur = (x: number, y: number, stripe: number): Colour => {
    const hair = noise(x * 1.3, y / 2.2, 95) - 0.5;
    const edge = Math.max(0, Math.min(1, 2.2 * stripe - 0.7 + 1.2 * hair));
    return shade(blend(orange, dark, 0.85 * edge), 1.02 + 0.25 * hair);
  };

  canvas.fill(ellipse(186, 248, 44, 7), [0.03, 0.1, 0.03], { opacity: 0.5, soft: 6 });

  const tail = stroke(
    [
      [212, 240],
      [226, 236],
      [233, 224],
      [232, 211],
      [225, 203],
      [219, 206],
    ],
    8.5,
  );
  canvas.fill(tail, (x, y) => fur(x, y, 0.5 + 0.5 * Math.sin((x + y) * 0.95)));

  const body = union(ellipse(186, 224, 25, 27), ellipse(197, 235, 23, 16));
  canvas.fill(body, (x, y) => {
    const bend = y + 0.02 * (x - 180) ** 2;
    return shade(fur(x, y, 0.5 + 0.5 * Math.sin(bend * 0.78)), 1.08 - Math.max(0, x - 180) / 110);
  });
  canvas.fill(ellipse(176, 222, 10, 19), (x, y) => shade(cream, 0.9 + 0.2 * noise(x, y / 3, 96)), {
    soft: 5,
  });
  const legs = union(segment([170, 228], [168, 245], 10), segment([184, 228], [184, 245], 10));
  canvas.fill(legs, (x, y) => (y > 240 ? cream : fur(x, y, 0.5 + 0.5 * Math.sin(y * 0.9))));
  canvas.fill(
    union(ellipse(167, 247, 7, 4), ellipse(184, 247, 7, 4), ellipse(207, 247, 10, 4.5)),
    cream,
  );
  canvas.fill(union(segment([176.3, 232], [176.3, 247], 0.9)), shade(dark, 0.8), { opacity: 0.6 });

  const head = union(ellipse(176, 188, 22, 18.5));
  const ears = union(
    polygon([
      [156, 183],
      [157, 161],
      [173, 174],
    ]),
    polygon([
      [196, 183],
      [195, 161],
      [179, 174],
    ]),
  );
  canvas.fill(union(ears, head), (x, y) => {
    const crown = Math.sin((x - 176) * 0.85) * (y < 181 ? 1 : 0);
    const cheek = Math.abs(x - 176) > 13 ? Math.sin((y + Math.abs(x - 176) * 0.4) * 1.05) : 0;
    return shade(
      fur(x, y, 0.5 + 0.5 * Math.max(crown, cheek) - 0.15),
      1.06 - Math.hypot(x - 170, y - 182) / 170,
    );
  });
  canvas.fill(
    union(
      polygon([
        [159.5, 177],
        [159.7, 166.5],
        [168, 173.5],
      ]),
      polygon([
        [192.5, 177],
        [192.3, 166.5],
        [184, 173.5],
      ]),
    ),
    [0.96, 0.68, 0.62],
  );
  canvas.fill(
    union(ellipse(170.5, 197, 8, 6.5), ellipse(181.5, 197, 8, 6.5), ellipse(176, 202, 6, 4)),
    cream,
    { soft: 3 },
  );

  for (const cx of [167, 185]) {
    const eye = both(disc(cx, 190.5, 6.6), disc(cx, 184.5, 6.6));
    canvas.fill((x, y) => eye(x, y) - 0.9, [0.2, 0.1, 0.05]);
    canvas.fill(eye, (x, y) =>
      blend([0.78, 0.88, 0.35], [0.3, 0.6, 0.25], Math.hypot(x - cx, y - 187.5) / 5),
    );
    canvas.fill(ellipse(cx, 187.5, 1.5, 3.6), [0.04, 0.05, 0.04]);
    canvas.fill(disc(cx - 1.5, 186, 0.9), [1, 1, 1]);
  }
  canvas.fill(
    polygon([
      [172.8, 193.5],
      [179.2, 193.5],
      [176, 197],
    ]),
    [0.9, 0.45, 0.45],
  );
  canvas.fill(
    stroke(
      [
        [170.5, 200.5],
        [173.5, 201.6],
        [176, 199.3],
        [178.5, 201.6],
        [181.5, 200.5],
      ],
      0.9,
    ),
    shade(dark, 0.7),
  );
  const whiskers: Field[] = [];
  for (const side of [-1, 1]) {
    for (let k = -1; k <= 1; k++) {
      whiskers.push(
        segment([176 + side * 10, 198 + k * 1.6], [176 + side * 32, 197.5 + k * 5.5], 0.55),
      );
    }
  }
  canvas.fill(union(...whiskers), [1, 1, 1], { opacity: 0.9 });

  const collar = without(
    both(disc(176, 190, 22.5), (_, y) => 202.5 - y),
    disc(176, 184.5, 21.5),
  );
  canvas.fill(collar, [0.15, 0.35, 0.75]);
  canvas.fill(placed(star(0, 0, 3.6, 1.7, 5), 176, 211, 1, 0), [0.98, 0.82, 0.25]);
}
