// What every layer of a model makes of an input: the model runs once, and each call of a layer without layers of its own is noted.

import type { nn, Tensor } from "../../lib/index.js";

export type Layer = nn.Module<any[], any>;

export interface LayerOutput {
  /** The layer's path and its class: "conv1.0 Conv2d". */
  readonly name: string;
  /** Its path: "conv1.0"; "" for the model itself. */
  readonly path: string;
  readonly layer: Layer;
  readonly inputs: readonly Tensor[];
  readonly y: Tensor;
}

/** The modules inside a module that have none inside themselves, by their path, in the order in which they were written. */
export function leaves(model: Layer, prefix = ""): [path: string, layer: Layer][] {
  const children = [...model.namedChildren()];
  if (children.length === 0) return [[prefix, model]];
  return children.flatMap(([name, child]) => leaves(child, prefix ? `${prefix}.${name}` : name));
}

/**
 * Runs the model and gives the outputs of its innermost layers, in the order of their calls.
 * @throws what the model throws, and TypeError if a layer does not give a tensor.
 */
export function layerOutputs(
  view: string,
  model: Layer,
  input: Tensor,
  /** Where they are noted: there too if the model throws on the way. */
  outputs: LayerOutput[] = [],
): LayerOutput[] {
  const undo = leaves(model).map(([path, layer]) =>
    watch(layer, (inputs, y) => {
      if (!isTensor(y)) {
        throw new TypeError(
          `${view}: ${path} (${className(layer)}) gave ${typeof y}, not a tensor`,
        );
      }
      outputs.push({
        name: `${path} ${className(layer)}`.trim(),
        path,
        layer,
        inputs: inputs as Tensor[],
        y,
      });
    }),
  );
  try {
    model(input);
  } finally {
    undo.forEach((take) => take());
  }
  return outputs;
}

/** Calls `note` after every call of the layer, until the returned function is called. */
export function watch(
  layer: Layer,
  note: (inputs: unknown[], output: unknown) => void,
): () => void {
  const handle = layer.registerForwardHook((_, inputs, output) => {
    note(inputs, output);
  });
  return () => handle.remove();
}

export function className(layer: unknown): string {
  return Object.getPrototypeOf(Object(layer)).constructor?.name ?? typeof layer;
}

/** By its form rather than by its class: a notebook may have loaded the library twice. */
export function isTensor(value: unknown): value is Tensor {
  return (
    typeof value === "object" &&
    value !== null &&
    "shape" in value &&
    "dtype" in value &&
    "data" in value
  );
}

export function isModule(value: unknown): value is Layer {
  return (
    typeof value === "function" && typeof (value as Partial<Layer>).namedChildren === "function"
  );
}
