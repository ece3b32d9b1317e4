// A tensor that a module learns.

import { Tensor } from "../tensor.js";

/** A tensor that belongs to a module's `parameters()` and, by default, requires grad. Shares x's memory. */
export class Parameter extends Tensor {
  constructor(x: Tensor, { requiresGrad = true }: { requiresGrad?: boolean } = {}) {
    super(x.storage, x.shape, x.strides, x.offset);
    this.requiresGrad = requiresGrad;
  }

  override toString(): string {
    return `Parameter containing:\n${super.toString()}`;
  }
}

/** Gives x other numbers and another dtype or shape, and lets it stay the same object, which optimizers hold. */
export function become(x: Tensor, value: Tensor): void {
  // The one place where the fields of a tensor change: nothing may have been computed from x that still needs it.
  Object.assign(x as { -readonly [K in keyof Tensor]: Tensor[K] }, {
    storage: value.storage,
    shape: value.shape,
    strides: value.strides,
    offset: value.offset,
  });
}
