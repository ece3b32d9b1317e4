// Writing what torch.load opens: a pickle of protocol 2 and the storages, stored in a zip archive.

import { isFloating, type DType } from "../compute/dtypes.js";
import type { Storage } from "../compute/storage.js";
import { tensor } from "../creation.js";
import { Parameter } from "../nn/parameter.js";
import { Tensor } from "../tensor.js";
import { toBytes } from "./elements.js";
import { writeTo } from "./source.js";
import { joined, zipPieces } from "./zip.js";

const storageNames: Readonly<Record<DType, string>> = {
  float32: "FloatStorage",
  float64: "DoubleStorage",
  int64: "LongStorage",
  int32: "IntStorage",
  int16: "ShortStorage",
  int8: "CharStorage",
  uint8: "ByteStorage",
  bool: "BoolStorage",
};

/**
 * Writes tensors, numbers, text, booleans, null, bytes, arrays, sets, Maps and plain objects, nested as you like, so
 * that PyTorch's `torch.load(path)` opens it. Tensors that share memory still do so afterwards. The file appears as a
 * whole or not at all.
 *
 * Objects become dicts; if all values are tensors an OrderedDict (a state dict). Keys that look like whole numbers
 * become numbers where the values are not tensors, as an optimizer's state has them.
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.save.html
 */
export function save(value: unknown, path: string | URL): void {
  const name =
    String(path)
      .split(/[\\/]/)
      .at(-1)!
      .replace(/\.[^.]*$/, "") || "archive";
  writeTo("save", path, pieces(value, name));
}

/** The bytes of the file that {@link save} writes. */
export function encodePt(value: unknown): Uint8Array {
  return joined(pieces(value, "archive"));
}

function pieces(value: unknown, folder: string): Generator<Uint8Array> {
  const pickle = new Pickle();
  const data = pickle.dump(value);
  const text = (words: string): Uint8Array => new TextEncoder().encode(words);
  function* files(): Generator<[string, Uint8Array]> {
    yield [`${folder}/data.pkl`, data];
    yield [`${folder}/byteorder`, text("little")];
    for (const [storage, key] of pickle.storages) {
      yield [`${folder}/data/${key}`, toBytes(new Tensor(storage, [storage.length]))];
    }
    yield [`${folder}/version`, text("3\n")];
  }
  return zipPieces(files(), 64);
}

/** Pickle protocol 2, the instructions that data needs. The letters are those of Python's pickletools. */
class Pickle {
  /** The storages met, with the names that they get. */
  readonly storages = new Map<Storage, string>();
  private bytes = new Uint8Array(1024);
  private length = 0;
  private readonly open = new Set<unknown>();

  dump(value: unknown): Uint8Array {
    this.raw(0x80, 2);
    this.put(value, "the value");
    this.op(".");
    return this.bytes.subarray(0, this.length);
  }

  private put(value: unknown, where: string): void {
    if (value === null || value === undefined) this.op("N");
    else if (typeof value === "boolean") this.raw(value ? 0x88 : 0x89);
    else if (typeof value === "number") this.number(value);
    else if (typeof value === "bigint") this.long(value);
    else if (typeof value === "string") this.text(value);
    else if (value instanceof Parameter) this.parameter(value);
    else if (value instanceof Tensor) this.tensor(value);
    else if (
      ArrayBuffer.isView(value) &&
      !(value instanceof Uint8Array || value instanceof DataView)
    )
      this.tensor(tensor(value as Float32Array));
    else this.container(value, where);
  }

  private container(value: unknown, where: string): void {
    if (this.open.has(value))
      throw new TypeError(`save: ${where} contains itself, which a file cannot hold`);
    this.open.add(value);
    if (Array.isArray(value)) {
      this.op("](");
      value.forEach((item, i) => this.put(item, `${where}[${i}]`));
      this.op("e");
    } else if (value instanceof Map) this.dict([...value], where);
    else if (value instanceof Set) {
      this.global("__builtin__", "set");
      this.op("](");
      for (const item of value) this.key(item, `an item of ${where}`);
      this.op("e");
      this.raw(0x85);
      this.op("R");
    } else if (value instanceof Uint8Array) {
      this.global("_codecs", "encode");
      this.text(Array.from(value, (byte) => String.fromCharCode(byte)).join(""));
      this.text("latin1");
      this.raw(0x86);
      this.op("R");
    } else if (isPlainObject(value)) {
      const entries = Object.entries(value);
      const stateDict = entries.length > 0 && entries.every(([, item]) => item instanceof Tensor);
      this.dict(
        stateDict
          ? entries
          : entries.map(([key, item]) => [
              /^(0|[1-9]\d{0,14})$/.test(key) ? Number(key) : key,
              item,
            ]),
        where,
        stateDict,
      );
    } else {
      const kind =
        typeof value === "object"
          ? ((value as object).constructor?.name ?? "object")
          : typeof value;
      throw new TypeError(
        `save: ${where} is a ${kind}; tensors, numbers, text, arrays, Maps, Sets and plain objects can be saved${kind === "function" ? " (of a module its .stateDict())" : ""}`,
      );
    }
    this.open.delete(value);
  }

