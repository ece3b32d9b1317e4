// What a notebook shows of a value: the same thing in several MIME types, of which a front end picks the richest it knows.

import { createHash } from "node:crypto";
import type { Pixels } from "./plot/pixels.js";
import type { Raster } from "./plot/raster.js";

/** A value with this method shows itself (the convention of Deno's kernel and of anywidget). */
export const displaySymbol: unique symbol = Symbol.for("Jupyter.display") as never;

/** One thing in several forms, by MIME type; a front end shows the richest that it knows. */
export interface MimeBundle {
  readonly data: Record<string, unknown>;
  readonly metadata?: Record<string, unknown>;
}

export interface Displayable {
  [displaySymbol](): unknown;
}

export function isDisplayable(value: unknown): value is Displayable {
  return (
    value !== null &&
    (typeof value === "object" || typeof value === "function") &&
    typeof (value as Displayable)[displaySymbol] === "function"
  );
}

/** Something to look at: the last value of a cell, or an argument of `show`. */
export class Figure implements Displayable {
  constructor(readonly bundle: MimeBundle) {}

  [displaySymbol](): MimeBundle {
    return this.bundle;
  }

  /** The text for readers who cannot see it: what it is, its numbers, a hash of its pixels. */
  get text(): string {
    return String(this.bundle.data["text/plain"] ?? "");
  }

  /** The picture as the bytes of a PNG file, if there is one. */
  get png(): Uint8Array | undefined {
    if (this.bundle instanceof PictureBundle) return this.bundle.png;
    const base64 = this.bundle.data["image/png"];
    return typeof base64 === "string" ? Buffer.from(base64, "base64") : undefined;
  }

  /** @internal The pixels themselves, if it was drawn here. */
  get pixels(): Pixels | undefined {
    return this.bundle instanceof PictureBundle ? this.bundle.pixels : undefined;
  }

  toString(): string {
    return this.text;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.text;
  }
}

/** A picture with its text. The text gets the hash of the pixels, so that a test can compare pictures; `alt` is its first line. */
export function pictureBundle(
  raster: Raster,
  text: string,
  more: Record<string, unknown> = {},
): MimeBundle {
  return new PictureBundle(raster, text, more);
}

/** Its parts are made when they are asked for: a moved slider shows no text, and sends the picture's bytes as they are. */
class PictureBundle implements MimeBundle {
  readonly data: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
  readonly #raster: Raster;
  #png: Uint8Array | undefined;

  constructor(raster: Raster, text: string, more: Record<string, unknown>) {
    const picture = this;
    let [base64, said]: (string | undefined)[] = [];
    this.#raster = raster;
    this.data = {
      ...more,
      get "image/png"() {
        return (base64 ??= Buffer.from(picture.png).toString("base64"));
      },
      get "text/plain"() {
        return (said ??= `${text}\npixels ${raster.width}×${raster.height}, sha256 ${pixelHash(raster)}`);
      },
    };
    const width = Math.round(raster.width / raster.density);
    const height = Math.round(raster.height / raster.density);
    this.metadata = { "image/png": { width, height, alt: text.split("\n")[0] } };
  }

  get pixels(): Pixels {
    return this.#raster.pixels;
  }

  get png(): Uint8Array {
    return (this.#png ??= this.#raster.toPng());
  }
}

/** The first 16 digits of the SHA-256 of the pixels. */
export function pixelHash(raster: Raster): string {
  return createHash("sha256")
    .update(`${raster.width}×${raster.height}`)
    .update(new Uint8Array(raster.pixels.words().buffer))
    .digest("hex")
    .slice(0, 16);
}
