// Small files that would fill the memory: refused within a second, and without taking more than some megabytes.

import { expect } from "chai";
import zlib from "node:zlib";
import * as torch from "../../../lib/index.js";

const { io } = torch;
const text = (words: string): Uint8Array => Uint8Array.from(words, (c) => c.charCodeAt(0));

/** A PNG of zeros, with sizes that lie. */
function png(width: number, height: number, rows: number): Uint8Array {
  const bytes = io.encodePng(torch.zeros([1, 1, 1], { dtype: "uint8" }));
  const chunk = (type: string, data: Uint8Array): Uint8Array => {
    const all = new Uint8Array(12 + data.length);
    const view = new DataView(all.buffer);
    view.setUint32(0, data.length);
    all.set(text(type), 4);
    all.set(data, 8);
    view.setUint32(8 + data.length, crc32(all.subarray(4, 8 + data.length)));
    return all;
  };
  const header = bytes.slice(16, 29);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  const data = zlib.deflateSync(new Uint8Array(rows * (width + 1)));
  const parts = [
    bytes.slice(0, 8),
    chunk("IHDR", header),
    chunk("IDAT", data),
    chunk("IEND", text("")),
  ];
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

const ZEROS = 140_000_000;
const packed = zlib.deflateRawSync(new Uint8Array(ZEROS));

/** A zip archive of one small stored file and of many zeros. */
function zip(files: Record<string, Uint8Array | null>): Uint8Array {
  const [parts, directory]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const [name, stored] of Object.entries(files)) {
    const body = stored ?? packed;
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(stored ? 0 : 8, 4);
    fields.writeUInt32LE(stored ? crc32(stored) : 0, 10);
    fields.writeUInt32LE(body.length, 14);
    fields.writeUInt32LE(stored ? body.length : ZEROS, 18);
    fields.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    parts.push(Buffer.from("PK\x03\x04"), fields, Buffer.from(name), Buffer.from(body));
    directory.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), fields, place, Buffer.from(name));
    at = Buffer.concat(parts).length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06");
  end.writeUInt16LE(Object.keys(files).length, 8);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...parts, list, end]));
}
const bombs: Record<string, () => [(file: Uint8Array) => unknown, Uint8Array]> = {
  "an .npz that unpacks to a thousand times its size": () => [io.readNpz, zip({ "a.npy": null })],
  "a .pt whose storage does": () => [
    torch.load,
    zip({
      "a/data.pkl": text(
        "\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\n" +
          "X\x01\x00\x00\x000X\x03\x00\x00\x00cpuJ\x00\x5a\x62\x02tQK\x00J\x00\x5a\x62\x02\x85K\x01\x85\x89}tR.",
      ),
      "a/data/0": null,
    }),
  ],
  "a .pt whose pickle does": () => [torch.load, zip({ "a/data.pkl": null })],
  "a pickle of lists only": () => [
    torch.load,
    Uint8Array.from({ length: 8_000_000 }, (_, i) => [0x80, 2][i] ?? 0x5d),
  ],
  "a gzipped IDX": () => [io.readIdx, zlib.gzipSync(new Uint8Array(ZEROS))],
  "a PNG of 20000 × 20000": () => [(bytes) => io.readImage(bytes), png(20_000, 20_000, 10)],
  "a PNG whose data unpack to far more": () => [
    (bytes) => io.readImage(bytes),
    png(100, 100, 1_000_000),
  ],
  "a safetensors header of 10 GB": () => [
    io.loadSafetensors,
    new Uint8Array(new BigUint64Array([10_000_000_000n, 0n]).buffer),
  ],
  "an .npy of a trillion numbers": () => [
    io.readNpy,
    text(
      "\x93NUMPY\x01\x00\x76\x00" +
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 1000000), }".padEnd(117) +
        "\n",
    ),
  ],
};

describe("files that would fill the memory", function () {
  this.timeout(60_000);
  for (const [name, make] of Object.entries(bombs)) {
    it(`${name}: refused within a second, and in little memory`, () => {
      const [read, bytes] = make();
      const before = process.memoryUsage().rss;
      const [started, cpu] = [performance.now(), process.cpuUsage()];
      expect(() => read(bytes)).to.throw(io.FileError);
      const { user, system } = process.cpuUsage(cpu); // the machine may be busy with others
      const ms = Math.min(performance.now() - started, (user + system) / 1000);
      expect(ms).to.be.lessThan(1000);
      expect((process.memoryUsage().rss - before) / 2 ** 20).to.be.lessThan(400);
    });
  }
});