  private dict(
    entries: readonly (readonly [unknown, unknown])[],
    where: string,
    ordered = entries.length > 0 && entries.every(([, item]) => item instanceof Tensor),
  ): void {
    if (ordered) this.orderedDict();
    else this.op("}");
    this.op("(");
    for (const [key, item] of entries) {
      this.key(key, `a key of ${where}`);
      this.put(item, `${where}[${JSON.stringify(String(key))}]`);
    }
    this.op("u");
  }

  /** A key of a dict or an item of a set: arrays become tuples, since Python asks for what cannot change. */
  private key(value: unknown, where: string): void {
    if (Array.isArray(value)) {
      this.op("(");
      for (const item of value) this.key(item, where);
      this.op("t");
    } else if (typeof value === "object" && value !== null) {
      throw new TypeError(
        `save: ${where} is a ${value.constructor?.name ?? "dict"}; Python's keys are numbers, text, booleans, null and arrays of these`,
      );
    } else this.put(value, where);
  }

  private orderedDict(): void {
    this.global("collections", "OrderedDict");
    this.op(")R");
  }

  /** torch._utils._rebuild_parameter(tensor, requires_grad, hooks) */
  private parameter(x: Parameter): void {
    this.global("torch._utils", "_rebuild_parameter");
    this.op("(");
    this.tensor(x);
    this.raw(x.requiresGrad ? 0x88 : 0x89);
    this.orderedDict();
    this.op("tR");
  }

  /** torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks) */
  private tensor(x: Tensor): void {
    const { storage } = x;
    let key = this.storages.get(storage);
    if (key === undefined) this.storages.set(storage, (key = String(this.storages.size)));
    this.global("torch._utils", "_rebuild_tensor_v2");
    this.op("((");
    this.text("storage");
    this.global("torch", storageNames[x.dtype]);
    this.text(key);
    this.text("cpu");
    this.number(storage.length);
    this.op("tQ");
    this.number(x.offset);
    for (const numbers of [x.shape, x.strides]) {
      this.op("(");
      for (const n of numbers) this.number(n);
      this.op("t");
    }
    this.raw(
      x.requiresGrad && isFloating(x.dtype) && x.isLeaf && x.constructor === Tensor ? 0x88 : 0x89,
    );
    this.orderedDict();
    this.op("tR");
  }

  private number(n: number): void {
    if (!Number.isInteger(n) || Object.is(n, -0) || !Number.isSafeInteger(n)) {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, n);
      this.op("G");
      this.append(new Uint8Array(view.buffer));
    } else if (n >= -(2 ** 31) && n < 2 ** 31) {
      this.op("J");
      this.append(new Uint8Array(Int32Array.of(n).buffer));
    } else this.long(BigInt(n));
  }

  private long(n: bigint): void {
    const bytes: number[] = [];
    let rest = n;
    do {
      bytes.push(Number(BigInt.asUintN(8, rest)));
      rest >>= 8n;
    } while (rest !== (bytes.at(-1)! & 0x80 ? -1n : 0n));
    if (bytes.length > 255) throw new RangeError("save: a whole number of more than 255 bytes");
    this.raw(0x8a, bytes.length, ...bytes);
  }

  private text(words: string): void {
    const bytes = new TextEncoder().encode(words);
    this.op("X");
    this.append(new Uint8Array(Uint32Array.of(bytes.length).buffer));
    this.append(bytes);
  }

  private global(module: string, name: string): void {
    this.op(`c${module}\n${name}\n`);
  }

  private op(letters: string): void {
    for (let i = 0; i < letters.length; i++) this.raw(letters.charCodeAt(i));
  }

  private raw(...bytes: number[]): void {
    this.append(bytes);
  }

  private append(bytes: ArrayLike<number>): void {
    if (this.length + bytes.length > this.bytes.length) {
      const larger = new Uint8Array(2 * (this.length + bytes.length));
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
    }
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return (
    prototype === Object.prototype ||
    prototype === null ||
    Object.getPrototypeOf(prototype) === null
  );
}
