// What torch.save writes: a zip archive with a pickle and one entry for each storage, or (before PyTorch 1.6) three
// pickles and then the storages.

import { Storage } from "../compute/storage.js";
import { Parameter } from "../nn/parameter.js";
import { numelOf } from "../shape.js";
import { Tensor } from "../tensor.js";
import {
  bytesOf,
  checkedCount,
  elements,
  fromBytes,
  isPlain,
  type ElementKind,
} from "./elements.js";
import { guarded, type Refuse } from "./file-error.js";
import { Made, PickleStream, type Known } from "./pickle-read.js";
import { withSource, type FileLike, type Source } from "./source.js";
import { readDirectory, readEntry, readEntryInto, type ZipEntry } from "./zip.js";

const storageKinds: Readonly<Record<string, ElementKind>> = {
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
};
const dtypeKinds: Readonly<Record<string, ElementKind>> = {
  float64: "float64",
  float32: "float32",
  float16: "float16",
  bfloat16: "bfloat16",
  int64: "int64",
  int32: "int32",
  int16: "int16",
  int8: "int8",
  uint8: "uint8",
  uint16: "uint16",
  uint32: "uint32",
  uint64: "uint64",
  bool: "bool",
};

/**
 * What `torch.save` has written: a state dict, a checkpoint, tensors, lists, numbers, text. Both formats of PyTorch
 * (zip, and the old one), all dtypes, shared storages and strides. float16 and bfloat16 become float32.
 *
 * Dicts become objects without prototype, in the file's order (dicts with other keys than text and whole numbers:
 * Map); tuples and lists arrays. Only data is read: code in a file never runs, it is refused.
 *
 * ```ts
 * const bytes = torch.io.encodePt({ epoch: 3, weight: torch.tensor([1, 2]) })
 * torch.load(bytes).epoch // → 3
 * ```
 *
 * @throws FileError naming the file and what is wrong with it.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.load.html (with weights_only=True)
 */
export function load(file: FileLike): any {
  return withSource("load", file, (source, refuse) =>
    guarded(refuse, () => {
      const head = source.read(0, Math.min(4, source.size));
      return head[0] === 0x50 && head[1] === 0x4b
        ? readZip(source, refuse)
        : readLegacy(source, refuse);
    }),
  );
}

/** A storage as the pickle names it, before or after its numbers are there. */
interface Blob {
  kind: ElementKind | "untyped";
  count: number;
  bytes?: Uint8Array;
  storage?: Storage;
}

function readZip(source: Source, refuse: Refuse): unknown {
  const entries = readDirectory(source, refuse);
  const pickle = [...entries.keys()].find((name) => /(^|\/)data\.pkl$/.test(name));
  if (pickle === undefined) refuse("a zip archive without data.pkl: not made by torch.save");
  const folder = pickle!.slice(0, -"data.pkl".length);
  if (entries.has(`${folder}constants.pkl`)) {
    refuse(
      "this is a TorchScript program (torch.jit.save), which is code: in Python, save the weights with torch.save(model.state_dict(), …)",
    );
  }
  const order = entries.get(`${folder}byteorder`);
  const little =
    !order || new TextDecoder().decode(readEntry(source, order, refuse, 100).slice()) !== "big";

  const blobs = new Map<string, Blob>();
  const persistent = (id: unknown): Made => {
    const { kind, key, count } = storageId(id, refuse);
    const known = blobs.get(key);
    if (known) {
      if (known.kind !== kind) refuse(`the storage ${key} is used as ${known.kind} and as ${kind}`);
      return new Made(known);
    }
    const entry =
      entries.get(`${folder}data/${key}`) ?? refuse(`the storage ${key} is missing in the archive`);
    const blob = readBlob(source, entry, kind, count, little, refuse);
    blobs.set(key, blob);
    return new Made(blob);
  };
  const bytes = readEntry(source, entries.get(pickle!)!, refuse, 2 ** 28);
  return new PickleStream(bytes, {
    known: knownNames(bytes.length, little, refuse),
    persistent,
    refuse,
  }).next();
}

function readBlob(
  source: Source,
  entry: ZipEntry,
  kind: Blob["kind"],
  count: number,
  little: boolean,
  refuse: Refuse,
): Blob {
  if (kind === "untyped") return { kind, count, bytes: readEntry(source, entry, refuse) };
  checkedCount([count], kind, entry.size, (why) => refuse(`${entry.name}: ${why}`));
  if (little && isPlain(kind) && count * elements[kind].bytes === entry.size) {
    const storage = new Storage(elements[kind].dtype, count);
    if (readEntryInto(source, entry, bytesOf(new Tensor(storage, [count])), refuse))
      return { kind, count, storage };
    storage.free();
  }
  const bytes = readEntry(source, entry, refuse);
  return { kind, count, storage: fromBytes(bytes, [count], kind, refuse, little).storage };
}

