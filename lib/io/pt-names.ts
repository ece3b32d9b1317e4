// The list of what may be named in a pickle of torch.save, and what becomes of it. Nothing else can be reached.

import { Parameter } from "../nn/parameter.js";
import { Tensor } from "../tensor.js";
import type { ElementKind } from "./elements.js";
import type { Refuse } from "./file-error.js";
import { Made, type Known } from "./pickle-read.js";
import { numpyNames } from "./pickle-numpy.js";
import { Blob, marker, storageMarkers, tensorOver } from "./pt-storage.js";

const dtypes =
  "float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 uint16 uint32 uint64 bool " +
  "complex32 complex64 complex128 float8_e4m3fn float8_e5m2 float8_e4m3fnuz float8_e5m2fnuz float8_e8m0fnu " +
  "float4_e2m1fn_x2 qint8 quint8 qint32";
const dtypeMarkers: Readonly<Record<string, Known>> = Object.fromEntries(
  dtypes.split(" ").map((name) => [name, marker(name)]),
);

/** A dtype as a value in data is its name. */
export const dtypeWords: ReadonlyMap<unknown, string> = new Map(
  Object.entries(dtypeMarkers).map(([name, known]) => [known, name]),
);

/** What is known but cannot be kept here, with what to do instead. */
const refused: Readonly<Record<string, string>> = {
  "torch.ComplexFloatStorage": "complex numbers: save x.real and x.imag instead",
  "torch.ComplexDoubleStorage": "complex numbers: save x.real and x.imag instead",
  "torch._utils._rebuild_qtensor": "a quantized tensor: save x.dequantize() instead",
  "torch._utils._rebuild_sparse_tensor": "a sparse tensor: save x.to_dense() instead",
  "torch._utils._rebuild_sparse_csr_tensor": "a sparse tensor: save x.to_dense() instead",
  "torch._utils._rebuild_nested_tensor": "a nested tensor: save its parts instead",
  "torch._utils._rebuild_meta_tensor_no_storage":
    "a tensor on the device meta, which has no numbers",
  "torch._utils._rebuild_wrapper_subclass": "a tensor of an unknown class: save a plain tensor",
};
for (const name of ["QInt8Storage", "QUInt8Storage", "QInt32Storage", "QUInt4x2Storage"])
  (refused as Record<string, string>)[`torch.${name}`] = refused["torch._utils._rebuild_qtensor"];

/** `most`: the length of the pickle, which limits what it may make. */
export function knownNames(most: number, refuse: Refuse): Readonly<Record<string, Known>> {
  let made = 0;
  const count = (n: number): void => {
    made += n;
    if (made > 8 * most + 1024) refuse("the pickle grows: it makes far more than it holds");
  };
  const known: Record<string, Known> = {
    ...tensorNames(refuse),
    ...containerNames(refuse, count),
    ...numpyNames(refuse, count),
  };
  for (const [name, why] of Object.entries(refused))
    known[name] ??= () => refuse(`it holds ${why}`);
  for (const name of Object.keys(known)) Object.freeze(known[name]);
  for (const [name, type] of Object.entries(storageMarkers)) known[`torch.${name}`] = type;
  for (const [name, type] of Object.entries(dtypeMarkers)) known[`torch.${name}`] = type;
  return known;
}

