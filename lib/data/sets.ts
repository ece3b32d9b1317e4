// Data sets made of tensors, of other data sets, and of parts of them.

import { defaultGenerator, type Generator } from "../random/generator.js";
import { randperm } from "../random/create.js";
import { showShape } from "../shape.js";
import type { Tensor } from "../tensor.js";
import { checkedIndex, Dataset } from "./dataset.js";

/**
 * Rows of tensors: item i is [a[i], b[i], …].
 *
 * ```ts
 * const data = new torch.utils.data.TensorDataset(torch.zeros(5, 3), torch.arange(5))
 * data.get(2)[1].item() // → 2
 * ```
 */
export class TensorDataset extends Dataset<Tensor[]> {
  readonly tensors: readonly Tensor[];

  constructor(...tensors: Tensor[]) {
    super();
    if (tensors.length === 0) throw new TypeError("TensorDataset: needs at least one tensor");
    for (const x of tensors) {
      if (x.ndim === 0 || x.shape[0] !== tensors[0].shape[0]) {
        throw new RangeError(
          `TensorDataset: the first axis must be equally long in all tensors: ${showShape(tensors[0].shape)} and ${showShape(x.shape)}`,
        );
      }
    }
    this.tensors = tensors;
  }

  get length(): number {
    return this.tensors[0].shape[0];
  }

  get(index: number): Tensor[] {
    const i = checkedIndex("TensorDataset", index, this.length);
    return this.tensors.map((x) => x.select(0, i));
  }
}

/** Several data sets, one after the other. */
export class ConcatDataset<T> extends Dataset<T> {
  readonly datasets: readonly Dataset<T>[];
  /** Where each data set ends. */
  readonly cumulativeSizes: readonly number[];

  constructor(datasets: readonly Dataset<T>[]) {
    super();
    if (datasets.length === 0) throw new TypeError("ConcatDataset: needs at least one data set");
    this.datasets = [...datasets];
    let sum = 0;
    this.cumulativeSizes = datasets.map((dataset) => (sum += dataset.length));
  }

  get length(): number {
    return this.cumulativeSizes.at(-1)!;
  }

  get(index: number): T {
    const i = checkedIndex("ConcatDataset", index, this.length);
    const k = this.cumulativeSizes.findIndex((end) => i < end);
    return this.datasets[k].get(k === 0 ? i : i - this.cumulativeSizes[k - 1]);
  }
}

/** Some samples of a data set, by their indices. */
export class Subset<T> extends Dataset<T> {
  readonly dataset: Dataset<T>;
  readonly indices: readonly number[];

  constructor(dataset: Dataset<T>, indices: Iterable<number>) {
    super();
    this.dataset = dataset;
    this.indices = [...indices];
    for (const i of this.indices) checkedIndex("Subset", i, dataset.length);
  }

  get length(): number {
    return this.indices.length;
  }

  get(index: number): T {
    return this.dataset.get(this.indices[checkedIndex("Subset", index, this.length)]);
  }
}

/**
 * Cuts a data set into parts at random, as PyTorch does for the same seed. Lengths: numbers of samples that add up
 * to the whole, or fractions that add up to 1.
 *
 * ```ts
 * const all = new torch.utils.data.TensorDataset(torch.arange(10))
 * torch.utils.data.randomSplit(all, [0.7, 0.3]).map((part) => part.length) // → [7, 3]
 * ```
 */
export function randomSplit<T>(
  dataset: Dataset<T>,
  lengths: readonly number[],
  { generator = defaultGenerator }: { generator?: Generator } = {},
): Subset<T>[] {
  const sum = lengths.reduce((a, b) => a + b, 0);
  const sizes =
    Math.abs(sum - 1) < 1e-9 && dataset.length > 1 ? shares(lengths, dataset.length) : lengths;
  const total = sizes.reduce((a, b) => a + b, 0);
  if (total !== dataset.length || !sizes.every((size) => Number.isInteger(size) && size >= 0)) {
    throw new RangeError(
      `randomSplit: the lengths ${showShape(lengths)} add up to ${sum}, the data set has ${dataset.length} samples: lengths must add up to that, or fractions to 1`,
    );
  }
  const order = Array.from(randperm(dataset.length, { generator }).data);
  let at = 0;
  return sizes.map((size) => new Subset(dataset, order.slice(at, (at += size))));
}

/** Fractions to sizes; what rounding leaves over goes to the first parts, one each. */
function shares(fractions: readonly number[], length: number): number[] {
  const sizes = fractions.map((fraction) => Math.floor(length * fraction));
  const left = length - sizes.reduce((a, b) => a + b, 0);
  for (let k = 0; k < left; k++) sizes[k % sizes.length]++;
  return sizes;
}
