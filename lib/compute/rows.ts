// Kernels that take rows of several operands, each with a step of 1 or 0 (one number throughout), whatever their dtypes.

import { numelOf, rowMajorStrides } from "../shape.js";
import { bytesPerElement } from "./dtypes.js";
import { copy } from "./elementwise.js";
import type { KernelName } from "./kernels.js";
import { addressOf, isFast, type Operand } from "./operand.js";
import { Storage } from "./storage.js";
import { collapsed, eachOuter } from "./strided.js";
import { run } from "./team.js";

const LENGTH = 8192; // elements: dense operands are cut into rows of so many, so that threads can share them

/**
 * Runs `kernel(…lead, [address, row, step] of each operand, out, n, total)` over y, to which the operands broadcast.
 * y is dense. False, with nothing done, where an operand lies in other steps and is not float32.
 */
export function byRows(
  kernel: KernelName,
  lead: readonly number[],
  operands: readonly Operand[],
  y: Operand,
  nanoseconds = 0.3,
): boolean {
  if (y.storage.pointer === 0 || operands.some(({ storage }) => storage.pointer === 0))
    return false;
  const total = numelOf(y.shape);
  if (total === 0) return true;
  const axes = collapsed(y.shape, operands);
  const rank = axes.shape.length;
  const steps = axes.strides.map((strides) => (rank > 0 ? strides[rank - 1] : 1));
  const far = steps.map((step) => step !== 0 && step !== 1);
  if (far.includes(true))
    return withDense(operands, far, (all) => byRows(kernel, lead, all, y, nanoseconds));

  const one = rank < 2; // a single row, which is cut
  const length = rank > 0 ? axes.shape[rank - 1] : 1;
  const n = one ? Math.min(length, LENGTH) : length;
  const units = one ? Math.ceil(length / n) : axes.shape[rank - 2];
  const work = { units, cost: n * nanoseconds + 5 };
  const width = bytesPerElement[y.storage.dtype];
  const to = addressOf(y);
  eachOuter(axes, 2, (offsets, index) => {
    const places = operands.flatMap((x, k) => [
      addressOf(x) + offsets[k] * bytesPerElement[x.storage.dtype],
      one ? n * steps[k] : axes.strides[k][rank - 2],
      steps[k],
    ]);
    const out = to + index * units * n * width;
    run(kernel, work, ...lead, ...places, out, n, one ? length : units * n);
  });
  return true;
}

/** Calls `fn` with dense copies of the operands that lie `far` apart, if all of them are float32. */
function withDense(
  operands: readonly Operand[],
  far: readonly boolean[],
  fn: (operands: readonly Operand[]) => boolean,
): boolean {
  if (operands.some((x, k) => far[k] && !isFast(x))) return false;
  const made: Storage[] = [];
  try {
    const dense = operands.map((x, k) => {
      if (!far[k]) return x;
      const storage = new Storage("float32", numelOf(x.shape));
      made.push(storage);
      const y = { storage, offset: 0, shape: x.shape, strides: rowMajorStrides(x.shape) };
      copy(x, y);
      return y;
    });
    return fn(dense);
  } finally {
    for (const storage of made) storage.free();
  }
}