function tensorNames(refuse: Refuse): Record<string, Known> {
  const blobOf = (made: unknown): Blob =>
    made instanceof Made && made.value instanceof Blob
      ? made.value
      : refuse("a tensor without a storage");
  const tensorOf = (made: unknown): Tensor => {
    const x = made instanceof Made ? made.value : null;
    return x instanceof Tensor ? x : refuse("a parameter without a tensor");
  };
  const rebuild = (
    blob: Blob,
    kind: Blob["kind"],
    [offset, shape, strides]: readonly unknown[],
    requiresGrad: unknown,
  ): Made => {
    if (kind === "untyped") return refuse("an untyped storage without a dtype");
    const x = tensorOver(blob.as(kind), offset, shape, strides, refuse);
    if (requiresGrad === true && /^float/.test(x.dtype)) x.requiresGrad = true;
    return new Made(x);
  };
  const parameter = (x: unknown, requiresGrad: unknown): Made =>
    new Made(new Parameter(tensorOf(x).detach(), { requiresGrad: requiresGrad !== false }));

  const known: Record<string, Known> = {
    "torch._utils._rebuild_tensor": (storage, ...place) => {
      const blob = blobOf(storage);
      return rebuild(blob, blob.kind, place, false);
    },
    "torch._utils._rebuild_tensor_v2": (storage, offset, shape, strides, requiresGrad) => {
      const blob = blobOf(storage);
      return rebuild(blob, blob.kind, [offset, shape, strides], requiresGrad);
    },
    "torch._utils._rebuild_tensor_v3": (storage, offset, shape, strides, grad, _hooks, dtype) => {
      const word = dtypeWords.get(dtype) ?? refuse("a tensor of an unknown dtype");
      if (/^(complex|float[48]|q)/.test(word))
        return refuse(`it holds numbers of ${word}: save x.float() (complex: x.real and x.imag)`);
      const kind = word as ElementKind;
      const blob = blobOf(storage);
      if (blob.kind !== "untyped") return refuse("a tensor without an untyped storage");
      return rebuild(blob, kind, [offset, shape, strides], grad);
    },
    "torch._utils._rebuild_parameter": parameter,
    "torch._utils._rebuild_parameter_with_state": parameter,
    "torch.nn.parameter.Parameter": (x) => parameter(x, true),
    "torch.nn.parameter.Buffer": (x) => new Made(tensorOf(x)),
    "torch._tensor._rebuild_from_type_v2": (make, _type, args) =>
      typeof make === "function" && Array.isArray(args)
        ? make(...args)
        : refuse("a tensor made in an unknown way"),
    "torch.Tensor": () => refuse("a tensor made in an unknown way"),
    "torch.serialization._get_layout": (name) => name, // torch.sparse_coo …: the tensor itself is refused
    "torch.Size": (sizes) => [
      ...(Array.isArray(sizes) ? sizes : refuse("a torch.Size of no sizes")),
    ],
    "torch.device": (...parts) => parts.join(":"),
  };
  return known;
}

function containerNames(refuse: Refuse, count: (n: number) => void): Record<string, Known> {
  const list = (items: unknown, what: string): unknown[] => {
    if (!Array.isArray(items)) return refuse(`${what} from something else than a list`);
    count(items.length);
    return items;
  };
  const setOf = (items: unknown = []): Set<unknown> => new Set(list(items, "a set"));
  const bytesOf = (text: unknown = ""): Made => {
    if (text instanceof Uint8Array) return new Made(text);
    if (text instanceof Made && text.value instanceof Uint8Array) return text;
    if (typeof text !== "string") return refuse("bytes from something else than text");
    count(text.length);
    return new Made(Uint8Array.from(text, (c) => c.charCodeAt(0)));
  };
  /** Counter({…}): a dict. */
  const counter = (items: unknown = new Map()): Map<unknown, unknown> => {
    if (!(items instanceof Map)) return refuse("a Counter from something else than a dict");
    count(items.size);
    return new Map(items);
  };
  const notAValue = (name: string) => (): never => refuse(`${name} is not called in data`);

  const known: Record<string, Known> = {
    "collections.OrderedDict": (items: unknown = []) =>
      new Map(
        list(items, "an OrderedDict").map((pair) =>
          Array.isArray(pair) ? [pair[0], pair[1]] : refuse("an OrderedDict of no pairs"),
        ),
      ),
    "collections.Counter": counter,
    "collections.defaultdict": () => new Map(), // its argument makes missing items: of no use here
    "_codecs.encode": bytesOf,
  };
  for (const module of ["builtins", "__builtin__"]) {
    known[`${module}.set`] = setOf;
    known[`${module}.frozenset`] = setOf;
    known[`${module}.bytearray`] = bytesOf;
    known[`${module}.bytes`] = bytesOf;
    known[`${module}.dict`] = () => new Map();
    known[`${module}.list`] = () => [];
    known[`${module}.complex`] = () => refuse("it holds a complex number: save its parts instead");
    for (const name of ["int", "float", "str", "bool", "tuple"])
      known[`${module}.${name}`] = notAValue(name);
  }
  return known;
}
