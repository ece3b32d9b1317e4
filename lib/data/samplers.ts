// In which order samples are taken. A sampler is anything that can be gone through: `for … of` gives indices.

import { defaultGenerator, Generator } from "../random/generator.js";
import { randint, randperm } from "../random/create.js";
import { Tensor } from "../tensor.js";

/** Gives indices, and says how many. */
export interface Sampler<T = number> extends Iterable<T> {
  readonly length: number;
}

interface Sized {
  readonly length: number;
}

/** 0, 1, 2, … */
export class SequentialSampler implements Sampler {
  constructor(readonly dataSource: Sized) {}

  get length(): number {
    return this.dataSource.length;
  }

  *[Symbol.iterator](): Generator_<number> {
    for (let i = 0; i < this.length; i++) yield i;
  }
}

type Generator_<T> = globalThis.Generator<T, void, undefined>;

export interface RandomSamplerOptions {
  /** May a sample come more than once? Default false. */
  replacement?: boolean;
  /** How many. Default: as many as there are. */
  numSamples?: number;
  /** Where the order comes from. Default: a new generator each time, its seed from the default one. */
  generator?: Generator;
}

/** All indices in random order; PyTorch's order for the same seed. */
export class RandomSampler implements Sampler {
  readonly length: number;

  constructor(
    readonly dataSource: Sized,
    private readonly options: RandomSamplerOptions = {},
  ) {
    this.length = options.numSamples ?? dataSource.length;
    if (!Number.isInteger(this.length) || this.length < 1) {
      throw new RangeError(
        `RandomSampler: numSamples is ${this.length}, it must be a whole number ≥ 1`,
      );
    }
  }

  *[Symbol.iterator](): Generator_<number> {
    const { replacement = false } = this.options;
    const generator = this.options.generator ?? new Generator(defaultGenerator.u63());
    const n = this.dataSource.length;
    if (replacement) {
      for (let left = this.length; left > 0; left -= 32) {
        const many = left >= 32 ? 32 : left;
        yield* randint(0, n, [many], { generator }).data;
      }
      return;
    }
    for (let k = 0; k < Math.floor(this.length / n); k++) yield* randperm(n, { generator }).data;
    // PyTorch draws this one even if nothing of it is used
    yield* randperm(n, { generator }).data.subarray(0, this.length % n);
  }
}

/** Some indices in random order. */
export class SubsetRandomSampler implements Sampler {
  constructor(
    readonly indices: readonly number[],
    private readonly options: { generator?: Generator } = {},
  ) {}

  get length(): number {
    return this.indices.length;
  }

  *[Symbol.iterator](): Generator_<number> {
    const { generator = defaultGenerator } = this.options;
    for (const i of randperm(this.length, { generator }).data) yield this.indices[i];
  }
}

/** Indices drawn with the given weights (they need not add up to 1); with replacement by default. */
export class WeightedRandomSampler implements Sampler {
  private readonly weights: readonly number[];

  constructor(
    weights: Iterable<number> | Tensor,
    readonly length: number,
    private readonly options: { replacement?: boolean; generator?: Generator } = {},
  ) {
    this.weights = weights instanceof Tensor ? Array.from(weights.data) : [...weights];
    const positive = this.weights.filter((weight) => weight > 0).length;
    if (!this.weights.every((weight) => Number.isFinite(weight) && weight >= 0) || positive === 0) {
      throw new RangeError("WeightedRandomSampler: weights must be finite, ≥ 0, and not all 0");
    }
    if (!Number.isInteger(length) || length < 1) {
      throw new RangeError(
        `WeightedRandomSampler: the number of samples is ${length}, it must be a whole number ≥ 1`,
      );
    }
    if (options.replacement === false && length > positive) {
      throw new RangeError(
        `WeightedRandomSampler: ${length} samples without replacement, but only ${positive} weights are not 0`,
      );
    }
  }

  *[Symbol.iterator](): Generator_<number> {
    const { replacement = true, generator = defaultGenerator } = this.options;
    const { weights, length } = this;
    if (!replacement || length === 1) {
      // exponential race: the largest weight / q are drawn, as in torch.multinomial
      const keys = weights.map((weight) => weight / -Math.log1p(-generator.uniform64()));
      const order = keys.map((_, i) => i).sort((a, b) => keys[b] - keys[a]);
      yield* order.slice(0, length);
      return;
    }
    let sum = 0;
    const total = weights.reduce((a, b) => a + b, 0);
    const cumulative = weights.map((weight) => (sum += weight) / total);
    for (let k = 0; k < length; k++) {
      const u = generator.uniform64();
      let [low, high] = [0, cumulative.length - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (cumulative[middle] < u) low = middle + 1;
        else high = middle;
      }
      yield low;
    }
  }
}

/** The indices of a sampler in groups of `batchSize`. */
export class BatchSampler implements Sampler<number[]> {
  constructor(
    readonly sampler: Sampler,
    readonly batchSize: number,
    readonly dropLast: boolean,
  ) {
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new RangeError(
        `BatchSampler: batchSize is ${batchSize}, it must be a whole number ≥ 1`,
      );
    }
  }

  get length(): number {
    const batches = this.sampler.length / this.batchSize;
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  *[Symbol.iterator](): Generator_<number[]> {
    let batch: number[] = [];
    for (const index of this.sampler) {
      batch.push(index);
      if (batch.length < this.batchSize) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0 && !this.dropLast) yield batch;
  }
}
