// What `summary` gives: the rows, the totals, and the table as its text. After torchinfo's ModelStatistics.

import type { Collected } from "./collect.js";
import { total, type Layer } from "./layer.js";
import { remedyFor } from "./remedy.js";
import { tableText, type TableOptions } from "./table.js";

/** What {@link summary} found: its text is torchinfo's table, its fields the totals. */
export class Summary {
  /** One per row: every call of a module, in order. */
  readonly layers: readonly Layer[];
  readonly totalParams: number;
  readonly trainableParams: number;
  /** Multiplications and additions of one forward pass. */
  readonly totalMultAdds: number;
  readonly totalParamBytes: number;
  /** Bytes of all layers' outputs, twice (for the gradients). */
  readonly totalOutputBytes: number;
  /** Where the run stopped, and why; null if it went through. */
  readonly failure: Collected["failure"];
  /** What would make the failing layer work, where that can be told. */
  readonly remedy: string | null;

  constructor(
    { layers, failure }: Collected,
    /** The shapes of the inputs. */
    readonly inputSize: readonly (readonly number[])[],
    /** Bytes of the inputs. */
    readonly totalInput: number,
    private readonly options: Required<TableOptions>,
  ) {
    const leaves = layers.filter((layer) => layer.isLeaf);
    const counted = layers.filter((layer) => !layer.isRepeated);
    const own = (layer: Layer, count: "params" | "trainableParams") =>
      Math.max(layer.isLeaf ? layer[count] : layer.leftover(count), 0);
    this.layers = layers;
    this.failure = failure;
    this.remedy = failure && remedyFor(failure.at);
    this.totalParams = total(counted.map((layer) => own(layer, "params")));
    this.trainableParams = total(counted.map((layer) => own(layer, "trainableParams")));
    this.totalMultAdds = total(leaves.map((layer) => layer.multAdds));
    this.totalParamBytes = total(counted.map((layer) => (layer.isLeaf ? layer.paramBytes : 0)));
    this.totalOutputBytes =
      2 * total(leaves.map((layer) => (layer.params > 0 ? layer.outputBytes : 0)));
  }

  /** Was the model run? */
  get hasInput(): boolean {
    return this.inputSize.length > 0;
  }

  /** What the run threw, or null. */
  get error(): Error | null {
    return this.failure?.error ?? null;
  }

  /** The table. */
  toString(): string {
    return tableText(this, this.options);
  }

  /** For console.log. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}
