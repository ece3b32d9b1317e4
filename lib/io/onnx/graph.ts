// An ONNX graph as it grows: nodes by the name of their result, constants by theirs. Only what the result needs is written.

import { tensor } from "../../creation.js";
import type { DType } from "../../compute/dtypes.js";
import { Tensor } from "../../tensor.js";
import { initializer, node, type Attribute } from "./proto.js";

interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export class Graph {
  private readonly nodes = new Map<string, Node>();
  private readonly constants = new Map<string, Tensor>();
  /** Results that have no node, with the reason: an error only if the model's result needs them. */
  private readonly missing = new Map<string, string>();
  private count = 0;

  constructor(
    /** The size of the batch while the model runs, a number that hardly occurs otherwise; null if it is fixed. */
    readonly batch: number | null,
  ) {}

  /** A node; gives the name of its result. */
  add(
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    name = `${op.toLowerCase()}_${++this.count}`,
  ): string {
    this.nodes.set(name, { op, inputs, attributes });
    return name;
  }

  /** A result that cannot be written. */
  refuse(why: string): string {
    const name = `missing_${++this.count}`;
    this.missing.set(name, why);
    return name;
  }

  constant(x: Tensor, name = `constant_${++this.count}`): string {
    this.constants.set(name, x);
    return name;
  }

  number(value: number, dtype: DType = "float32"): string {
    return this.constant(tensor(value, { dtype }));
  }

  integers(values: readonly number[]): string {
    return this.constant(tensor([...values], { dtype: "int64" }).reshape([values.length]));
  }

  floats(values: ArrayLike<number>, shape: readonly number[] = [values.length]): string {
    return this.constant(tensor(Float32Array.from(values)).reshape([...shape]));
  }

  /** The axis of a shape that grows with the batch; −1 if none does. */
  private batchAxis(shape: readonly number[]): number {
    return this.batch === null ? -1 : shape.findIndex((size) => size % this.batch! === 0);
  }

  /** The same numbers under another shape. */
  reshape(from: string, shape: readonly number[]): string {
    const free = shape.includes(0) ? -1 : this.batchAxis(shape);
    return this.add("Reshape", [from, this.integers(free < 0 ? shape : shape.with(free, -1))]);
  }

  /** Axes of size 1 repeated to `shape`. */
  expand(from: string, shape: readonly number[]): string {
    const axis = this.batch === null ? -1 : shape.indexOf(this.batch);
    if (axis < 0) return this.add("Expand", [from, this.integers(shape)]);
    const batch = this.add("Shape", ["input"], { start: 0, end: 1 });
    const parts = [shape.slice(0, axis), shape.slice(axis + 1)].map((part) => this.integers(part));
    const sizes = this.add("Concat", [parts[0], batch, parts[1]], { axis: 0 });
    return this.add("Expand", [from, sizes]);
  }

  /** The nodes and constants that `result` needs, in the order in which they were added. */
  written(result: string): { nodes: Uint8Array[]; initializers: Uint8Array[] } {
    const needed = new Set([result]);
    const nodes: Uint8Array[] = [];
    for (const [name, { op, inputs, attributes }] of [...this.nodes].reverse()) {
      if (!needed.has(name)) continue;
      nodes.unshift(node(op, inputs, name, attributes));
      for (const input of inputs) needed.add(input);
    }
    for (const [name, why] of this.missing) if (needed.has(name)) throw new TypeError(why);
    const used = [...this.constants].filter(([name]) => needed.has(name));
    return { nodes, initializers: used.map(([name, x]) => initializer(name, x)) };
  }
}
