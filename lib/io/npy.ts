// NumPy's .npy: a magic word, a version, a Python dict as text, the numbers.
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

import { rowMajorStrides, type Shape } from "../shape.js";
import type { DType } from "../compute/dtypes.js";
import { gather, Tensor } from "../tensor.js";
import { checkedCount, elements, fromBytes, toBytes, type ElementKind } from "./elements.js";
import type { Refuse } from "./file-error.js";
import { readAll, writeTo, type FileLike } from "./source.js";

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
 * The array of an .npy file or its bytes, any byte order, row- or column-major. float16 becomes float32, int8 and int16
 * int32, uint32 and uint64 int64.
 *
 * ```ts
 * torch.io.readNpy(torch.io.encodeNpy(torch.tensor([[1, 2], [3, 4]]))).tolist() // → [[1, 2], [3, 4]]
 * ```
 */
export function readNpy(file: FileLike): Tensor {
  const { bytes, refuse } = readAll("readNpy", file);
  return parseNpy(bytes, refuse);
}

export function parseNpy(bytes: Uint8Array, refuse: Refuse): Tensor {
  const magic = String.fromCharCode(...bytes.subarray(0, 6));
  if (magic !== "\x93NUMPY") refuse("this is no .npy file: it does not begin with \\x93NUMPY");
  const version = bytes[6];
  if (!(version >= 1 && version <= 3)) refuse(`version ${version} of the format; 1 to 3 are known`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = version === 1 ? 10 : 12;
  if (bytes.length < start) refuse(`it ends in the header, after ${bytes.length} bytes`);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > bytes.length)
    refuse(`the header says ${length} bytes, but ${bytes.length - start} follow`);
  if (length > 65536) refuse(`a header of ${length} bytes`);
  const header = new TextDecoder("latin1").decode(bytes.slice(start, start + length));
  const { descr, fortran, shape } = parseHeader(header, refuse);

  const kind = kinds[descr.slice(1)];
  const order = descr[0];
  if (!kind || !"<>|=".includes(order)) {
    const why = descr.includes("O")
      ? "Python objects (a pickle inside), which could run code"
      : `the dtype ${descr}`;
    refuse(`holds ${why}; numbers of ${Object.keys(kinds).join(", ")} are read`);
  }
  const body = bytes.subarray(start + length);
  const count = checkedCount(shape, kind, body.length, refuse);
  if (body.length !== count * elements[kind].bytes) {
    refuse(
      `${body.length} bytes follow the header, [${shape.join(", ")}] of ${kind} are ${count * elements[kind].bytes}`,
    );
  }
  if (!fortran) return fromBytes(body, shape, kind, refuse, order !== ">");
  const flat = fromBytes(body, [count], kind, refuse, order !== ">");
  const strides = rowMajorStrides([...shape].reverse()).reverse();
  return gather(new Tensor(flat.storage, shape, strides));
}

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