/** ("storage", type, key, location, count[, view]) */
function storageId(
  id: unknown,
  refuse: Refuse,
): { kind: Blob["kind"]; key: string; count: number; view: unknown } {
  if (
    !Array.isArray(id) ||
    id[0] !== "storage" ||
    typeof id[2] !== "string" ||
    !Number.isSafeInteger(id[4])
  ) {
    refuse("the pickle names a storage in a way that torch.save does not");
  }
  const [, type, key, , count, view] = id as unknown[];
  const kind = storageTypes.get(type as Known);
  if (!kind) return refuse(`the storage ${String(key)} has an unknown type`);
  if ((count as number) < 0) refuse(`the storage ${String(key)} has the length ${count}`);
  return { kind, key: key as string, count: count as number, view };
}

const MAGIC = 119547037146038801333356n;

function readLegacy(source: Source, refuse: Refuse): unknown {
  if (source.size === 0) refuse("the file is empty");
  if (source.size > 2 ** 31) refuse("a file of the old format with more than 2 GiB");
  const bytes = source.read(0, source.size);
  if (bytes[0] !== 0x80)
    refuse("this is no file of torch.save: neither a zip archive nor a pickle");

  const blobs = new Map<string, Blob>();
  let promised = 0;
  const persistent = (id: unknown): Made => {
    const { kind, key, count, view } = storageId(id, refuse);
    if (view) refuse("a storage that is a part of another (made by PyTorch 0.2) is not read");
    if (kind === "untyped") return refuse("an untyped storage in the old format");
    let blob = blobs.get(key);
    if (!blob) {
      promised += count * elements[kind].bytes;
      if (promised > bytes.length)
        refuse(`the storages need ${promised} bytes, the file has ${bytes.length}`);
      blob = { kind, count, storage: new Storage(elements[kind].dtype, count) };
      blobs.set(key, blob);
    }
    return new Made(blob);
  };
  const stream = new PickleStream(bytes, {
    known: knownNames(bytes.length, true, refuse),
    persistent,
    refuse,
  });
  if (stream.next() !== MAGIC)
    refuse("this is a pickle, but not one of torch.save: its magic number is missing");
  if (stream.next() !== 1001) refuse("an unknown version of the old format");
  const system = stream.next() as Record<string, unknown>;
  const little = system?.little_endian !== false;
  const value = stream.next();
  const keys = stream.next();

  if (!Array.isArray(keys) || keys.length !== blobs.size)
    refuse("the list of storages does not fit to the pickle");
  let at = stream.position;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const key of keys as unknown[]) {
    const blob =
      blobs.get(key as string) ??
      refuse(`the storage ${String(key)} is not used in the pickle, or twice`);
    blobs.delete(key as string);
    if (at + 8 > bytes.length) refuse(`it is cut off in the storage ${String(key)}`);
    const count = Number(view.getBigInt64(at, little));
    if (count !== blob.count)
      refuse(`the storage ${String(key)} has ${count} numbers, the pickle says ${blob.count}`);
    at += 8;
    const kind = blob.kind as ElementKind;
    const size = count * elements[kind].bytes;
    if (at + size > bytes.length)
      refuse(
        `it is cut off in the storage ${String(key)}: ${size} bytes needed, ${bytes.length - at} left`,
      );
    const numbers = fromBytes(bytes.subarray(at, at + size), [count], kind, refuse, little);
    blob.storage!.array.set(numbers.storage.array);
    at += size;
  }
  return value;
}

