import { expect } from "chai";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as torch from "../../../lib/index.js";

const { io } = torch;
const file = (name: string): string => `test/fixtures/files/${name}`;
const values = (x: torch.Tensor): number[] => Array.from(x.contiguous().data);

describe("load(file) of what torch.save wrote", () => {
  for (const name of ["checkpoint.pt", "old.pt", "protocol5.pt"]) {
    it(`reads ${name} with every dtype, shared storages and strides`, () => {
      const { model, ...rest } = torch.load(file(name));
      expect(Object.keys(model)).to.deep.equal(
        "w turned row half brain long char short bool byte double scalar none".split(" "),
      );
      expect(model.turned.strides).to.deep.equal([1, 4]);
      expect(model.turned.storage).to.equal(model.w.storage);
      expect(values(model.row)).to.deep.equal([1, 1.25, 1.5, 1.75]);
      expect([model.half.dtype, values(model.half)]).to.deep.equal(["float32", [1.5, -2, 65504]]);
      expect(values(model.brain)).to.deep.equal([1, -3.140625]);
      expect([model.long.dtype, values(model.long)]).to.deep.equal(["int64", [-5, 2 ** 40]]);
      expect([values(model.char), values(model.short)]).to.deep.equal([[-3], [-300]]);
      expect([model.bool.dtype, values(model.bool), values(model.byte)]).to.deep.equal([
        "bool",
        [1, 0],
        [200],
      ]);
      expect(values(model.double)).to.deep.equal([0.1]);
      expect([model.scalar.shape, model.none.shape]).to.deep.equal([[], [0, 3]]);
      expect(rest.negative).to.equal(-3000000000);
      expect(rest.large).to.equal(2n ** 70n);
      expect(rest.list).to.deep.equal([1, 2.5, null, true, "한글"]);
      expect(rest.tuple).to.deep.equal([1, [2]]);
      expect(rest.set).to.deep.equal(new Set([1, 2]));
      expect([...rest.bytes]).to.deep.equal([0, 255]);
      expect(rest.p).to.be.instanceOf(torch.nn.Parameter);
    });
  }

  it("keeps __proto__ a key like any other", () => {
    const checkpoint = torch.load(file("checkpoint.pt"));
    expect(Object.keys(checkpoint)).to.include("__proto__");
    expect(checkpoint["__proto__"].polluted).to.equal(1);
    expect(({} as Record<string, unknown>).polluted).to.equal(undefined);
  });

  for (const name of ["values.pt", "values-old.pt"]) {
    it(`reads NumPy's arrays, dtypes, counters and bare storages in ${name}`, () => {
      const got = torch.load(file(name));
      expect(got.arrays.a.tolist()).to.deep.equal([
        [0, 1, 2],
        [3, 4, 5],
      ]);
      expect(got.arrays.f.dtype).to.equal("float64");
      expect([got.scalar, got.dtype, got.device]).to.deep.equal([0.5, "float16", "cuda:1"]);
      expect({ ...got.counter }).to.deep.equal({ a: 2, b: 1 });
      expect(got.huge).to.equal(2n ** 2500n);
      expect([...got.storage]).to.deep.equal([0, 0, 0, 0, 0, 0, 128, 63]);
      expect(got.unsigned.tolist()).to.deep.equal([0, 65535]);
      expect([...got.keys]).to.deep.equal([
        [1, "a"],
        ["1", "b"],
      ]);
    });
  }

  it("says what to do about tensors that are not kept here, and other files", () => {
    expect(() => torch.load(file("sparse.pt"))).to.throw(io.FileError, "x.to_dense()");
    const text = (words: string): Uint8Array => new TextEncoder().encode(words);
    expect(() => torch.load(text("<!DOCTYPE html>"))).to.throw(io.FileError, "it is HTML");
    expect(() => torch.load(io.encodeSafetensors({ a: torch.ones(1) }))).to.throw(
      "loadSafetensors",
    );
    expect(() => torch.load(io.encodeNpz({ a: torch.ones(1) }))).to.throw("readNpz");
    expect(() => torch.load(new Uint8Array(0))).to.throw(io.FileError, "the file is empty");
  });

  it("refuses lists within lists without end", () => {
    const deep = Uint8Array.from("\x80\x02" + "]".repeat(9000) + "a".repeat(8999) + ".", (c) =>
      c.charCodeAt(0),
    );
    expect(() => torch.load(deep)).to.throw(io.FileError, "nests more than");
  });

  it("runs nothing, and says what a file asked for", () => {
    for (const name of ["evil.pt", "evil-old.pt"]) {
      expect(() => torch.load(file(name))).to.throw(
        io.FileError,
        `load: ${file(name)}: the pickle asks for posix.system`,
      );
    }
    expect(fs.existsSync("PWNED")).to.equal(false);
    expect(() => torch.load(file("model.pt"))).to.throw(io.FileError, "whole model");
    expect(() => torch.load("nowhere.pt")).to.throw(io.FileError, "load: nowhere.pt: no such file");
    expect(() => torch.load(new TextEncoder().encode("hello"))).to.throw(
      io.FileError,
      "neither a zip archive nor a pickle",
    );
  });
});

