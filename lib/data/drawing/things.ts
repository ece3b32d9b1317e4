// What stands in front in the sample picture: a house, a fence, a sign, a ball, a cat.

import { type Canvas, type Colour } from "./canvas.js";
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
} from "./fields.js";
import { blend, shade } from "./light.js";
import { cloudy, hash, noise } from "./noise.js";

export function paintHouse(canvas: Canvas): void {
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

export function paintFence(canvas: Canvas): void {
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

export function paintSign(canvas: Canvas): void {
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

export function paintBall(canvas: Canvas): void {
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

export function paintCat(canvas: Canvas): void {
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
