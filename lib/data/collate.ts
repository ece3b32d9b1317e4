// Samples to a batch: the same thing with one more axis in front.

import { tensor } from "../creation.js";
import { sameShape, showShape } from "../shape.js";
import { copyInto, empty, Tensor } from "../tensor.js";

/** What becomes of a kind of sample in a batch. */
export type Collated<T> = 0 extends 1 & T
  ? any
  : T extends Tensor | number | boolean
    ? Tensor
    : T extends string | bigint
      ? T[]
      : T extends object
        ? { -readonly [K in keyof T]: Collated<T[K]> }
        : unknown;

/**
 * A batch of samples: tensors are stacked, whole numbers become int64 [N], others float64 [N], booleans bool [N], text
 * stays an array; arrays and objects are gone through, place by place.
 *
 * ```ts
 * const [x, y] = torch.utils.data.defaultCollate([[torch.zeros(3), 1], [torch.ones(3), 0]] as [torch.Tensor, number][])
 * [x.shape, y.tolist()] // → [[2, 3], [1, 0]]
 * ```
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.default_collate
 */
export function defaultCollate<T>(samples: readonly T[]): Collated<T> {
  return collate(samples, "the samples") as Collated<T>;
}

function collate(samples: readonly unknown[], where: string): unknown {
  const [first] = samples;
  if (first instanceof Tensor) return stacked(samples as Tensor[], where);
  if (typeof first === "number") {
    const whole = samples.every((value) => Number.isInteger(value));
    return tensor(samples as number[], { dtype: whole ? "int64" : "float64" }); // as PyTorch
  }
  if (typeof first === "boolean") return tensor(samples as boolean[]);
  if (typeof first === "string" || typeof first === "bigint") return [...samples];
  if (ArrayBuffer.isView(first))
    return stacked(
      (samples as Float32Array[]).map((array) => tensor(array)),
      where,
    );
  if (Array.isArray(first)) {
    for (const sample of samples as unknown[][]) {
      if (sample.length !== first.length) {
        throw new RangeError(
          `collate: ${where} have ${first.length} and ${sample.length} parts; all must have as many`,
        );
      }
    }
    return first.map((_, k) =>
      collate(
        samples.map((sample) => (sample as unknown[])[k]),
        `${where}[${k}]`,
      ),
    );
  }
  if (typeof first === "object" && first !== null) {
    const batch: Record<string, unknown> = Object.create(null);
    for (const key of Object.keys(first)) {
      batch[key] = collate(
        samples.map((sample) => (sample as Record<string, unknown>)[key]),
        `${where}.${key}`,
      );
    }
    return batch;
  }
  throw new TypeError(
    `collate: ${where} are ${first === null ? "null" : typeof first}; tensors, numbers, text, arrays and objects make a batch, others need collateFn`,
  );
}

function stacked(samples: readonly Tensor[], where: string): Tensor {
  const { shape, dtype } = samples[0];
  const y = empty([samples.length, ...shape], dtype);
  const size = y.numel() / samples.length;
  samples.forEach((x, i) => {
    if (!(x instanceof Tensor) || !sameShape(x.shape, shape) || x.dtype !== dtype) {
      const met = x instanceof Tensor ? `${x.dtype} ${showShape(x.shape)}` : typeof x;
      throw new RangeError(
        `collate: ${where} differ: ${dtype} ${showShape(shape)} and, at place ${i} of the batch, ${met}; only equal ones stack`,
      );
    }
    copyInto(new Tensor(y.storage, shape, undefined, i * size), x);
  });
  return y;
}
