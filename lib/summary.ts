// summary(model, input): the layers of a model as a table, as torchinfo prints it.

import { bytesPerElement, type DType } from "./compute/dtypes.js";
import { ShapeError } from "./errors.js";
import { Module } from "./nn/module.js";
import { rand } from "./random/create.js";
import { showShape } from "./shape.js";
import { listLayers, runLayers } from "./summary/collect.js";
import { Summary } from "./summary/statistics.js";
import type { TableOptions } from "./summary/table.js";
import { converted } from "./creation.js";
import { Tensor } from "./tensor.js";

export { Summary } from "./summary/statistics.js";
export type { Column, TableOptions } from "./summary/table.js";

export interface SummaryOptions extends TableOptions {
  /** Put an axis of size 1 here into the inputs (and show 1 there). Default: the shapes are complete. */
  batchDim?: number;
  /** The inputs' dtypes, where shapes are given. Default float32. */
  dtypes?: readonly DType[];
  /** Run the model in this mode (it gets its own back). Default "eval". */
  mode?: "train" | "eval";
}

/** One shape or tensor, or one for each of several inputs. */
export type SummaryInput =
  readonly number[] | readonly (readonly number[])[] | Tensor | readonly Tensor[];

/**
 * The layers of a model, with the shape of what each gives and its number of parameters: runs the model once on an
 * input of this shape (random numbers) or on these tensors, without gradients. `String(result)` is torchinfo's table;
 * where a layer fails it ends with that layer's row, the error and what would fix it.
 *
 * ```ts
 * const model = new nn.Sequential(new nn.Conv2d(3, 16, 3), new nn.ReLU())
 * const info = torch.summary(model, [1, 3, 8, 8])
 * info.totalParams // → 448
 * info.totalMultAdds // → 16128
 * String(info).split("\n")[5] // → "├─ReLU: 1-2                              [1, 16, 6, 6]             --"
 * ```
 *
 * @see https://github.com/TylerYep/torchinfo
 */
export function summary(
  model: Module,
  input?: SummaryInput | null,
  options: SummaryOptions = {},
): Summary {
  if (!(model instanceof Module)) {
    throw new TypeError(
      "summary: the first argument must be a Module: summary(model, [1, 3, 32, 32])",
    );
  }
  const { colNames, colWidth = 25, depth = 3, rowSettings = ["depth"], mode = "eval" } = options;
  if (!(colWidth > 0)) throw new RangeError(`summary: colWidth is ${colWidth}, it must be above 0`);
  const usual = input ? (["outputSize", "numParams"] as const) : (["numParams"] as const);
  const table = { colNames: colNames ?? usual, colWidth, depth, rowSettings };

  if (!input) {
    const needy = table.colNames.find(
      (name) => /Size|multAdds/.test(name) && name !== "kernelSize",
    );
    if (needy) {
      throw new TypeError(
        `summary: column ${needy} needs an input: summary(model, [1, 3, 32, 32])`,
      );
    }
    return new Summary({ layers: listLayers(model), failure: null }, [], 0, table);
  }

  const inputs = inputsOf(input, options);
  const bytes = inputs.map((x) => x.numel() * bytesPerElement[x.dtype] + PYTHON_OBJECT);
  const collected = runLayers(model, inputs, { mode, batchDim: options.batchDim });
  const shapes = inputs.map((x) => x.shape);
  return new Summary(
    collected,
    shapes,
    bytes.reduce((a, b) => a + b, 0),
    table,
  );
}

/** torchinfo measures an input with sys.getsizeof, which counts the Python object as well. */
const PYTHON_OBJECT = 64;

function inputsOf(input: SummaryInput, { batchDim, dtypes = [] }: SummaryOptions): Tensor[] {
  if (input instanceof Tensor) return [input];
  if (input[0] instanceof Tensor) return [...input] as Tensor[];
  const shapes = (typeof input[0] === "number" ? [input] : input) as readonly (readonly number[])[];
  return shapes.map((shape, i) => {
    if (!Array.isArray(shape) || !shape.every((size) => Number.isInteger(size) && size > 0)) {
      throw new ShapeError(
        `summary: an input's shape must be whole numbers above 0, not ${showShape(shape)}`,
      );
    }
    const full = [...shape];
    if (batchDim !== undefined)
      full.splice(batchDim < 0 ? shape.length + 1 + batchDim : batchDim, 0, 1);
    return converted(rand(full), dtypes[i] ?? "float32"); // drawn as torchinfo does
  });
}
