// Shapes as distances: a field gives, for a point, how far outside of a shape it lies (negative: inside), in pixels.
// So a drawing needs no polygon filling, and its edges are smooth by themselves.
// After Inigo Quilez, "2D distance functions", https://iquilezles.org/articles/distfunctions2d/

export type Field = (x: number, y: number) => number;
export type Point = readonly [x: number, y: number];

export const disc =
  (cx: number, cy: number, radius: number): Field =>
  (x, y) =>
    Math.hypot(x - cx, y - cy) - radius;

/** Close to the true distance near the edge, which is all that a smooth edge needs. */
export function ellipse(cx: number, cy: number, rx: number, ry: number): Field {
  return (x, y) => {
    const u = (x - cx) / rx;
    const v = (y - cy) / ry;
    const k = Math.hypot(u, v);
    const slope = Math.hypot(u / rx, v / ry);
    return slope === 0 ? -Math.min(rx, ry) : (k * (k - 1)) / slope;
  };
}

/** A rectangle around (cx, cy), its corners rounded by `round`. */
export function box(cx: number, cy: number, width: number, height: number, round = 0): Field {
  return (x, y) => {
    const u = Math.abs(x - cx) - width / 2 + round;
    const v = Math.abs(y - cy) - height / 2 + round;
    const outside = Math.hypot(Math.max(u, 0), Math.max(v, 0));
    return outside + Math.min(Math.max(u, v), 0) - round;
  };
}

/** A thick line with round ends. */
export function segment([ax, ay]: Point, [bx, by]: Point, width: number): Field {
  const dx = bx - ax;
  const dy = by - ay;
  const squared = dx * dx + dy * dy;
  return (x, y) => {
    const along = squared === 0 ? 0 : ((x - ax) * dx + (y - ay) * dy) / squared;
    const t = Math.min(Math.max(along, 0), 1);
    return Math.hypot(x - ax - t * dx, y - ay - t * dy) - width / 2;
  };
}

/** A line through several points, `width` thick. */
export function stroke(points: readonly Point[], width: number): Field {
  return union(...points.slice(1).map((point, i) => segment(points[i], point, width)));
}

/** The inside of a closed polygon, convex or not. */
export function polygon(points: readonly Point[]): Field {
  const edges = points.map((a, i) => ({ a, b: points[(i + 1) % points.length] }));
  const outline = edges.map(({ a, b }) => segment(a, b, 0));
  return (x, y) => {
    let inside = false;
    for (const { a, b } of edges) {
      if (a[1] > y !== b[1] > y && x < a[0] + ((y - a[1]) / (b[1] - a[1])) * (b[0] - a[0])) {
        inside = !inside;
      }
    }
    let distance = Infinity;
    for (const edge of outline) distance = Math.min(distance, edge(x, y));
    return inside ? -distance : distance;
  };
}

/** A star or, with `inner` near 1, a regular polygon of twice as many corners; the first corner points up. */
export function star(cx: number, cy: number, outer: number, inner: number, corners: number): Field {
  const points = Array.from({ length: 2 * corners }, (_, i): Point => {
    const radius = i % 2 === 0 ? outer : inner;
    const angle = (i * Math.PI) / corners;
    return [cx + radius * Math.sin(angle), cy - radius * Math.cos(angle)];
  });
  return polygon(points);
}

export const union =
  (...fields: readonly Field[]): Field =>
  (x, y) => {
    let least = Infinity;
    for (const field of fields) least = Math.min(least, field(x, y));
    return least;
  };

export const both =
  (a: Field, b: Field): Field =>
  (x, y) =>
    Math.max(a(x, y), b(x, y));

export const without =
  (a: Field, b: Field): Field =>
  (x, y) =>
    Math.max(a(x, y), -b(x, y));

/** Only the outline, `width` thick. */
export const outlined =
  (field: Field, width: number): Field =>
  (x, y) =>
    Math.abs(field(x, y)) - width / 2;

/** A field drawn around the origin, put to (cx, cy), larger by `scale`, turned clockwise by `angle` radians. */
export function placed(field: Field, cx: number, cy: number, scale: number, angle: number): Field {
  const cos = Math.cos(angle) / scale;
  const sin = Math.sin(angle) / scale;
  return (x, y) => {
    const u = x - cx;
    const v = y - cy;
    return scale * field(cos * u + sin * v, cos * v - sin * u);
  };
}