describe("save(value, path)", () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "kernelbook-"));
  after(() => fs.rmSync(folder, { recursive: true }));

  it("and load give the same back", () => {
    const w = torch.arange(6, { dtype: "float32" }).reshape([2, 3]);
    const value = {
      w,
      row: w.select(0, 1),
      n: -(2 ** 40),
      half: 0.5,
      big: -(2n ** 70n),
      text: "é한",
      list: [null, true],
      bytes: Uint8Array.of(1, 255),
      map: new Map<unknown, unknown>([[true, 1]]),
    };
    torch.save(value, path.join(folder, "x.pt"));
    const again = torch.load(path.join(folder, "x.pt"));
    expect(again.row.storage).to.equal(again.w.storage);
    expect(again.row.tolist()).to.deep.equal([3, 4, 5]);
    for (const key of ["n", "half", "big", "text", "list", "map"] as const)
      expect(again[key]).to.deep.equal(value[key]);
    expect([...again.bytes]).to.deep.equal([1, 255]);
  });

  it("leaves the old file and nothing else if it fails in the middle", () => {
    const place = path.join(folder, "kept.pt");
    torch.save({ a: 1 }, place);
    expect(() => torch.save({ a: torch.zeros(3), f: () => 0 }, place)).to.throw(
      TypeError,
      'the value["f"] is a function',
    );
    expect(torch.load(place).a).to.equal(1);
    expect(fs.readdirSync(folder).filter((name) => name.endsWith(".part"))).to.deep.equal([]);
    expect(() => torch.save({ a: 1 }, path.join(folder, "no", "x.pt"))).to.throw(
      io.FileError,
      "no such file",
    );
  });

  it("keeps parameters, typed arrays and keys of several parts", () => {
    const bytes = io.encodePt({
      p: new torch.nn.Parameter(torch.ones(2)),
      scores: Float32Array.of(1, 2.5),
      map: new Map([[[1, 2], "a"]]),
    });
    const again = torch.load(bytes);
    expect(again.p).to.be.instanceOf(torch.nn.Parameter);
    expect(again.scores.tolist()).to.deep.equal([1, 2.5]);
    expect([...again.map]).to.deep.equal([[[1, 2], "a"]]);
    expect(() => io.encodePt(new Map([[{}, 1]]))).to.throw(TypeError, "Python's keys are");
  });

  it("refuses what contains itself", () => {
    const loop: unknown[] = [];
    loop.push(loop);
    expect(() => io.encodePt(loop)).to.throw(TypeError, "contains itself");
  });
});

