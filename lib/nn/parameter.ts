// A tensor that a module learns.

import { Tensor } from "../tensor.js";

/** A tensor that belongs to a module's `parameters()` and, by default, requires grad. Shares x's memory. */
export class Parameter extends Tensor {
  constructor(x: Tensor, { requiresGrad = true }: { requiresGrad?: boolean } = {}) {
    super(x.storage, x.shape, x.strides, x.offset);
    this.requiresGrad = requiresGrad;
  }
}
