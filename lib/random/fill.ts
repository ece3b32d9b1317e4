// Filling tensors with random numbers, in place, one element after the other in the order of memory, as PyTorch does.
// The recipes are PyTorch's (ATen/core/DistributionsHelper.h, ATen/native/cpu/DistributionTemplates.h, version 2.13).

import * as draws from "../compute/draws.js";
import { converters, walk, type Tensor } from "../tensor.js";
import { fma64 } from "./fma.js";
import { defaultGenerator, type Generator } from "./generator.js";

const LONG = 64; // elements: fewer are drawn one by one

/** Can the engine draw for it, all numbers at once? */
export function isLong(x: Tensor): boolean {
  return x.storage.pointer !== 0 && x.isContiguous() && x.numel() >= LONG;
}

/** x[…] = next() at all places. For strided tensors in the order of memory, not of the axes. */
export function fillWith(x: Tensor, next: () => number): Tensor {
  const values = x.storage.array;
  const convert = converters[x.dtype];
  const draw = convert ? () => convert(next()) : next;
  if (x.isContiguous()) {
    const end = x.offset + x.numel();
    for (let p = x.offset; p < end; p++) values[p] = draw();
    return x;
  }
  const axes = x.shape.map((_, axis) => axis).sort((a, b) => x.strides[b] - x.strides[a]);
  const strides = axes.map((axis) => x.strides[axis]);
  const shape = axes.map((axis) => x.shape[axis]);
  walk(shape, [{ strides, offset: x.offset }], (count, [start], [step]) => {
    for (let i = 0, p = start; i < count; i++, p += step) values[p] = draw();
  });
  return x;
}

/**
 * Uniform numbers in [from, to): u·(to − from) + from, rounded once (PyTorch's AVX2 build fuses the two).
 * float32 takes one draw of 32 bits each, float64 two.
 */
export function uniform(
  x: Tensor,
  from = 0,
  to = 1,
  generator: Generator = defaultGenerator,
): Tensor {
  if (x.dtype === "float64") {
    return fillWith(x, () => {
      const value = fma64(generator.uniform64(), to - from, from);
      return value === to ? from : value;
    });
  }
  const low = Math.fround(from);
  const high = Math.fround(to);
  const range = Math.fround(high - low);
  if (x.dtype === "float32" && isLong(x)) {
    draws.uniform(generator.engine, x, low, range, high);
    return x;
  }
  return fillWith(x, () => {
    const value = Math.fround(generator.uniform32() * range + low);
    return value === high ? low : value;
  });
}
