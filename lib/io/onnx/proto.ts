// The few messages of ONNX that a model needs, in protobuf's wire format.
// Field numbers: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto

import { toBytes } from "../elements.js";
import { joined } from "../zip.js";
import type { DType } from "../../compute/dtypes.js";
import type { Tensor } from "../../tensor.js";

type Bytes = Uint8Array;
export type Attribute = number | string | readonly number[] | { float: number };

function varint(value: number | bigint): Bytes {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

const int = (field: number, value: number): Bytes => joined([varint(field << 3), varint(value)]);
const block = (field: number, bytes: Bytes): Bytes =>
  joined([varint((field << 3) | 2), varint(bytes.length), bytes]);
const text = (field: number, words: string): Bytes => block(field, new TextEncoder().encode(words));
const float = (field: number, value: number): Bytes =>
  joined([varint((field << 3) | 5), new Uint8Array(Float32Array.of(value).buffer)]);

const FLOAT = 1;
const INT64 = 7;
const elementTypes: Readonly<Record<DType, number>> = {
  float32: FLOAT,
  uint8: 2,
  int8: 3,
  int16: 5,
  int32: 6,
  int64: INT64,
  bool: 9,
  float64: 11,
};

function attribute(name: string, value: Attribute): Bytes {
  const parts = [text(1, name)];
  if (typeof value === "number") parts.push(int(3, value), int(20, 2));
  else if (typeof value === "string") parts.push(text(4, value), int(20, 3));
  else if ("float" in value) parts.push(float(2, value.float), int(20, 1));
  else parts.push(...value.map((v) => int(8, v)), int(20, 7));
  return joined(parts);
}

/** NodeProto */
export function node(
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, Attribute>> = {},
): Bytes {
  return joined([
    ...inputs.map((name) => text(1, name)),
    text(2, output),
    text(3, output),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) => block(5, attribute(name, value))),
  ]);
}

/** TensorProto */
export function initializer(name: string, x: Tensor): Bytes {
  return joined([
    ...x.shape.map((size) => int(1, size)),
    int(2, elementTypes[x.dtype]),
    text(8, name),
    block(9, toBytes(x)),
  ]);
}

/** ValueInfoProto; a size of null is free. */
export function valueInfo(name: string, dtype: DType, shape: readonly (number | null)[]): Bytes {
  const sizes = shape.map((size) => block(1, size === null ? text(2, "batch") : int(1, size)));
  const type = block(1, joined([int(1, elementTypes[dtype]), block(2, joined(sizes))]));
  return joined([text(1, name), block(2, type)]);
}

export interface Graph {
  nodes: Bytes[];
  initializers: Bytes[];
  input: Bytes;
  output: Bytes;
}

/** ModelProto, operator set 20. */
export function model({ nodes, initializers, input, output }: Graph): Bytes {
  const graph = joined([
    ...nodes.map((n) => block(1, n)),
    text(2, "kernelbook"),
    ...initializers.map((x) => block(5, x)),
    block(11, input),
    block(12, output),
  ]);
  return joined([int(1, 9), text(2, "kernelbook"), block(7, graph), block(8, int(2, 20))]);
}
