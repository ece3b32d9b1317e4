// The storages that a pickle of torch.save names: first only named, later filled with their numbers.

import { Storage } from "../compute/storage.js";
import { numelOf } from "../shape.js";
import { Tensor } from "../tensor.js";
import { checkedCount, elements, putNumbers, readNumbers, type ElementKind } from "./elements.js";
import type { Refuse } from "./file-error.js";
import { Made, type Known } from "./pickle-read.js";
import type { Source } from "./source.js";

/** A storage of the file; the tensors over it share memory, as they did. */
export class Blob {
  private readonly storages = new Map<ElementKind, Storage>();
  private raw: Uint8Array | undefined;

  constructor(
    /** "untyped": bytes, and each tensor over them says what they are. */
    readonly kind: ElementKind | "untyped",
    /** How many numbers or, if untyped, bytes. */
    readonly count: number,
  ) {}

  /** How many bytes of the file these are. */
  get size(): number {
    return this.count * (this.kind === "untyped" ? 1 : elements[this.kind].bytes);
  }

  /** The storage as numbers of a kind; they are filled in later. */
  as(kind: ElementKind): Storage {
    let storage = this.storages.get(kind);
    if (!storage) {
      const { dtype, bytes } = elements[kind];
      storage = new Storage(dtype, Math.floor(this.size / bytes));
      this.storages.set(kind, storage);
    }
    return storage;
  }

  /** A storage that stands in the data by itself: its bytes or, if its kind is known, a tensor. */
  value(): unknown {
    if (this.kind === "untyped") return (this.raw ??= new Uint8Array(this.count));
    return new Tensor(this.as(this.kind), [this.count]);
  }

  /** Is one reading of the file's `size` bytes enough? */
  isReadOnce(size: number): boolean {
    if (this.raw || this.storages.size !== 1) return false;
    const [[kind, { length }]] = this.storages;
    return length * elements[kind].bytes === size;
  }

  /** Takes the numbers from a file. */
  read(
    source: Source,
    from: number,
    little: boolean,
    refuse: Refuse,
    check?: (bytes: Uint8Array) => void,
  ): void {
    if (this.raw) source.readInto(this.raw, from);
    for (const [kind, storage] of this.storages)
      readNumbers(source, from, storage, kind, refuse, { little, check });
  }

  /** Takes the numbers from bytes. */
  take(bytes: Uint8Array, little: boolean, refuse: Refuse): void {
    this.raw?.set(bytes.subarray(0, this.raw.length));
    for (const [kind, storage] of this.storages) {
      const part = bytes.subarray(0, storage.length * elements[kind].bytes);
      putNumbers(part, kind, little, storage, 0, refuse);
    }
  }
}

/** The storages by their keys, as the pickle names them. */
export class Blobs {
  readonly all = new Map<string, Blob>();

  constructor(
    private readonly refuse: Refuse,
    /** How many bytes of the file a storage of `size` bytes may have. */
    private readonly available: (key: string, size: number) => number,
  ) {}

  /** For the id ("storage", type, key, location, count[, view]). */
  named(id: unknown): Made {
    const { refuse, all } = this;
    const [what, type, key, , count, view] = Array.isArray(id) ? (id as unknown[]) : [];
    if (what !== "storage" || typeof key !== "string" || !Number.isSafeInteger(count))
      return refuse("the pickle names a storage in a way that torch.save does not");
    if (view) refuse("a storage that is a part of another (made by PyTorch 0.2) is not read");
    const kind = storageTypes.get(type as Known);
    if (!kind) return refuse(`the storage ${key} has an unknown type`);

    let blob = all.get(key);
    if (!blob) {
      blob = new Blob(kind, count as number);
      checkedCount(
        [count],
        kind === "untyped" ? "uint8" : kind,
        this.available(key, blob.size),
        (why) => refuse(`the storage ${key}: ${why}`),
      );
      all.set(key, blob);
    }
    if (blob.kind !== kind) refuse(`the storage ${key} is used as ${blob.kind} and as ${kind}`);
    const known = blob;
    return new Made(known, () => known.value());
  }
}

const storageNames: Readonly<Record<string, ElementKind | "untyped">> = {
  DoubleStorage: "float64",
  FloatStorage: "float32",
  HalfStorage: "float16",
  BFloat16Storage: "bfloat16",
  LongStorage: "int64",
  IntStorage: "int32",
  ShortStorage: "int16",
  CharStorage: "int8",
  ByteStorage: "uint8",
  BoolStorage: "bool",
  "storage.UntypedStorage": "untyped",
};

/** A name that stands in the stream as a value only, told from others by identity. */
export const marker = (what: string): Known =>
  Object.freeze(() => {
    throw new TypeError(`${what} is not called in data`);
  });

/** The types of storage by their names in torch. */
export const storageMarkers: Readonly<Record<string, Known>> = Object.fromEntries(
  Object.keys(storageNames).map((name) => [name, marker(name)]),
);
const storageTypes = new Map(
  Object.entries(storageNames).map(([name, kind]) => [storageMarkers[name], kind]),
);

/** A view of a storage, as the file says it; no element may lie outside. */
export function tensorOver(
  storage: Storage,
  offset: unknown,
  shape: unknown,
  strides: unknown,
  refuse: Refuse,
): Tensor {
  const whole = (value: unknown): value is number =>
    Number.isSafeInteger(value) && (value as number) >= 0;
  if (!Array.isArray(shape) || !shape.every(whole) || shape.length > 64)
    return refuse("a tensor's shape is no list of sizes");
  if (!Array.isArray(strides) || !strides.every(whole) || strides.length !== shape.length)
    return refuse("a tensor's strides do not fit to its shape");
  if (!whole(offset)) return refuse(`a tensor begins at ${String(offset)} of its storage`);
  if (numelOf(shape) > 0) {
    const last = shape.reduce((sum, size, axis) => sum + (size - 1) * strides[axis], offset);
    if (last >= storage.length) {
      refuse(
        `a tensor [${shape.join(", ")}] reaches element ${last} of a storage of ${storage.length}`,
      );
    }
    if (numelOf(shape) > 2 ** 31) refuse(`a tensor [${shape.join(", ")}] is larger than any here`);
  }
  return new Tensor(storage, [...shape], [...strides], offset);
}
