// A picture in the making: pixels that rectangles, lines and letters are drawn on.
// Lengths are in pixels of the file; `density` of them make one pixel of the page.

import { Pixels } from "./pixels.js";
import { encodePng } from "./png.js";
import { drawText, textWidth } from "./text.js";

export type Colour = readonly [red: number, green: number, blue: number, opacity?: number];

/** Grey that reads on white and on black: nothing is drawn behind our pictures. */
export const ink: Colour = [120, 124, 130];
/** For frames and grid lines. */
export const faint: Colour = [128, 132, 140, 90];

export class Raster {
  readonly pixels: Pixels;

  constructor(
    readonly width: number,
    readonly height: number,
    /** 1 or 2. */
    readonly density: 1 | 2 = 2,
  ) {
    this.pixels = new Pixels(width, height);
  }

  /** A filled rectangle; what is outside of the picture is left out. */
  fill(x: number, y: number, width: number, height: number, colour: Colour): void {
    const [left, right] = [Math.max(0, x), Math.min(this.width, x + width)];
    for (let row = Math.max(0, y); row < Math.min(this.height, y + height); row++) {
      for (let column = left; column < right; column++) this.blend(column, row, colour, 1);
    }
  }

  /** The outline of a rectangle, drawn inwards. */
  frame(
    x: number,
    y: number,
    width: number,
    height: number,
    colour: Colour,
    line: number = this.density,
  ) {
    this.fill(x, y, width, line, colour);
    this.fill(x, y + height - line, width, line, colour);
    this.fill(x, y + line, line, height - 2 * line, colour);
    this.fill(x + width - line, y + line, line, height - 2 * line, colour);
  }

  /** A straight line with smooth edges. */
  line(
    x1: number,
    y1: number,
    x2: number,
    y2: number,
    colour: Colour,
    thick: number = this.density,
  ): void {
    const half = thick / 2;
    const [dx, dy] = [x2 - x1, y2 - y1];
    const length2 = dx * dx + dy * dy || 1;
    const [top, bottom] = [Math.min(y1, y2) - half - 1, Math.max(y1, y2) + half + 1];
    const [left, right] = [Math.min(x1, x2) - half - 1, Math.max(x1, x2) + half + 1];
    for (let y = Math.max(0, Math.floor(top)); y <= Math.min(this.height - 1, bottom); y++) {
      for (let x = Math.max(0, Math.floor(left)); x <= Math.min(this.width - 1, right); x++) {
        const along = Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / length2));
        const distance = Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
        const cover = Math.min(1, half + 0.5 - distance);
        if (cover > 0) this.blend(x, y, colour, cover);
      }
    }
  }

  /** A filled circle with a smooth edge. */
  dot(x: number, y: number, radius: number, colour: Colour): void {
    this.line(x, y, x, y, colour, 2 * radius);
  }

  /** A line of text; `y` is its top. Letters that we have no drawing of (Korean, say) become "?". */
  text(
    text: string,
    x: number,
    y: number,
    { colour = ink, align = "left" }: { colour?: Colour; align?: "left" | "center" | "right" } = {},
  ): void {
    const width = textWidth(text, this.density);
    const left = align === "left" ? x : align === "right" ? x - width : x - width / 2;
    drawText(text, Math.round(left), Math.round(y), this.density, (px, py, cover) =>
      this.blend(px, py, colour, cover),
    );
  }

  /** Lays `cover` (0 to 1) of a colour over a pixel. */
  blend(x: number, y: number, colour: Colour, cover: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    const at = y * this.width + x;
    this.pixels.set(at, blended(this.pixels.get(at), colour, cover));
  }

  toPng(): Uint8Array {
    return encodePng(this.pixels);
  }
}

/** A colour over another. */
function blended(under: number, [red, green, blue, opacity = 255]: Colour, cover: number): number {
  // steps of a fifteenth keep the picture within a palette
  const over = (opacity / 255) * (Math.round(15 * cover) / 15);
  const left = ((under >>> 24) / 255) * (1 - over);
  const sum = over + left;
  if (sum === 0) return under;
  const mix = (top: number, below: number) => Math.round((top * over + (below & 255) * left) / sum);
  const colour = mix(red, under) | (mix(green, under >>> 8) << 8) | (mix(blue, under >>> 16) << 16);
  return colour | (Math.round(255 * sum) << 24);
}
