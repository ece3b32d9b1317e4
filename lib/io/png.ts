// Reading PNG: every bit depth, palette, transparency and interlacing. https://www.w3.org/TR/png-3/
// (The packages at hand read interlaced pictures of less than 8 bits wrongly and check neither Adler-32 nor sizes.)

import type { Refuse } from "./file-error.js";
import { crc32, inflate, mostFrom } from "./inflate.js";

export interface Png {
  width: number;
  height: number;
  /** 1, 2, 4, 8 or 16 bits a sample. */
  bitDepth: number;
  /** 0 grey, 2 colour, 3 palette, 4 grey and alpha, 6 colour and alpha. */
  colourType: number;
  /** Samples of a pixel: 1 (also for a palette's index) to 4. */
  channels: number;
  /** All samples, pixel after pixel, as the file has them (palette: indices). */
  samples: Uint8Array | Uint16Array;
  /** Red, green, blue of each index. */
  palette: Uint8Array | null;
  /** tRNS: alpha of each index, or the sample values of the one transparent colour. */
  transparent: Uint8Array | null;
  /** eXIf */
  exif: Uint8Array | null;
}

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
const MAX_SAMPLES = 2 ** 29;
const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
const depthsOf: Readonly<Record<number, number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

export const isPng = (bytes: Uint8Array): boolean =>
  SIGNATURE.every((byte, i) => bytes[i] === byte);

export function parsePng(bytes: Uint8Array, refuse: Refuse): Png {
  if (!isPng(bytes)) refuse("this is no PNG: the first 8 bytes are not its signature");
  const chunks = readChunks(bytes, refuse);
  const header = chunks.get("IHDR")![0];
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [bitDepth, colourType, compression, filter, interlace] = header.subarray(8);
  const channels = channelsOf[colourType];
  if (!depthsOf[colourType]?.includes(bitDepth))
    refuse(`bit depth ${bitDepth} with colour type ${colourType} does not exist`);
  if (width === 0 || height === 0 || width > 2 ** 31 || height > 2 ** 31)
    refuse(`a picture of ${width}×${height} pixels`);
  if (width * height * channels > MAX_SAMPLES)
    refuse(`${width}×${height} pixels are more than the ${MAX_SAMPLES} samples that are read`);
  if (compression !== 0 || filter !== 0 || interlace > 1)
    refuse(`unknown compression ${compression}, filter ${filter} or interlacing ${interlace}`);

  const palette = chunks.get("PLTE")?.[0] ?? null;
  const transparent = chunks.get("tRNS")?.[0] ?? null;
  if (colourType === 3 && !palette) refuse("a palette picture without a palette");
  if (palette && (palette.length % 3 || palette.length === 0 || palette.length > 768))
    refuse(`a palette of ${palette.length} bytes`);
  checkTransparent(transparent, colourType, palette, refuse);

  const passes = interlace
    ? adam7(width, height)
    : [{ x: 0, y: 0, dx: 1, dy: 1, columns: width, rows: height }];
  const bitsPerPixel = bitDepth * channels;
  const need = passes.reduce(
    (sum, { columns, rows }) => sum + rows * (1 + Math.ceil((columns * bitsPerPixel) / 8)),
    0,
  );
  const data = concat(chunks.get("IDAT") ?? refuse("there is no picture data (IDAT)"));
  if (need > mostFrom(data.length) || need > data.length * 1040 + 1024)
    refuse(`${width}×${height} pixels from ${data.length} bytes: no picture is packed that well`);
  const raw = inflate(data, "zlib", need + 65536, refuse);
  if (raw.length < need) refuse(`the picture data ends early: ${raw.length} bytes, ${need} needed`);

  const samples = new (bitDepth === 16 ? Uint16Array : Uint8Array)(width * height * channels);
  let at = 0;
  for (const { x, y, dx, dy, columns, rows } of passes) {
    const stride = Math.ceil((columns * bitsPerPixel) / 8);
    let before: Uint8Array = new Uint8Array(stride);
    for (let row = 0; row < rows; row++) {
      const line = raw.subarray(at + 1, at + 1 + stride);
      unfilter(raw[at], line, before, Math.max(1, bitsPerPixel >> 3), refuse);
      unpack(line, bitDepth, columns * channels, (i, value) => {
        const column = x + Math.floor(i / channels) * dx;
        samples[((y + row * dy) * width + column) * channels + (i % channels)] = value;
      });
      before = line;
      at += 1 + stride;
    }
  }
  if (palette && colourType === 3) {
    const colours = palette.length / 3;
    for (const index of samples)
      if (index >= colours) refuse(`a pixel has colour ${index} of a palette of ${colours}`);
  }
  return {
    width,
    height,
    bitDepth,
    colourType,
    channels,
    samples,
    palette,
    transparent,
    exif: chunks.get("eXIf")?.[0] ?? null,
  };
}

