// Checks that many operations share.

import { isFloating, type DType } from "../compute/dtypes.js";
import { DTypeError } from "../errors.js";
import { showShape } from "../shape.js";
import type { Tensor } from "../tensor.js";

/**
 * Refuses operands that are not floating point, or not of one dtype. The first one sets it.
 * @throws DTypeError
 */
export function checkFloating(op: string, named: Record<string, Tensor | null | undefined>): void {
  let first: { name: string; dtype: string } | null = null;
  for (const [name, x] of Object.entries(named)) {
    if (!x) continue;
    if (typeof x !== "object" || !("storage" in x)) {
      throw new TypeError(`${op}: ${name} must be a tensor: torch.tensor(${name})`);
    }
    if (!isFloating(x.dtype)) {
      throw new DTypeError(
        `${op}: ${name} ${showShape(x.shape)} is ${x.dtype} but must be floating point: ${name}.to("float32")`,
      );
    }
    first ??= { name, dtype: x.dtype };
    if (x.dtype !== first.dtype) {
      throw new DTypeError(
        `${op}: ${first.name} is ${first.dtype} but ${name} is ${x.dtype}, they must be equal: ${first.name}.to("${x.dtype}")`,
      );
    }
  }
}

/** Refuses dtypes that an operation makes no sense for, saying what to do instead. @throws DTypeError */
export function refuse(
  op: string,
  x: { readonly dtype: DType; readonly shape: readonly number[] },
  isRefused: (dtype: DType) => boolean,
  remedy: string,
): void {
  if (!isRefused(x.dtype)) return;
  throw new DTypeError(
    `${op}: x ${showShape(x.shape)} is ${x.dtype}, which has no ${op}: ${remedy}`,
  );
}

export const isBool = (dtype: DType): boolean => dtype === "bool";
export const isWhole = (dtype: DType): boolean => !isFloating(dtype);
