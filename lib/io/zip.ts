// Zip archives, for .npz and .pt: the directory read with every number doubted, stored or deflated entries, zip64.
// (Not with a package: these take the whole file into memory and believe its sizes.) PKWARE APPNOTE 6.3

import type { Refuse } from "./file-error.js";
import { crc32, inflate, mostFrom } from "./inflate.js";
import type { Source } from "./source.js";

export interface ZipEntry {
  name: string;
  size: number;
  /** Where the (compressed) bytes begin in the file. */
  start: number;
  packed: number;
  deflated: boolean;
  crc: number;
}

const MAX_ENTRIES = 100_000;
const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** All entries by name. No two may have one name or overlap. */
export function readDirectory(source: Source, refuse: Refuse): Map<string, ZipEntry> {
  const { start, size, count, end } = findDirectory(source, refuse);
  if (count > MAX_ENTRIES)
    refuse(`the zip directory names ${count} entries; ${MAX_ENTRIES} are the most`);
  if (start + size > end)
    refuse(
      `the zip directory (${size} bytes from ${start}) does not fit into the ${source.size} bytes of the file`,
    );

  const bytes = source.read(start, size);
  const view = viewOf(bytes);
  const entries = new Map<string, ZipEntry>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > size || view.getUint32(at, true) !== CENTRAL)
      refuse(`the zip directory breaks off at entry ${i} of ${count}`);
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > size) refuse(`the zip directory breaks off at entry ${i} of ${count}`);
    const name = new TextDecoder().decode(bytes.slice(at + 46, at + 46 + nameLength));
    if (view.getUint16(at + 8, true) & 1) refuse(`the entry ${name} is encrypted`);
    const method = view.getUint16(at + 10, true);
    if (method !== 0 && method !== 8)
      refuse(`the entry ${name} is compressed in a way (${method}) that is not known`);

    const fields = [
      view.getUint32(at + 24, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 42, true),
    ];
    widen(fields, view, at + 46 + nameLength, extraLength);
    const [entrySize, packed, local] = fields;
    if (method === 0 && packed !== entrySize)
      refuse(`the entry ${name} is stored, but has two sizes: ${packed} and ${entrySize}`);
    if (entrySize > packed * 1040 + 1024)
      refuse(
        `the entry ${name} says that ${packed} bytes decompress to ${entrySize}: no compression does that`,
      );
    if (method === 8 && entrySize > mostFrom(packed))
      refuse(
        `the entry ${name} says that ${packed} bytes decompress to ${entrySize}: more than 100 times as much is not unpacked`,
      );
    if (entries.has(name)) refuse(`two entries are named ${name}`);
    entries.set(name, {
      name,
      size: entrySize,
      packed,
      deflated: method === 8,
      crc: view.getUint32(at + 16, true),
      start: bodyOf(source, local, name, start, packed, refuse),
    });
    at = next;
  }
  checkOverlap([...entries.values()], refuse);
  return entries;
}

/** The zip64 extra field holds the sizes that do not fit into 32 bits, in order. */
function widen(fields: number[], view: DataView, from: number, length: number): void {
  for (let at = from; at + 4 <= from + length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue;
    const end = Math.min(at + 4 + view.getUint16(at + 2, true), from + length);
    let place = at + 4;
    for (let k = 0; k < 3; k++) {
      if (fields[k] !== 0xffffffff || place + 8 > end) continue;
      fields[k] = Number(view.getBigUint64(place, true));
      place += 8;
    }
  }
}

function findDirectory(source: Source, refuse: Refuse) {
  const reach = Math.min(source.size, 65557);
  const offset = source.size - reach;
  const tail = source.read(offset, reach);
  const view = viewOf(tail);
  for (let at = reach - 22; at >= 0; at--) {
    if (view.getUint32(at, true) !== END) continue;
    const found = {
      count: view.getUint16(at + 10, true),
      size: view.getUint32(at + 12, true),
      start: view.getUint32(at + 16, true),
      end: offset + at,
    };
    const locator = at - 20;
    if (locator >= 0 && view.getUint32(locator, true) === LOCATOR64) {
      const at64 = Number(view.getBigUint64(locator + 8, true));
      if (at64 + 56 > source.size) refuse("the zip64 directory lies outside of the file");
      const wide = viewOf(source.read(at64, 56));
      if (wide.getUint32(0, true) !== END64)
        refuse("the zip64 directory is not where it should be");
      found.count = Number(wide.getBigUint64(32, true));
      found.size = Number(wide.getBigUint64(40, true));
      found.start = Number(wide.getBigUint64(48, true));
    }
    return found;
  }
  return refuse("it is cut off: the directory at the end of a zip archive is missing");
}

