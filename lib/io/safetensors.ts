// safetensors: 8 bytes length, a JSON header, the numbers. https://github.com/huggingface/safetensors#format

import type { DType } from "../compute/dtypes.js";
import { empty, Tensor } from "../tensor.js";
import { checkedCount, elements, readNumbers, toBytes, type ElementKind } from "./elements.js";
import type { Refuse } from "./file-error.js";
import type { TensorDict } from "./npz.js";
import { withSource, writeTo, type FileLike, type Source } from "./source.js";
import { joined } from "./zip.js";

const kinds: Readonly<Record<string, ElementKind>> = {
  F64: "float64",
  F32: "float32",
  F16: "float16",
  BF16: "bfloat16",
  I64: "int64",
  I32: "int32",
  I16: "int16",
  I8: "int8",
  U64: "uint64",
  U32: "uint32",
  U16: "uint16",
  U8: "uint8",
  BOOL: "bool",
};
const codes: Readonly<Record<DType, string>> = {
  float64: "F64",
  float32: "F32",
  int64: "I64",
  int32: "I32",
  int16: "I16",
  int8: "I8",
  uint8: "U8",
  bool: "BOOL",
};
const MAX_HEADER = 100_000_000;

interface Described {
  name: string;
  kind: ElementKind;
  shape: number[];
  begin: number;
  end: number;
}

/** The tensors of a .safetensors file or its bytes, by name. */
export function loadSafetensors(file: FileLike): TensorDict {
  return withSource("loadSafetensors", file, (source, refuse) => {
    const { entries, start } = readHeader(source, refuse);
    const tensors: TensorDict = Object.create(null);
    for (const { name, kind, shape, begin } of entries) {
      const y = empty(shape, elements[kind].dtype);
      readNumbers(source, start + begin, y.storage, kind, (why) => refuse(`${name}: ${why}`));
      tensors[name] = y;
    }
    return tensors;
  });
}

/** The metadata (`__metadata__`) of a .safetensors file: text by name. */
export function safetensorsMetadata(file: FileLike): Record<string, string> {
  return withSource(
    "safetensorsMetadata",
    file,
    (source, refuse) => readHeader(source, refuse).metadata,
  );
}

function readHeader(source: Source, refuse: Refuse) {
  if (source.size < 8) refuse(`${source.size} bytes are too few for a safetensors file`);
  const head = source.read(0, 8);
  const length = Number(new DataView(head.buffer, head.byteOffset, 8).getBigUint64(0, true));
  if (length > MAX_HEADER)
    refuse(`the header says ${length} bytes; ${MAX_HEADER} are the most that the format allows`);
  if (8 + length > source.size)
    refuse(`the header says ${length} bytes, but ${source.size - 8} follow`);
  const text = decodeText(source.read(8, length), refuse);
  if (text[0] !== "{") refuse("the header is no JSON object");
  const start = 8 + length;
  const json = parseObject(text, refuse);

  const entries: Described[] = [];
  const metadata: Record<string, string> = Object.create(null);
  for (const [name, value] of json) {
    if (name === "__metadata__") {
      for (const [key, word] of Object.entries(value as object)) {
        if (typeof word !== "string") refuse(`the metadata ${key} is no text`);
        metadata[key] = word;
      }
    } else entries.push(checkEntry(name, value, refuse));
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== at)
      refuse(
        `${name} begins at byte ${begin} of the data, where ${at} would be without holes and overlaps`,
      );
    at = end;
  }
  if (at !== source.size - start)
    refuse(`the tensors have ${at} bytes, but ${source.size - start} follow the header`);
  return { entries, metadata, start };
}

function decodeText(bytes: Uint8Array, refuse: Refuse): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes.slice());
  } catch {
    return refuse("the header is not UTF-8");
  }
}

