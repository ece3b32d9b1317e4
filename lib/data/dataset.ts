// What a data set is: a length, and an item for each index.

/**
 * Samples by index. Write `length` and `get`; everything else (loaders, splits, `for … of`) follows.
 *
 * ```ts
 * class Squares extends torch.utils.data.Dataset<number> {
 *   length = 4
 *   get(i: number) { return i * i }
 * }
 * [...new Squares()] // → [0, 1, 4, 9]
 * ```
 *
 * @see https://docs.pytorch.org/docs/stable/data.html (`__len__` is `length` here, `__getitem__` is `get`)
 */
export abstract class Dataset<T = unknown> {
  /** How many samples there are. */
  abstract readonly length: number;
  /** The sample with this index, from 0 to length − 1. */
  abstract get(index: number): T;

  *[Symbol.iterator](): Iterator<T> {
    for (let i = 0; i < this.length; i++) yield this.get(i);
  }
}

/** Changes a sample or its target on its way out of a data set. */
export type Transform<In = any, Out = any> = (value: In) => Out;

/** @internal The index, counted from the front; -1 is the last. */
export function checkedIndex(name: string, index: number, length: number): number {
  if (!Number.isInteger(index) || index < -length || index >= length) {
    throw new RangeError(`${name}: index ${index} is outside of ${length} samples`);
  }
  return index < 0 ? index + length : index;
}