function bodyOf(
  source: Source,
  local: number,
  name: string,
  directory: number,
  packed: number,
  refuse: Refuse,
): number {
  if (local + 30 > directory)
    refuse(`the entry ${name} begins at byte ${local}, outside of the file's data`);
  const header = viewOf(source.read(local, 30));
  if (header.getUint32(0, true) !== LOCAL)
    refuse(`there is no entry at byte ${local}, where ${name} should be`);
  const start = local + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  if (start + packed > directory)
    refuse(
      `the entry ${name} says ${packed} bytes, but ${Math.max(0, directory - start)} are there`,
    );
  return start;
}

function checkOverlap(entries: ZipEntry[], refuse: Refuse): void {
  entries.sort((a, b) => a.start - b.start);
  for (let i = 1; i < entries.length; i++) {
    const [a, b] = [entries[i - 1], entries[i]];
    if (a.start + a.packed > b.start) refuse(`the entries ${a.name} and ${b.name} overlap`);
  }
}

/** The bytes of an entry, decompressed and checked. */
export function readEntry(
  source: Source,
  entry: ZipEntry,
  refuse: Refuse,
  limit = 2 ** 31,
): Uint8Array {
  if (entry.size > limit)
    refuse(`the entry ${entry.name} has ${entry.size} bytes; ${limit} are the most here`);
  const packed = source.read(entry.start, entry.packed);
  const bytes = entry.deflated ? inflate(packed, "raw", entry.size, refuse) : packed;
  if (bytes.length !== entry.size)
    refuse(`the entry ${entry.name} has ${bytes.length} bytes instead of ${entry.size}`);
  checkCrc(crc32(bytes), entry, refuse);
  return bytes;
}

export function checkCrc(crc: number, entry: ZipEntry, refuse: Refuse): void {
  if (crc !== entry.crc)
    refuse(`the entry ${entry.name} is damaged: its checksum (CRC-32) is wrong`);
}

/** The pieces of an archive with stored entries, their bytes at multiples of `align`. */
export function* zipPieces(
  files: Iterable<[name: string, bytes: Uint8Array]>,
  align: number,
): Generator<Uint8Array> {
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const [name, bytes] of files) {
    if (at + bytes.length > 0xfffffff0 || directory.length > 0xfff0) {
      throw new RangeError("save: an archive of more than 4 GiB or 65520 entries is not written");
    }
    const encoded = new TextEncoder().encode(name);
    const crc = crc32(bytes);
    const bare = at + 30 + encoded.length;
    const gap = (align - (bare % align)) % align;
    const padding = gap === 0 || gap >= 4 ? gap : gap + align; // an extra field has 4 bytes of its own
    const local = new Uint8Array(30 + encoded.length + padding);
    describe(viewOf(local), LOCAL, 4, bytes.length, crc, encoded.length, padding);
    local.set(encoded, 30);
    if (padding) {
      local.set([0x46, 0x42], 30 + encoded.length); // "FB", as PyTorch marks its padding
      viewOf(local).setUint16(32 + encoded.length, padding - 4, true);
    }
    yield local;
    yield bytes;

    const central = new Uint8Array(46 + encoded.length);
    const view = viewOf(central);
    describe(view, CENTRAL, 6, bytes.length, crc, encoded.length, 0);
    view.setUint16(4, 20, true);
    view.setUint32(42, at, true);
    central.set(encoded, 46);
    directory.push(central);
    at += local.length + bytes.length;
  }

  const size = directory.reduce((sum, part) => sum + part.length, 0);
  yield* directory;
  const end = viewOf(new Uint8Array(22));
  end.setUint32(0, END, true);
  end.setUint16(8, directory.length, true);
  end.setUint16(10, directory.length, true);
  end.setUint32(12, size, true);
  end.setUint32(16, at, true);
  yield new Uint8Array(end.buffer);
}

/** The fields that local and central headers share, from `at` on. */
function describe(
  view: DataView,
  signature: number,
  at: number,
  size: number,
  crc: number,
  nameLength: number,
  extra: number,
): void {
  view.setUint32(0, signature, true);
  view.setUint16(at, 20, true); // version 2.0
  view.setUint16(at + 2, 0x0800, true); // names in UTF-8
  view.setUint16(at + 8, 0x21, true); // 1 January 1980: the same bytes for the same content
  view.setUint32(at + 10, crc, true);
  view.setUint32(at + 14, size, true);
  view.setUint32(at + 18, size, true);
  view.setUint16(at + 22, nameLength, true);
  view.setUint16(at + 24, extra, true);
}

/** Pieces as one array of bytes. */
export function joined(pieces: Iterable<Uint8Array>): Uint8Array {
  const parts = [...pieces];
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
