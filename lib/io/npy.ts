// NumPy's .npy: a magic word, a version, a Python dict as text, the numbers.
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

import type { DType } from "../compute/dtypes.js";
import { Storage } from "../compute/storage.js";
import { numelOf, rowMajorStrides, type Shape } from "../shape.js";
import { gather, Tensor } from "../tensor.js";
import {
  checkedCount,
  elements,
  fromBytes,
  readNumbers,
  toBytes,
  type ElementKind,
} from "./elements.js";
import type { Refuse } from "./file-error.js";
import { withSource, writeTo, type FileLike, type Source } from "./source.js";

const kinds: Readonly<Record<string, ElementKind>> = {
  f2: "float16",
  f4: "float32",
  f8: "float64",
  i1: "int8",
  i2: "int16",
  i4: "int32",
  i8: "int64",
  u1: "uint8",
  u2: "uint16",
  u4: "uint32",
  u8: "uint64",
  b1: "bool",
};
const codes: Readonly<Record<DType, string>> = {
  float32: "<f4",
  float64: "<f8",
  int64: "<i8",
  int32: "<i4",
  int16: "<i2",
  int8: "|i1",
  uint8: "|u1",
  bool: "|b1",
};

/**
 * The array of an .npy file or its bytes, any byte order, row- or column-major. float16 becomes float32, uint16
 * int32, uint32 and uint64 int64.
 *
 * ```ts
 * torch.io.readNpy(torch.io.encodeNpy(torch.tensor([[1, 2], [3, 4]]))).tolist() // → [[1, 2], [3, 4]]
 * ```
 */
export function readNpy(file: FileLike): Tensor {
  return withSource("readNpy", file, (source, refuse) => parseNpy(source, 0, source.size, refuse));
}

/** The array in `size` bytes of a file from `from` on. `check` sees all of them, in order. */
export function parseNpy(
  source: Source,
  from: number,
  size: number,
  refuse: Refuse,
  check?: (bytes: Uint8Array) => void,
): Tensor {
  const head = source.read(from, Math.min(size, 12));
  if (String.fromCharCode(...head.subarray(0, 6)) !== "\x93NUMPY")
    refuse("this is no .npy file: it does not begin with \\x93NUMPY");
  const version = head[6];
  if (!(version >= 1 && version <= 3)) refuse(`version ${version} of the format; 1 to 3 are known`);
  const start = version === 1 ? 10 : 12;
  if (size < start) refuse(`it ends in the header, after ${size} bytes`);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > size) refuse(`the header says ${length} bytes, but ${size - start} follow`);
  if (length > 65536) refuse(`a header of ${length} bytes`);
  const whole = source.read(from, start + length);
  check?.(whole);
  const encoding = version === 3 ? "utf-8" : "latin1";
  const header = new TextDecoder(encoding).decode(whole.slice(start));
  const { descr, fortran, shape } = parseHeader(header, refuse);

  const kind = checkedKind(descr, shape, size - start - length, refuse);
  const storage = new Storage(elements[kind].dtype, numelOf(shape));
  const little = descr[0] !== ">";
  readNumbers(source, from + start + length, storage, kind, refuse, { little, check });
  return ordered(storage, shape, fortran);
}

/** Numbers of a dtype of NumPy's must be as many as the shape says. */
function checkedKind(descr: string, shape: number[], bytes: number, refuse: Refuse): ElementKind {
  const kind =
    kindOfDescr(descr) ??
    refuse(`holds ${othersOf(descr)}; numbers of ${Object.keys(kinds).join(", ")} are read`);
  const need = checkedCount(shape, kind, bytes, refuse) * elements[kind].bytes;
  if (bytes !== need)
    refuse(`${bytes} bytes of numbers, [${shape.join(", ")}] of ${kind} are ${need}`);
  return kind;
}

function ordered(storage: Storage, shape: number[], fortran: boolean): Tensor {
  if (!fortran) return new Tensor(storage, shape);
  return gather(new Tensor(storage, shape, rowMajorStrides([...shape].reverse()).reverse()));
}

/** What a dtype of NumPy's ("<f4") is here, or null. */
export const kindOfDescr = (descr: string): ElementKind | null =>
  "<>|=".includes(descr[0]) && Object.hasOwn(kinds, descr.slice(1)) ? kinds[descr.slice(1)] : null;

/** An array from its numbers, its dtype ("<f4") and shape, row- or column-major. */
export function arrayOf(
  body: Uint8Array,
  descr: string,
  shape: number[],
  fortran: boolean,
  refuse: Refuse,
): Tensor {
  const kind = checkedKind(descr, shape, body.length, refuse);
  const { storage } = fromBytes(body, [numelOf(shape)], kind, refuse, descr[0] !== ">");
  return ordered(storage, shape, fortran);
}

/** What a dtype is that is not read, in words. */
function othersOf(descr: string): string {
  const letter = descr.replace(/^[<>|=]/, "")[0];
  return `${words[letter] ?? "numbers"} of the dtype ${descr}`;
}

const words: Readonly<Record<string, string>> = {
  O: "Python objects (a pickle inside), which could run code,",
  U: "text",
  S: "text",
  a: "text",
  c: "complex numbers",
  M: "dates",
  m: "times",
  V: "records (a structured dtype)",
};

/** The dict of the header. Written by machines only, so three patterns find all that there may be. */
function parseHeader(
  text: string,
  refuse: Refuse,
): { descr: string; fortran: boolean; shape: number[] } {
  const dict = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1] ?? refuse("the header is no Python dict");
  const descr =
    /['"]descr['"]\s*:\s*(?:['"]([^'"]*)['"]|(\[))/.exec(dict) ?? refuse("the header has no descr");
  if (descr[2]) refuse("holds records (a structured dtype); plain numbers are read");
  const fortran =
    /['"]fortran_order['"]\s*:\s*(True|False)/.exec(dict) ??
    refuse("the header has no fortran_order");
  const shape =
    /['"]shape['"]\s*:\s*\(([\d\s,L]*)\)/.exec(dict) ?? refuse("the header has no shape");
  const sizes = shape[1]
    .split(",")
    .map((size) => size.trim().replace(/L$/, ""))
    .filter(Boolean)
    .map(Number);
  return { descr: descr[1], fortran: fortran[1] === "True", shape: sizes };
}

/** The bytes of an .npy file. */
export function encodeNpy(x: Tensor): Uint8Array {
  const body = toBytes(x);
  const shape = showTuple(x.shape);
  const dict = `{'descr': '${codes[x.dtype]}', 'fortran_order': False, 'shape': ${shape}, }`;
  const total = Math.ceil((10 + dict.length + 1) / 64) * 64; // numbers begin at a multiple of 64
  const file = new Uint8Array(total + body.length);
  const header = `\x93NUMPY\x01\x00__${dict.padEnd(total - 11)}\n`;
  for (let i = 0; i < total; i++) file[i] = header.charCodeAt(i);
  new DataView(file.buffer).setUint16(8, total - 10, true);
  file.set(body, total);
  return file;
}

const showTuple = (shape: Shape): string =>
  shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;

/** Writes an .npy file for numpy.load. */
export function writeNpy(x: Tensor, path: string | URL): void {
  writeTo("writeNpy", path, [encodeNpy(x)]);
}
