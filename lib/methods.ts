// Hangs the functions of ops/ on Tensor: `relu(x)` is also `x.relu()`, with the same documentation on hover.
// (interface merging for the types, a loop for the values).

import { backward } from "./backward.js";
import * as ops from "./ops/index.js";
import { det, inv as inverse, matrixPower, slogdet } from "./ops/linalg.js";
import { where } from "./ops/where.js";
import { Tensor } from "./tensor.js";

/** A function of a tensor as a method of it; up to four overloads are kept. */
export type Method<F> = F extends {
  (x: Tensor, ...rest: infer A): infer Q;
  (x: Tensor, ...rest: infer B): infer R;
  (x: Tensor, ...rest: infer C): infer S;
  (x: Tensor, ...rest: infer D): infer T;
}
  ? { (...rest: A): Q; (...rest: B): R; (...rest: C): S; (...rest: D): T }
  : F extends (x: Tensor, ...rest: infer A) => infer R
    ? (...rest: A) => R
    : never;

export type Methods<T> = { [K in keyof T]: Method<T[K]> };

type OpMethods = Methods<typeof ops>;
/** Functions that are not in ops/index, as torch.linalg is their home. */
const matrixMethods = { det, inverse, matrixPower, slogdet };
type OtherMethods = Methods<{ backward: typeof backward } & typeof matrixMethods>;

interface Shorthands {
  /** All axes in reverse order; of a matrix the transpose. */
  readonly T: Tensor;
  /** The last two axes swapped. */
  readonly mT: Tensor;
  /** From this tensor where `condition` is true, else from `other`. */
  where(condition: Tensor, other: Tensor | number): Tensor;
}

declare module "./tensor.js" {
  interface Tensor extends OpMethods, OtherMethods, Shorthands {}
}

/** Makes each function a method of every tensor. */
function addMethods(functions: Record<string, unknown>): void {
  for (const [name, f] of Object.entries(functions)) {
    if (typeof f !== "function") continue;
    Object.defineProperty(Tensor.prototype, name, {
      value: function (this: Tensor, ...rest: unknown[]) {
        return (f as (x: Tensor, ...rest: unknown[]) => unknown)(this, ...rest);
      },
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }
}

addMethods({
  ...ops,
  ...matrixMethods,
  backward,
  where: (x: Tensor, condition: Tensor, other: Tensor | number) => where(condition, x, other),
});
Object.defineProperties(Tensor.prototype, {
  T: {
    get(this: Tensor) {
      return this.permute(this.shape.map((_, axis) => this.ndim - 1 - axis));
    },
  },
  mT: {
    get(this: Tensor) {
      return this.transpose(-2, -1);
    },
  },
});