/** The list of what may be named in a pickle, and what becomes of it. */
function knownNames(
  most: number,
  little: boolean,
  refuse: Refuse,
): Readonly<Record<string, Known>> {
  let made = 0;
  const count = (n: number): void => {
    made += n;
    if (made > 8 * most + 1024) refuse("the pickle grows: it makes far more than it holds");
  };
  const blobOf = (made: unknown): Blob => {
    const blob = made instanceof Made ? (made.value as Blob) : null;
    return blob && "count" in blob && "kind" in blob ? blob : refuse("a tensor without a storage");
  };
  const tensorOf = (made: unknown): Tensor => {
    const x = made instanceof Made ? made.value : null;
    return x instanceof Tensor ? x : refuse("a parameter without a tensor");
  };
  const rebuild = (
    blob: Blob,
    offset: unknown,
    shape: unknown,
    strides: unknown,
    requiresGrad: unknown,
  ): Made => {
    const x = tensorOver(
      blob.storage ?? refuse("an untyped storage without a dtype"),
      offset,
      shape,
      strides,
      refuse,
    );
    if (requiresGrad === true && /^float/.test(x.dtype)) x.requiresGrad = true;
    return new Made(x);
  };
  const orderedDict = (items: unknown = []): Map<unknown, unknown> => {
    if (!Array.isArray(items)) refuse("an OrderedDict from something else than a list");
    count((items as unknown[]).length);
    return new Map(
      (items as unknown[]).map((pair) =>
        Array.isArray(pair) ? [pair[0], pair[1]] : refuse("an OrderedDict of no pairs"),
      ),
    );
  };
  const setOf = (items: unknown = []): Set<unknown> => {
    if (!Array.isArray(items)) refuse("a set from something else than a list");
    count((items as unknown[]).length);
    return new Set(items as unknown[]);
  };
  const encode = (text: unknown): Made => {
    if (typeof text !== "string") return refuse("bytes from something else than text");
    count(text.length);
    return new Made(Uint8Array.from(text, (c) => c.charCodeAt(0)));
  };
  const known: Record<string, Known> = {
    "torch._utils._rebuild_tensor_v2": (blob, offset, shape, strides, requiresGrad) =>
      rebuild(blobOf(blob), offset, shape, strides, requiresGrad),
    "torch._utils._rebuild_tensor": (blob, offset, shape, strides) =>
      rebuild(blobOf(blob), offset, shape, strides, false),
    "torch._utils._rebuild_tensor_v3": (
      blob,
      offset,
      shape,
      strides,
      requiresGrad,
      _hooks,
      dtype,
    ) => {
      const { bytes } = blobOf(blob);
      const kind = dtypeNames.get(dtype as Known) ?? refuse("a tensor of an unknown dtype");
      if (!bytes) return refuse("a tensor without an untyped storage");
      count(bytes.length / 8);
      const { storage } = fromBytes(
        bytes,
        [Math.floor(bytes.length / elements[kind].bytes)],
        kind,
        refuse,
        little,
      );
      return rebuild(
        { kind, count: storage.length, storage },
        offset,
        shape,
        strides,
        requiresGrad,
      );
    },
    "torch._utils._rebuild_parameter": (x, requiresGrad) =>
      new Made(new Parameter(tensorOf(x).detach(), { requiresGrad: requiresGrad !== false })),
    "torch._utils._rebuild_parameter_with_state": (x, requiresGrad) =>
      new Made(new Parameter(tensorOf(x).detach(), { requiresGrad: requiresGrad !== false })),
    "torch._tensor._rebuild_from_type_v2": (make, _type, args) =>
      typeof make === "function" && Array.isArray(args)
        ? make(...args)
        : refuse("a tensor made in an unknown way"),
    "torch.Tensor": () => refuse("a tensor made in an unknown way"),
    "torch.nn.parameter.Parameter": (x) => new Made(new Parameter(tensorOf(x).detach())),
    "torch.Size": (sizes) => [
      ...(Array.isArray(sizes) ? sizes : refuse("a torch.Size of no sizes")),
    ],
    "torch.device": (...parts) => parts.join(":"),
    "collections.OrderedDict": orderedDict,
    "collections.Counter": () => new Map(),
    "collections.defaultdict": () => new Map(),
    "builtins.set": setOf,
    "__builtin__.set": setOf,
    "builtins.frozenset": setOf,
    "builtins.bytearray": encode,
    "__builtin__.bytearray": encode,
    "_codecs.encode": encode,
    "builtins.dict": () => new Map(),
    "builtins.int": () => refuse("int as a value"),
    "builtins.list": () => [],
  };
  for (const name of Object.keys(known)) Object.freeze(known[name]);
  for (const [type, kind] of storageTypes)
    known[`torch.${kind === "untyped" ? "storage.UntypedStorage" : storageName(kind)}`] = type;
  for (const [dtype, kind] of dtypeNames) known[`torch.${kind}`] = dtype;
  return known;
}

const storageName = (kind: ElementKind): string =>
  Object.keys(storageKinds).find((name) => storageKinds[name] === kind)!;

/** Types stand in the stream as values only: a function each, told apart by identity. */
const marker = (what: string): Known =>
  Object.freeze(() => {
    throw new TypeError(`${what} is not called in data`);
  });
const storageTypes = new Map<Known, ElementKind | "untyped">(
  Object.entries(storageKinds).map(
    ([name, kind]) => [marker(name), kind] as [Known, ElementKind | "untyped"],
  ),
);
storageTypes.set(marker("UntypedStorage"), "untyped");
const dtypeNames = new Map<Known, ElementKind>(
  Object.entries(dtypeKinds).map(([name, kind]) => [marker(name), kind] as [Known, ElementKind]),
);

/** A view of a storage, as the file says it; no element may lie outside. */
function tensorOver(
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
