// What one layer of a Sequential hands to the next, and nobody else sees: its memory can be given back by hand.

import { isGradEnabled } from "../autograd.js";
import type { Storage } from "../compute/storage.js";
import { Tensor } from "../tensor.js";
import * as activations from "./activations.js";
import * as adaptive from "./adaptive-pool.js";
import * as conv from "./conv.js";
import * as transposed from "./conv-transpose.js";
import * as dropout from "./dropout.js";
import * as flatten from "./flatten.js";
import { hasHooks } from "./hooks.js";
import * as linear from "./linear.js";
import type { Module } from "./module.js";
import * as norms from "./norms.js";
import * as pool from "./pool.js";

/** The classes whose forward keeps nothing of what it is given or gives. */
const ours = new Set<unknown>(
  [activations, adaptive, conv, transposed, dropout, flatten, linear, norms, pool]
    .flatMap((file) => Object.values<unknown>(file))
    .map((value) => (typeof value === "function" ? value.prototype : null)),
);

/** Is the layer exactly one of the library's, with its own forward and without hooks? */
export function keepsNothing(layer: Module): boolean {
  return (
    ours.has(Object.getPrototypeOf(layer)) && !Object.hasOwn(layer, "forward") && !hasHooks(layer)
  );
}

/**
 * Notes what passes between layers. At the end each storage that neither the first has got nor the last gives is given
 * back: at once if nothing is recorded, else with the operation that made it, after backward.
 */
export class PassedOn {
  private readonly makers = new Map<Storage, Tensor>();

  /** y is on its way from one layer that keeps nothing to another. */
  note(y: unknown): void {
    if (y instanceof Tensor && y.base === null) this.makers.set(y.storage, y);
  }

  giveBack(x: unknown, result: unknown): void {
    if (!(x instanceof Tensor) || !(result instanceof Tensor)) return;
    this.makers.delete(x.storage);
    this.makers.delete(result.storage);
    const recorded = isGradEnabled() && result.requiresGrad;
    for (const [storage, { gradFn }] of this.makers) {
      if (gradFn) gradFn.owned = [...(gradFn.owned ?? []), storage];
      else if (!recorded) storage.free();
    }
  }
}
