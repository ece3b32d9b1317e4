// What a transform is: an object that can be called, as a layer is, and prints itself as torchvision's.

import { Callable } from "../nn/callable.js";
import { python, pythonFloat } from "../nn/print-module.js";
import type { Tensor } from "../tensor.js";

/** Called with a picture it gives another. Random ones draw from the default generator, in torchvision's order. */
export abstract class PictureTransform<In = Tensor, Out = Tensor> extends Callable<[In], Out> {
  /** @internal What stands between the brackets when it is printed. */
  says(): string {
    return "";
  }

  override toString(): string {
    return `${this.constructor.name}(${this.says()})`;
  }

  /** For console.log. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** Values as Python prints a list of them. */
export const pythonList = (values: readonly unknown[]): string =>
  `[${values.map(python).join(", ")}]`;

/** A number as Python prints a float: 15.0. */
export { pythonFloat };

/** Numbers as Python prints a list of floats. */
export const floatList = (values: readonly number[]): string =>
  `[${values.map(pythonFloat).join(", ")}]`;

/** Numbers as Python prints a tuple of floats. */
export const floatTuple = (values: readonly number[]): string =>
  `(${values.map(pythonFloat).join(", ")})`;

/** A size as torchvision prints it: a tuple for one number. */
export const pythonSize = (size: number | readonly number[]): string =>
  typeof size === "number" ? String(size) : pythonList(size);
