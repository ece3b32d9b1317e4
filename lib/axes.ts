// One string per argument says which axes it has: documentation, rank check, agreement check and destructuring at once.
//
//   const { N, C, H, W, O } = axes("conv2d", { x: [x, "N C H W"], weight: [weight, "O C K L"], bias: [bias, "O"] });

import { ShapeError } from "./errors.js";
import { showShape, type Shape } from "./shape.js";

type Letters<S extends string> = S extends `${infer A} ${infer B}` ? A | Letters<B> : S;
type Named = Record<string, readonly [{ readonly shape: Shape } | null | undefined, string]>;
type LettersOf<T extends Named> = Letters<T[keyof T][1]>;

/**
 * The size of every named axis.
 * @throws ShapeError if an argument has another number of axes, or a letter stands for two sizes.
 */
export function axes<const T extends Named>(op: string, named: T): Record<LettersOf<T>, number> {
  const sizes: Record<string, number> = {};
  const metIn: Record<string, string> = {};
  for (const name in named) {
    const [tensor, letters] = named[name];
    if (!tensor) continue;

    const names = letters.split(" ");
    const here = `${name} ${showShape(tensor.shape)} (${letters})`;
    if (names.length !== tensor.shape.length) {
      throw new ShapeError(
        `${op}: ${name} needs ${names.length} ${names.length === 1 ? "axis" : "axes"} (${letters}) but has ${tensor.shape.length}: ${showShape(tensor.shape)}`,
      );
    }
    names.forEach((letter, axis) => {
      const size = tensor.shape[axis];
      if (letter in sizes && sizes[letter] !== size) {
        throw new ShapeError(
          `${op}: ${letter} is ${sizes[letter]} in ${metIn[letter]} but ${size} in ${here}`,
        );
      }
      sizes[letter] = size;
      metIn[letter] ??= here;
    });
  }
  return sizes as Record<LettersOf<T>, number>;
}