describe("NumPy's and safetensors' files", () => {
  it("npy in both orders, both byte orders, and half floats", () => {
    expect(io.readNpy(file("fortran.npy")).tolist()).to.deep.equal([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(io.readNpy(file("big-endian.npy")).tolist()).to.deep.equal([0, 1, 2, 3, 4]);
    expect(io.readNpy(file("half.npy")).tolist()).to.deep.equal([1.5, Infinity]);
    expect(() => io.readNpy(file("objects.npy"))).to.throw(io.FileError, "Python objects");
  });

  it("keeps large unsigned numbers", () => {
    const header = "{'descr': '<u2', 'fortran_order': False, 'shape': (1,), }".padEnd(117) + "\n";
    const bytes = Uint8Array.from(`\x93NUMPY\x01\x00\x76\x00${header}\xff\xff`, (c) =>
      c.charCodeAt(0),
    );
    expect([io.readNpy(bytes).dtype, io.readNpy(bytes).tolist()]).to.deep.equal(["int32", [65535]]);
  });

  it("npz, compressed and our own", () => {
    const arrays = io.readNpz(file("compressed.npz"));
    expect([arrays.a.shape, arrays.a.dtype, arrays.b.shape]).to.deep.equal([
      [1000],
      "int64",
      [3, 3],
    ]);
    expect(
      io.readNpz(io.encodeNpz({ x: torch.eye(2), __proto__null: torch.zeros(1) })).x.tolist(),
    ).to.deep.equal([
      [1, 0],
      [0, 1],
    ]);
  });

  it("safetensors both ways", () => {
    const state = io.loadSafetensors(file("state.safetensors"));
    expect(values(state.half)).to.deep.equal([1.5, -2, 65504]);
    expect(values(state.long)).to.deep.equal([-5, 2 ** 40]);
    expect(io.safetensorsMetadata(file("state.safetensors")).format).to.equal("pt");
    const again = io.loadSafetensors(io.encodeSafetensors(state));
    for (const name of Object.keys(state))
      expect(values(again[name])).to.deep.equal(values(state[name]));
  });

  const safetensors = (header: string, data = 0): Uint8Array => {
    const bytes = new Uint8Array(8 + header.length + data);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(new TextEncoder().encode(header), 8);
    return bytes;
  };
  const lies: [string, Uint8Array, string][] = [
    [
      "a header of 10 GB",
      new Uint8Array(new BigUint64Array([10_000_000_000n, 0n]).buffer),
      "the most that the format allows",
    ],
    [
      "two equal names",
      safetensors(
        '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}',
        1,
      ),
      "same name",
    ],
    [
      "an overlap",
      safetensors(
        '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}',
        2,
      ),
      "without holes and overlaps",
    ],
    [
      "a size that lies",
      safetensors('{"a":{"dtype":"F32","shape":[1000000],"data_offsets":[0,4]}}', 4),
      "needs 4000000 bytes, there are 4",
    ],
    ["no JSON", safetensors("{nonsense", 4), "no JSON"],
  ];
  for (const [what, bytes, message] of lies) {
    it(`refuses ${what}`, () => {
      expect(() => io.loadSafetensors(bytes)).to.throw(io.FileError, message);
    });
  }
});

describe("zip archives that lie", () => {
  const archive = (): Buffer => Buffer.from(io.encodeNpz({ a: torch.ones(3), b: torch.zeros(3) }));
  const refusal = (change: (file: Buffer) => Buffer | void, words: string): void => {
    const file = archive();
    expect(() => io.readNpz(new Uint8Array(change(file) ?? file))).to.throw(io.FileError, words);
  };
  const second = (file: Buffer): number => file.lastIndexOf("PK\x01\x02");

  it("about names, places, sizes, sums and ends", () => {
    refusal((file) => void (file[file.indexOf("NUMPY") + 130] ^= 1), "checksum");
    refusal((file) => void file.write("a", second(file) + 46), "two entries are named a.npy");
    refusal((file) => void file.writeUInt32LE(0, second(file) + 42), "overlap");
    refusal((file) => void file.writeUInt32LE(1e9, second(file) + 42), "outside of the file");
    refusal((file) => void file.writeUInt32LE(1e9, second(file) + 24), "two sizes");
    refusal((file) => void file.writeUInt16LE(99, second(file) + 10), "not known");
    refusal((file) => void file.writeUInt16LE(1, second(file) + 8), "encrypted");
    refusal((file) => void file.writeUInt16LE(9, file.length - 12), "breaks off at entry 2 of 9");
    refusal((file) => file.subarray(0, file.length - 5), "cut off");
    refusal((file) => file.subarray(0, 3), "cut off");
  });
});

describe("pictures", () => {
  it("PNG both ways, grey to colours with alpha", () => {
    for (const C of [1, 2, 3, 4]) {
      const picture = torch.randint(256, [C, 5, 7], { dtype: "uint8" });
      expect(io.readImage(io.encodePng(picture)).tolist()).to.deep.equal(picture.tolist());
    }
  });

  it("says what to do with other kinds and other dtypes", async () => {
    expect(() => io.readImage(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))).to.throw(
      io.FileError,
      "JPEG",
    );
    expect(() => io.encodePng(torch.zeros(3, 2, 2))).to.throw(torch.DTypeError, "uint8");
    expect(() => io.readImage(Uint8Array.of(1, 2, 3))).to.throw(io.FileError, "no picture");
  });
});

describe("IDX and CIFAR", () => {
  it("reads and refuses", () => {
    expect(
      io.readIdx(Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 7, 8)).tolist(),
    ).to.deep.equal([[7, 8]]);
    expect(() => io.readIdx(Uint8Array.of(0, 0, 8, 1, 255, 255, 255, 255, 1))).to.throw(
      io.FileError,
      "4294967295 bytes, but 1 follow",
    );
    const cifar = new Uint8Array(2 * 3073);
    cifar[0] = 9;
    expect(io.readCifar(cifar).targets.tolist()).to.deep.equal([9, 0]);
    cifar[3073] = 10;
    expect(() => io.readCifar(cifar)).to.throw(io.FileError, "record 1 has the label 10");
    expect(() => io.readCifar(cifar.subarray(1))).to.throw(io.FileError, "6145 bytes");
  });
});
