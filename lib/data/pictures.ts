// Data sets whose pictures all lie in memory: MNIST, CIFAR and the built-in shapes share this.

import type { Tensor } from "../tensor.js";
import { toFloatTensor } from "../transforms/to-tensor.js";
import { checkedIndex, Dataset, type Transform } from "./dataset.js";

export interface PictureOptions {
  /** What becomes of a picture (uint8 [C, H, W]). Default: `ToTensor`, float32 from 0 to 1. */
  transform?: Transform<Tensor, Tensor>;
  /** What becomes of a label. Default: nothing. */
  targetTransform?: Transform<number, number>;
}

/** Pictures with one label each: an item is [picture, label]. */
export class Pictures extends Dataset<[Tensor, number]> {
  /** All pictures: uint8 [N, C, H, W]. */
  readonly data: Tensor;
  /** All labels: int64 [N]. */
  readonly targets: Tensor;
  /** The names of the classes; a label is an index into them. */
  readonly classes: readonly string[];
  private readonly transform: Transform<Tensor, Tensor>;
  private readonly targetTransform: Transform<number, number> | undefined;

  constructor(
    data: Tensor,
    targets: Tensor,
    classes: readonly string[],
    { transform = toFloatTensor, targetTransform }: PictureOptions = {},
  ) {
    super();
    if (data.shape[0] !== targets.shape[0]) {
      throw new RangeError(
        `${new.target.name}: ${data.shape[0]} pictures but ${targets.shape[0]} labels: there must be as many`,
      );
    }
    this.data = data;
    this.targets = targets;
    this.classes = classes;
    this.transform = transform;
    this.targetTransform = targetTransform;
  }

  get length(): number {
    return this.data.shape[0];
  }

  get(index: number): [Tensor, number] {
    const i = checkedIndex(this.constructor.name, index, this.length);
    const label = this.targets.storage.array[this.targets.offset + i];
    const picture = this.transform(this.data.select(0, i));
    return [picture, this.targetTransform ? this.targetTransform(label) : label];
  }
}