/** The entries of the outer object. JSON.parse would keep the last of two equal names: so they are counted first. */
function parseObject(text: string, refuse: Refuse): [string, unknown][] {
  let json: object;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return refuse(`the header is no JSON: ${(error as Error).message.slice(0, 120)}`);
  }
  const names = outerNames(text);
  const entries = Object.entries(json);
  if (names !== entries.length) refuse("two tensors have the same name");
  return entries;
}

/** How many names the outermost object of valid JSON has, equal ones too. */
function outerNames(text: string): number {
  let depth = 0;
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      for (i++; text[i] !== '"'; i++) if (text[i] === "\\") i++;
    } else if (c === "{" || c === "[") depth++;
    else if (c === "}" || c === "]") depth--;
    else if (c === ":" && depth === 1) count++;
  }
  return count;
}

function checkEntry(name: string, value: unknown, refuse: Refuse): Described {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  if (typeof dtype !== "string" || !Object.hasOwn(kinds, dtype)) {
    refuse(
      `${name} has the dtype ${JSON.stringify(dtype)}; there are ${Object.keys(kinds).join(", ")}`,
    );
  }
  const kind = kinds[dtype as string];
  if (!Array.isArray(shape)) refuse(`${name} has no shape`);
  if (
    !Array.isArray(offsets) ||
    offsets.length !== 2 ||
    !offsets.every((at) => Number.isSafeInteger(at) && at >= 0)
  ) {
    refuse(`${name} has no data_offsets`);
  }
  const [begin, end] = offsets as [number, number];
  if (end < begin) refuse(`${name} ends (${end}) before it begins (${begin})`);
  const count = checkedCount(shape as number[], kind, end - begin, (why) =>
    refuse(`${name}: ${why}`),
  );
  if (count * elements[kind].bytes !== end - begin) {
    refuse(
      `${name}: [${(shape as number[]).join(", ")}] of ${dtype} are ${count * elements[kind].bytes} bytes, data_offsets say ${end - begin}`,
    );
  }
  return { name, kind, shape: shape as number[], begin, end };
}

function* pieces(
  op: string,
  tensors: Readonly<TensorDict> | ReadonlyMap<string, Tensor>,
  metadata?: Record<string, string>,
): Generator<Uint8Array> {
  const named: [string, Tensor][] = tensors instanceof Map ? [...tensors] : Object.entries(tensors);
  const header = new Map<string, unknown>(metadata ? [["__metadata__", metadata]] : []);
  let at = 0;
  for (const [name, x] of named) {
    if (!(x instanceof Tensor))
      throw new TypeError(`${op}: ${name} is no tensor; safetensors holds only tensors`);
    if (name === "__metadata__")
      throw new TypeError(`${op}: a tensor cannot be named __metadata__`);
    const size = x.numel() * elements[x.dtype].bytes;
    header.set(name, { dtype: codes[x.dtype], shape: x.shape, data_offsets: [at, at + size] });
    at += size;
  }
  const json = `{${[...header].map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`).join(",")}}`;
  const text = new TextEncoder().encode(json);
  const length = Math.ceil(text.length / 8) * 8; // the numbers begin at a multiple of 8
  const head = new Uint8Array(8 + length).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(length), true);
  head.set(text, 8);
  yield head;
  for (const [, x] of named) yield toBytes(x);
}

export interface SafetensorsOptions {
  /** Text by name, kept in the header: `{ format: "pt" }`. */
  metadata?: Record<string, string>;
}

/** The bytes of a .safetensors file. */
export function encodeSafetensors(
  tensors: Readonly<TensorDict> | ReadonlyMap<string, Tensor>,
  { metadata }: SafetensorsOptions = {},
): Uint8Array {
  return joined(pieces("encodeSafetensors", tensors, metadata));
}

/** Writes a .safetensors file: tensors by name, for example a state dict. */
export function saveSafetensors(
  tensors: Readonly<TensorDict> | ReadonlyMap<string, Tensor>,
  path: string | URL,
  { metadata }: SafetensorsOptions = {},
): void {
  writeTo("saveSafetensors", path, pieces("saveSafetensors", tensors, metadata));
}
