// The way out to other engines: a model as an ONNX file, for onnxruntime, a browser, a phone.

import { noGrad } from "../autograd.js";
import type { Storage } from "../compute/storage.js";
import type { Module } from "../nn/module.js";
import { cat } from "../ops/joining.js";
import { Tensor } from "../tensor.js";
import { Graph } from "./onnx/graph.js";
import { model as modelProto, valueInfo } from "./onnx/proto.js";
import { Trace } from "./onnx/trace.js";
import { writeTo } from "./source.js";

export interface ExportOnnxOptions {
  /** May the first axis have another size than in the example? Default: yes if the example has 2 or 4 axes. */
  dynamicBatch?: boolean;
}

/**
 * Writes a model as ONNX (operator set 20), in evaluation mode. `input`: an example of what the model takes; the model is
 * run with it once, and what it computes is written: layers, functions and arithmetic, joins and views. A loop or an
 * `if` in `forward` is written as it went for the example. Weights keep the names of the state dict.
 *
 * ```ts
 * const { nn } = torch
 * const model = new nn.Sequential(new nn.Conv2d(1, 4, 3), new nn.ReLU(), new nn.Flatten())
 * torch.io.encodeOnnx(model, torch.zeros(1, 1, 8, 8)).length > 300 // → true
 * ```
 *
 * @throws TypeError naming the module and the operation if there is no ONNX for it.
 * @see https://onnx.ai/onnx/operators/
 */
export function exportOnnx(
  model: Module,
  input: Tensor,
  path: string | URL,
  options: ExportOnnxOptions = {},
): void {
  writeTo("exportOnnx", path, [encodeOnnx(model, input, options)]);
}

/** The bytes of the file that {@link exportOnnx} writes. */
export function encodeOnnx(
  model: Module,
  input: Tensor,
  { dynamicBatch = input.ndim === 2 || input.ndim === 4 }: ExportOnnxOptions = {},
): Uint8Array {
  const free = dynamicBatch && input.ndim > 0 && input.numel() > 0;
  const graph = new Graph(free ? BATCH : null);
  const example = free ? cat(new Array(BATCH).fill(input.narrow(0, 0, 1)), 0) : input;
  const trace = new Trace(graph, weightsOf(model));
  const modes = [...(model.modules() as Iterable<Module>)].map((m) => [m, m.training] as const);
  model.eval();
  let output: unknown;
  try {
    output = noGrad(() => trace.run(model, example));
  } finally {
    for (const [module, training] of modes) module.training = training;
  }
  if (!(output instanceof Tensor)) {
    throw new TypeError(
      `exportOnnx: the model gives ${Array.isArray(output) ? "a list" : typeof output}; one tensor can be written`,
    );
  }

  graph.add("Identity", [trace.nameOf(output)], {}, "output");
  const sizes = (shape: readonly number[]): (number | null)[] => {
    const batch = graph.batch === null ? -1 : shape.indexOf(graph.batch);
    return shape.map((size, axis) => (axis === batch ? null : size));
  };
  return modelProto({
    ...graph.written("output"),
    input: valueInfo("input", input.dtype, sizes(example.shape)),
    output: valueInfo("output", output.dtype, sizes(output.shape)),
  });
}

/** How many copies of the example run together where the batch is free: a prime, so that no other axis is a multiple. */
const BATCH = 11;

/** The tensors of the state dict by storage, with their names. */
function weightsOf(model: Module): Map<Storage, [string, Tensor][]> {
  const known = new Map<Storage, [string, Tensor][]>();
  for (const [key, x] of Object.entries(model.stateDict())) {
    if (!(x instanceof Tensor)) continue;
    known.set(x.storage, [...(known.get(x.storage) ?? []), [key, x]]);
  }
  return known;
}
