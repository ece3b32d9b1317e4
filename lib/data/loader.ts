// Going through a data set in batches.

import { defaultGenerator, type Generator } from "../random/generator.js";
import { defaultCollate, type Collated } from "./collate.js";
import type { Dataset } from "./dataset.js";
import { BatchSampler, RandomSampler, SequentialSampler, type Sampler } from "./samplers.js";

export interface DataLoaderOptions<T, B> {
  /** Samples in a batch. Default 1; null gives single samples without collating. */
  batchSize?: number | null;
  /** A new random order each time, PyTorch's for the same seed. Default false. */
  shuffle?: boolean;
  /** Leave out a last batch that is not full. Default false. */
  dropLast?: boolean;
  /** The order, instead of `shuffle`. */
  sampler?: Sampler;
  /** The order and the batches, instead of `batchSize`, `shuffle`, `sampler` and `dropLast`. */
  batchSampler?: Sampler<number[]>;
  /** Samples to a batch. Default: {@link defaultCollate}. */
  collateFn?: (samples: T[]) => B;
  /** Where random numbers come from. Default: the default generator. */
  generator?: Generator;
  /** Taken, as PyTorch programs have it, and without effect: samples are loaded where they are asked for. Default 0. */
  numWorkers?: number;
  /** As `numWorkers`: without effect here. */
  pinMemory?: boolean;
  /** As `numWorkers`: without effect here. */
  persistentWorkers?: boolean;
  /** As `numWorkers`: without effect here. */
  prefetchFactor?: number | null;
}

const known =
  "batchSize shuffle dropLast sampler batchSampler collateFn generator numWorkers pinMemory persistentWorkers prefetchFactor".split(
    " ",
  );

/**
 * Batches of a data set: `for (const [x, y] of loader)`, once through with each `for`. With `for await` everything
 * else has its turn between batches: widgets repaint, sliders answer, a run can be interrupted.
 *
 * ```ts
 * const data = new torch.utils.data.TensorDataset(torch.arange(5))
 * const loader = new torch.utils.data.DataLoader(data, { batchSize: 2 })
 * [loader.length, [...loader].map(([x]) => x.tolist())] // → [3, [[0, 1], [2, 3], [4]]]
 * ```
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader
 */
export class DataLoader<T, B = Collated<T>> {
  readonly dataset: Dataset<T>;
  readonly batchSize: number | null;
  readonly dropLast: boolean;
  readonly sampler: Sampler;
  readonly batchSampler: Sampler<number[]> | null;
  private readonly collateFn: (samples: T[]) => B;
  private readonly generator: Generator | undefined;

  constructor(dataset: Dataset<T>, options: DataLoaderOptions<T, B> = {}) {
    const {
      batchSize = 1,
      shuffle = false,
      dropLast = false,
      sampler,
      batchSampler,
      generator,
    } = options;
    for (const name of Object.keys(options)) {
      if (known.includes(name)) continue;
      throw new TypeError(
        `DataLoader: there is no option "${name}"; there are ${known.join(", ")}`,
      );
    }
    if (typeof dataset?.get !== "function" || typeof dataset.length !== "number") {
      throw new TypeError("DataLoader: a data set has a length and get(index)");
    }
    if (sampler && shuffle)
      throw new TypeError("DataLoader: sampler and shuffle both say the order: give one of them");
    if (batchSampler && (options.batchSize != null || shuffle || sampler || dropLast)) {
      throw new TypeError(
        "DataLoader: batchSampler stands instead of batchSize, shuffle, sampler and dropLast",
      );
    }
    if (batchSize === null && dropLast)
      throw new TypeError("DataLoader: dropLast needs a batchSize");
    if (batchSize !== null && (!Number.isInteger(batchSize) || batchSize < 1)) {
      throw new RangeError(`DataLoader: batchSize is ${batchSize}, it must be a whole number ≥ 1`);
    }

    const { numWorkers = 0 } = options;
    if (!Number.isInteger(numWorkers) || numWorkers < 0) {
      throw new RangeError(
        `DataLoader: numWorkers is ${numWorkers}, it must be a whole number ≥ 0`,
      );
    }

    this.dataset = dataset;
    this.batchSize = batchSampler ? null : batchSize;
    this.dropLast = dropLast;
    this.generator = generator;
    this.sampler =
      sampler ??
      (shuffle ? new RandomSampler(dataset, { generator }) : new SequentialSampler(dataset));
    this.batchSampler =
      batchSampler ??
      (batchSize === null ? null : new BatchSampler(this.sampler, batchSize, dropLast));
    this.collateFn = options.collateFn ?? (defaultCollate as unknown as (samples: T[]) => B);
  }

  /** How many batches there are. */
  get length(): number {
    return (this.batchSampler ?? this.sampler).length;
  }

  [Symbol.iterator](): globalThis.Generator<B, void, undefined> {
    // PyTorch draws a seed for its workers with every iterator, also when it has none: the order depends on it
    (this.generator ?? defaultGenerator).u63();
    return this.batches();
  }

  private *batches(): globalThis.Generator<B, void, undefined> {
    const { dataset, batchSampler, sampler } = this;
    if (!batchSampler) {
      for (const index of sampler) yield dataset.get(index) as unknown as B;
      return;
    }
    for (const indices of batchSampler)
      yield this.collateFn(indices.map((index) => dataset.get(index)));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<B, void, undefined> {
    for (const batch of this) {
      yield batch;
      await turn();
    }
  }
}

/** Lets the event loop go round once: messages come in, pictures go out. */
function turn(): Promise<void> {
  return new Promise((resolve) =>
    typeof setImmediate === "function" ? setImmediate(resolve) : setTimeout(resolve),
  );
}
