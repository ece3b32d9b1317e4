// Activation functions as layers.

import { relu } from "../ops/activations.js";
import type { Tensor } from "../tensor.js";
import { Module } from "./module.js";

/** max(x, 0). Any shape → the same shape. `inplace` is accepted and only printed: nothing here is worth the risk. */
export class ReLU extends Module {
  readonly inplace: boolean;

  constructor({ inplace = false }: { inplace?: boolean } = {}) {
    super();
    this.inplace = inplace;
  }

  forward(x: Tensor): Tensor {
    return relu(x);
  }

  override extraRepr(): string {
    return this.inplace ? "inplace=True" : "";
  }
}
