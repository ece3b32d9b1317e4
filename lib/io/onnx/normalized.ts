// Batch, instance, layer and group norm as nodes.

import type { Tensor } from "../../tensor.js";
import type { NormalizeSize, Statistics } from "../../ops/normalized.js";
import type { Graph } from "./graph.js";
import type { Writing } from "./operations.js";

export function normalized(writing: Writing): string {
  const { graph, names, inputs, told, x } = writing;
  const size = told.size as NormalizeSize;
  const given = told.given as Statistics | null;
  const epsilon = { float: told.eps as number };
  const [, weight, bias] = inputs as (Tensor | null)[];
  const nameOf = (which: Tensor | null): string | null => which && writing.trace.nameOf(which);

  if (given) {
    const C = given.mean.length;
    const scale = nameOf(weight) ?? ones(graph, C);
    const shift = nameOf(bias) ?? zeros(graph, C);
    const [mean, variance] = [graph.floats(given.mean), graph.floats(given.variance)];
    return graph.add("BatchNormalization", [names[0], scale, shift, mean, variance], { epsilon });
  }
  if (size.outer !== 1) {
    return graph.refuse(
      writing.trace.sentence(
        "a batch norm without running mean and variance, which is not written",
      ),
    );
  }
  if (writing.name === "NativeLayerNormBackward0") {
    // layer norm: weight for each number of the last axes
    let first = x.ndim;
    for (let count = 1; count < size.inner;) count *= x.shape[--first];
    const shape = x.shape.slice(first);
    const scale = nameOf(weight) ?? graph.floats(new Float32Array(size.inner).fill(1), shape);
    const inputs = [names[0], scale, ...(bias ? [nameOf(bias)!] : [])];
    return graph.add("LayerNormalization", inputs, { axis: first, epsilon });
  }
  return byGroups(writing, weight && nameOf(weight), bias && nameOf(bias), epsilon);
}

const ones = (graph: Graph, n: number): string => graph.floats(new Float32Array(n).fill(1));
const zeros = (graph: Graph, n: number): string => graph.floats(new Float32Array(n));

/** Group norm is instance norm over longer channels; instance norm has a group for each channel. */
function byGroups(
  { graph, names, told, x }: Writing,
  weight: string | null,
  bias: string | null,
  epsilon: { float: number },
): string {
  const { S, inner } = told.size as NormalizeSize;
  const [N, C] = x.shape;
  const groups = S / N;
  const whole = groups === C;
  const from = whole ? names[0] : graph.reshape(names[0], [N, groups, inner]);
  const scale = (whole && weight) || ones(graph, groups);
  const shift = (whole && bias) || zeros(graph, groups);
  const y = graph.add("InstanceNormalization", [from, scale, shift], { epsilon });
  if (whole) return y;
  const line = [C, ...x.shape.slice(2).map(() => 1)];
  const asLine = (name: string): string => graph.add("Reshape", [name, graph.integers(line)]);
  let result = graph.reshape(y, x.shape);
  if (weight) result = graph.add("Mul", [result, asLine(weight)]);
  return bias ? graph.add("Add", [result, asLine(bias)]) : result;
}