/** The chunks by type, each checked; what comes after the end of the picture is not looked at. */
function readChunks(bytes: Uint8Array, refuse: Refuse): Map<string, Uint8Array[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = new Map<string, Uint8Array[]>();
  let last = "";
  for (let at = 8; last !== "IEND";) {
    if (at + 12 > bytes.length)
      refuse(
        `it ends in the middle, after ${bytes.length} bytes, before the end of the picture (IEND)`,
      );
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (!/^[A-Za-z]{4}$/.test(type)) refuse(`a chunk named ${JSON.stringify(type)} at byte ${at}`);
    if (at + 12 + length > bytes.length) {
      refuse(
        `the chunk ${type} at byte ${at} says ${length} bytes, but ${bytes.length - at - 12} are left`,
      );
    }
    const critical = type[0] === type[0].toUpperCase();
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length)) {
      refuse(`the checksum (CRC) of the chunk ${type} at byte ${at} is wrong`);
    }
    if (chunks.size === 0 && (type !== "IHDR" || length !== 13))
      refuse("it does not begin with a header (IHDR)");
    const known = chunks.get(type);
    if (critical && !/^(IHDR|PLTE|IDAT|IEND)$/.test(type))
      refuse(`the critical chunk ${type} is unknown`);
    if (known && type === "IDAT" && last !== "IDAT")
      refuse("the picture data (IDAT) is interrupted by another chunk");
    if (known && (type === "IHDR" || type === "PLTE")) refuse(`there are two ${type} chunks`);
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (known) {
      if (type === "IDAT") known.push(data);
    } else if (length > 0 || critical) chunks.set(type, [data]);
    last = type;
    at += 12 + length;
  }
  return chunks;
}

function checkTransparent(
  tRNS: Uint8Array | null,
  colourType: number,
  palette: Uint8Array | null,
  refuse: Refuse,
): void {
  if (!tRNS) return;
  const allowed = { 0: 2, 2: 6, 3: (palette?.length ?? 0) / 3 }[colourType] ?? 0;
  if (colourType === 3 ? tRNS.length > allowed : tRNS.length !== allowed) {
    refuse(
      `transparency (tRNS) of ${tRNS.length} bytes, ${allowed} would be right for colour type ${colourType}`,
    );
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0];
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The seven smaller pictures of an interlaced one (PNG, 8.1); empty ones are left out. */
function adam7(width: number, height: number) {
  const starts = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ];
  return starts
    .map(([x, y, dx, dy]) => ({
      x,
      y,
      dx,
      dy,
      columns: Math.ceil((width - x) / dx),
      rows: Math.ceil((height - y) / dy),
    }))
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
}

/** Undoes a line's filter in place (PNG, 9). a: the byte to the left, b: above, c: above left. */
function unfilter(
  kind: number,
  line: Uint8Array,
  above: Uint8Array,
  step: number,
  refuse: Refuse,
): void {
  const n = line.length;
  switch (kind) {
    case 0:
      return;
    case 1:
      for (let i = step; i < n; i++) line[i] += line[i - step];
      return;
    case 2:
      for (let i = 0; i < n; i++) line[i] += above[i];
      return;
    case 3:
      for (let i = 0; i < n; i++) line[i] += ((i < step ? 0 : line[i - step]) + above[i]) >> 1;
      return;
    case 4:
      for (let i = 0; i < n; i++) {
        const a = i < step ? 0 : line[i - step];
        const b = above[i];
        const c = i < step ? 0 : above[i - step];
        const toA = Math.abs(b - c);
        const toB = Math.abs(a - c);
        const toC = Math.abs(a + b - 2 * c);
        line[i] += toA <= toB && toA <= toC ? a : toB <= toC ? b : c;
      }
      return;
    default:
      refuse(`filter ${kind} does not exist`);
  }
}

function unpack(
  line: Uint8Array,
  bitDepth: number,
  count: number,
  put: (i: number, value: number) => void,
): void {
  if (bitDepth === 8) {
    for (let i = 0; i < count; i++) put(i, line[i]);
  } else if (bitDepth === 16) {
    for (let i = 0; i < count; i++) put(i, (line[2 * i] << 8) | line[2 * i + 1]);
  } else {
    const perByte = 8 / bitDepth;
    const mask = (1 << bitDepth) - 1;
    for (let i = 0; i < count; i++) {
      const shift = 8 - bitDepth * (1 + (i % perByte));
      put(i, (line[Math.floor(i / perByte)] >> shift) & mask);
    }
  }
}
